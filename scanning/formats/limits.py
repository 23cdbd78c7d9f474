"""How much a file may ask of this machine. Settings of the platform, with defaults for a small server."""

from dataclasses import dataclass

from django.conf import settings

MB = 1024**2


@dataclass(frozen=True, slots=True)
class Limits:
    expanded_bytes: int = 8 * 1024 * MB  # what a compressed file may unpack to
    free_bytes: int = 256 * MB  # up to here no ratio counts
    ratio: int = 100  # text compresses four- to tenfold, identical records some hundreds, a bomb a thousand
    office_bytes: int = 512 * MB  # an XLSX or DOCX, unpacked
    shared_strings_bytes: int = 96 * MB  # the one part of an XLSX that is held in memory
    archive_members: int = 2_000
    document_bytes: int = 100 * MB  # one PDF or DOCX
    pdf_pages: int = 2_000
    pdf_seconds: int = 120
    pdf_memory_bytes: int = 1024 * MB


def limits() -> Limits:
    """The defaults, with what `SCANNING_LIMITS` says otherwise."""
    return Limits(**getattr(settings, "SCANNING_LIMITS", {}))

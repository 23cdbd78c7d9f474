"""Formats of corpus files, one module each. A new one is a module and a line here."""

from scanning.formats import (
    bibtex,
    delimited,
    documents,
    endnote_xml,
    feed,
    json_array,
    json_lines,
    pubmed_xml,
    spreadsheet,
    tagged,
)
from scanning.formats.base import Entry, Fault, FileFault, Format, Parsed, Sample

_ALL = (
    json_lines.FORMAT,
    json_array.FORMAT,
    delimited.FORMAT,
    spreadsheet.FORMAT,
    *tagged.FORMATS,
    bibtex.FORMAT,
    endnote_xml.FORMAT,
    pubmed_xml.FORMAT,
    feed.FORMAT,
    *documents.FORMATS,
)
FORMATS: dict[str, Format] = {form.key: form for form in _ALL}

__all__ = ["FORMATS", "Entry", "Fault", "FileFault", "Format", "Parsed", "Sample", "detect_format"]


def detect_format(sample: Sample) -> Format | None:
    """The format that is surest of this beginning, or None when none recognises it."""
    best = max(FORMATS.values(), key=lambda form: form.sniff(sample))
    return best if best.sniff(sample) > 0 else None

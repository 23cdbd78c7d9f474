"""What lies inside a zip file, decided from its table of contents before anything is unpacked.

Nothing of an archive is ever written under the name that it carries.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scanning.formats.base import Fault, FileFault
from scanning.formats.limits import limits

ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"BZh", b"\xfd7zXZ")
_OFFICE = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_DOCUMENTS = (".pdf", ".docx")
_ESCAPES = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)")
_LEFT_BY_SYSTEMS = re.compile(r"^__MACOSX/|(?:^|/)(?:\.[^/]*|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
ENCRYPTED = 0x1


def container_of(path: Path) -> str:
    """`pdf`, `xlsx`, `docx`, `bundle` (a zip of PDF and DOCX files), or empty for text."""
    with open(path, "rb") as stream:
        head = stream.read(1024)
    if b"%PDF-" in head:
        return "pdf" if head.lstrip().startswith(b"%PDF-") else ""
    if not head.startswith(b"PK"):
        return ""
    infos = contents(path)
    names = {info.filename for info in infos}
    for mark, container in _OFFICE.items():
        if mark in names:
            check_office(infos)
            return container
    kept = members(infos)
    if kept and all(info.filename.lower().endswith(_DOCUMENTS) for info in kept):
        return "bundle"
    if len(kept) != 1:
        raise FileFault(Fault(0, "archive" if len(kept) > 1 else "empty", f"{len(kept)}"))
    return ""


def contents(path: Path) -> list[zipfile.ZipInfo]:
    """All entries, after a look at their names, number and locks."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise FileFault(Fault(0, "damaged_gzip")) from error
    if len(infos) > limits().archive_members:
        raise FileFault(Fault(0, "too_many_members", f"{len(infos):,}"))
    for info in infos:
        name = info.filename.replace("\\", "/")
        if _ESCAPES.search(name):
            raise FileFault(Fault(0, "unsafe_name", info.filename[:100]))
        if info.flag_bits & ENCRYPTED:
            raise FileFault(Fault(0, "locked", info.filename[:100]))
    return infos


def members(infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The files that a person put into it."""
    return [
        info
        for info in infos
        if not info.is_dir() and info.file_size and not _LEFT_BY_SYSTEMS.search(info.filename)
    ]


def check_office(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an office file that would unpack to more than is allowed. Declared sizes bind: zipfile reads no more."""
    allowed = limits()
    total = sum(info.file_size for info in infos)
    if total > allowed.office_bytes:
        raise FileFault(Fault(0, "expands_too_much", f"{total // 1024**2:,} MB"))
    packed = sum(info.compress_size for info in infos)
    if total > allowed.free_bytes // 4 and total > allowed.ratio * max(packed, 1):
        raise FileFault(Fault(0, "expands_too_much", f"{total // 1024**2:,} MB"))
    shared = sum(info.file_size for info in infos if info.filename.endswith("sharedStrings.xml"))
    if shared > allowed.shared_strings_bytes:
        raise FileFault(Fault(0, "too_many_strings", f"{shared // 1024**2:,} MB"))


def refuse_document_types(path: Path) -> None:
    """No office program writes a document type. The sheets themselves are read by a parser that refuses entities."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.filename.endswith((".xml", ".rels")) or info.filename.startswith(_STREAMED):
                continue
            if info.file_size > MOST_OF_A_PART:
                raise FileFault(Fault(0, "expands_too_much", info.filename[:100]))
            part = archive.read(info)
            if b"<!DOCTYPE" in part.replace(b"\0", b""):
                raise FileFault(Fault(0, "xml_entities", info.filename[:100]))


_STREAMED = ("xl/worksheets/", "xl/sharedStrings.xml")
MOST_OF_A_PART = 16 * 1024**2


@contextmanager
def text_member(path: Path, raw: BinaryIO) -> Iterator[BinaryIO]:
    """The only file of a zip, as a stream. `raw` is the open file on disk, whose position shows the progress."""
    (info,) = members(contents(path))
    try:
        with zipfile.ZipFile(raw) as archive, archive.open(info) as stream:
            yield stream
    except (NotImplementedError, RuntimeError) as error:
        raise FileFault(Fault(0, "archive")) from error
    except zipfile.BadZipFile as error:
        raise FileFault(Fault(0, "damaged_gzip")) from error

"""Reports as PDF and DOCX: one file is one document, its text is the abstract. A zip may hold many of them."""

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from scanning.enums import DocumentKind
from scanning.formats.archives import check_office, contents, members
from scanning.formats.base import MAX_ABSTRACT, Fault, FileFault, Format, Parsed, Sample
from scanning.formats.columns import entry
from scanning.formats.limits import limits
from scanning.formats.source import FileSource
from scanning.formats.text import plain_text
from scanning.formats.xml_records import first, records

READER = Path(__file__).with_name("pdf_text.py")
SHORTEST = 30
_YEAR_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def read_pdf(source: FileSource) -> Iterator[Parsed]:
    yield _as_entry(1, source.name, *pdf_text(source.path))


def read_docx(source: FileSource) -> Iterator[Parsed]:
    yield _as_entry(1, source.name, *docx_text(source.path))


def read_bundle(source: FileSource) -> Iterator[Parsed]:
    """Each file of a zip. It is copied under a drawn name, read, and removed before the next."""
    infos = members(contents(source.path))
    with zipfile.ZipFile(source.path) as archive:
        for number, info in enumerate(infos, 1):
            source.line, source.done = number, number / len(infos)
            try:
                yield _as_entry(number, info.filename, *_member_text(archive, info))
            except FileFault as error:
                yield Fault(number, error.fault.code, f"{info.filename[:80]} {error.fault.detail}".strip())


def _member_text(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[str, dict]:
    if info.file_size > limits().document_bytes:
        raise FileFault(Fault(0, "too_large", f"{info.file_size // 1024**2} MB"))
    suffix = PurePosixPath(info.filename.lower()).suffix
    with tempfile.NamedTemporaryFile(prefix="corpus-") as copy:
        try:
            with archive.open(info) as packed:
                while block := packed.read(1 << 20):  # no more than the declared size, checked above
                    copy.write(block)
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise FileFault(Fault(0, "damaged_gzip")) from error
        copy.flush()
        return _TEXTS[suffix](Path(copy.name))


def pdf_text(path: Path) -> tuple[str, dict]:
    """Text and properties of a PDF, read in a process of its own with bounded time and memory."""
    allowed = limits()
    if path.stat().st_size > allowed.document_bytes:
        raise FileFault(Fault(0, "too_large", f"{path.stat().st_size // 1024**2} MB"))
    order = [sys.executable, "-I", str(READER), str(path), str(allowed.pdf_pages), str(4 * MAX_ABSTRACT)]
    try:
        done = subprocess.run(  # noqa: S603  our own script, arguments are a drawn path and numbers
            [*order, str(allowed.pdf_memory_bytes), str(allowed.pdf_seconds)],
            capture_output=True,
            timeout=2 * allowed.pdf_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileFault(Fault(0, "pdf_too_costly", "time")) from error
    if done.returncode:
        code = "damaged_pdf" if done.returncode == 1 else "pdf_too_costly"
        raise FileFault(Fault(0, code))
    found = json.loads(done.stdout)
    if found.get("fault"):
        raise FileFault(Fault(0, found["fault"]))
    return found["text"], found["properties"]


def docx_text(path: Path) -> tuple[str, dict]:
    if path.stat().st_size > limits().document_bytes:
        raise FileFault(Fault(0, "too_large", f"{path.stat().st_size // 1024**2} MB"))
    infos = contents(path)
    check_office(infos)
    names = {info.filename for info in infos}
    if "word/document.xml" not in names:
        raise FileFault(Fault(0, "damaged_office"))
    properties: dict[str, str] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if "docProps/core.xml" in names:
                for _line, core in records(_chunks(archive.open("docProps/core.xml")), {"coreProperties"}):
                    properties = {
                        "title": first(core, "title"),
                        "date": first(core, "created")[:10],
                        "language": first(core, "language"),
                    }
            return _paragraphs(archive.open("word/document.xml")), properties
    except (zipfile.BadZipFile, EOFError) as error:
        raise FileFault(Fault(0, "damaged_office")) from error


def _paragraphs(stream: BinaryIO) -> str:
    lines, size = [], 0
    for _line, paragraph in records(_chunks(stream), {"p"}):
        words = "".join(
            (part.text or "") if part.tag == "t" else " " for part in paragraph.iter() if part.tag in _SPOKEN
        )
        if text := " ".join(words.split()):
            lines.append(text)
            size += len(text)
        if size > 4 * MAX_ABSTRACT:
            break
    return "\n".join(lines)


_SPOKEN = ("t", "tab", "br")


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while block := stream.read(1 << 16):
            yield block


_TEXTS: dict[str, Callable[[Path], tuple[str, dict]]] = {".pdf": pdf_text, ".docx": docx_text}


def _as_entry(line: int, name: str, text: str, properties: dict) -> Parsed:
    """Title: of the properties where it is one, else the first line. Year: of the properties or of the name."""
    body = plain_text(text)
    if len(body) < SHORTEST:
        return Fault(line, "no_text_layer", name[:100])
    stem = PurePosixPath(name.replace("\\", "/")).stem
    lines = [each.strip() for each in body.splitlines() if each.strip()]
    title = properties.get("title", "").strip()
    if len(title) < 5 or title.lower().endswith((".doc", ".docx", ".pdf", ".indd")):
        title = lines[0] if 5 <= len(lines[0]) <= 300 else stem
    year = _YEAR_IN_NAME.search(stem)
    fields = {
        "title": title,
        "abstract": body,
        "kind": DocumentKind.REPORT,
        "language": properties.get("language", ""),
        "date": properties.get("date", "")
        if not year or properties.get("date", "").startswith(year[1])
        else "",
        "year": year[1] if year else "",
        "source": stem,
    }
    return entry(line, fields.get)


def _is(container: str) -> Callable[[Sample], float]:
    return lambda sample: float(sample.container == container)


FORMATS = (
    Format("pdf", _("PDF document"), _is("pdf"), read_pdf, "pdf"),
    Format("docx", _("Word document (DOCX)"), _is("docx"), read_docx, "docx"),
    Format(
        "bundle",
        _("Zip of PDF and DOCX documents"),
        _is("bundle"),
        read_bundle,
        "bundle",
    ),
)

"""Tables that people send: CSV in any usual encoding and delimiter, or XLSX. Rows keep their line numbers."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from foundation.exceptions import InvalidInput

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_UNPACKED = 60 * 1024 * 1024
MAX_COLUMNS = 60
DELIMITERS = ",;\t|"
LIKELY = ["cp1252", "cp1251", "big5", "cp932", "euc_kr"]

Row = tuple[int, list[str]]


def read_table(content: bytes) -> list[Row]:
    """All rows that are not empty, header included, as `(line, cells)`. Raises InvalidInput."""
    if len(content) > MAX_BYTES:
        raise InvalidInput(_("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 1024 // 1024})
    if not content.strip():
        raise InvalidInput(_("The file is empty."))
    source = _xlsx_rows(content) if content.startswith(b"PK\x03\x04") else _csv_rows(decode(content))
    rows: list[Row] = []
    for line, cells in source:
        if len(cells) > MAX_COLUMNS:
            raise refused(line, _("More than %(limit)d columns.") % {"limit": MAX_COLUMNS})
        if any(cells):
            rows.append((line, cells))
        if len(rows) > MAX_ROWS + 1:
            raise InvalidInput(_("The file has more than %(limit)d rows.") % {"limit": MAX_ROWS})
    return rows


def refused(line: int, reason: str) -> InvalidInput:
    return InvalidInput(_("The file could not be read."), errors={str(line): [reason]})


def decode(content: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 with its mark, GB18030, or what the bytes look most like."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8-sig" or _looks_chinese(text):
            return text
    best = from_bytes(content, cp_isolation=LIKELY).best()
    if best is None:
        raise InvalidInput(_("The encoding of the file was not recognised. Save it as UTF-8."))
    return str(best)


def _looks_chinese(text: str) -> bool:
    """GB18030 can decode almost anything; it is meant when what comes out is common Chinese."""
    others = [character for character in text if ord(character) > 127]
    common = sum(
        "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in others
    )
    return bool(others) and common / len(others) > 0.9


def _csv_rows(text: str) -> Iterator[Row]:
    if "\x00" in text:
        raise refused(text[: text.index("\x00")].count("\n") + 1, _("The file holds binary data."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused(line, _("A quotation mark is not closed or stands in the wrong place.")) from error


def _delimiter(text: str) -> str:
    """The delimiter that splits the heading into the most columns."""
    heading = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
    return max(DELIMITERS, key=heading.count)


def _xlsx_rows(content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook

    _refuse_bombs(content)
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield line, ["" if cell is None else str(cell).strip() for cell in cells]
    except InvalidInput:
        raise
    except Exception as error:
        raise InvalidInput(_("The workbook could not be read. Save the sheet as CSV (UTF-8).")) from error


def _refuse_bombs(content: bytes) -> None:
    """Look before unpacking: sizes as stated, and no document types (external entities)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise InvalidInput(_("The workbook is too large when unpacked."))
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")) and b"<!" in archive.read(part)[:2048]:
                    raise InvalidInput(_("The workbook holds parts that are not accepted."))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InvalidInput(_("The workbook could not be read. Save the sheet as CSV (UTF-8).")) from error

"""Word documents: inert text, tables that stay quick when they are long, and the same bytes for the same content."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from foundation.spreadsheet import clean

LATIN_FONT, CJK_FONT = "Arial", "Microsoft YaHei"
STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "Caption")
KEPT_TOGETHER = 8  # rows
# A fixed date, so that the same content is the same file.
_DATE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def new_document(*, title: str, language: str):
    """An empty A4 document with fonts for both scripts. It names no author."""
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    document.styles["Normal"].font.size = Pt(10)
    for style in STYLES:
        _set_fonts(document.styles[style])
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    _number_pages(section)
    about = document.core_properties
    about.title, about.language, about.author = inert(title), language, ""
    about.comments = ""
    about.created = about.modified = _DATE
    return document


def inert(text: Any) -> str:
    """Without what no XML may hold."""
    return "".join(mark for mark in clean(str(text)) if mark not in "\ufffe\uffff")


def add_table(
    document,
    rows: Iterable[Sequence[Any]],
    header: Sequence[str] = (),
    *,
    widths: Sequence[float] = (),
    size: float | None = None,
) -> None:
    """A table whose head comes again on every page and whose rows are not torn. `widths` in centimetres.

    Without a header the first column says what the others are. Rows are appended to the XML: asking a table for its
    cells walks through all of them each time.
    """
    rows = [*([header] if header else []), *rows]
    if not rows:
        return
    table = document.add_table(0, len(rows[0]), style="Light Grid Accent 1")
    _set_look(table, has_head=bool(header))
    if widths:
        _set_widths(table, widths)
    last = len(rows) - 1
    for place, row in enumerate(rows):
        is_head = bool(header) and place == 0
        line = _append(table, row, is_head=is_head, widths=widths, size=size)
        if place < last and (is_head or last < KEPT_TOGETHER):
            _keep_with_next(table, line)


def saved(document) -> bytes:
    """The file, written anew with fixed dates: the library stamps every part with the time of day."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return fixed.getvalue()


def _append(table, row: Sequence[Any], *, is_head: bool, widths: Sequence[float], size: float | None):
    from docx.shared import Cm, Pt
    from docx.table import _Cell

    line = table._tbl.add_tr()
    _mark(line.get_or_add_trPr(), "w:cantSplit", *(["w:tblHeader"] if is_head else []))
    for place, value in enumerate(row):
        part = line.add_tc()
        if widths:
            part.width = Cm(widths[place])
        cell = _Cell(part, table)
        cell.text = inert(value)
        if size:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(size)
    return line


def _keep_with_next(table, line) -> None:
    """A head is never the last line of a page, and a short table stays in one piece."""
    from docx.table import _Row

    for cell in _Row(line, table).cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _mark(properties, *names: str) -> None:
    from docx.oxml import OxmlElement

    for name in names:
        properties.append(OxmlElement(name))


def _set_look(table, *, has_head: bool) -> None:
    """The style draws the first row as a head unless it is told that there is none."""
    from docx.oxml.ns import qn

    properties = table._tbl.tblPr
    for look in properties.findall(qn("w:tblLook")):
        properties.remove(look)
    _mark(properties, "w:tblLook")
    look = properties.find(qn("w:tblLook"))
    flags = {"firstRow": has_head, "lastRow": False, "firstColumn": True, "lastColumn": False}
    for name, on in (flags | {"noHBand": False, "noVBand": True}).items():
        look.set(qn(f"w:{name}"), str(int(on)))


def _number_pages(section) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _set_widths(table, widths: Sequence[float]) -> None:
    """Fixed columns: else each program lays the table out by its own lights."""
    from docx.shared import Cm

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)


def _set_fonts(style) -> None:
    """For every script by name: the template's own reference to the theme would win otherwise."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:ascii"), LATIN_FONT)
    fonts.set(qn("w:hAnsi"), LATIN_FONT)
    fonts.set(qn("w:eastAsia"), CJK_FONT)

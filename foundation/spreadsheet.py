"""Text on its way into a spreadsheet: nothing in it may run. Every file that Excel can open goes through here."""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
from collections.abc import Iterable
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils.http import content_disposition_header

T = TypeVar("T")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CHARACTERS = 32_767  # of a cell
# Text is typed as text whatever it starts with.
WORKBOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n|%")


def clean(text: str) -> str:
    """Without NUL and other control characters; line breaks and tabs stay as such or become spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)


def safe(cell: T) -> T | str:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; other values stay."""
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if looks_like_formula(text) else text


def csv_response(rows: Iterable[Iterable[object]], *, file_name: str) -> HttpResponse:
    """The rows as a download that no cache keeps. The first row are the columns."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name)
    response["Cache-Control"] = "private, no-store"
    response.write("\ufeff")  # spreadsheets read UTF-8 only with this mark
    csv.writer(response).writerows([safe(cell) for cell in row] for row in rows)
    return response


def xlsx_response(rows: Iterable[Iterable[object]], *, file_name: str, sheet: str) -> HttpResponse:
    """The rows as a workbook of one sheet. The first row are the columns. For tables that fit into memory."""
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, WORKBOOK)
    # A fixed date, so that the same content is the same file.
    book.set_properties({"created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)})
    page = book.add_worksheet(sheet[:31])
    page.freeze_panes(1, 0)
    head = book.add_format({"bold": True, "bottom": 1})
    quoted = book.add_format({"quote_prefix": True})
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if line == 0:
                page.set_column(place, place, max(10, min(40, len(str(cell)) + 2)))
                page.write_string(line, place, clean(str(cell)), head)
            else:
                write_cell(page, line, place, clean(cell) if isinstance(cell, str) else cell, quoted)
    book.close()
    response = HttpResponse(made.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name)
    response["Cache-Control"] = "private, no-store"
    return response


def write_cell(sheet: Any, line: int, place: int, cell: Any, quoted: Any) -> None:
    """Numbers as numbers, text as text; `quoted` marks text that would be a formula if somebody edited it."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(line, place, cell)
    else:
        text = cell[:MOST_CHARACTERS]
        sheet.write_string(line, place, text, quoted if looks_like_formula(text) else None)

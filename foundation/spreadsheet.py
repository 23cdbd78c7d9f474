"""Text on its way into a spreadsheet: nothing in it may run. Every file that Excel can open goes through here."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpResponse
from django.utils.http import content_disposition_header

T = TypeVar("T")
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

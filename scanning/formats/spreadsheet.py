"""XLSX: the first sheet that has a title or abstract column, read row by row."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_lazy as _

from scanning.formats.archives import refuse_document_types
from scanning.formats.base import MAX_LINE, Fault, FileFault, Format, Parsed, Sample
from scanning.formats.columns import assign, database_of, entry
from scanning.formats.source import FileSource

LEADING = 20  # lines above the header: titles, search terms, empty ones
MOST_COLUMNS = 500


def read(source: FileSource) -> Iterator[Parsed]:
    with _workbook(source.path) as book:
        for sheet in book.worksheets:
            rows = _rows(sheet)
            found = _header(rows, source.mapping)
            if found:
                yield from _entries(rows, sheet.max_row, *found, source)
                return
    raise FileFault(Fault(1, "header_missing", ""))


def preview(path: Path, lines: int) -> list[list[str]]:
    """The first lines of the first sheet as text, for people who say what each column means."""
    with _workbook(path) as book:
        rows = (row for _line, row in _rows(book.worksheets[0]))
        filled = (row for row in rows if any(cell not in (None, "") for cell in row))
        return [["" if cell is None else str(cell)[:200] for cell in row] for row in islice(filled, lines)]


def _entries(
    rows, last: int | None, header: list[str], columns: dict, source: FileSource
) -> Iterator[Parsed]:
    database = database_of(header)
    for line, row in rows:
        source.line, source.done = line, min(line / last, 1.0) if last else 0.0
        if all(cell in (None, "") for cell in row):
            continue
        if sum(len(cell) for cell in row if isinstance(cell, str)) > MAX_LINE:
            yield Fault(line, "record_too_long", f"> {MAX_LINE:,}")
            continue
        yield entry(line, lambda name, row=row: _cell(row, columns.get(name)), database)


def _cell(row: tuple, position: int | None):
    return row[position] if position is not None and position < len(row) else None


def _header(rows: Iterator[tuple[int, tuple]], mapping: dict) -> tuple[list[str], dict] | None:
    for line, row in islice(rows, LEADING):
        header = ["" if cell is None else str(cell) for cell in row]
        columns = assign(header, database_of(header), mapping)
        # Below the first line a word like "text" may be a cell's content.
        if ("title" in columns or "abstract" in columns) and (line == 1 or len(columns) > 1):
            return header, columns
    return None


def _rows(sheet) -> Iterator[tuple[int, tuple]]:
    sheet.reset_dimensions()  # what a file says of its own size need not be true
    yield from enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1)


@contextmanager
def _workbook(path: Path):
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings(), path.open("rb") as stream:  # opened here: it goes by a file's name
            warnings.simplefilter("ignore")  # of styles and extensions that it does not know
            refuse_document_types(path)
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except FileFault:
        raise
    except DefusedXmlException as error:
        raise FileFault(Fault(0, "xml_entities", type(error).__name__)) from error
    except (
        zipfile.BadZipFile,
        SyntaxError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        OSError,
        EOFError,
    ) as error:
        raise FileFault(Fault(0, "damaged_office")) from error


def sniff(sample: Sample) -> float:
    return float(sample.container == "xlsx")


FORMAT = Format("xlsx", _("Excel (XLSX)"), sniff, read, container="xlsx")

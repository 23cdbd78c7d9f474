"""CSV and TSV with a header line. Columns are recognised by name, so exports of Scopus, Lens, Web of Science,
CNKI, Wanfang, patent offices and funds are read alike; `databases` tells them apart."""

import csv
import re
from collections.abc import Iterator
from itertools import chain

from django.utils.translation import gettext_lazy as _

from scanning.formats.base import MAX_LINE, Fault, FileFault, Format, Parsed, Sample
from scanning.formats.columns import assign, database_of, entry
from scanning.formats.source import TextSource

DELIMITERS = ",\t;|"
_SAYS_MARK = re.compile(
    r"sep=.\s*$", re.IGNORECASE | re.MULTILINE
)  # Excel is told so which mark parts the cells
csv.field_size_limit(MAX_LINE)


def delimiter_of(header: str) -> str:
    """The delimiter under which the header names the most known columns."""
    return max(DELIMITERS, key=lambda mark: (len(assign(_cells(header, mark))), header.count(mark)))


def header_of(sample: Sample) -> list[str]:
    """The cells of the first line, for people who say what each column means."""
    text = sample.text.lstrip()
    line = text.split("\n", 2)[1] if _SAYS_MARK.match(text) and "\n" in text else sample.first_line
    return _cells(line, delimiter_of(line))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def sniff(sample: Sample) -> float:
    header = header_of(sample)
    columns = assign(header, database_of(header), sample.mapping)
    if "title" not in columns and "abstract" not in columns:
        return 0
    if len(columns) > 1:
        return 0.8
    return 0.5 if sample.name.endswith((".csv", ".tsv")) else 0.3


def read(source: TextSource) -> Iterator[Parsed]:
    lines = source.lines()
    header_line = next(lines, "")
    while header_line and (header_line.isspace() or _SAYS_MARK.match(header_line)):
        header_line = next(lines, "")
    delimiter = delimiter_of(header_line)
    header = _cells(header_line, delimiter)
    database = database_of(header)
    columns = assign(header, database, source.mapping)
    if "title" not in columns and "abstract" not in columns:
        raise FileFault(Fault(source.line or 1, "header_missing", header_line.strip()))
    rows = _Rows(lines, delimiter, len(header))
    while True:
        start = source.line + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(start, "csv_broken", str(error))
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < len(header) or any(cell.strip() for cell in row[len(header) :]):
            yield Fault(start, "csv_cells", f"{len(row)} / {len(header)}")
            continue
        yield entry(start, lambda name, row=row: _cell(row, columns.get(name)), database)


class _Rows:
    """Rows of cells. Between tabs a quotation mark is mostly a letter like others ('"Smart" grids'): a line with all
    its cells is taken as it stands, and only cells that are quoted as a whole lose their marks."""

    def __init__(self, lines: Iterator[str], delimiter: str, cells: int):
        self._lines, self._delimiter, self._cells = lines, delimiter, cells

    def __next__(self) -> list[str]:
        line = next(self._lines)
        cells = line.rstrip("\r\n").split("\t") if self._delimiter == "\t" else []
        if len(cells) == self._cells and not _goes_on(cells[-1]):
            return [_unquoted(cell) for cell in cells]
        return next(csv.reader(chain([line], self._lines), delimiter=self._delimiter, strict=True))


def _goes_on(cell: str) -> bool:
    """Whether a quotation was opened that this line does not close."""
    return cell.startswith('"') and cell.count('"') % 2 == 1


def _unquoted(cell: str) -> str:
    whole = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "")
    return cell[1:-1].replace('""', '"') if whole else cell


def _cell(row: list[str], position: int | None) -> str:
    return row[position] if position is not None and position < len(row) else ""


FORMAT = Format("csv", _("CSV or TSV"), sniff, read)

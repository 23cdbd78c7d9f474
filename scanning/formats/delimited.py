"""CSV and TSV with a header line. Columns are recognised by name, so exports of Scopus, Lens, Web of Science,
CNKI, Wanfang, patent offices and funds are read alike; `databases` tells them apart."""

import csv
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scanning.formats.base import MAX_LINE, Fault, FileFault, Format, Parsed, Sample
from scanning.formats.columns import assign, database_of, entry
from scanning.formats.source import TextSource

DELIMITERS = ",\t;|"
csv.field_size_limit(MAX_LINE)


def delimiter_of(header: str) -> str:
    """The delimiter under which the header names the most known columns."""
    return max(DELIMITERS, key=lambda mark: (len(assign(_cells(header, mark))), header.count(mark)))


def header_of(sample: Sample) -> list[str]:
    """The cells of the first line, for people who say what each column means."""
    line = sample.first_line
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
    while header_line and header_line.isspace():
        header_line = next(lines, "")
    delimiter = delimiter_of(header_line)
    header = _cells(header_line, delimiter)
    database = database_of(header)
    columns = assign(header, database, source.mapping)
    if "title" not in columns and "abstract" not in columns:
        raise FileFault(Fault(source.line or 1, "header_missing", header_line.strip()))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = source.line + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(start, "csv_broken", str(error))
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < len(header) or any(cell.strip() for cell in row[len(header) :]):
            yield Fault(start, "csv_cells", f"{len(row)} / {len(header)}")
            continue
        yield entry(start, lambda name, row=row: _cell(row, columns.get(name)), database)


def _cell(row: list[str], position: int | None) -> str:
    return row[position] if position is not None and position < len(row) else ""


FORMAT = Format("csv", _("CSV or TSV"), sniff, read)

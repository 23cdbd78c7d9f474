"""Formats and kinds of export: one file each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from consensus.enums import ExportFormat, ExportKind
from consensus.exports.answers import answer_tables, count_answers
from consensus.exports.base import Table, Writer
from consensus.exports.csv import CsvWriter
from consensus.exports.json import JsonWriter
from consensus.exports.results import count_results, result_tables
from consensus.exports.xlsx import XlsxWriter
from surveys.models import Study

WRITERS: dict[str, Callable[[], Writer]] = {
    ExportFormat.CSV: CsvWriter,
    ExportFormat.XLSX: XlsxWriter,
    ExportFormat.JSON: JsonWriter,
}
TABLES: dict[str, Callable[[Study], Iterable[Table]]] = {
    ExportKind.RESULTS: result_tables,
    ExportKind.ANSWERS: answer_tables,
}
COUNTS: dict[str, Callable[[Study], int]] = {
    ExportKind.RESULTS: count_results,
    ExportKind.ANSWERS: count_answers,
}

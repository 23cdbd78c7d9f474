"""Formats and kinds of export: one file each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from consensus.enums import ExportFormat, ExportKind
from consensus.exports.answers import answer_tables, count_answers
from consensus.exports.base import Table, Writer
from consensus.exports.csv import CsvWriter
from consensus.exports.docx import DocxWriter
from consensus.exports.json import JsonWriter
from consensus.exports.results import count_results, result_tables
from consensus.exports.supplements import supplement_tables
from consensus.exports.voices import voice_tables
from consensus.exports.what_if import what_if_tables
from consensus.exports.xlsx import XlsxWriter
from consensus.report.content import count_blocks, report_of
from surveys.models import Study

WRITERS: dict[str, Callable[[], Writer]] = {
    ExportFormat.CSV: CsvWriter,
    ExportFormat.XLSX: XlsxWriter,
    ExportFormat.JSON: JsonWriter,
    ExportFormat.DOCX: DocxWriter,
}


def everything_found(study: Study) -> Iterator[Table]:
    """Results, and what stands beside them; one module for each group of sheets."""
    for tables in (result_tables, voice_tables, supplement_tables, what_if_tables):
        yield from tables(study)


# Tables, or the blocks of a document: what the writers of the kind's formats take.
CONTENTS: dict[str, Callable[[Study], Iterable[Any]]] = {
    ExportKind.RESULTS: everything_found,
    ExportKind.ANSWERS: answer_tables,
    ExportKind.REPORT: report_of,
}
COUNTS: dict[str, Callable[[Study], int]] = {
    ExportKind.RESULTS: count_results,
    ExportKind.ANSWERS: count_answers,
    ExportKind.REPORT: count_blocks,
}

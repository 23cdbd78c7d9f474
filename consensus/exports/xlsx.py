"""Excel workbooks, written row by row. Text is typed as text whatever it starts with; numbers are numbers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import IO

import xlsxwriter

from consensus.exports.base import Note, Table, counted, plain
from foundation.spreadsheet import WORKBOOK, looks_like_formula, write_cell

MOST_ROWS = 1_048_575  # the sheet's limit, less the header


class XlsxWriter:
    suffix = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    most_rows = MOST_ROWS

    def write(self, target: IO[bytes], tables: Iterable[Table], note: Note) -> None:
        book = xlsxwriter.Workbook(target, WORKBOOK)
        # A fixed date, so that the same content is the same file.
        book.set_properties({"created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)})
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.quoted = book.add_format({"quote_prefix": True})
        self.quoted_head = book.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
        done = 0
        for table in tables:
            done = self._table(book, table, note, done)
        book.close()

    def _table(self, book, table: Table, note: Note, done: int) -> int:
        sheet, part, line = self._sheet(book, table, 1), 1, 0
        for row in counted(table.rows, note, done):
            if line == self.most_rows:
                part += 1
                sheet, line = self._sheet(book, table, part), 0
            line += 1
            done += 1
            for place, cell in enumerate(row):
                write_cell(sheet, line, place, plain(cell), self.quoted)
        return done

    def _sheet(self, book, table: Table, part: int):
        sheet = book.add_worksheet(table.name[:28] if part == 1 else f"{table.name[:24]} {part}")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, max(10, min(40, len(column) + 2)))
            form = self.quoted_head if looks_like_formula(column) else self.head
            sheet.write_string(0, place, str(plain(column)), form)
        return sheet

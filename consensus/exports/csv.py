"""CSV: one file per table in a ZIP archive, UTF-8 with a mark so that Excel reads Chinese."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from typing import IO

from consensus.exports.base import Cell, Note, Table, counted, plain
from foundation.spreadsheet import safe

# A fixed date, so that the same content is the same file.
_DATE = (1980, 1, 1, 0, 0, 0)


class CsvWriter:
    suffix = "zip"
    media_type = "application/zip"

    def write(self, target: IO[bytes], tables: Iterable[Table], note: Note) -> None:
        done = 0
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in tables:
                info = zipfile.ZipInfo(f"{table.name}.csv", _DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                with (
                    archive.open(info, "w", force_zip64=True) as entry,
                    io.TextIOWrapper(entry, "utf-8-sig", newline="") as text,
                ):
                    done = _write(text, table, note, done)


def _write(text: IO[str], table: Table, note: Note, done: int) -> int:
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutral(column) for column in table.columns])
    for row in counted(table.rows, note, done):
        writer.writerow([neutral(cell) for cell in row])
        done += 1
    return done


def neutral(cell: Cell) -> Cell:
    """Text that a spreadsheet could run is led by an apostrophe; numbers stay numbers."""
    cell = plain(cell)
    return int(cell) if isinstance(cell, bool) else safe(cell)

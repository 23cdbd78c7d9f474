"""JSON: every table with its columns and its rows as arrays, written row by row."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import IO

from consensus.exports.base import Note, Table, counted, plain


class JsonWriter:
    suffix = "json"
    media_type = "application/json"

    def write(self, target: IO[bytes], tables: Iterable[Table], note: Note) -> None:
        text = io.TextIOWrapper(target, "utf-8", newline="\n", write_through=False)
        text.write('{"tables": {')
        done = 0
        for place, table in enumerate(tables):
            head = json.dumps(list(table.columns), ensure_ascii=False)
            text.write(f'{"," if place else ""}\n{json.dumps(table.name)}: {{"columns": {head}, "rows": [')
            lead = "\n"
            for row in counted(table.rows, note, done):
                text.write(lead + json.dumps([plain(cell) for cell in row], ensure_ascii=False))
                lead = ",\n"
                done += 1
            text.write("]}")
        text.write("}}\n")
        text.flush()
        text.detach()

"""Insert very many rows whose values are already text and numbers: the counterpart of `counting.reading`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

CHUNK_ROWS = 1000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of None, numbers, flags and text (JSON fields: their JSON), in the order of the fields `names`.

    No signal is sent and no default of the model is filled in: every column without one in the database is named.
    """
    columns = ", ".join(connection.ops.quote_name(model._meta.get_field(name).column) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        for chunk in _chunks(rows):
            if connection.vendor == "postgresql":
                text = io.StringIO("".join(_line(row) for row in chunk))
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)
            else:
                marks = ", ".join(["%s"] * len(names))
                # No value is put into the text of the statement: names are of this code, values are parameters.
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", chunk)  # noqa: S608


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    each = iter(rows)
    while chunk := list(islice(each, CHUNK_ROWS)):
        yield chunk


def _line(row: Sequence[Any]) -> str:
    """One row in the text format of COPY."""
    return "\t".join([_cell(value) for value in row]) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES) if "\\" in value or not value.isprintable() else value
    return repr(value)

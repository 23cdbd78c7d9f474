"""Read the rows of a query into NumPy columns, without a Python object for each row where the database allows."""

from __future__ import annotations

import numpy as np
from django.db import connection

CHUNK_ROWS = 50_000
_CHUNK_BYTES = 4 * 1024 * 1024
_HEADER = 19  # signature, flags and extension length of PostgreSQL's binary COPY
_CASTS = {"i2": "smallint", "i4": "integer", "i8": "bigint", "f8": "double precision"}


def columns(sql: str, params: list, names: dict[str, str]) -> np.ndarray:
    """The rows of `sql` as a structured array; `names` maps its columns, in order, to i2, i4, i8 or f8.

    No column may be NULL: rows must all have the same size.
    """
    dtype = np.dtype(list(names.items()))
    listed = ", ".join(f'CAST("{name}" AS {_CASTS[kind]})' for name, kind in names.items())
    # No value is put into the text of the statement: column names come from this code, values are parameters.
    statement = f"SELECT {listed} FROM ({sql}) AS counted"  # noqa: S608
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _copied(cursor, statement, params, dtype)
        cursor.execute(statement, params)
        chunks = [np.array(rows, dtype=dtype) for rows in iter(lambda: cursor.fetchmany(CHUNK_ROWS), [])]
    return np.concatenate(chunks) if chunks else np.zeros(0, dtype=dtype)


def _copied(cursor, statement: str, params: list, dtype: np.dtype) -> np.ndarray:
    """Binary COPY: every row has the same bytes, so that they can be read as an array at once."""
    sink = _Sink(dtype)
    bound = cursor.mogrify(statement, params)
    text = bound.decode() if isinstance(bound, bytes) else bound
    cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT binary)", sink)
    return sink.finish()


class _Sink:
    """Takes the stream in pieces and keeps compact arrays only."""

    def __init__(self, dtype: np.dtype):
        self.dtype = dtype
        fields = [("fields", ">i2")]
        for name in dtype.names:
            fields += [(f"{name} size", ">i4"), (name, dtype[name].newbyteorder(">"))]
        self.wire = np.dtype(fields)
        self.buffer = bytearray()
        self.arrays: list[np.ndarray] = []
        self.started = False

    def write(self, data: bytes) -> int:
        self.buffer += data
        if len(self.buffer) >= _CHUNK_BYTES:
            self._take()
        return len(data)

    def _take(self) -> None:
        if not self.started and len(self.buffer) >= _HEADER:
            del self.buffer[:_HEADER]
            self.started = True
        rows = len(self.buffer) // self.wire.itemsize
        if not rows:
            return
        size = rows * self.wire.itemsize
        wire = np.frombuffer(bytes(self.buffer[:size]), dtype=self.wire)
        array = np.empty(rows, dtype=self.dtype)
        for name in self.dtype.names:
            if (wire[f"{name} size"] != self.dtype[name].itemsize).any():
                raise ValueError(f"column {name} has NULLs or another size than expected")
            array[name] = wire[name]
        self.arrays.append(array)
        del self.buffer[:size]

    def finish(self) -> np.ndarray:
        self._take()
        if bytes(self.buffer) != b"\xff\xff":
            raise ValueError("the stream of rows ended early")
        return np.concatenate(self.arrays) if self.arrays else np.zeros(0, dtype=self.dtype)

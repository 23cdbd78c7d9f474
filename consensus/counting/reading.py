"""Read the rows of a query into NumPy columns, without a Python object for each row where the database allows."""

from __future__ import annotations

import io

import numpy as np
from django.db import connection

CHUNK_ROWS = 50_000
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
    """Binary COPY: every row has the same bytes, so that they can be read as an array at once.

    The stream is held whole (40 bytes a row or so). It is written once for every row, so the sink must be plain C.
    """
    bound = cursor.mogrify(statement, params)
    text = bound.decode() if isinstance(bound, bytes) else bound
    sink = io.BytesIO()
    cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT binary)", sink)
    return _rows(sink.getbuffer(), dtype)


def _rows(stream: memoryview, dtype: np.dtype) -> np.ndarray:
    fields = [("fields", ">i2")]
    for name in dtype.names:
        fields += [(f"{name} size", ">i4"), (name, dtype[name].newbyteorder(">"))]
    wire = np.dtype(fields)
    if bytes(stream[-2:]) != b"\xff\xff" or (len(stream) - _HEADER - 2) % wire.itemsize:
        raise ValueError(
            "the stream of rows ended early, or a column has NULLs or another size than expected"
        )
    found = np.frombuffer(stream[_HEADER:-2], dtype=wire)
    rows = np.empty(len(found), dtype=dtype)
    for name in dtype.names:
        if (found[f"{name} size"] != dtype[name].itemsize).any():
            raise ValueError(f"column {name} has NULLs or another size than expected")
        rows[name] = found[name]
    return rows

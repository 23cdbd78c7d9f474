"""Results of many items as one JSON-ready dictionary per item, made column by column."""

from __future__ import annotations

import dataclasses
from itertools import repeat
from typing import Any

import numpy as np

from consensus.stats import Result


def rows_of(result: Result, size: int, only: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
    """`result.as_dict()` of every item; `only` names the fields that are wanted."""
    names = [field.name for field in dataclasses.fields(result) if only is None or field.name in only]
    return transposed({name: column(getattr(result, name), size) for name in names}, size)


def transposed(named: dict[str, Any], size: int) -> list[dict[str, Any]]:
    names = list(named)
    if not names:
        return [{} for _ in range(size)]
    return [dict(zip(names, row, strict=True)) for row in zip(*named.values(), strict=False)]


def column(field: Any, size: int) -> Any:
    """One JSON-safe entry per item."""
    if isinstance(field, Result):
        return rows_of(field, size)
    if isinstance(field, np.ma.MaskedArray) and field.ndim == 2:
        return [[entry for entry in row if entry is not None] for row in field.tolist()]
    if isinstance(field, np.ndarray):
        return field.tolist()
    if isinstance(field, tuple):
        field = list(field)
    return repeat(field, size)

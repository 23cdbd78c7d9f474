"""Contingency tables of two rounds (or two raters): rows = earlier answer, columns = later answer."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .results import FloatArray, R, build
from .tally import Tally, check_ratings, check_values, per_item

Tables: TypeAlias = FloatArray


class Pairs:
    """Tables (K, K) or (items, K, K), checked once, with what the stability statistics share.

    ``values``: the categories' numbers, default 1..K; rows and columns are sorted by them. ``missing``:
    members who answered in only one of the two rounds (one number or one per item); they are in no table.
    """

    def __init__(
        self,
        table: npt.ArrayLike,
        values: npt.ArrayLike | None = None,
        *,
        missing: npt.ArrayLike | None = None,
    ) -> None:
        array = np.asarray(table, dtype=float)
        if array.ndim not in (2, 3) or array.shape[-1] != array.shape[-2] or array.shape[-1] == 0:
            raise ValueError(f"table must be square, (K, K) or (items, K, K), not {array.shape}")
        if not np.isfinite(array).all() or (array < 0).any():
            raise ValueError("table must hold finite counts that are not negative")
        self.single = array.ndim == 2
        self.table = array[None] if self.single else array
        self.size, self.k, _ = self.table.shape
        self.values = np.arange(1.0, self.k + 1) if values is None else check_values(values, self.k)
        if (np.diff(self.values) < 0).any():
            order = np.argsort(self.values)
            self.values, self.table = self.values[order], self.table[:, order][:, :, order]
        self.missing = per_item(missing, self.size, "missing")

    @classmethod
    def of(
        cls,
        table: npt.ArrayLike | Pairs,
        values: npt.ArrayLike | None = None,
        *,
        missing: npt.ArrayLike | None = None,
    ) -> Pairs:
        return table if isinstance(table, Pairs) else cls(table, values, missing=missing)

    @cached_property
    def n(self) -> FloatArray:
        return np.asarray(self.table.sum(axis=(1, 2)))

    @cached_property
    def safe_n(self) -> FloatArray:
        return np.where(self.n > 0, self.n, np.nan)

    @cached_property
    def rows(self) -> FloatArray:
        return np.asarray(self.table.sum(axis=2))

    @cached_property
    def columns(self) -> FloatArray:
        return np.asarray(self.table.sum(axis=1))

    @cached_property
    def diagonal(self) -> FloatArray:
        return np.asarray(np.einsum("mii->mi", self.table))

    @cached_property
    def shares(self) -> Tables:
        return np.asarray(self.table / self.safe_n[:, None, None])

    @cached_property
    def row_shares(self) -> FloatArray:
        return np.asarray(self.rows / self.safe_n[:, None])

    @cached_property
    def column_shares(self) -> FloatArray:
        return np.asarray(self.columns / self.safe_n[:, None])

    @cached_property
    def earlier(self) -> Tally:
        """The paired members' answers in the earlier round."""
        return Tally(self.rows, self.values, missing=self.missing)

    @cached_property
    def later(self) -> Tally:
        return Tally(self.columns, self.values, missing=self.missing)

    def result(self, cls: type[R], *, value: FloatArray, method: str, reasons: Any, **fields: Any) -> R:
        return build(
            cls,
            single=self.single,
            value=value,
            n_used=self.n,
            n_missing=self.missing,
            method=method,
            reasons=reasons,
            **fields,
        )


def pair_table(earlier: npt.ArrayLike, later: npt.ArrayLike, values: npt.ArrayLike | None = None) -> Pairs:
    """Cross-tabulate two ratings matrices (members x items) of the same members and items, NaN missing.

    Members who answered an item in only one round are counted in ``missing``.
    """
    first, second = check_ratings(earlier, "earlier", values), check_ratings(later, "later", values)
    if first.shape != second.shape:
        raise ValueError(
            f"earlier {first.shape} and later {second.shape} must have the same members and items"
        )
    both = ~np.isnan(first) & ~np.isnan(second)
    once = (np.isnan(first) ^ np.isnan(second)).sum(axis=0)
    found = np.concatenate([first[both], second[both]])
    levels = np.unique(found) if values is None else np.sort(np.asarray(values, dtype=float))
    if levels.size == 0:
        levels = np.ones(1)
    if not np.isin(found, levels).all():
        raise ValueError("ratings contain answers that are not among values")
    k, items = levels.size, first.shape[1]
    keys = (
        np.nonzero(both)[1] * k * k
        + np.searchsorted(levels, first[both]) * k
        + np.searchsorted(levels, second[both])
    )
    tables = np.bincount(keys, minlength=items * k * k).reshape(items, k, k)
    return Pairs(tables, levels, missing=once)

"""Count tables: the one thing that nearly every statistic of the field is a function of.

A ``Tally`` holds the counts of one item or of many, checked once, and keeps what several statistics share
(totals, shares, cumulative counts). Every function on counts takes either plain counts or a ``Tally``.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .gaps import GAP, GREATEST_WHOLE, numbers, whole, zero_is_gap
from .results import FloatArray, R, build

Counts: TypeAlias = "npt.ArrayLike | Tally"


def _as_counts(counts: npt.ArrayLike) -> tuple[FloatArray, bool]:
    try:
        table = np.asarray(counts, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError("counts must be numbers: one vector, or a table of items x categories") from error
    if table.ndim not in (1, 2):
        raise ValueError(f"counts must have one or two dimensions (items x categories), not {table.ndim}")
    if table.shape[-1] == 0:
        raise ValueError("counts must have at least one category")
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("counts must be finite and not negative")
    return np.atleast_2d(table), table.ndim == 1


def check_values(values: npt.ArrayLike, size: int) -> FloatArray:
    """Category values: finite, all different, one per column."""
    array = np.asarray(values, dtype=float)
    if array.shape != (size,):
        raise ValueError(f"values must name each of the {size} categories once, got shape {array.shape}")
    if not np.isfinite(array).all() or len(np.unique(array)) != size:
        raise ValueError("values must be finite and all different")
    return array


def per_item(argument: npt.ArrayLike | None, size: int, name: str, default: float = 0.0) -> FloatArray:
    """One number per item from a number, a vector of that length, or None."""
    if argument is None:
        return np.full(size, default)
    array = np.asarray(argument, dtype=float)
    if array.ndim > 1 or (array.ndim == 1 and array.size not in (1, size)):
        raise ValueError(f"{name} must be one number or one per item ({size}), got shape {array.shape}")
    if not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(f"{name} must be finite and not negative")
    return np.broadcast_to(array, (size,)).astype(float)


class Tally:
    """Counts of one item (1-D) or of items x categories (2-D), ordered by category value.

    ``values``: the categories' numbers (years, percents, scale codes), any distinct numbers in any order;
    default 1..K. Columns are sorted by value.
    ``missing``: how many members gave no answer ("cannot judge" and blanks), one number or one per item; it
    is carried to results and never enters a denominator.
    ``n_answers``: for weighted counts (sums of members' weights), the number of answers they stand for.
    Weights are then scaled to sum to it, so that only their ratios matter and weights of one change nothing.
    Without it, counts are taken as frequencies.
    """

    def __init__(
        self,
        counts: npt.ArrayLike,
        values: npt.ArrayLike | None = None,
        *,
        missing: npt.ArrayLike | None = None,
        n_answers: npt.ArrayLike | None = None,
    ) -> None:
        table, self.single = _as_counts(counts)
        self.size, self.k = table.shape
        self.values = np.arange(1.0, self.k + 1) if values is None else check_values(values, self.k)
        if (np.diff(self.values) < 0).any():
            order = np.argsort(self.values)
            self.values, table = self.values[order], table[:, order]
        self.missing = per_item(missing, self.size, "missing")
        self.weighted = n_answers is not None
        if n_answers is not None:
            answers = per_item(n_answers, self.size, "n_answers")
            total = table.sum(axis=1)
            table = table * np.divide(answers, total, out=np.zeros(self.size), where=total > 0)[:, None]
        self.counts = table
        self._answers = None if n_answers is None else np.where(total > 0, answers, 0.0)
        # What one statistic worked out and another needs too, by name.
        self.shared: dict[str, Any] = {}

    @classmethod
    def of(
        cls,
        counts: Counts,
        values: npt.ArrayLike | None = None,
        *,
        missing: npt.ArrayLike | None = None,
        n_answers: npt.ArrayLike | None = None,
    ) -> Tally:
        if isinstance(counts, Tally):
            if values is not None and not np.array_equal(
                np.sort(np.asarray(values, dtype=float)), counts.values
            ):
                raise ValueError("values differ from those of the tally")
            return counts
        return cls(counts, values, missing=missing, n_answers=n_answers)

    @cached_property
    def n(self) -> FloatArray:
        return np.asarray(self.counts.sum(axis=1))

    @property
    def answers(self) -> FloatArray:
        """``n`` as it is told: 19 answers with weights sum to 18.999999999999996, and shares go by their sum."""
        return self.n if self._answers is None else self._answers

    @cached_property
    def safe_n(self) -> FloatArray:
        """``n`` with NaN for items without answers: quotients by it are NaN there, without a warning."""
        return np.where(self.n > 0, self.n, np.nan)

    @cached_property
    def cumulative(self) -> FloatArray:
        return np.cumsum(self.counts, axis=1)

    @cached_property
    def shares(self) -> FloatArray:
        return self.counts / self.safe_n[:, None]

    @cached_property
    def cumulative_shares(self) -> FloatArray:
        return self.cumulative / self.safe_n[:, None]

    @cached_property
    def occupied(self) -> npt.NDArray[np.int64]:
        return np.asarray((self.counts > 0).sum(axis=1))

    @cached_property
    def mean(self) -> FloatArray:
        centre = self.values[self.k // 2]
        return np.asarray(centre + (self.counts @ (self.values - centre)) / self.safe_n)

    @cached_property
    def deviations(self) -> FloatArray:
        return np.asarray(self.values - self.mean[:, None])

    def note(self, method: str) -> str:
        return f"{method}; weighted" if self.weighted else method

    def result(self, cls: type[R], *, value: FloatArray, method: str, reasons: Any, **fields: Any) -> R:
        return build(
            cls,
            single=self.single,
            value=value,
            n_used=self.answers,
            n_missing=self.missing,
            method=self.note(method),
            reasons=reasons,
            **fields,
        )


def check_ratings(
    ratings: npt.ArrayLike, name: str = "ratings", values: npt.ArrayLike | None = None
) -> FloatArray:
    """Members x items as floats, NaN where missing (``gaps`` says what counts as missing)."""
    array = numbers(ratings, name, values)
    if array.ndim != 2:
        raise ValueError(f"{name} must have two dimensions (members x items), not {array.ndim}")
    return array


def count_table(ratings: npt.ArrayLike, values: npt.ArrayLike | None = None) -> Tally:
    """Count the answers of a ratings matrix (members x items).

    Missing are NaN, None, what is masked, and in ``int8`` (the smallest and fastest) 0 unless ``values``
    contains it. ``values`` default to 1..max (integers; from the least answer where it is below 1) or to the
    distinct values found (floats). An answer that is not among ``values`` is an error.
    """
    given = np.asarray(ratings)
    if given.ndim == 2 and given.dtype.kind in "iu" and not np.ma.is_masked(ratings):
        return _count_integers(given, values)
    array = check_ratings(ratings, values=values)
    small = whole(array)
    if small is not None:
        return _count_whole(small, values)
    answered = ~np.isnan(array)
    levels = np.unique(array[answered]) if values is None else np.sort(np.asarray(values, dtype=float))
    if levels.size == 0:
        levels = np.ones(1)
    check_values(levels, levels.size)
    codes = np.searchsorted(levels, array[answered])
    if not np.array_equal(levels[np.minimum(codes, levels.size - 1)], array[answered]):
        raise ValueError("ratings contain answers that are not among values")
    items = np.nonzero(answered)[1]
    flat = np.bincount(items * levels.size + codes, minlength=array.shape[1] * levels.size)
    return Tally(flat.reshape(array.shape[1], levels.size), levels, missing=(~answered).sum(axis=0))


def _count_whole(small: npt.NDArray[np.int8], values: npt.ArrayLike | None) -> Tally:
    """The counts of whole answers held as bytes (``gaps.whole``), by the levels found or by ``values``."""
    gaps = small == GAP
    low = int(small.min(where=~gaps, initial=np.int8(GREATEST_WHOLE)))
    high = max(int(small.max(initial=GAP)), low)
    counted = _grid(np.where(gaps, np.int8(-1), small - np.int8(low)), -1, high - low)
    missing, grid = counted[:, 0], counted[:, 1:]
    found = np.arange(low, high + 1)[grid.any(axis=0)]
    levels = found if values is None else np.sort(np.asarray(values, dtype=float))
    if levels.size == 0:
        levels = np.ones(1)
    check_values(levels, levels.size)
    if not np.isin(found, levels).all():
        raise ValueError("ratings contain answers that are not among values")
    counts = np.zeros((small.shape[1], levels.size))
    counts[:, np.searchsorted(levels, found)] = grid[:, found - low]
    return Tally(counts, levels, missing=missing)


def _count_integers(array: npt.NDArray[Any], values: npt.ArrayLike | None) -> Tally:
    members, items = array.shape
    gap = zero_is_gap(array, values)
    levels = _levels_of(array, gap) if values is None else np.sort(np.asarray(values))
    low, high = min(int(array.min(initial=0)), int(levels.min())), int(array.max(initial=1))
    if high - low > 1000:
        return count_table(numbers(array, values=values), levels)
    grid = _grid(array, low, high)
    columns = levels.astype(int) - low
    if not np.array_equal(columns + low, levels):
        raise ValueError("values of integer ratings must be whole numbers")
    known = np.zeros(grid.shape[1], dtype=bool)
    known[columns[columns < grid.shape[1]]] = True
    if gap:
        known[-low] = True
    if grid[:, ~known].any():
        raise ValueError("ratings contain answers that are not among values")
    padded = np.zeros((items, max(grid.shape[1], columns.max() + 1)))
    padded[:, : grid.shape[1]] = grid
    counts = padded[:, columns]
    return Tally(counts, levels, missing=members - counts.sum(axis=1))


def _levels_of(array: npt.NDArray[Any], gap: bool) -> npt.NDArray[Any]:
    """1 to the highest answer, from lower down where there are lower answers; without the code of a gap."""
    levels = np.arange(int(array.min(initial=1)), int(array.max(initial=1)) + 1)
    return levels[levels != 0] if gap else levels


def _grid(array: npt.NDArray[Any], low: int, high: int) -> npt.NDArray[Any]:
    """How often each whole number from ``low`` to ``high`` occurs in each column."""
    span, items = high - low + 1, array.shape[1]
    if span > 64:
        keys = (array.astype(np.int64) - low) + np.arange(items) * span
        return np.bincount(keys.ravel(), minlength=items * span).reshape(items, span)
    out = np.zeros((items, span), dtype=np.int64)
    # 255 rows at a time: the sum of one block fits a byte, so that comparing and adding run on whole
    # registers.
    for start in range(0, array.shape[0], 255):
        block = array[start : start + 255]
        for level in range(span):
            hits = (block == level + low).view(np.uint8)
            out[:, level] += np.add.reduce(hits, axis=0, dtype=np.uint8)
    return out

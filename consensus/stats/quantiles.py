"""Quantiles of count tables, in all nine definitions of Hyndman and Fan (1996)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .results import NO_ANSWERS, FloatArray, Result, first_reason
from .tally import Counts, Tally

DEFAULT_TYPE = 7
QUANTILE_TYPES = (1, 2, 3, 4, 5, 6, 7, 8, 9)
_PLOTTING = {4: (0.0, 1.0), 5: (0.5, 0.5), 6: (0.0, 0.0), 7: (1.0, 1.0), 8: (1 / 3, 1 / 3), 9: (3 / 8, 3 / 8)}
_FUZZ = 1e-9


@dataclass(frozen=True, kw_only=True)
class Quantile(Result):
    """``value``: the quantile, or a tuple of them when several were asked for."""

    quantile_type: int


def check_type(quantile_type: int) -> int:
    if quantile_type not in QUANTILE_TYPES:
        raise ValueError(f"quantile_type must be one of 1 to 9, not {quantile_type!r}")
    return int(quantile_type)


def check_probabilities(q: npt.ArrayLike) -> FloatArray:
    probs = np.atleast_1d(np.asarray(q, dtype=float))
    if probs.ndim != 1 or not ((probs >= 0) & (probs <= 1)).all():
        raise ValueError("q must be probabilities between 0 and 1")
    return probs


def quantile(
    counts: Counts,
    q: npt.ArrayLike,
    values: npt.ArrayLike | None = None,
    type: int = DEFAULT_TYPE,
    *,
    missing: npt.ArrayLike | None = None,
    n_answers: npt.ArrayLike | None = None,
) -> Quantile:
    """Sample quantile(s) of the answers behind a count table.

    Types 1-9 as in R's ``quantile``: 1-3 are steps, 4-9 interpolate between order statistics at position
    a + q (n + 1 - a - b). 7 is the default of R, NumPy and Excel.INC, 6 of SPSS, 2 averages at steps, 8 is
    median-unbiased. (NumPy 1.26 gets type 3 wrong; nothing here depends on NumPy's.)

    ``counts``: (K,) or (items, K); ``q``: one or several in [0, 1]; ``values``: (K,) in any order. The unit
    is that of ``values``. Weighted counts are read as frequencies scaled to ``n_answers`` (see ``Tally``),
    order statistics being looked up in the cumulative weights (as R's ``Hmisc::wtd.quantile`` with
    ``normwt``): close to a step the result may lie between two values although one holds just over half of
    the weight. Undefined (``no_answers``) without answers. Source: Hyndman & Fan (1996), The American
    Statistician 50:361.
    """
    tally = Tally.of(counts, values, missing=missing, n_answers=n_answers)
    probs = check_probabilities(q)
    found: Any = quantiles_of(tally, probs, check_type(type))
    result = found[:, 0] if np.ndim(q) == 0 else found
    reasons = first_reason(tally.size, (tally.n <= 0, NO_ANSWERS))
    method = f"quantile type {type}"
    return tally.result(Quantile, value=result, method=method, reasons=reasons, quantile_type=type)


def quantiles_of(tally: Tally, probs: FloatArray, quantile_type: int) -> FloatArray:
    """(items, Q) quantiles, NaN where an item has no answers."""
    n = tally.n[:, None]
    lower, share = _positions(n, probs, quantile_type)
    low, high = np.hsplit(_order_statistics(tally, np.hstack([lower, lower + 1])), 2)
    mixed = np.where(share == 0, low, np.where(share == 1, high, low + share * (high - low)))
    return np.where(n > 0, mixed, np.nan)


def _positions(n: FloatArray, probs: FloatArray, quantile_type: int) -> tuple[FloatArray, FloatArray]:
    """Index of the lower order statistic (from 1) and the share of the next one."""
    if quantile_type <= 3:
        return _step_positions(n, probs, quantile_type)
    a, b = _PLOTTING[quantile_type]
    position = a + probs * (n + 1 - a - b)
    lower = np.floor(position + _FUZZ)
    share = position - lower
    # A median half-way between two answers is so exactly: a hair less is another third of the scale.
    share = np.where(np.abs(share - 0.5) < _FUZZ, 0.5, share)
    return lower, np.where(np.abs(share) < _FUZZ, 0.0, share)


def _step_positions(n: FloatArray, probs: FloatArray, quantile_type: int) -> tuple[FloatArray, FloatArray]:
    position = probs * n - (0.5 if quantile_type == 3 else 0.0)
    lower = np.floor(position + _FUZZ)
    beyond = position > lower + _FUZZ
    if quantile_type == 1:
        return lower, beyond.astype(float)
    if quantile_type == 2:
        return lower, np.where(beyond, 1.0, 0.5)
    return lower, (beyond | (lower % 2 == 1)).astype(float)


def _order_statistics(tally: Tally, rank: FloatArray) -> FloatArray:
    """The value at sorted place ``rank`` (clamped to 1..n): the first whose cumulative count reaches it."""
    n = tally.n[:, None]
    wanted = np.clip(rank, np.minimum(1.0, n), n) * (1 - _FUZZ)
    index = np.zeros(wanted.shape, dtype=np.intp)
    # Category by category: a few thousand comparisons each, instead of one array of items x categories
    # x places.
    for column in tally.cumulative.T:
        index += column[:, None] < wanted
    # Weighted counts may clamp to rank 0 < r < 1; the first occupied category answers for it.
    return np.asarray(tally.values[np.minimum(index, tally.k - 1)])

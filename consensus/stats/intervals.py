"""Closed-form intervals of the median and the mean, from counts: no draws, hundreds of items at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .results import NO_ANSWERS, TOO_FEW_RATERS, FloatArray, Result, first_reason
from .tally import Counts, Tally


@dataclass(frozen=True, kw_only=True)
class CentreInterval(Result):
    """``value``: the interval's half width. ``ci_low`` and ``ci_high``: its ends; ``conf``: its level."""

    ci_low: Any
    ci_high: Any
    conf: float


def _check(conf: float) -> None:
    if not 0 < conf < 1:
        raise ValueError(f"conf must lie between 0 and 1, not {conf!r}")


def median_interval(
    counts: Counts,
    values: npt.ArrayLike | None = None,
    *,
    conf: float = 0.95,
    missing: npt.ArrayLike | None = None,
) -> CentreInterval:
    """Order-statistic (binomial) interval of the median.

    From the l-th smallest to the l-th largest answer, l the largest with P(Bin(n, 1/2) < l) <= (1 - conf)/2.
    Assumes nothing of the distribution; with ties its coverage is at least ``conf``. A percentile bootstrap
    of a median jumps between a few categories and needs draws; this needs none. ``counts``: (K,) or (items,
    K), frequencies, not weights. Undefined: ``no_answers``; ``too_few_raters`` where even the range covers
    less than ``conf`` (n < 6 at 95 %). Source: Conover (1999), Practical Nonparametric Statistics, 3.2.
    """
    _check(conf)
    tally = Tally.of(counts, values, missing=missing)
    if tally.weighted:
        raise ValueError("an order-statistic interval needs counts of people, not sums of weights")
    n = np.rint(tally.n)
    place = _order(n, (1 - conf) / 2)
    few = place < 1
    below = np.cumsum(tally.counts, axis=1)
    low = tally.values[_first_at_least(below, np.where(few, 1, place))]
    high = tally.values[_first_at_least(below, np.where(few, 1, n - place + 1))]
    low, high = np.where(few, np.nan, low), np.where(few, np.nan, high)
    return tally.result(
        CentreInterval,
        value=(high - low) / 2,
        method="order-statistic interval of the median",
        reasons=first_reason(tally.size, (n <= 0, NO_ANSWERS), (few, TOO_FEW_RATERS)),
        ci_low=low,
        ci_high=high,
        conf=conf,
    )


def _order(n: FloatArray, tail: float) -> FloatArray:
    """The largest l with P(Bin(n, 1/2) <= l - 1) <= tail, 0 where there is none."""
    from scipy.special import betainc, ndtri

    found = np.maximum(np.floor(n / 2 + ndtri(tail) * np.sqrt(n) / 2) + 2, 0)
    # The normal approximation is off by at most a few places; step down to the exact one.
    for _ in range(4):
        reached = np.minimum(np.maximum(found - 1, 0), np.maximum(n - 1, 0))  # P(Bin <= k) for 0 <= k < n
        covered = np.where(n > 0, betainc(np.maximum(n - reached, 1), reached + 1, 0.5), 1.0)
        found = np.where((found >= 1) & (covered > tail), found - 1, found)
    return np.asarray(found)


def _first_at_least(below: FloatArray, place: FloatArray) -> npt.NDArray[np.intp]:
    """Per item the first category by which ``place`` answers are reached (0 without answers)."""
    return np.asarray((below >= place[:, None] - 1e-9).argmax(axis=1))


def mean_interval(
    counts: Counts,
    values: npt.ArrayLike | None = None,
    *,
    conf: float = 0.95,
    missing: npt.ArrayLike | None = None,
) -> CentreInterval:
    """Student t interval of the mean: mean -+ t(n - 1) sd / sqrt(n).

    Answers on a bounded scale have light tails, so that t is close from a dozen answers on; at unanimity it
    collapses to the value, which says "no variance seen", not "certain". ``counts``: as for
    ``median_interval``. Undefined: ``no_answers``, ``too_few_raters`` (one answer).
    """
    _check(conf)
    from scipy.special import stdtrit

    tally = Tally.of(counts, values, missing=missing)
    if tally.weighted:
        raise ValueError("a t interval needs counts of people, not sums of weights")
    df = tally.n - 1
    few = df < 1
    safe = np.where(few, 1.0, df)
    mean = np.where(few, np.nan, tally.mean)
    squares = (tally.counts * np.nan_to_num(tally.deviations) ** 2).sum(axis=1)
    half = np.where(few, np.nan, stdtrit(safe, (1 + conf) / 2) * np.sqrt(squares / safe / (safe + 1)))
    return tally.result(
        CentreInterval,
        value=half,
        method="Student t interval of the mean",
        reasons=first_reason(tally.size, (tally.n <= 0, NO_ANSWERS), (few, TOO_FEW_RATERS)),
        ci_low=mean - half,
        ci_high=mean + half,
        conf=conf,
    )

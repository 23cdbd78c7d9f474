"""Wilcoxon's tests from counts: signed rank for the same members, rank sum for two groups of members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .gaps import numbers, vector
from .pairs import Pairs
from .results import NO_ANSWERS, BoolArray, FloatArray, Result, build, first_reason
from .tally import Tally

ALTERNATIVES = ("two-sided", "greater", "less")
ZEROS = ("pratt", "wilcox")
EXACT_UP_TO = 25


@dataclass(frozen=True, kw_only=True)
class SignedRank(Result):
    """``value``: W+, the rank sum of positive differences. ``exact``: p from the permutation distribution."""

    z: Any
    p_value: Any
    n_zero: Any
    n_positive: Any
    n_negative: Any
    exact: Any
    alternative: str


@dataclass(frozen=True, kw_only=True)
class RankSum(Result):
    """``value``: U of the first group. ``probability``: U / (n1 n2), the chance that one of it lies
    higher.
    """

    z: Any
    p_value: Any
    n1: Any
    n2: Any
    probability: Any
    exact: Any
    alternative: str


def _check(alternative: str, exact: bool | None) -> None:
    if alternative not in ALTERNATIVES:
        raise ValueError(f"alternative must be one of {', '.join(ALTERNATIVES)}, not {alternative!r}")
    if exact not in (None, True, False):
        raise ValueError("exact must be True, False or None (automatic)")


def wilcoxon(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    zero: str = "pratt",
    exact: bool | None = None,
    alternative: str = "two-sided",
) -> SignedRank:
    """Wilcoxon signed-rank test of paired vectors (x against y, NaN missing). See ``wilcoxon_from_table``."""
    first, second = numbers(x, "x"), numbers(y, "y")
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError("x and y must be vectors of one length")
    both = ~(np.isnan(first) | np.isnan(second))
    differences = _snap(first[both] - second[both])
    classes = np.unique(np.abs(differences[differences != 0]))
    # A bare class keeps the arrays two-dimensional when nobody moved.
    classes = classes if classes.size else np.ones(1)
    positive = np.array([[(differences == c).sum() for c in classes]], dtype=float)
    negative = np.array([[(differences == -c).sum() for c in classes]], dtype=float)
    zeros = np.array([(differences == 0).sum()], dtype=float)
    missing = np.array([len(first) - both.sum()], dtype=float)
    return _signed_rank(positive, negative, zeros, missing, zero, exact, alternative, single=True)


def wilcoxon_from_table(
    table: npt.ArrayLike | Pairs,
    values: npt.ArrayLike | None = None,
    *,
    zero: str = "pratt",
    exact: bool | None = None,
    alternative: str = "two-sided",
) -> SignedRank:
    """Wilcoxon signed-rank test of later against earlier answers, from difference counts.

    W+ = sum of mid-ranks of |difference| over positive differences. ``zero``: "pratt" ranks zeros too and
    then drops them; "wilcox" drops them first. z = (W+ - sum r / 2) / sqrt(sum r^2 / 4), conditional on ties,
    without continuity correction. ``exact``: None = exact up to 25 moved members. The exact distribution is
    the convolution of +-r over members, right with ties and zeros, where SciPy 1.17's
    ``wilcoxon(method="exact")`` is not (.375 for a true .4141). All differences zero: p = 1.

    ``table``: (K, K) or (items, K, K), rows earlier, columns later; ``values``: (K,). Undefined:
    ``no_answers``. Source: Wilcoxon (1945); Pratt (1959), JASA 54:655; as R package coin.
    """
    pairs = Pairs.of(table, values)
    rows, columns = np.triu_indices(pairs.k, 1)
    distance = _snap(pairs.values[columns] - pairs.values[rows])
    order = np.argsort(distance, kind="stable")
    starts = np.flatnonzero(np.diff(distance[order], prepend=-1.0))
    zeros = pairs.diagonal.sum(axis=1)
    if pairs.k == 1:
        positive = negative = np.zeros((pairs.size, 1))
    else:
        positive = np.add.reduceat(pairs.table[:, rows[order], columns[order]], starts, axis=1)
        negative = np.add.reduceat(pairs.table[:, columns[order], rows[order]], starts, axis=1)
    return _signed_rank(
        positive, negative, zeros, pairs.missing, zero, exact, alternative, single=pairs.single
    )


def _snap(differences: FloatArray) -> FloatArray:
    """Differences equal but for floating point (0.3 - 0.2 and 0.2 - 0.1) count as ties."""
    scale = float(np.abs(differences).max(initial=0.0)) or 1.0
    return np.asarray(np.round(differences / scale, 10))


def _signed_rank(
    positive: FloatArray,
    negative: FloatArray,
    zeros: FloatArray,
    missing: FloatArray,
    zero: str,
    exact: bool | None,
    alternative: str,
    *,
    single: bool,
) -> SignedRank:
    _check(alternative, exact)
    if zero not in ZEROS:
        raise ValueError(f"zero must be one of {', '.join(ZEROS)}, not {zero!r}")
    ties = positive + negative
    start = zeros if zero == "pratt" else np.zeros_like(zeros)
    ranks = start[:, None] + np.cumsum(ties, axis=1) - ties + (ties + 1) / 2
    ranks = np.where(ties > 0, ranks, 0.0)
    plus = (positive * ranks).sum(axis=1)
    centred = plus - (ties * ranks).sum(axis=1) / 2
    spread = np.sqrt((ties * ranks**2).sum(axis=1)) / 2
    moved = ties.sum(axis=1)
    z = np.where(moved > 0, centred / np.where(spread > 0, spread, 1.0), 0.0)
    p_value = _normal_p(z, alternative)
    use_exact = _use_exact(exact, ties, moved)
    for i in np.flatnonzero(use_exact):
        p_value[i] = _exact_signed_rank(ties[i], ranks[i], plus[i], alternative)
    p_value = np.where(moved > 0, p_value, 1.0)
    n = moved + zeros
    return build(
        SignedRank,
        single=single,
        value=plus,
        n_used=n,
        n_missing=missing,
        method=f"Wilcoxon signed rank, zeros by {zero}",
        reasons=first_reason(len(n), (n <= 0, NO_ANSWERS)),
        z=np.where(n > 0, z, np.nan),
        p_value=np.where(n > 0, p_value, np.nan),
        n_zero=zeros,
        n_positive=positive.sum(axis=1),
        n_negative=negative.sum(axis=1),
        exact=use_exact,
        alternative=alternative,
    )


def _use_exact(exact: bool | None, counts: FloatArray, size: FloatArray) -> BoolArray:
    integer = (counts == np.rint(counts)).all(axis=1) & (size > 0)
    if exact is False:
        return np.zeros(len(size), dtype=bool)
    return np.asarray(integer if exact else integer & (size <= EXACT_UP_TO))


def _normal_p(z: FloatArray, alternative: str) -> FloatArray:
    from scipy.special import ndtr

    if alternative == "greater":
        return np.asarray(ndtr(-z))
    if alternative == "less":
        return np.asarray(ndtr(z))
    return np.asarray(2 * ndtr(-np.abs(z)))


def _tails(distribution: FloatArray, place: int, alternative: str) -> float:
    at_most, at_least = float(distribution[: place + 1].sum()), float(distribution[place:].sum())
    p = {"greater": at_least, "less": at_most}.get(alternative, 2 * min(at_most, at_least))
    return min(1.0, p)


def _exact_signed_rank(ties: FloatArray, ranks: FloatArray, plus: float, alternative: str) -> float:
    """Every sign pattern equally likely: convolve a binomial per class of tied ranks (ranks doubled to
    integers).
    """
    distribution = np.ones(1)
    for size, rank in zip(ties, ranks, strict=True):
        if size > 0:
            step, members = round(2 * rank), round(size)
            kernel = np.zeros(step * members + 1)
            kernel[::step] = _binomial_half(members)
            distribution = np.convolve(distribution, kernel)
    return _tails(distribution, round(2 * plus), alternative)


def _binomial_half(n: int) -> FloatArray:
    from scipy.special import gammaln

    k = np.arange(n + 1)
    return np.asarray(np.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) - n * np.log(2)))


def mann_whitney(
    x: npt.ArrayLike, y: npt.ArrayLike, *, exact: bool | None = None, alternative: str = "two-sided"
) -> RankSum:
    """Mann-Whitney U of two vectors of answers (NaN missing). See ``mann_whitney_from_counts``."""
    first, second = vector(x, "x"), vector(y, "y")
    lost = int(np.isnan(first).sum() + np.isnan(second).sum())
    first, second = first[~np.isnan(first)], second[~np.isnan(second)]
    levels = np.unique(np.concatenate([first, second]))
    levels = levels if levels.size else np.ones(1)
    counts = [np.array([(group == v).sum() for v in levels], dtype=float) for group in (first, second)]
    return mann_whitney_from_counts(*counts, exact=exact, alternative=alternative, missing=lost)


def mann_whitney_from_counts(
    counts1: npt.ArrayLike,
    counts2: npt.ArrayLike,
    *,
    exact: bool | None = None,
    alternative: str = "two-sided",
    missing: npt.ArrayLike | None = None,
) -> RankSum:
    """Mann-Whitney U of two groups on one scale, from counts (K,) or (items, K) in scale order.

    U = rank sum of group 1 less n1 (n1 + 1) / 2. z with tie-corrected variance, no continuity correction.
    ``exact``: None = exact up to 25 answers in all, by counting selections per tie class (right with ties).
    Undefined: ``no_answers`` if a group is empty. No variance at all: z = 0, p = 1.
    Source: Mann & Whitney (1947), Ann Math Stat 18:50.
    """
    _check(alternative, exact)
    a, b = Tally(counts1, missing=missing), Tally(counts2)
    if a.counts.shape != b.counts.shape:
        raise ValueError("counts1 and counts2 must have the same items and categories")
    ties = a.counts + b.counts
    n = a.n + b.n
    ranks = np.cumsum(ties, axis=1) - (ties - 1) / 2
    rank_sum = (a.counts * ranks).sum(axis=1)
    u = rank_sum - a.n * (a.n + 1) / 2
    below = np.where(n > 1, n - 1, np.nan)
    variance = a.n * b.n / 12 * (n + 1 - (ties**3 - ties).sum(axis=1) / (np.where(n > 0, n, np.nan) * below))
    flat = ~(variance > 1e-12)
    z = np.where(flat, 0.0, (u - a.n * b.n / 2) / np.sqrt(np.where(flat, 1.0, variance)))
    p_value = np.where(flat, 1.0, _normal_p(z, alternative))
    empty = (a.n <= 0) | (b.n <= 0)
    use_exact = _use_exact(exact, np.hstack([a.counts, b.counts]), n) & ~empty
    for i in np.flatnonzero(use_exact):
        p_value[i] = _exact_rank_sum(ties[i], ranks[i], round(a.n[i]), rank_sum[i], alternative)
    return a.result(
        RankSum,
        value=u,
        method="Mann-Whitney U, tie-corrected",
        reasons=first_reason(a.size, (empty, NO_ANSWERS)),
        z=np.where(empty, np.nan, z),
        p_value=np.where(empty, np.nan, p_value),
        n1=a.n,
        n2=b.n,
        probability=u / np.where(empty, np.nan, a.n * b.n),
        exact=use_exact,
        alternative=alternative,
    )


def _exact_rank_sum(ties: FloatArray, ranks: FloatArray, n1: int, rank_sum: float, alternative: str) -> float:
    """All choices of n1 members equally likely; ways[j, s] = choices of j members with doubled rank sum s."""
    from scipy.special import comb

    top = round(2 * float((ties * ranks).sum()))
    ways = np.zeros((n1 + 1, top + 1))
    ways[0, 0] = 1.0
    for size, rank in zip(ties, ranks, strict=True):
        if size <= 0:
            continue
        step, members = round(2 * rank), round(size)
        grown = ways.copy()
        for taken in range(1, min(members, n1) + 1):
            shift = step * taken
            grown[taken:, shift:] += comb(members, taken) * ways[: n1 + 1 - taken, : top + 1 - shift]
        ways = grown
    return _tails(ways[n1] / ways[n1].sum(), round(2 * rank_sum), alternative)

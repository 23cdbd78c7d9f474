"""Friedman's test, its exact distribution, and Skillings-Mack for incomplete rankings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from .chi2 import chi2_tail, f_tail
from .ranking import as_codes, rank_matrix, rank_sums
from .results import NO_VARIANCE, TOO_FEW_ITEMS, TOO_FEW_RATERS, FloatArray, Result, scalar, undefined

_MOST_STATES = 200_000
_MOST_ITEMS = 6


@dataclass(frozen=True, kw_only=True)
class Friedman(Result):
    """``value``: tie-corrected chi-square. ``n_used``: members with complete answers; ``n_missing``: the
    others.
    """

    df: Any
    p_value: Any
    p_method: Any
    f: Any
    f_p_value: Any
    kendall_w: Any
    n_items: int


@dataclass(frozen=True, kw_only=True)
class SkillingsMack(Result):
    """``value``: the statistic, chi-square with ``df``. ``n_used``: members with two or more answers."""

    df: Any
    p_value: Any
    n_items: int
    adjusted_sums: Any


def friedman(ratings: npt.ArrayLike, exact: bool = False) -> Friedman:
    """Friedman's test that all items are rated alike, members x items.

    chi2 = 12 S / (m n (n + 1) - T / (n - 1)), tie-corrected; f is Iman and Davenport's ((m - 1) chi2 /
    (m (n - 1) - chi2)). ``exact``: enumerates each member's rankings (conditional on ties) for up to 6 items
    while the states stay under 200,000; else p stays chi-square and ``p_method`` says so. Members with gaps
    are left out and counted in ``n_missing``: with gaps prefer ``skillings_mack``. Undefined:
    ``too_few_raters``, ``too_few_items``, ``no_variance``. Source: Friedman (1937), JASA 32:675; Iman &
    Davenport (1980).
    """
    codes, k = as_codes(ratings)
    complete = (codes >= 0).all(axis=1)
    used = codes[complete]
    about: dict[str, Any] = {
        "method": "Friedman, tie-corrected, members with complete answers",
        "n_used": len(used),
        "n_missing": int(len(codes) - len(used)),
        "n_items": codes.shape[1],
    }
    if len(used) < 2 or codes.shape[1] < 2:
        return undefined(Friedman, TOO_FEW_ITEMS if codes.shape[1] < 2 else TOO_FEW_RATERS, **about)
    sums = rank_sums(used, k)
    m, n = sums.m, sums.n
    spread = float(((sums.sums - sums.sums.mean()) ** 2).sum())
    bottom = m * n * (n + 1) - float(sums.ties.sum()) / (n - 1)
    if bottom <= 1e-9:
        return undefined(Friedman, NO_VARIANCE, **about)
    chi2 = 12 * spread / bottom
    p_value, p_method = float(chi2_tail(chi2, n - 1)), "chi2"
    if exact:
        found = exact_tail(rank_matrix(used, k), spread)
        p_value, p_method = (found, "exact") if found is not None else (p_value, "chi2 (too large for exact)")
    room = m * (n - 1) - chi2
    f = (m - 1) * chi2 / room if room > 1e-9 else None
    return Friedman(
        value=chi2,
        undefined_reason=None,
        df=n - 1,
        p_value=p_value,
        p_method=p_method,
        f=f,
        f_p_value=float(f_tail(f, n - 1, (n - 1) * (m - 1))) if f is not None else None,
        kendall_w=chi2 / (m * (n - 1)),
        **about,
    )


def exact_tail(ranks: FloatArray, spread: float) -> float | None:
    """P(spread of rank sums >= observed) over all rankings of each member; None if too large."""
    m, n = ranks.shape
    if n > _MOST_ITEMS:
        return None
    doubled = np.rint(2 * ranks).astype(int)
    states: dict[tuple[int, ...], float] = {tuple(doubled[0].tolist()): 1.0}
    for row in doubled[1:]:
        grown = _spread_out(states, row)
        if grown is None:
            return None
        states = grown
    centre = m * (n + 1)
    least = 4 * spread * (1 - 1e-12)
    return min(1.0, sum(p for sums, p in states.items() if sum((s - centre) ** 2 for s in sums) >= least))


def _spread_out(
    states: dict[tuple[int, ...], float], row: npt.NDArray[np.int64]
) -> dict[tuple[int, ...], float] | None:
    orders = set(permutations(row.tolist()))
    if len(states) * len(orders) > 20 * _MOST_STATES:
        return None
    share = 1 / len(orders)
    grown: dict[tuple[int, ...], float] = {}
    for sums, p in states.items():
        for order in orders:
            key = tuple(a + b for a, b in zip(sums, order, strict=True))
            grown[key] = grown.get(key, 0.0) + p * share
    return grown if len(grown) <= _MOST_STATES else None


def friedman_exact(k: int, n: int) -> dict[float, float]:
    """Exact upper tail P(chi2_r >= x) of untied Friedman chi-squares, k items and n members, by enumeration.

    Error when the table would be too large.
    """
    if k < 2 or n < 1 or k > _MOST_ITEMS:
        raise ValueError(f"k must be 2 to {_MOST_ITEMS} and n at least 1")
    first = np.arange(2, 2 * k + 1, 2)
    states: dict[tuple[int, ...], float] = {tuple(first.tolist()): 1.0}
    for _ in range(n - 1):
        grown = _spread_out(states, first)
        if grown is None:
            raise ValueError(f"k = {k}, n = {n} is too large to enumerate")
        # Only the multiset of sums matters from here on: sorting keeps the table small.
        states = {}
        for sums, p in grown.items():
            key = tuple(sorted(sums))
            states[key] = states.get(key, 0.0) + p
    mass: dict[float, float] = {}
    for sums, p in states.items():
        spread = sum((s - n * (k + 1)) ** 2 for s in sums) / 4
        chi2 = round(12 * spread / (n * k * (k + 1)), 9)
        mass[chi2] = mass.get(chi2, 0.0) + p
    tail, found = 0.0, {}
    for chi2 in sorted(mass, reverse=True):
        tail += mass[chi2]
        found[chi2] = min(1.0, tail)
    return dict(sorted(found.items()))


def skillings_mack(ratings: npt.ArrayLike, ties: bool = True) -> SkillingsMack:
    """Skillings-Mack: Friedman's test when members skipped items, members x items.

    Each member ranks what they answered (k_i items); A_j = sum_i sqrt(12 / (k_i + 1)) (R_ij - (k_i + 1) / 2);
    statistic A' V^- A, df = rank of V. With ``ties`` the variance of a member's ranks is that of their actual
    mid-ranks, so that complete data give the tie-corrected Friedman chi-square; as published (``ties=False``)
    the variance ignores ties (28.61 where Friedman gives 30.76 on one tied data set). Members with fewer than
    two answers are counted in ``n_missing``; items nobody compared do not add to df. Undefined:
    ``too_few_raters`` (no member compared two items), ``too_few_items``, ``no_variance``.
    Source: Skillings & Mack (1981), Technometrics 23:171.
    """
    codes, k = as_codes(ratings)
    answered = codes >= 0
    used = answered.sum(axis=1) >= 2
    about: dict[str, Any] = {
        "method": f"Skillings-Mack, {'tie-corrected' if ties else 'as published'}",
        "n_used": int(used.sum()),
        "n_missing": int(len(codes) - used.sum()),
        "n_items": codes.shape[1],
    }
    if codes.shape[1] < 2 or not used.any():
        return undefined(SkillingsMack, TOO_FEW_ITEMS if codes.shape[1] < 2 else TOO_FEW_RATERS, **about)
    adjusted, covariance = _adjusted(rank_matrix(codes[used], k), answered[used], ties)
    value, df = _quadratic(adjusted, covariance)
    if df == 0:
        return undefined(SkillingsMack, NO_VARIANCE, **about)
    return SkillingsMack(
        value=scalar(value),
        undefined_reason=None,
        df=df,
        p_value=float(chi2_tail(value, df)),
        adjusted_sums=tuple(adjusted.tolist()),
        **about,
    )


def _adjusted(
    ranks: FloatArray, answered: npt.NDArray[np.bool_], ties: bool
) -> tuple[FloatArray, FloatArray]:
    sizes = answered.sum(axis=1)
    centred = np.where(answered, ranks - (sizes[:, None] + 1) / 2, 0.0)
    weight = 12 / (sizes + 1)
    adjusted = (np.sqrt(weight)[:, None] * centred).sum(axis=0)
    # A member's ranks have variance v and covariance -v / (k - 1); untied, weight x v = k - 1.
    variance = (centred**2).sum(axis=1) / sizes if ties else (sizes**2 - 1) / 12
    shared = answered * (weight * variance / (sizes - 1))[:, None]
    covariance = -(answered.astype(float).T @ shared)
    np.fill_diagonal(covariance, 0.0)
    np.fill_diagonal(covariance, -covariance.sum(axis=1))
    return np.asarray(adjusted), np.asarray(covariance)


def _quadratic(adjusted: FloatArray, covariance: FloatArray) -> tuple[float, int]:
    """A' V^- A and the rank of V. V is the Laplacian of the graph of items that somebody compared, so its rank is
    the number of items less the number of connected parts, and leaving one item out of each part makes it regular.
    """
    from scipy.linalg import cho_factor, cho_solve
    from scipy.sparse.csgraph import connected_components

    largest = float(covariance.diagonal().max(initial=0.0))
    if largest <= 1e-12:
        return 0.0, 0
    _parts, part_of = connected_components(covariance < -1e-12 * largest, directed=False)
    kept = np.ones(len(adjusted), dtype=bool)
    kept[np.unique(part_of, return_index=True)[1]] = False
    regular = cho_factor(covariance[np.ix_(kept, kept)])
    return float(adjusted[kept] @ cho_solve(regular, adjusted[kept])), int(kept.sum())

"""Tests of marginal homogeneity: did the panel as a whole move, member by member?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .chi2 import chi2_tail
from .pairs import Pairs, Tables
from .results import (
    NO_ANSWERS,
    NO_BAND,
    TOO_FEW_RATERS,
    TOO_FEW_ROUNDS,
    FloatArray,
    Result,
    first_reason,
    undefined,
)
from .tally import check_ratings

EXACT_BELOW = 25


@dataclass(frozen=True, kw_only=True)
class MarginalTest(Result):
    """``value``: chi-square with ``df``; nobody having moved gives 0 with p = 1."""

    df: Any
    p_value: Any


@dataclass(frozen=True, kw_only=True)
class McNemar(Result):
    """``value``: chi-square without correction. ``p_value``: exact below 25 movers, else corrected chi-
    square.
    """

    joined: Any
    left: Any
    chi2_corrected: Any
    p_chi2: Any
    p_corrected: Any
    p_exact: Any
    p_value: Any


def mcnemar(
    table: npt.ArrayLike | Pairs,
    categories: Sequence[float] | None = None,
    values: npt.ArrayLike | None = None,
) -> McNemar:
    """McNemar's test on a 2 x 2 table, or on "in the band or not" of a larger one.

    ``categories``: the values that form the band (needed unless K = 2; otherwise ``no_band``); an empty band
    and one of all values were neither entered nor left. With b members who joined the band and c who left it:
    chi2 = (b - c)^2 / (b + c), corrected (|b - c| - 1)^2 / (b + c), exact two-sided binomial with probability
    1/2. Nobody moving gives p = 1.
    Source: McNemar (1947), Psychometrika 12:153; exact where b + c < 25.
    """
    pairs = Pairs.of(table, values)
    inside = _band(pairs, categories)
    joined = np.einsum("mij,i,j->m", pairs.table, 1.0 - inside, inside, optimize=True)
    left = np.einsum("mij,i,j->m", pairs.table, inside, 1.0 - inside, optimize=True)
    moved = joined + left
    safe = np.where(moved > 0, moved, 1.0)
    chi2, corrected = (joined - left) ** 2 / safe, np.maximum(np.abs(joined - left) - 1, 0) ** 2 / safe
    exact = _binomial_two_sided(np.minimum(joined, left), moved)
    p_chi2, p_corrected = chi2_tail(chi2, 1), chi2_tail(corrected, 1)
    no_band = categories is None and pairs.k != 2
    return pairs.result(
        McNemar,
        value=chi2,
        method=f"McNemar, exact below {EXACT_BELOW} movers",
        reasons=first_reason(pairs.size, (no_band, NO_BAND), (pairs.n <= 0, NO_ANSWERS)),
        joined=joined,
        left=left,
        chi2_corrected=corrected,
        p_chi2=p_chi2,
        p_corrected=p_corrected,
        p_exact=exact,
        p_value=np.where(no_band | (pairs.n <= 0), np.nan, np.where(moved < EXACT_BELOW, exact, p_corrected)),
    )


def _band(pairs: Pairs, categories: Sequence[float] | None) -> FloatArray:
    if categories is None:
        return np.array([0.0, 1.0]) if pairs.k == 2 else np.zeros(pairs.k)
    wanted = np.asarray(categories, dtype=float)
    if not np.isin(wanted, pairs.values).all():
        raise ValueError("categories must be values of the scale")
    return np.isin(pairs.values, wanted).astype(float)


def _binomial_two_sided(k: FloatArray, n: FloatArray) -> FloatArray:
    from scipy.special import bdtr

    return np.where(
        n > 0, np.minimum(1.0, 2 * bdtr(np.floor(k), np.rint(np.maximum(n, 1)).astype(int), 0.5)), 1.0
    )


def stuart_maxwell(table: npt.ArrayLike | Pairs) -> MarginalTest:
    """Stuart-Maxwell: d' V^- d with d = marginal differences, V = their covariance under homogeneity.

    V_ii = n_i. + n_.i - 2 n_ii, V_ij = -(n_ij + n_ji). V is the Laplacian of the graph of moves; categories
    between which nobody moved form separate components and df = K - number of components (K - 1 if
    connected), so that empty categories neither break the test nor add degrees of freedom. Nobody moving: 0,
    p = 1. ``table``: (K, K) or (items, K, K). Source: Stuart (1955), Biometrika 42:412; Maxwell (1970).
    """
    pairs = Pairs.of(table)
    value, df = _stuart_maxwell(pairs.table)
    return _marginal(pairs, value, df, "Stuart-Maxwell")


def bhapkar(table: npt.ArrayLike | Pairs) -> MarginalTest:
    """Bhapkar's test: Stuart-Maxwell with the unrestricted covariance, X / (1 - X / n).

    None (with p = 0) where X = n, when every member moved the same way.
    Source: Bhapkar (1966), JASA 61:228; identity by Ireland, Ku & Kullback (1969).
    """
    pairs = Pairs.of(table)
    stuart, df = _stuart_maxwell(pairs.table)
    room = 1 - stuart / pairs.safe_n
    value = stuart / np.where(room > 1e-12, room, np.nan)
    return _marginal(pairs, np.where(room > 1e-12, value, np.inf), df, "Bhapkar")


def _marginal(pairs: Pairs, value: FloatArray, df: FloatArray, method: str) -> MarginalTest:
    p_value = np.where(pairs.n > 0, np.where(df > 0, chi2_tail(value, df), 1.0), np.nan)
    reasons = first_reason(pairs.size, (pairs.n <= 0, NO_ANSWERS), (np.isinf(value), "all_moved_alike"))
    return pairs.result(MarginalTest, value=value, method=method, reasons=reasons, df=df, p_value=p_value)


def _stuart_maxwell(tables: Tables) -> tuple[FloatArray, FloatArray]:
    k = tables.shape[1]
    difference = tables.sum(axis=2) - tables.sum(axis=1)
    moves = tables + tables.transpose(0, 2, 1)
    moves = moves * (1 - np.eye(k))
    together = _components(moves > 0)
    # Adding the indicator of each component makes the Laplacian regular and leaves d' V^- d unchanged,
    # because d sums to zero within every component.
    covariance = -moves + np.eye(k) * moves.sum(axis=2)[:, :, None]
    solved = np.linalg.solve(covariance + together, difference[:, :, None])[:, :, 0]
    df = k - (1 / together.sum(axis=2)).sum(axis=1)
    return np.maximum((difference * solved).sum(axis=1), 0.0), np.rint(df)


def _components(linked: npt.NDArray[np.bool_]) -> FloatArray:
    """1 where two categories are in one component of moves (each with itself)."""
    k = linked.shape[1]
    reach = (linked | np.eye(k, dtype=bool)).astype(np.float32)
    for _ in range(int(np.ceil(np.log2(max(k, 2))))):
        reach = (reach @ reach > 0).astype(np.float32)
    return reach.astype(float)


def bowker(table: npt.ArrayLike | Pairs) -> MarginalTest:
    """Bowker's symmetry: sum over pairs of categories (n_ij - n_ji)^2 / (n_ij + n_ji), df = pairs with moves.

    Nobody moving: 0, p = 1. Source: Bowker (1948), JASA 43:572.
    """
    pairs = Pairs.of(table)
    upper = np.triu_indices(pairs.k, 1)
    up, down = pairs.table[:, upper[0], upper[1]], pairs.table[:, upper[1], upper[0]]
    moved = up + down
    value = ((up - down) ** 2 / np.where(moved > 0, moved, 1.0)).sum(axis=1)
    return _marginal(pairs, value, (moved > 0).sum(axis=1).astype(float), "Bowker")


def cochran_q(ratings: npt.ArrayLike) -> MarginalTest:
    """Cochran's Q for yes/no (1/0) answers of the same members in three or more rounds, members x rounds.

    Q = (k - 1)(k sum C_j^2 - N^2) / (k N - sum R_i^2), df = k - 1. Members who miss a round are left out and
    counted in ``n_missing``. Nobody changing: 0, p = 1. Undefined: ``too_few_rounds`` (k < 2),
    ``too_few_raters``. Error: entries other than 0, 1, NaN. Source: Cochran (1950), Biometrika 37:256.
    """
    array = check_ratings(ratings, values=(0, 1))
    answered = ~np.isnan(array)
    if not np.isin(array[answered], (0, 1)).all():
        raise ValueError("cochran_q needs answers coded 0 and 1")
    complete = answered.all(axis=1)
    used, k = array[complete], array.shape[1]
    n, missing = len(used), int(len(array) - complete.sum())
    method = "Cochran Q, members who answered every round"
    if k < 2 or n < 1:
        reason = TOO_FEW_ROUNDS if k < 2 else TOO_FEW_RATERS
        return undefined(MarginalTest, reason, method=method, n_used=n, n_missing=missing)
    columns, rows, total = used.sum(axis=0), used.sum(axis=1), float(used.sum())
    bottom = k * total - float((rows**2).sum())
    q = (k - 1) * (k * float((columns**2).sum()) - total**2) / bottom if bottom > 0 else 0.0
    return MarginalTest(
        value=q,
        n_used=n,
        n_missing=missing,
        method=method,
        undefined_reason=None,
        df=k - 1,
        p_value=float(chi2_tail(q, k - 1)),
    )

"""How much a panel's answers moved between two rounds: shares, lambda, chi-squares, spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .chi2 import chi2_tail, two_sided_t
from .location import standard_deviation
from .pairs import Pairs
from .quantiles import DEFAULT_TYPE, check_type, quantiles_of
from .results import (
    NO_ANSWERS,
    NO_VARIANCE,
    TOO_FEW_RATERS,
    ZERO_IQR,
    ZERO_MEAN,
    FloatArray,
    ObjectArray,
    Result,
    build,
    defined,
    first_reason,
)
from .shares import wilson_bounds

SCHEIBE_LIMIT = 0.15


@dataclass(frozen=True, kw_only=True)
class Unchanged(Result):
    """``value``: share of members who kept their answer, with its Wilson interval."""

    k: Any
    ci_low: Any
    ci_high: Any


@dataclass(frozen=True, kw_only=True)
class NetChange(Result):
    """``value``: Scheibe's net change. ``stable``: below 15 %."""

    stable: Any


@dataclass(frozen=True, kw_only=True)
class Association(Result):
    """``value``: the coefficient."""

    p_value: Any


@dataclass(frozen=True, kw_only=True)
class ChiSquare(Result):
    """``value``: chi-square. ``stable``: what the named reading says at ``alpha`` (None for a bare test)."""

    df: Any
    p_value: Any
    cramers_v: Any
    stable: Any
    alpha: float


@dataclass(frozen=True, kw_only=True)
class SpreadChange(Result):
    """``value``: the change. ``earlier`` and ``later``: the two rounds' figures."""

    earlier: Any
    later: Any


@dataclass(frozen=True, kw_only=True)
class PitmanMorgan(Result):
    """``value``: r between sums and differences; negative = the spread shrank."""

    t: Any
    df: Any
    p_value: Any
    variance_earlier: Any
    variance_later: Any


def _answered(pairs: Pairs) -> ObjectArray:
    return first_reason(pairs.size, (pairs.n <= 0, NO_ANSWERS))


def _flag(holds: npt.NDArray[np.bool_], reasons: ObjectArray) -> ObjectArray:
    flags = holds.astype(object)
    flags[~defined(reasons)] = None
    return flags


def unchanged(table: npt.ArrayLike | Pairs, *, conf: float = 0.95) -> Unchanged:
    """Share of members who gave the same answer in both rounds: sum n_cc / n. Table (K, K) or (items, K,
    K).
    """
    pairs = Pairs.of(table)
    kept = np.minimum(pairs.diagonal.sum(axis=1), pairs.n)
    low, high = wilson_bounds(kept, pairs.n, conf)
    return pairs.result(
        Unchanged,
        value=kept / pairs.safe_n,
        method="share unchanged, Wilson interval",
        reasons=_answered(pairs),
        k=kept,
        ci_low=low,
        ci_high=high,
    )


def net_change(table: npt.ArrayLike | Pairs, *, limit: float = SCHEIBE_LIMIT) -> NetChange:
    """Net change of the distribution: sum |n_c' - n_c| / (2 n); Scheibe's rule calls < 15 % stable.

    It hides swaps: two members who trade places cancel out (a published table has 7 % net change while 45 %
    kept their answer), so show it after ``unchanged``.
    Source: Scheibe, Skutsch & Schofer (1975), in Linstone & Turoff, The Delphi Method.
    """
    pairs = Pairs.of(table)
    value = np.abs(pairs.columns - pairs.rows).sum(axis=1) / (2 * pairs.safe_n)
    reasons = _answered(pairs)
    stable = _flag(value < limit - 1e-12, reasons)
    return pairs.result(NetChange, value=value, method="Scheibe net change", reasons=reasons, stable=stable)


def goodman_kruskal_lambda(table: npt.ArrayLike | Pairs) -> Association:
    """Lambda: how much knowing the earlier answer reduces errors in guessing the later one.

    (sum_i max_j n_ij - max_j n_.j) / (n - max_j n_.j). Undefined (``no_variance``) when all later answers are
    one category. Often 0 although answers are related. Source: Goodman & Kruskal (1954), JASA 49:732.
    """
    pairs = Pairs.of(table)
    modal = pairs.columns.max(axis=1)
    room = pairs.n - modal
    value = (pairs.table.max(axis=2).sum(axis=1) - modal) / np.where(room > 0, room, np.nan)
    reasons = first_reason(pairs.size, (pairs.n <= 0, NO_ANSWERS), (room <= 0, NO_VARIANCE))
    none = np.full(pairs.size, np.nan)
    return pairs.result(
        Association, value=value, method="Goodman-Kruskal lambda", reasons=reasons, p_value=none
    )


def chi2_homogeneity(table: npt.ArrayLike, *, alpha: float = 0.05) -> ChiSquare:
    """Pearson's chi-square of a table (rows, columns) or of many (items, rows, columns), empty lines dropped.

    Undefined: ``no_answers``, ``no_variance`` (a single occupied row or column).
    """
    array = np.asarray(table, dtype=float)
    if array.ndim not in (2, 3) or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError("table must hold finite counts that are not negative, in two or three dimensions")
    single = array.ndim == 2
    return _chi2(array[None] if single else array, single=single, stable_when=None, alpha=alpha)


def _chi2(
    tables: FloatArray,
    *,
    single: bool,
    stable_when: str | None,
    alpha: float,
    missing: FloatArray | None = None,
) -> ChiSquare:
    rows, columns, n = tables.sum(axis=2), tables.sum(axis=1), tables.sum(axis=(1, 2))
    safe = np.where(n > 0, n, np.nan)
    expected = rows[:, :, None] * columns[:, None, :] / safe[:, None, None]
    terms = (tables - expected) ** 2 / np.where(expected > 0, expected, np.inf)
    lines = np.minimum((rows > 0).sum(axis=1), (columns > 0).sum(axis=1))
    df = np.maximum((rows > 0).sum(axis=1) - 1, 0) * np.maximum((columns > 0).sum(axis=1) - 1, 0)
    chi2 = terms.sum(axis=(1, 2))
    p_value = chi2_tail(chi2, df)
    reasons = first_reason(len(n), (n <= 0, NO_ANSWERS), (df <= 0, NO_VARIANCE))
    stable = np.full(len(n), None, dtype=object)
    if stable_when is not None:
        stable = _flag(p_value < alpha if stable_when == "significant" else p_value >= alpha, reasons)
    reading = f", stable when {stable_when}" if stable_when else ""
    return build(
        ChiSquare,
        single=single,
        value=chi2,
        n_used=n,
        n_missing=np.zeros(len(n)) if missing is None else missing,
        method=f"Pearson chi-square{reading}",
        reasons=reasons,
        df=df,
        p_value=p_value,
        cramers_v=np.sqrt(chi2 / (safe * np.where(lines > 1, lines - 1, np.nan))),
        stable=stable,
        alpha=alpha,
    )


def group_chi2(table: npt.ArrayLike | Pairs, *, alpha: float = 0.05) -> ChiSquare:
    """Dajani's group stability: chi-square of rounds x categories (both marginals). Stable when NOT
    significant.

    The two rounds are the same members, so the test is conservative. Unanimity in one category in both rounds
    has no variance and no test: the reason says so. Source: Dajani, Sincoff & Talley (1979), TFSC 13:83.
    """
    pairs = Pairs.of(table)
    rounds = np.stack([pairs.rows, pairs.columns], axis=1)
    return _chi2(
        rounds, single=pairs.single, stable_when="not significant", alpha=alpha, missing=pairs.missing
    )


def individual_chi2(table: npt.ArrayLike | Pairs, *, alpha: float = 0.05) -> ChiSquare:
    """Chaffin and Talley's individual stability: chi-square of earlier x later. Stable when SIGNIFICANT.

    It reads in the opposite direction of ``group_chi2``: a significant association means that members answer
    as before. Small panels violate its large-sample assumption. Source: Chaffin & Talley (1980), TFSC 16:67.
    """
    pairs = Pairs.of(table)
    return _chi2(
        pairs.table, single=pairs.single, stable_when="significant", alpha=alpha, missing=pairs.missing
    )


def spearman_from_table(table: npt.ArrayLike | Pairs, values: npt.ArrayLike | None = None) -> Association:
    """Spearman's rho between the rounds: Pearson correlation of mid-ranks. p by t with n - 2 df.

    Undefined: ``no_answers``, ``too_few_raters`` (n < 2), ``no_variance`` (one round is unanimous).
    """
    pairs = Pairs.of(table, values)
    x, y = _mid_ranks(pairs.rows), _mid_ranks(pairs.columns)
    covariance = np.einsum("mij,mi,mj->m", pairs.table, x, y, optimize=True)
    spread = (pairs.rows * x**2).sum(axis=1) * (pairs.columns * y**2).sum(axis=1)
    flat = ((pairs.rows > 0).sum(axis=1) < 2) | ((pairs.columns > 0).sum(axis=1) < 2)
    value = np.clip(covariance / np.sqrt(np.where(flat, np.nan, spread)), -1, 1)
    return pairs.result(
        Association,
        value=value,
        method="Spearman rho",
        reasons=first_reason(
            pairs.size, (pairs.n <= 0, NO_ANSWERS), (pairs.n < 2, TOO_FEW_RATERS), (flat, NO_VARIANCE)
        ),
        p_value=correlation_p(value, pairs.n),
    )


def _mid_ranks(counts: FloatArray) -> FloatArray:
    """Mid-ranks of the categories, centred."""
    middle = np.cumsum(counts, axis=1) - counts / 2
    return np.asarray(middle - counts.sum(axis=1, keepdims=True) / 2)


def correlation_p(r: FloatArray, n: FloatArray) -> FloatArray:
    room = 1 - r**2
    t = r * np.sqrt((np.maximum(n - 2, 0)) / np.where(room > 1e-15, room, np.nan))
    return np.where((room <= 1e-15) & (n > 2), 0.0, two_sided_t(t, n - 2))


def pitman_morgan(table: npt.ArrayLike | Pairs, values: npt.ArrayLike | None = None) -> PitmanMorgan:
    """Did the same members' answers become more or less spread? r = corr(later + earlier, later - earlier).

    r = (s2^2 - s1^2) / sqrt((s1^2 + s2^2)^2 - 4 s12^2), t = r sqrt((n - 2) / (1 - r^2)), n - 2 df. Undefined:
    ``too_few_raters`` (n < 3), ``no_variance`` (a round is unanimous, or everybody moved alike).
    Source: Pitman (1939), Biometrika 31:9; Morgan (1939), Biometrika 31:13.
    """
    pairs = Pairs.of(table, values)
    d1, d2 = pairs.earlier.deviations, pairs.later.deviations
    below = np.where(pairs.n > 1, pairs.n - 1, np.nan)
    v1 = (pairs.rows * d1**2).sum(axis=1) / below
    v2 = (pairs.columns * d2**2).sum(axis=1) / below
    covariance = np.einsum("mij,mi,mj->m", pairs.table, d1, d2, optimize=True) / below
    product = (v1 + v2) ** 2 - 4 * covariance**2
    flat = (pairs.earlier.occupied < 2) | (pairs.later.occupied < 2) | ~(product > 1e-12 * (v1 + v2) ** 2)
    value = np.clip((v2 - v1) / np.sqrt(np.where(flat, np.nan, product)), -1, 1)
    room = np.where(1 - value**2 > 1e-15, 1 - value**2, np.nan)
    t = value * np.sqrt(np.maximum(pairs.n - 2, 0) / room)
    return pairs.result(
        PitmanMorgan,
        value=value,
        method="Pitman-Morgan",
        reasons=first_reason(
            pairs.size, (pairs.n <= 0, NO_ANSWERS), (pairs.n < 3, TOO_FEW_RATERS), (flat, NO_VARIANCE)
        ),
        t=t,
        df=np.maximum(pairs.n - 2, 0),
        p_value=correlation_p(value, pairs.n),
        variance_earlier=v1,
        variance_later=v2,
    )


def cv_change(table: npt.ArrayLike | Pairs, values: npt.ArrayLike | None = None) -> SpreadChange:
    """cv(later) - cv(earlier) of the members who answered both. Undefined: n < 2, a mean of zero."""
    pairs = Pairs.of(table, values)
    first, second = (
        standard_deviation(t) / np.where(np.abs(t.mean) > 1e-12, np.abs(t.mean), np.nan)
        for t in (pairs.earlier, pairs.later)
    )
    value = second - first
    reasons = first_reason(
        pairs.size, (pairs.n <= 0, NO_ANSWERS), (pairs.n < 2, TOO_FEW_RATERS), (np.isnan(value), ZERO_MEAN)
    )
    return pairs.result(
        SpreadChange, value=value, method="change of cv", reasons=reasons, earlier=first, later=second
    )


def convergence_rate(
    table: npt.ArrayLike | Pairs, values: npt.ArrayLike | None = None, quantile_type: int = DEFAULT_TYPE
) -> SpreadChange:
    """1 - IQR(later) / IQR(earlier): 1 = all spread gone, 0 = as before, negative = wider.

    Undefined (``zero_iqr``) if the earlier IQR is 0. Depends on the quantile type.
    """
    pairs = Pairs.of(table, values)
    quartiles = np.array([0.25, 0.75])
    found = (quantiles_of(t, quartiles, check_type(quantile_type)) for t in (pairs.earlier, pairs.later))
    first, second = (q[:, 1] - q[:, 0] for q in found)
    value = 1 - second / np.where(first > 0, first, np.nan)
    reasons = first_reason(pairs.size, (pairs.n <= 0, NO_ANSWERS), (first <= 0, ZERO_IQR))
    method = f"1 - IQR2 / IQR1, quantile type {quantile_type}"
    return pairs.result(
        SpreadChange, value=value, method=method, reasons=reasons, earlier=first, later=second
    )

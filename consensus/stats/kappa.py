"""Chance-corrected agreement among raters from count tables: Fleiss, Randolph, Brennan-Prediger, Gwet,
Conger.

Alpha and kappa collapse when nearly all answers agree (ten members, ten items, one dissent: alpha = 0
although 98 % of pairs agree). Show them beside Gwet's AC1 and the percent agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .results import (
    NO_ANSWERS,
    NO_VARIANCE,
    TOO_FEW_CATEGORIES,
    TOO_FEW_RATERS,
    FloatArray,
    Result,
    first_reason,
    scalar,
    undefined,
)
from .tally import Counts, Tally, check_ratings, count_table

WEIGHTS = ("identity", "linear", "quadratic", "ordinal")


@dataclass(frozen=True, kw_only=True)
class Agreement(Result):
    """``value``: the coefficient. ``n_used``: items with two or more answers; ``n_missing``: items with
    fewer.

    ``pa`` observed and ``pe`` chance agreement; ``se`` over items (items taken as a sample).
    """

    pa: Any
    pe: Any
    se: Any
    ci_low: Any
    ci_high: Any
    weights: str


@dataclass(frozen=True, kw_only=True)
class ItemAgreement(Result):
    """``value``: share of pairs of members who gave the same answer."""


def weight_matrix(weights: str | npt.ArrayLike, values: FloatArray) -> FloatArray:
    """Agreement weights (1 on the diagonal) by name, or a checked K x K matrix of one's own.

    linear 1 - |d| / width, quadratic 1 - d^2 / width^2, ordinal (Gwet) 1 - C(|c - k| + 1, 2) / C(K, 2).
    """
    k = len(values)
    if not isinstance(weights, str):
        own = np.asarray(weights, dtype=float)
        if own.shape != (k, k) or not np.isfinite(own).all():
            raise ValueError(f"weights must be a finite {k} x {k} matrix or one of {', '.join(WEIGHTS)}")
        return own
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {', '.join(WEIGHTS)}, not {weights!r}")
    if weights == "identity" or k == 1:
        return np.eye(k)
    if weights == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
        return np.asarray(1 - steps * (steps + 1) / (k * (k - 1)))
    distance = np.abs(np.subtract.outer(values, values)) / (values.max() - values.min())
    return np.asarray(1 - distance ** (2 if weights == "quadratic" else 1))


def _name(weights: str | npt.ArrayLike) -> str:
    return weights if isinstance(weights, str) else "own"


class _Table:
    """Per-item pieces that every coefficient shares; items without answers are dropped and counted."""

    def __init__(self, counts: Counts, weights: str | npt.ArrayLike, values: npt.ArrayLike | None) -> None:
        tally = Tally.of(counts, values)
        self.weights = weight_matrix(weights, tally.values)
        rated = tally.n > 0
        self.counts, self.sizes = tally.counts[rated], tally.n[rated]
        self.k, self.n = tally.k, len(self.sizes)
        self.pairable = self.sizes >= 2
        self.n_pairable = int(self.pairable.sum())
        self.n_missing = int(tally.size - self.n_pairable)
        products = self.counts * (self.counts @ self.weights.T - 1)
        pairs = np.where(self.pairable, self.sizes * (self.sizes - 1), 1.0)
        self.agreement = np.where(self.pairable, products.sum(axis=1) / pairs, 0.0)
        self.shares = self.counts / self.sizes[:, None]

    @property
    def pa(self) -> float:
        return float(self.agreement.sum() / self.n_pairable)

    @property
    def prevalence(self) -> FloatArray:
        return np.asarray(self.shares.mean(axis=0))

    def finish(
        self, pe: float, pe_item: FloatArray, slope: float, method: str, weights: str, conf: float
    ) -> Agreement:
        """Coefficient, its standard error by Gwet's linearisation over items, and interval.

        ``pe_item``: each item's own pe; ``slope``: 2 where pe is quadratic in the shares, 0 where constant.
        """
        about: dict[str, Any] = {"method": method, "n_missing": self.n_missing, "weights": weights}
        if pe >= 1 - 1e-12:
            return undefined(Agreement, NO_VARIANCE, n_used=self.n_pairable, pa=self.pa, pe=pe, **about)
        value = (self.pa - pe) / (1 - pe)
        se = None
        if self.n > 1:
            own = (self.n / self.n_pairable) * (self.agreement - pe * self.pairable) / (1 - pe)
            own = own - slope * (1 - value) * (pe_item - pe) / (1 - pe)
            se = float(np.sqrt(((own - value) ** 2).sum() / (self.n * (self.n - 1))))
        low, high = _t_interval(value, se, self.n, conf)
        return Agreement(
            value=value,
            n_used=self.n_pairable,
            undefined_reason=None,
            pa=self.pa,
            pe=pe,
            se=se,
            ci_low=low,
            ci_high=high,
            **about,
        )


def _t_interval(value: float, se: float | None, n: int, conf: float) -> tuple[float | None, float | None]:
    if se is None:
        return None, None
    from scipy.special import stdtrit

    half = float(stdtrit(n - 1, 0.5 + conf / 2)) * se
    return max(min(-1.0, value), value - half), min(1.0, value + half)


def _table(counts: Counts, weights: str | npt.ArrayLike, values: npt.ArrayLike | None) -> _Table:
    """The pieces of a ``Tally`` with named weights are worked out once for all coefficients."""
    if not isinstance(counts, Tally) or not isinstance(weights, str):
        return _Table(counts, weights, values)
    key = f"agreement, {weights}"
    if key not in counts.shared:
        counts.shared[key] = _Table(counts, weights, values)
    found: _Table = counts.shared[key]
    return found


def _start(
    counts: Counts, weights: str | npt.ArrayLike, values: npt.ArrayLike | None, method: str
) -> tuple[_Table, Agreement | None]:
    table = _table(counts, weights, values)
    about: dict[str, Any] = {"method": method, "n_missing": table.n_missing, "weights": _name(weights)}
    if table.n_pairable == 0:
        return table, undefined(Agreement, TOO_FEW_RATERS if table.n else NO_ANSWERS, **about)
    if table.k < 2:
        return table, undefined(Agreement, TOO_FEW_CATEGORIES, n_used=table.n_pairable, pa=table.pa, **about)
    return table, None


def gwet_ac(
    counts: Counts,
    weights: str | npt.ArrayLike = "identity",
    values: npt.ArrayLike | None = None,
    *,
    conf: float = 0.95,
) -> Agreement:
    """Gwet's AC1 (identity weights) or AC2 (any other) from counts (items x categories).

    pa = mean over items with r >= 2 of sum_c n_c (n*_c - 1) / (r (r - 1)), n* = weighted counts;
    pe = T_w / (K (K - 1)) sum pi_c (1 - pi_c), T_w = sum of all weights, pi_c = mean share of c over rated
    items. K is the number of columns, empty categories included. Stays near pa under near unanimity.
    Undefined: ``no_answers``, ``too_few_raters``, ``too_few_categories``. Source: Gwet (2014), Handbook of
    Inter-Rater Reliability, 4th ed.; as R package irrCAC.
    """
    method = "Gwet AC1" if isinstance(weights, str) and weights == "identity" else "Gwet AC2"
    table, stop = _start(counts, weights, values, method)
    if stop is not None:
        return stop
    factor = table.weights.sum() / (table.k * (table.k - 1))
    prevalence = table.prevalence
    pe = float(factor * (prevalence * (1 - prevalence)).sum())
    pe_item = factor * (table.shares @ (1 - prevalence))
    return table.finish(pe, pe_item, 2.0, method, _name(weights), conf)


def fleiss_kappa(
    counts: Counts,
    weights: str | npt.ArrayLike = "identity",
    values: npt.ArrayLike | None = None,
    *,
    conf: float = 0.95,
) -> Agreement:
    """Fleiss' kappa: pe = sum_ck w_ck pi_c pi_k. Unequal numbers of answers per item are allowed.

    pi_c is the mean over items of the item's share, as in irrCAC; with equal numbers it is Fleiss' own. For
    two raters it is Scott's pi. Undefined: as ``gwet_ac``, and ``no_variance`` when all answers are one
    category. Source: Fleiss (1971), Psychological Bulletin 76:378; Gwet (2014).
    """
    method = "Fleiss kappa"
    table, stop = _start(counts, weights, values, method)
    if stop is not None:
        return stop
    prevalence = table.prevalence
    pe = float(prevalence @ table.weights @ prevalence)
    pe_item = table.shares @ ((table.weights + table.weights.T) @ prevalence) / 2
    return table.finish(pe, pe_item, 2.0, method, _name(weights), conf)


def brennan_prediger(
    counts: Counts,
    weights: str | npt.ArrayLike = "identity",
    values: npt.ArrayLike | None = None,
    *,
    conf: float = 0.95,
) -> Agreement:
    """Brennan-Prediger: chance is even over the K categories, pe = sum of weights / K^2.

    Defined under unanimity (then 1). Source: Brennan & Prediger (1981), Educ Psychol Meas 41:687.
    """
    method = "Brennan-Prediger"
    table, stop = _start(counts, weights, values, method)
    if stop is not None:
        return stop
    pe = float(table.weights.sum() / table.k**2)
    return table.finish(pe, np.full(table.n, pe), 0.0, method, _name(weights), conf)


def randolph_kappa(counts: Counts, *, conf: float = 0.95) -> Agreement:
    """Randolph's free-marginal kappa: pe = 1 / K. The unweighted Brennan-Prediger for many raters.

    Source: Randolph (2005), Joensuu Learning and Instruction Symposium.
    """
    method = "Randolph kappa"
    table, stop = _start(counts, "identity", None, method)
    if stop is not None:
        return stop
    pe = 1 / table.k
    return table.finish(pe, np.full(table.n, pe), 0.0, method, "identity", conf)


def percent_agreement(
    counts: Counts,
    weights: str | npt.ArrayLike = "identity",
    values: npt.ArrayLike | None = None,
    *,
    conf: float = 0.95,
) -> Agreement:
    """Mean over items of the share of agreeing pairs of members (pe = 0: not corrected for chance)."""
    method = "pairwise percent agreement"
    table, stop = _start(counts, weights, values, method)
    if stop is not None and table.n_pairable == 0:
        return stop
    return table.finish(0.0, np.zeros(table.n), 0.0, method, _name(weights), conf)


def pairwise_agreement(counts: Counts, *, missing: npt.ArrayLike | None = None) -> ItemAgreement:
    """Per item: sum n_c (n_c - 1) / (n (n - 1)), the share of pairs of members with the same answer.

    ``counts``: (K,) or (items, K), not weighted. Undefined: ``no_answers``, ``too_few_raters`` (one answer).
    """
    tally = Tally.of(counts, missing=missing)
    pairs = np.where(tally.n > 1, tally.n * (tally.n - 1), np.nan)
    value = (tally.counts * (tally.counts - 1)).sum(axis=1) / pairs
    reasons = first_reason(tally.size, (tally.n <= 0, NO_ANSWERS), (tally.n <= 1, TOO_FEW_RATERS))
    return tally.result(ItemAgreement, value=value, method="pairwise agreement", reasons=reasons)


def conger_kappa(
    ratings: npt.ArrayLike,
    weights: str | npt.ArrayLike = "identity",
    values: npt.ArrayLike | None = None,
) -> Agreement:
    """Conger's kappa for raters with their own marginals (members x items, NaN missing).

    pe = sum_ck w_ck (mean p_c mean p_k - s2_ck / r), with s2 the covariance over the r raters of their
    category shares. For two raters it is Cohen's kappa. No standard error is given. Undefined: as
    ``fleiss_kappa``; raters without answers do not count. Source: Conger (1980), Psychological Bulletin
    88:322; Gwet (2014).
    """
    method = "Conger kappa"
    array = check_ratings(ratings, values=values)
    tally = count_table(array, values)
    table, stop = _start(tally, weights, None, method)
    if stop is not None:
        return stop
    each = (array[:, :, None] == tally.values).sum(axis=1).astype(float)
    each = each[each.sum(axis=1) > 0]
    shares = each / each.sum(axis=1, keepdims=True)
    r, mean = len(shares), shares.mean(axis=0)
    centred = shares - mean
    spread = centred.T @ centred / (r - 1)
    pe = float((table.weights * (np.outer(mean, mean) - spread / r)).sum())
    about: dict[str, Any] = {"method": method, "n_used": table.n_pairable, "n_missing": table.n_missing}
    if pe >= 1 - 1e-12:
        return undefined(Agreement, NO_VARIANCE, pa=table.pa, pe=pe, weights=_name(weights), **about)
    return Agreement(
        value=scalar((table.pa - pe) / (1 - pe)),
        undefined_reason=None,
        pa=table.pa,
        pe=pe,
        se=None,
        ci_low=None,
        ci_high=None,
        weights=_name(weights),
        **about,
    )

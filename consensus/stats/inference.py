"""Bootstrap intervals over members, multinomial resampling of counts, and p-values adjusted for many
tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .chi2 import f_tail
from .gaps import numbers, vector
from .results import (
    NO_ANSWERS,
    NO_VARIANCE,
    TOO_FEW_RATERS,
    FloatArray,
    Result,
    as_field,
    scalar,
    undefined,
)

METHODS = ("bonferroni", "holm", "bh", "by")
BOOTSTRAP_METHODS = ("bca", "percentile")
Statistic = Callable[[FloatArray], npt.ArrayLike]


@dataclass(frozen=True, kw_only=True)
class Interval(Result):
    """``value``: the statistic of the data, with its interval. ``method`` says which interval was
    possible.
    """

    ci_low: Any
    ci_high: Any
    conf: float
    standard_error: Any
    bias_correction: Any
    acceleration: Any
    n_boot: int


@dataclass(frozen=True, kw_only=True)
class Adjusted(Result):
    """``value``: adjusted p-values in the order given; masked (None) where none was given."""


@dataclass(frozen=True, kw_only=True)
class Levene(Result):
    """``value``: F-distributed statistic."""

    df1: Any
    df2: Any
    p_value: Any


def bootstrap_ci(
    data: npt.ArrayLike,
    statistic: Statistic,
    *,
    rng: np.random.Generator,
    n_boot: int = 2000,
    conf: float = 0.95,
    method: str = "bca",
) -> Interval:
    """Bootstrap interval of a statistic over members.

    ``data``: one answer per member (n,), NaN missing, or members x items (n, d), where whole members are
    drawn. ``statistic`` must accept a leading batch axis: (B, n) -> (B,), or (B, n, d) -> (B,). BCa: limits
    at Phi(z0 + (z0 + z) / (1 - a (z0 + z))), z0 from the share of draws below the estimate (half of ties), a
    from the jackknife. Where every draw is equal (unanimity) BCa is undefined: then the order-statistic
    interval, which for unanimous answers is the value itself, and ``method`` says so. For shares use
    ``wilson_interval``, which stays honest at 0 and 1. Undefined: ``no_answers``, ``too_few_raters`` (one
    member), ``no_variance`` if the statistic itself is undefined. Random draws come from ``rng``. Source:
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 14.
    """
    if method not in BOOTSTRAP_METHODS:
        raise ValueError(f"method must be one of {', '.join(BOOTSTRAP_METHODS)}, not {method!r}")
    if not 0 < conf < 1 or n_boot < 1:
        raise ValueError("conf must lie between 0 and 1 and n_boot be at least 1")
    array = numbers(data, "data")
    if array.ndim not in (1, 2):
        raise ValueError("data must be one answer per member, or members x items")
    used = array[~np.isnan(array)] if array.ndim == 1 else array
    about: dict[str, Any] = {
        "n_used": len(used),
        "n_missing": len(array) - len(used),
        "conf": conf,
        "n_boot": n_boot,
    }
    if len(used) < 2:
        value = scalar(_apply(statistic, used[None])[0]) if len(used) else None
        found = undefined(Interval, TOO_FEW_RATERS if len(used) else NO_ANSWERS, method="bootstrap", **about)
        return found if value is None else Interval(**{**vars(found), "value": value})
    estimate = float(_apply(statistic, used[None])[0])
    if not np.isfinite(estimate):
        return undefined(Interval, NO_VARIANCE, method="bootstrap", **about)
    draws = _draw(used, statistic, n_boot, rng)
    return _interval(estimate, draws, used, statistic, method, about)


def _apply(statistic: Statistic, batch: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        found = np.asarray(statistic(batch), dtype=float)
    if found.shape != (len(batch),):
        raise ValueError(
            f"statistic must return one number per batch entry ({len(batch)},), got {found.shape}"
        )
    return found


def _draw(used: FloatArray, statistic: Statistic, n_boot: int, rng: np.random.Generator) -> FloatArray:
    chunk = max(1, 2_000_000 // max(used.size, 1))
    parts = []
    for start in range(0, n_boot, chunk):
        index = rng.integers(0, len(used), (min(chunk, n_boot - start), len(used)))
        parts.append(_apply(statistic, used[index]))
    draws = np.concatenate(parts)
    return draws[np.isfinite(draws)]


def _interval(
    estimate: float,
    draws: FloatArray,
    used: FloatArray,
    statistic: Statistic,
    method: str,
    about: dict[str, Any],
) -> Interval:
    spread = float(draws.std(ddof=1)) if len(draws) > 1 else 0.0
    if len(draws) == 0 or spread <= 1e-12 * max(1.0, abs(estimate)):
        return Interval(
            value=estimate,
            method="order-statistic interval (no variance)",
            ci_low=estimate,
            ci_high=estimate,
            standard_error=0.0,
            bias_correction=None,
            acceleration=None,
            **about,
        )
    tails = np.array([(1 - about["conf"]) / 2, (1 + about["conf"]) / 2])
    z0 = a = None
    label = "percentile bootstrap"
    if method == "bca":
        z0, a = _bias(estimate, draws), _acceleration(used, statistic)
        if z0 is not None and a is not None:
            tails, label = _bca_tails(tails, z0, a), "BCa bootstrap"
        else:
            label = "percentile bootstrap (BCa undefined)"
    low, high = np.quantile(draws, tails)
    return Interval(
        value=estimate,
        method=label,
        ci_low=float(low),
        ci_high=float(high),
        standard_error=spread,
        bias_correction=z0,
        acceleration=a,
        **about,
    )


def _bias(estimate: float, draws: FloatArray) -> float | None:
    from scipy.special import ndtri

    return scalar(ndtri(((draws < estimate).mean() + (draws <= estimate).mean()) / 2))


def _acceleration(used: FloatArray, statistic: Statistic) -> float | None:
    n = len(used)
    keep = ~np.eye(n, dtype=bool) if n <= 2000 else None
    if keep is not None and used.ndim == 1:
        left_out = _apply(statistic, np.broadcast_to(used, (n, n))[keep].reshape(n, n - 1))
    else:
        left_out = np.array([_apply(statistic, np.delete(used, i, axis=0)[None])[0] for i in range(n)])
    deviation = left_out.mean() - left_out
    bottom = 6 * float((deviation**2).sum()) ** 1.5
    return scalar((deviation**3).sum() / bottom) if bottom > 0 else None


def _bca_tails(tails: FloatArray, z0: float, a: float) -> FloatArray:
    from scipy.special import ndtr, ndtri

    z = z0 + ndtri(tails)
    return np.asarray(np.clip(ndtr(z0 + z / (1 - a * z)), 0.0, 1.0))


def adjust_pvalues(p: npt.ArrayLike, method: str = "holm") -> Adjusted:
    """p-values adjusted for the number of tests, in the order given; None or NaN entries stay out and are
    counted.

    "holm" (any dependence, family-wise), "bh" (Benjamini-Hochberg, false discovery rate, independent or
    positively dependent), "by" (Benjamini-Yekutieli, any dependence), "bonferroni".
    Error: entries outside 0-1. Source: Holm (1979); Benjamini & Hochberg (1995), JRSS B 57:289; Benjamini &
    Yekutieli (2001), Ann Stat 29:1165.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    array = numbers(p, "p", (0, 1))
    given = array[~np.isnan(array)]
    if array.ndim != 1 or ((given < 0) | (given > 1)).any():
        raise ValueError("p must be a vector of numbers between 0 and 1 (None or NaN where there is none)")
    out = np.full(len(array), np.nan)
    out[~np.isnan(array)] = _adjust(given, method)
    return Adjusted(
        value=as_field(out),
        n_used=len(given),
        n_missing=len(array) - len(given),
        method=method,
        undefined_reason=None if len(given) else NO_ANSWERS,
    )


def _adjust(p: FloatArray, method: str) -> FloatArray:
    m = len(p)
    if method == "bonferroni" or m == 0:
        return np.minimum(p * m, 1.0)
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, m + 1)
    adjusted = np.empty(m)
    if method == "holm":
        adjusted[order] = np.maximum.accumulate(p[order] * (m - rank + 1))
    else:
        factor = m * float((1 / rank).sum()) if method == "by" else m
        adjusted[order] = np.minimum.accumulate((p[order] * factor / rank)[::-1])[::-1]
    return np.minimum(adjusted, 1.0)


def levene(groups: list[npt.ArrayLike], *, center: str = "median") -> Levene:
    """Levene's test that groups spread alike: one-way F of |x - centre|, centre = median (Brown-Forsythe) or
    mean.

    ``groups``: vectors, NaN missing; empty groups do not count. Undefined: ``too_few_raters`` (fewer than two
    groups, or no group with two answers), ``no_variance``. Source: Brown & Forsythe (1974), JASA 69:364.
    """
    if center not in ("median", "mean"):
        raise ValueError(f"center must be median or mean, not {center!r}")
    arrays = [vector(g) for g in groups]
    used = [a[~np.isnan(a)] for a in arrays]
    lost = sum(len(a) for a in arrays) - sum(len(u) for u in used)
    used = [u for u in used if len(u)]
    n, k = sum(len(u) for u in used), len(used)
    method = f"Levene, {center}"
    if k < 2 or n <= k:
        return undefined(Levene, TOO_FEW_RATERS, method=method, n_used=n, n_missing=lost)
    distances = [np.abs(u - (np.median(u) if center == "median" else u.mean())) for u in used]
    grand = float(np.concatenate(distances).mean())
    between = sum(len(d) * float((d.mean() - grand) ** 2) for d in distances)
    within = sum(float(((d - d.mean()) ** 2).sum()) for d in distances)
    if within <= 0:
        return undefined(Levene, NO_VARIANCE, method=method, n_used=n, n_missing=lost, df1=k - 1, df2=n - k)
    value = (n - k) / (k - 1) * between / within
    p_value = float(f_tail(value, k - 1, n - k))
    return Levene(value=value, n_used=n, n_missing=lost, method=method, df1=k - 1, df2=n - k, p_value=p_value)

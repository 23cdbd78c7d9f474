"""Krippendorff's alpha from counts, and Cronbach's alpha."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .kappa import weight_matrix
from .results import (
    NO_VARIANCE,
    TOO_FEW_ITEMS,
    TOO_FEW_RATERS,
    BoolArray,
    FloatArray,
    Result,
    scalar,
    undefined,
    whole,
)
from .tally import Counts, Tally, check_ratings, count_table

LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True, kw_only=True)
class Alpha(Result):
    """``value``: alpha. ``n_used``: pairable answers; ``n_missing``: answers in units with a single one."""

    level: str
    n_units: Any
    observed: Any
    expected: Any


@dataclass(frozen=True, kw_only=True)
class Cronbach(Result):
    """``value``: alpha. ``n_used``: members used; ``n_missing``: members left out (method says how)."""

    n_items: int
    standardised: Any
    ci_low: Any
    ci_high: Any
    cells_missing: int


def krippendorff_alpha(data: npt.ArrayLike, level: str = "ordinal") -> Alpha:
    """Krippendorff's alpha of a ratings matrix (members x items, NaN missing). See ``alpha_from_counts``."""
    _check_level(level)
    return alpha_from_counts(count_table(check_ratings(data)), level)


def alpha_from_counts(counts: Counts, level: str = "ordinal", values: npt.ArrayLike | None = None) -> Alpha:
    """Krippendorff's alpha = 1 - Do / De from a count table (units x categories).

    Do = sum_u sum_ck n_uc n_uk d2(c, k) / (n_u - 1), De = sum_ck n_c n_k d2(c, k) / (N - 1), over units with
    at least two answers; n_c, N count those. d2: nominal [c != k]; ordinal (sum_{g=c..k} n_g - (n_c + n_k) /
    2)^2; interval (v_c - v_k)^2; ratio ((v_c - v_k) / (v_c + v_k))^2. ``observed`` and ``expected`` are Do /
    N and De / N. Undefined: ``too_few_raters`` (no unit with two answers), ``no_variance`` (one value only:
    the ``krippendorff`` package raises there). Memory grows with K^2, never with answers. Source:
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    """
    _check_level(level)
    tally = Tally.of(counts, values)
    if level == "ratio" and (tally.values < 0).any():
        raise ValueError("ratio level needs values that are not negative")
    totals = tally.counts[tally.n >= 2].sum(axis=0)
    return _alpha(tally, _distances(level, tally.values, totals), f"Krippendorff alpha, {level}", level)


def alpha_with_weights(
    counts: Counts, weights: str | npt.ArrayLike = "ordinal", values: npt.ArrayLike | None = None
) -> Alpha:
    """Alpha with d2 = 1 - w for agreement weights w (see ``gwet_ac``), as irrCAC's ``krippen.alpha``.

    With "ordinal" (Gwet's) weights this is NOT Krippendorff's ordinal alpha: on one published data set it
    gives .834 against .815. Kept to reproduce figures of that package. Identity and quadratic weights equal
    the nominal and interval levels.
    """
    tally = Tally.of(counts, values)
    distance = 1 - weight_matrix(weights, tally.values)
    name = weights if isinstance(weights, str) else "own"
    return _alpha(tally, distance, f"alpha with {name} agreement weights (irrCAC)", f"weights {name}")


def _alpha(tally: Tally, distance: FloatArray, method: str, level: str) -> Alpha:
    pairable = tally.n >= 2
    table, sizes = tally.counts[pairable], tally.n[pairable]
    totals = table.sum(axis=0)
    total = float(totals.sum())
    about: dict[str, Any] = {
        "method": method,
        "level": level,
        "n_units": len(sizes),
        "n_used": whole(total),
        "n_missing": whole(float(tally.n[~pairable].sum())),
    }
    if total == 0:
        return undefined(Alpha, TOO_FEW_RATERS, **about)
    observed = float(((table @ distance) * table / (sizes - 1)[:, None]).sum())
    expected = float(totals @ distance @ totals / (total - 1))
    constant = expected <= 0 or np.count_nonzero(totals) < 2
    return Alpha(
        value=None if constant else scalar(1 - observed / expected),
        undefined_reason=NO_VARIANCE if constant else None,
        observed=observed / total,
        expected=expected / total,
        **about,
    )


def _check_level(level: str) -> None:
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")


def _distances(level: str, values: FloatArray, totals: FloatArray) -> FloatArray:
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "ordinal":
        # The sum of n_g between c and k less half of both ends is the distance between their mid-ranks.
        middle = np.cumsum(totals) - totals / 2
        return np.asarray((middle[:, None] - middle) ** 2)
    gap = values[:, None] - values
    if level == "interval":
        return np.asarray(gap**2)
    both = values[:, None] + values
    return np.asarray((gap / np.where(both == 0, 1.0, both)) ** 2)


def cronbach_alpha(data: npt.ArrayLike, missing: str = "listwise", *, conf: float = 0.95) -> Cronbach:
    """Cronbach's alpha = k / (k - 1) (1 - sum of item variances / variance of sums), members x items.

    ``missing``: "listwise" uses members who answered every item; "pairwise" uses the covariances of those who
    answered both items of each pair; "mean" fills an item's mean. What is used is named in ``method`` and
    ``n_missing`` counts the members left out. Interval: Feldt's F (for listwise, else None).
    ``standardised``: from the mean correlation. Undefined: ``too_few_items``, ``too_few_raters``,
    ``no_variance``. Source: Cronbach (1951), Psychometrika 16:297; Feldt et al. (1987), Appl Psych Meas
    11:93.
    """
    if missing not in ("listwise", "pairwise", "mean"):
        raise ValueError(f"missing must be listwise, pairwise or mean, not {missing!r}")
    ratings = check_ratings(data, "data")
    answered = ~np.isnan(ratings)
    used = answered.all(axis=1) if missing == "listwise" else answered.any(axis=1)
    n, k = int(used.sum()), ratings.shape[1]
    about: dict[str, Any] = {
        "method": f"Cronbach alpha, missing {missing}",
        "n_used": n,
        "n_missing": int(len(ratings) - n),
        "n_items": k,
        "cells_missing": int((~answered).sum()),
    }
    if k < 2:
        return undefined(Cronbach, TOO_FEW_ITEMS, **about)
    if n < 2:
        return undefined(Cronbach, TOO_FEW_RATERS, **about)
    covariance = _covariance(ratings[used], answered[used], missing)
    variances, total = np.diag(covariance), covariance.sum()
    if not np.isfinite(total):
        return undefined(Cronbach, TOO_FEW_RATERS, **about)
    if total <= 1e-12 * max(variances.sum(), 1e-300) or variances.sum() <= 0:
        return undefined(Cronbach, NO_VARIANCE, **about)
    alpha = k / (k - 1) * (1 - variances.sum() / total)
    low, high = _feldt(alpha, n, k, conf) if missing == "listwise" else (None, None)
    return Cronbach(
        value=float(alpha),
        undefined_reason=None,
        standardised=_standardised(covariance),
        ci_low=low,
        ci_high=high,
        **about,
    )


def _covariance(ratings: FloatArray, answered: BoolArray, missing: str) -> FloatArray:
    ones = answered.astype(float)
    sizes = ones.sum(axis=0)
    means = np.where(answered, ratings, 0.0).sum(axis=0) / np.maximum(sizes, 1)
    centred = np.where(answered, ratings - means, 0.0)
    if missing != "pairwise":
        return np.asarray(centred.T @ centred / (len(ratings) - 1))
    both = ones.T @ ones
    products, left = centred.T @ centred, centred.T @ ones
    safe = np.where(both > 1, both, np.nan)
    return np.asarray((products - left * left.T / safe) / (safe - 1))


def _standardised(covariance: FloatArray) -> float | None:
    sd = np.sqrt(np.diag(covariance))
    if (sd <= 0).any():
        return None
    k = len(sd)
    mean_r = ((covariance / np.outer(sd, sd)).sum() - k) / (k * (k - 1))
    bottom = 1 + (k - 1) * mean_r
    return scalar(k * mean_r / bottom) if abs(bottom) > 1e-12 else None


def _feldt(alpha: float, n: int, k: int, conf: float) -> tuple[float | None, float | None]:
    from scipy.special import fdtri

    tail = (1 - conf) / 2
    df1, df2 = n - 1, (n - 1) * (k - 1)
    return scalar(1 - (1 - alpha) * fdtri(df1, df2, 1 - tail)), scalar(
        1 - (1 - alpha) * fdtri(df1, df2, tail)
    )

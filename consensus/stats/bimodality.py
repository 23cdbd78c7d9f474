"""Is a distribution split? Tests for ordinal scales, and measures for continuous answers only.

On a 1-9 scale use ``polarisation_test``. The dip test assumes a continuous distribution: it calls unimodal
1-9 data bimodal in 62 % of cases at n = 20. Sarle's coefficient flags skewed consensus as bimodal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .gaps import vector
from .ordinal import agreement_a
from .results import (
    NO_ANSWERS,
    NO_VARIANCE,
    TOO_FEW_CATEGORIES,
    TOO_FEW_RATERS,
    FloatArray,
    Result,
    defined,
    first_reason,
    scalar,
    undefined,
)
from .tally import Counts, Tally

UNIFORM_BENCHMARK = 5 / 9


@dataclass(frozen=True, kw_only=True)
class Polarisation(Result):
    """``value``: van der Eijk's A. ``polarised``: A < 0 and p < alpha against the best unimodal shape."""

    polarised: Any
    p_value: Any
    deviance: Any
    alpha: float
    n_boot: int


@dataclass(frozen=True, kw_only=True)
class Bimodality(Result):
    """``value``: the bias-corrected (SAS) coefficient. ``population``: from plain moments. Above 5/9:
    suspicious.
    """

    population: Any
    skewness: Any
    excess_kurtosis: Any
    above_benchmark: Any


@dataclass(frozen=True, kw_only=True)
class AshmanD(Result):
    """``value``: D; above 2 the two parts are cleanly apart."""

    means: Any
    sds: Any
    shares: Any


def polarisation_test(
    counts: Counts,
    *,
    rng: np.random.Generator,
    n_boot: int = 999,
    alpha: float = 0.05,
    missing: npt.ArrayLike | None = None,
) -> Polarisation:
    """Is the split of an ordinal distribution more than noise around one peak?

    The best unimodal shape is fitted by maximum likelihood (isotonic up to a peak, antitonic after it, best
    peak); ``deviance`` = 2 sum n_c log(p_c / fit_c). p: the share of ``n_boot`` multinomial samples from that
    fit, each refitted, whose deviance is at least as large (+1 in both counts). ``polarised`` when A < 0 and
    p < alpha. Samples are drawn only for items with A < 0 and a positive deviance; for the others p is 1
    where the shape is unimodal and None where A >= 0 (not asked). ``counts``: (K,) or (items, K), K >= 3,
    whole numbers. Undefined: ``no_answers``, ``too_few_categories``. Draws come from ``rng``.
    """
    if not 0 < alpha < 1 or n_boot < 1:
        raise ValueError("alpha must lie between 0 and 1 and n_boot be at least 1")
    tally = Tally.of(counts, missing=missing)
    reasons = first_reason(tally.size, (tally.n <= 0, NO_ANSWERS), (tally.k < 3, TOO_FEW_CATEGORIES))
    usable = defined(reasons)
    a, deviance, p_value = (np.full(tally.size, np.nan) for _ in range(3))
    if usable.any():
        rows = Tally(tally.counts[usable])
        a[usable] = agreement_a(rows)
        fits = unimodal_fit(rows.counts)
        deviance[usable] = _deviance(rows.counts, fits)
        p_value[usable & (deviance <= 1e-9)] = 1.0
        for place in np.flatnonzero(usable & (a < 0) & (deviance > 1e-9)):
            fit = fits[int(usable[:place].sum())]
            drawn = rng.multinomial(round(tally.n[place]), fit / fit.sum(), n_boot).astype(float)
            larger = _deviance(drawn, unimodal_fit(drawn)) >= deviance[place] - 1e-9
            p_value[place] = (larger.sum() + 1) / (n_boot + 1)
    polarised = ((a < 0) & (np.nan_to_num(p_value, nan=1.0) < alpha)).astype(object)
    polarised[~usable] = None
    return tally.result(
        Polarisation,
        value=a,
        method=f"A with bootstrap against the unimodal fit, {n_boot} draws",
        reasons=reasons,
        polarised=polarised,
        p_value=p_value,
        deviance=deviance,
        alpha=alpha,
        n_boot=n_boot,
    )


def unimodal_fit(counts: FloatArray) -> FloatArray:
    """(B, K) maximum-likelihood unimodal counts with the same totals: best over all places of the peak."""
    size, k = counts.shape
    rising, falling = _isotonic(counts), _isotonic(counts[:, ::-1])
    best, best_fit = np.full(size, -np.inf), counts.astype(float)
    for split in range(k + 1):
        fit = np.empty((size, k))
        fit[:, :split] = rising[split]
        fit[:, split:] = falling[k - split][:, ::-1]
        likelihood = (counts * np.log(np.where(counts > 0, fit, 1.0))).sum(axis=1)
        better = likelihood > best + 1e-12
        best, best_fit = np.where(better, likelihood, best), np.where(better[:, None], fit, best_fit)
    return best_fit


def _isotonic(counts: FloatArray) -> list[FloatArray]:
    """Rising least-squares fits of every prefix (lengths 0..K), by max-min of block means."""
    size, k = counts.shape
    sums = np.concatenate([np.zeros((size, 1)), np.cumsum(counts, axis=1)], axis=1)
    fits = [np.empty((size, 0))]
    for length in range(1, k + 1):
        fit = np.full((size, length), -np.inf)
        for start in range(length):
            ends = np.arange(start + 1, length + 1)
            means = (sums[:, ends] - sums[:, [start]]) / (ends - start)
            least = np.minimum.accumulate(means[:, ::-1], axis=1)[:, ::-1]
            fit[:, start:] = np.maximum(fit[:, start:], least)
        fits.append(fit)
    return fits


def _deviance(counts: FloatArray, fits: FloatArray) -> FloatArray:
    ratio = np.where(counts > 0, counts / np.where(counts > 0, fits, 1.0), 1.0)
    return np.asarray(np.maximum(2 * (counts * np.log(ratio)).sum(axis=1), 0.0))


def _vector(x: npt.ArrayLike) -> tuple[FloatArray, int]:
    array = vector(x)
    used = array[~np.isnan(array)]
    return used, len(array) - len(used)


def sarle_bimodality(x: npt.ArrayLike) -> Bimodality:
    """Sarle's bimodality coefficient of continuous answers (n,), NaN missing.

    value = (G1^2 + 1) / (G2 + 3 (n - 1)^2 / ((n - 2)(n - 3))) with bias-corrected skewness and excess
    kurtosis (SAS); ``population`` = (g1^2 + 1) / (g2 + 3). Uniform = 5/9; above is read as bimodal, but
    skewed consensus exceeds it too. Undefined: ``no_answers``, ``too_few_raters`` (n < 4), ``no_variance``.
    Source: SAS/STAT, PROC CLUSTER; Pfister et al. (2013), Front Psychol 4:700.
    """
    used, lost = _vector(x)
    n = len(used)
    about: dict[str, Any] = {
        "method": "Sarle bimodality (continuous answers)",
        "n_used": n,
        "n_missing": lost,
    }
    if n < 4:
        return undefined(Bimodality, TOO_FEW_RATERS if n else NO_ANSWERS, **about)
    centred = used - used.mean()
    m2 = float((centred**2).mean())
    if m2 <= 1e-24 * max(float((used**2).mean()), 1e-300):
        return undefined(Bimodality, NO_VARIANCE, **about)
    g1, g2 = float((centred**3).mean()) / m2**1.5, float((centred**4).mean()) / m2**2 - 3
    skew = g1 * np.sqrt(n * (n - 1)) / (n - 2)
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)
    value = (skew**2 + 1) / (kurtosis + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
    return Bimodality(
        value=scalar(value),
        population=scalar((g1**2 + 1) / (g2 + 3)),
        skewness=scalar(skew),
        excess_kurtosis=scalar(kurtosis),
        above_benchmark=bool(value > UNIFORM_BENCHMARK),
        **about,
    )


def ashman_d(mean1: float, mean2: float, sd1: float, sd2: float) -> AshmanD:
    """Ashman's D = sqrt(2) |m1 - m2| / sqrt(s1^2 + s2^2); above 2 is a clean separation.

    (R's ``modes::Ashman.D`` uses one sd twice.) Undefined (``no_variance``) when both sds are 0.
    Source: Ashman, Bird & Zepf (1994), Astronomical Journal 108:2348.
    """
    if not np.isfinite([mean1, mean2, sd1, sd2]).all() or sd1 < 0 or sd2 < 0:
        raise ValueError("means and sds must be finite, sds not negative")
    spread = float(np.sqrt(sd1**2 + sd2**2))
    about: dict[str, Any] = {"method": "Ashman D", "n_used": 2, "n_missing": 0}
    about |= {"means": (mean1, mean2), "sds": (sd1, sd2)}
    if spread == 0:
        return undefined(AshmanD, NO_VARIANCE, **about)
    return AshmanD(value=float(np.sqrt(2) * abs(mean1 - mean2) / spread), shares=None, **about)


def ashman_d_of(x: npt.ArrayLike, *, iterations: int = 500) -> AshmanD:
    """Ashman's D of continuous answers (n,), from a mixture of two normals fitted by EM from a median split.

    The sds have a floor of 1 % of the overall sd, so that a spike cannot take over. A large D does not prove
    two groups: any distribution can be cut in two. Undefined: ``too_few_raters`` (n < 4), ``no_variance``.
    """
    used, lost = _vector(x)
    n = len(used)
    about: dict[str, Any] = {"method": "Ashman D of a two-normal mixture", "n_used": n, "n_missing": lost}
    if n < 4:
        return undefined(AshmanD, TOO_FEW_RATERS if n else NO_ANSWERS, **about)
    overall = float(used.std())
    if overall <= 1e-12 * max(1.0, float(np.abs(used).max())):
        return undefined(AshmanD, NO_VARIANCE, **about)
    means, sds, shares = _two_normals(used, overall, iterations)
    found = ashman_d(float(means[0]), float(means[1]), float(sds[0]), float(sds[1]))
    fields = {"means": found.means, "sds": found.sds, "shares": tuple(shares.tolist())}
    return AshmanD(value=found.value, **fields, **about)


def _two_normals(x: FloatArray, overall: float, iterations: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    ordered = np.sort(x)
    half = len(x) // 2
    means = np.array([ordered[:half].mean(), ordered[half:].mean()])
    sds, shares = np.full(2, overall / 2), np.full(2, 0.5)
    before = -np.inf
    for _ in range(iterations):
        logs = -0.5 * ((x[:, None] - means) / sds) ** 2 - np.log(sds) + np.log(shares)
        top = logs.max(axis=1, keepdims=True)
        weight = np.exp(logs - top)
        total = weight.sum(axis=1, keepdims=True)
        likelihood = float((top + np.log(total)).sum())
        weight /= total
        held = np.maximum(weight.sum(axis=0), 1e-9)
        means = (weight * x[:, None]).sum(axis=0) / held
        spread = (weight * (x[:, None] - means) ** 2).sum(axis=0) / held
        sds, shares = np.maximum(np.sqrt(spread), 0.01 * overall), held / held.sum()
        if likelihood - before < 1e-10 * abs(likelihood):
            break
        before = likelihood
    return means, sds, shares

"""Bootstrap intervals of hundreds of items at once, by drawing their counts anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .inference import BOOTSTRAP_METHODS, Interval
from .results import NO_ANSWERS, NO_VARIANCE, FloatArray, first_reason
from .tally import Counts, Tally

CountStatistic: TypeAlias = Callable[[Tally], npt.ArrayLike]
_CELLS = 200_000


def bootstrap_counts_ci(
    counts: Counts,
    statistic: CountStatistic,
    values: npt.ArrayLike | None = None,
    *,
    rng: np.random.Generator,
    n_boot: int = 1000,
    conf: float = 0.95,
    method: str = "percentile",
    missing: npt.ArrayLike | None = None,
) -> Interval:
    """Intervals for hundreds of items at once, by multinomial resampling of their counts.

    Resampling members with replacement is drawing counts from a multinomial with the observed shares: no
    per-answer work. ``statistic``: Tally of items -> one number per item (NaN where undefined), called with
    many draws at a time, one row each. ``counts``: (K,) or (items, K), whole numbers. ``method``:
    "percentile", or "bca", whose acceleration comes from leaving out one answer of each category; items for
    which BCa is undefined (no spread among those) keep the percentile interval, and their ``acceleration`` is
    None. An item whose answers all lie in one category has no sampling variance: the interval collapses to
    the value. One answer alone has no interval. Draws for which the statistic is undefined are left out.
    Undefined: ``no_answers``, ``no_variance`` if the statistic itself is undefined.
    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 14.
    """
    found = bootstrap_counts_cis(
        counts, {"": statistic}, values, rng=rng, n_boot=n_boot, conf=conf, method=method, missing=missing
    )
    return found[""]


def bootstrap_counts_cis(
    counts: Counts,
    statistics: Mapping[str, CountStatistic],
    values: npt.ArrayLike | None = None,
    *,
    rng: np.random.Generator,
    n_boot: int = 1000,
    conf: float = 0.95,
    method: str | Mapping[str, str] = "percentile",
    missing: npt.ArrayLike | None = None,
) -> dict[str, Interval]:
    """``bootstrap_counts_ci`` of several statistics from the same draws: drawing is most of the work.

    ``method``: one for all, or one for each statistic (BCa suits smooth ones, not quantiles).
    """
    methods = dict.fromkeys(statistics, method) if isinstance(method, str) else method
    for name in statistics:
        if methods.get(name) not in BOOTSTRAP_METHODS:
            choices = ", ".join(BOOTSTRAP_METHODS)
            raise ValueError(f"method must be one of {choices}, not {methods.get(name)!r}")
    if not 0 < conf < 1 or n_boot < 1:
        raise ValueError("conf must lie between 0 and 1 and n_boot be at least 1")
    tally = Tally.of(counts, values, missing=missing)
    draws = _draws(tally, statistics, n_boot, rng)
    return {
        name: _interval(tally, statistic, draws[name], n_boot, conf, methods[name])
        for name, statistic in statistics.items()
    }


def _evaluated(statistic: CountStatistic, tally: Tally) -> FloatArray:
    with np.errstate(all="ignore"):
        found: FloatArray = np.ma.filled(np.ma.asarray(statistic(tally), dtype=float), np.nan)
    if found.shape != (tally.size,):
        raise ValueError(f"statistic must return one number per row ({tally.size},), got {found.shape}")
    return np.asarray(found)


def _draws(
    tally: Tally, statistics: Mapping[str, CountStatistic], n_boot: int, rng: np.random.Generator
) -> dict[str, FloatArray]:
    """(draws, items) of each statistic."""
    sizes = np.rint(tally.n).astype(int)
    shares = np.where(tally.n[:, None] > 0, np.nan_to_num(tally.shares), 1 / tally.k)
    shares = shares / shares.sum(axis=1, keepdims=True)
    block = max(1, _CELLS // max(1, tally.size * tally.k))
    found: dict[str, list[FloatArray]] = {name: [] for name in statistics}
    for start in range(0, n_boot, block):
        times = min(block, n_boot - start)
        drawn = Tally(
            rng.multinomial(sizes, shares, size=(times, tally.size)).reshape(-1, tally.k), tally.values
        )
        for name, statistic in statistics.items():
            found[name].append(_evaluated(statistic, drawn).reshape(times, tally.size))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _interval(
    tally: Tally, statistic: CountStatistic, draws: FloatArray, n_boot: int, conf: float, method: str
) -> Interval:
    plain = Tally(tally.counts, tally.values)
    value = _evaluated(statistic, plain)
    tails = np.broadcast_to(np.array([[(1 - conf) / 2], [(1 + conf) / 2]]), (2, tally.size))
    bias = acceleration = np.full(tally.size, np.nan)
    if method == "bca":
        bias, acceleration = _bias(value, draws), _acceleration(plain, statistic)
        tails, acceleration = _corrected(tails, bias, acceleration)
    low, high = (np.where(tally.n > 1, _percentile(draws, tail), np.nan) for tail in tails)
    label = "percentile" if method == "percentile" else "BCa where defined, else percentile"
    return tally.result(
        Interval,
        value=value,
        method=f"multinomial bootstrap, {label}, {n_boot} draws",
        reasons=first_reason(tally.size, (tally.n <= 0, NO_ANSWERS), (~np.isfinite(value), NO_VARIANCE)),
        ci_low=low,
        ci_high=high,
        conf=conf,
        standard_error=_spread(draws),
        bias_correction=bias,
        acceleration=acceleration,
        n_boot=n_boot,
    )


def _bias(value: FloatArray, draws: FloatArray) -> FloatArray:
    """z0 from the share of draws below the value, half of the ties counted; draws within rounding of it are ties."""
    from scipy.special import ndtri

    hair = 1e-9 * np.maximum(1.0, np.abs(value))
    good = np.maximum(np.isfinite(draws).sum(axis=0), 1)
    below = (draws < value - hair).sum(axis=0) + (draws <= value + hair).sum(axis=0)
    return np.asarray(ndtri(below / (2 * good)))


def _acceleration(tally: Tally, statistic: CountStatistic) -> FloatArray:
    """From the jackknife: leaving out any of the n_c answers in category c gives the same value."""
    less = tally.counts[:, None, :] - np.eye(tally.k)
    possible = tally.counts > 0
    rows = np.where(possible[:, :, None], less, tally.counts[:, None, :]).reshape(-1, tally.k)
    left_out = _evaluated(statistic, Tally(rows, tally.values)).reshape(tally.size, tally.k)
    weights = np.where(possible & np.isfinite(left_out), tally.counts, 0.0)
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    left_out = np.where(weights > 0, left_out, 0.0)
    deviation = (weights * left_out).sum(axis=1, keepdims=True) / total - left_out
    squares = (weights * deviation**2).sum(axis=1)
    enough = squares > 1e-18
    return np.where(
        enough, (weights * deviation**3).sum(axis=1) / (6 * np.where(enough, squares, 1.0) ** 1.5), np.nan
    )


def _corrected(
    tails: FloatArray, bias: FloatArray, acceleration: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Tails of BCa where it is defined; the plain ones, and no acceleration, elsewhere."""
    from scipy.special import ndtr, ndtri

    defined = np.isfinite(bias) & np.isfinite(acceleration)
    z0, a = np.where(defined, bias, 0.0), np.where(defined, acceleration, 0.0)
    z = z0 + ndtri(tails)
    bottom = 1 - a * z
    defined &= (bottom > 0).all(axis=0)
    corrected = ndtr(z0 + z / np.where(bottom > 0, bottom, 1.0))
    return np.where(defined, corrected, tails), np.where(defined, a, np.nan)


def _percentile(draws: FloatArray, tail: FloatArray) -> FloatArray:
    """One quantile per column, ignoring undefined draws (nanquantile warns on empty columns, so by sorting)."""
    ordered = np.sort(np.where(np.isfinite(draws), draws, np.inf), axis=0)
    n = np.isfinite(draws).sum(axis=0)
    last = np.maximum(n - 1, 0)
    place = tail * last
    lower = np.floor(place).astype(int)
    columns = np.arange(draws.shape[1])
    low, high = ordered[lower, columns], ordered[np.minimum(lower + 1, last), columns]
    low, high = np.where(n > 0, low, 0.0), np.where(n > 0, high, 0.0)
    return np.where(n > 0, low + (place - lower) * (high - low), np.nan)


def _spread(draws: FloatArray) -> FloatArray:
    good = np.isfinite(draws)
    n = good.sum(axis=0)
    mean = np.where(good, draws, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = (np.where(good, draws - mean, 0.0) ** 2).sum(axis=0)
    return np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)

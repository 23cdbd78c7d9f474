"""Agreement shares with their intervals, and published share rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .results import NO_ANSWERS, FloatArray, ObjectArray, Result, build, first_reason
from .tally import Counts, Tally

MEDIAN_PUBLISHED_THRESHOLD = 0.75
COMET_AT_LEAST, COMET_BELOW = 0.70, 0.15
COMET_BANDS = {"high": (7.0, 8.0, 9.0), "low": (1.0, 2.0, 3.0)}


@dataclass(frozen=True, kw_only=True)
class Share(Result):
    """``value``: a share of the answers (0-1), with k of n and its interval."""

    k: Any
    ci_low: Any
    ci_high: Any
    conf: float


@dataclass(frozen=True, kw_only=True)
class Comet(Result):
    """``value``: 1 in, 0 none, -1 out. ``verdict`` says it in a word: "in", "none", "out"."""

    verdict: Any
    share_in: Any
    share_out: Any


@dataclass(frozen=True, kw_only=True)
class Apmo(Result):
    """``value``: average percent of majority opinions (0-1)."""

    agreements: Any
    disagreements: Any
    opinions: Any


@dataclass(frozen=True, kw_only=True)
class Importance(Result):
    """``value``: the importance index, in the unit of ``weights``."""

    weights: tuple[float, ...]


def normal_quantile(conf: float) -> float:
    """z with P(-z < Z < z) = conf."""
    if not 0 < conf < 1:
        raise ValueError(f"conf must lie between 0 and 1, not {conf!r}")
    from scipy.special import ndtri

    return float(ndtri(0.5 + conf / 2))


def wilson_bounds(k: FloatArray, n: FloatArray, conf: float) -> tuple[FloatArray, FloatArray]:
    """Wilson score limits, NaN where n = 0. Exactly 0 at k = 0 and 1 at k = n."""
    z = normal_quantile(conf)
    size = np.where(n > 0, n, np.nan)
    share = k / size
    centre = share + z * z / (2 * size)
    half = z * np.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    scale = 1 + z * z / size
    low = np.where(k <= 0, 0.0 * share, (centre - half) / scale)
    high = np.where(k >= n, 0.0 * share + 1, (centre + half) / scale)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def wilson_interval(k: npt.ArrayLike, n: npt.ArrayLike, conf: float = 0.95) -> Share:
    """Wilson score interval of a share k / n, without continuity correction.

    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). ``k`` and ``n``: numbers or arrays of one
    shape. Undefined (``no_answers``) at n = 0. Error: k outside 0..n. Source: Wilson (1927), JASA 22:209;
    Newcombe (1998), Statistics in Medicine 17:857, method 3.
    """
    hits, size = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    if hits.ndim > 1:
        raise ValueError("k and n must be numbers or vectors")
    single = hits.ndim == 0
    hits, size = np.atleast_1d(hits), np.atleast_1d(size)
    if not (np.isfinite(hits).all() and np.isfinite(size).all()) or (hits < 0).any() or (hits > size).any():
        raise ValueError("k must lie between 0 and n")
    return _share(hits, size, np.zeros(len(hits)), conf, single=single, method="Wilson interval")


def _share(
    k: FloatArray, n: FloatArray, missing: FloatArray, conf: float, *, single: bool, method: str
) -> Share:
    low, high = wilson_bounds(k, n, conf)
    return build(
        Share,
        single=single,
        value=k / np.where(n > 0, n, np.nan),
        n_used=n,
        n_missing=missing,
        method=method,
        reasons=first_reason(len(n), (n <= 0, NO_ANSWERS)),
        k=k,
        ci_low=low,
        ci_high=high,
        conf=conf,
    )


def agreement_share(
    counts: Counts,
    categories: Sequence[float],
    values: npt.ArrayLike | None = None,
    *,
    conf: float = 0.95,
    missing: npt.ArrayLike | None = None,
    n_answers: npt.ArrayLike | None = None,
) -> Share:
    """Share of the answers that lie in ``categories``, with its Wilson interval.

    ``categories``: category *values* (default values are 1..K), for instance (7, 8, 9). The denominator is
    the answers given; blanks and "cannot judge" are ``missing`` and never count. The median published
    threshold for consensus is 75 % (``MEDIAN_PUBLISHED_THRESHOLD``; Diamond et al. 2014, J Clin Epidemiol
    67:401). With weights (``n_answers``) the interval is that of the same share of n answers: approximate.
    """
    tally = Tally.of(counts, values, missing=missing, n_answers=n_answers)
    hits = np.minimum(band_counts(tally, categories), tally.n)
    method = tally.note("share with Wilson interval")
    return _share(hits, tally.n, tally.missing, conf, single=tally.single, method=method)


def band_counts(tally: Tally, categories: Sequence[float]) -> FloatArray:
    """Answers per item that lie in the named categories."""
    wanted = np.unique(np.asarray(categories, dtype=float))
    unknown = wanted[~np.isin(wanted, tally.values)]
    if unknown.size:
        raise ValueError(f"categories {unknown.tolist()} are not among the values of the scale")
    return np.asarray(tally.counts[:, np.isin(tally.values, wanted)].sum(axis=1))


def comet_70_15(
    counts: Counts,
    values: npt.ArrayLike | None = None,
    *,
    high: Sequence[float] = COMET_BANDS["high"],
    low: Sequence[float] = COMET_BANDS["low"],
    at_least: float = COMET_AT_LEAST,
    below: float = COMET_BELOW,
    missing: npt.ArrayLike | None = None,
    n_answers: npt.ArrayLike | None = None,
) -> Comet:
    """The COMET rule: in = share in ``high`` >= 70 % and share in ``low`` < 15 %; out = the mirror; else
    none.

    ``counts``: (9,) or (items, 9) for the usual 1-9 scale; bands and thresholds are arguments.
    Undefined (``no_answers``) without answers. Source: Williamson et al. (2012), Trials 13:132.
    """
    tally = Tally.of(counts, values, missing=missing, n_answers=n_answers)
    share_in, share_out = (band_counts(tally, band) / tally.safe_n for band in (high, low))
    is_in = _reaches(share_in, at_least) & _stays_below(share_out, below)
    is_out = _reaches(share_out, at_least) & _stays_below(share_in, below)
    value = is_in.astype(float) - is_out.astype(float)
    verdict: ObjectArray = np.array(["out", "none", "in"], dtype=object)[value.astype(int) + 1]
    verdict[tally.n <= 0] = None
    return tally.result(
        Comet,
        value=value,
        method=f"COMET {at_least * 100:g}/{below * 100:g}",
        reasons=first_reason(tally.size, (tally.n <= 0, NO_ANSWERS)),
        verdict=verdict,
        share_in=share_in,
        share_out=share_out,
    )


# A share of exactly 70 % must pass ">= 70 %" whatever the binary fraction.
def _reaches(share: FloatArray, threshold: float) -> npt.NDArray[np.bool_]:
    return np.asarray(share >= threshold - 1e-12)


def _stays_below(share: FloatArray, threshold: float) -> npt.NDArray[np.bool_]:
    return np.asarray(share < threshold - 1e-12)


def apmo(
    counts: Counts,
    values: npt.ArrayLike | None = None,
    *,
    agree: Sequence[float] | None = None,
    disagree: Sequence[float] | None = None,
    missing: npt.ArrayLike | None = None,
) -> Apmo:
    """Average percent of majority opinions: (majority agreements + majority disagreements) / opinions
    expressed.

    Over all items of the table: an item with a majority (> 50 % of its opinions) of agreements adds those,
    one with a majority of disagreements adds those. ``agree`` and ``disagree`` name category values; by
    default the upper and the lower half of the scale, a middle category counting as neither (but as an
    opinion). The result (0-1) is the consensus cut of Kapoor (1987), as in von der Gracht (2012), TFSC
    79:1525.
    """
    tally = Tally.of(counts, values, missing=missing)
    centre = (tally.values[0] + tally.values[-1]) / 2
    up = tally.values[tally.values > centre].tolist() if agree is None else agree
    down = tally.values[tally.values < centre].tolist() if disagree is None else disagree
    yes, no = band_counts(tally, up), band_counts(tally, down)
    half = tally.n / 2
    agreements, disagreements = float(yes[yes > half].sum()), float(no[no > half].sum())
    opinions = float(tally.n.sum())
    return Apmo(
        value=(agreements + disagreements) / opinions if opinions else None,
        n_used=int((tally.n > 0).sum()),
        n_missing=int((tally.n <= 0).sum()),
        method="APMO",
        undefined_reason=None if opinions else NO_ANSWERS,
        agreements=agreements,
        disagreements=disagreements,
        opinions=opinions,
    )


def importance_index(
    counts: Counts,
    weights: Sequence[float] = (100, 50, 25, 0),
    *,
    missing: npt.ArrayLike | None = None,
    n_answers: npt.ArrayLike | None = None,
) -> Importance:
    """Importance index: sum weight_c n_c / n, categories from "high" to "unnecessary".

    ``counts``: (K,) or (items, K) with one weight per category. Undefined without answers.
    Source: NISTEP foresight surveys 5-8 (weights 100, 50, 25, 0).
    """
    tally = Tally.of(counts, missing=missing, n_answers=n_answers)
    factors = np.asarray(weights, dtype=float)
    if factors.shape != (tally.k,) or not np.isfinite(factors).all():
        raise ValueError(f"weights must be {tally.k} finite numbers, one per category")
    return tally.result(
        Importance,
        value=tally.counts @ factors / tally.safe_n,
        method="importance index",
        reasons=first_reason(tally.size, (tally.n <= 0, NO_ANSWERS)),
        weights=tuple(factors.tolist()),
    )

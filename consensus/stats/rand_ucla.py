"""The RAND/UCLA appropriateness method: median region, IPRAS, and the classic rule by panel size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .quantiles import DEFAULT_TYPE, check_type, quantiles_of
from .results import NO_ANSWERS, TOO_FEW_CATEGORIES, FloatArray, ObjectArray, Result, first_reason
from .tally import Counts, Tally

SCALE = np.arange(1.0, 10.0)
_CONSTANT, _FACTOR = 2.35, 1.5
_PROBS = np.array([0.3, 0.5, 0.7])
_HAIR = 1e-9


@dataclass(frozen=True, kw_only=True)
class RandUcla(Result):
    """``value``: the disagreement index IPR / IPRAS.

    ``region``: "high" (median >= 6.5), "low" (< 3.5) or "middle". ``disagreement``: index > 1.
    ``classic``: "agreement", "disagreement" or "indeterminate" by the rule for this panel size.
    ``rescaled``: the scale was not 1-9 and was mapped linearly onto it.
    """

    median: Any
    region: Any
    p30: Any
    p70: Any
    ipr: Any
    central_point: Any
    asymmetry: Any
    ipras: Any
    disagreement: Any
    classic: Any
    outside_median_region: Any
    in_low_third: Any
    in_high_third: Any
    agree_max_outside: Any
    disagree_min_each_extreme: Any
    quantile_type: int
    rescaled: bool


def rand_classic_cutoffs(n: npt.ArrayLike) -> tuple[Any, Any]:
    """(most ratings outside the median's third for agreement, fewest in each extreme third for disagreement).

    With t = floor((n + 1) / 3): t - 1 and t. Panels of 8-10, 11-13, 14-16 give 2/3, 3/4, 4/5.
    Source: Fitch et al. (2001), The RAND/UCLA Appropriateness Method User's Manual.
    """
    thirds = np.floor((np.asarray(n, dtype=float) + 1) / 3 + _HAIR)  # n may be a sum of weights
    if np.ndim(n) == 0:
        return int(thirds) - 1, int(thirds)
    return thirds - 1, thirds


def rand_ucla(
    counts: Counts,
    quantile_type: int = DEFAULT_TYPE,
    values: npt.ArrayLike | None = None,
    *,
    ipr_constant: float = _CONSTANT,
    asymmetry_factor: float = _FACTOR,
    missing: npt.ArrayLike | None = None,
    n_answers: npt.ArrayLike | None = None,
) -> RandUcla:
    """Appropriateness and disagreement on the 1-9 scale.

    IPR = P70 - P30, CP = (P30 + P70) / 2, AI = |5 - CP|, IPRAS = 2.35 + 1.5 AI, index = IPR / IPRAS; above 1
    is disagreement. Classic rule with t = floor((n + 1) / 3): disagreement when 1-3 and 7-9 each hold at
    least t ratings, agreement when at most t - 1 ratings lie outside the third that holds the median. Both
    are given.

    ``counts``: (9,) or (items, 9). Another scale is mapped linearly onto 1-9, from its lowest to its highest
    value, and the result says ``rescaled``; median and percentiles are then in 1-9 units, thirds are
    1-3.5, 3.5-6.5, 6.5-9. Undefined: ``no_answers``; ``too_few_categories`` on a scale of one value, which has
    no place on 1-9. The index depends on the quantile type.
    Source: Fitch et al. (2001), RAND MR-1269, chapter 8.
    """
    tally = Tally.of(counts, values, missing=missing, n_answers=n_answers)
    scale = _on_one_to_nine(tally)
    rescaled = not np.array_equal(scale, tally.values)
    p30, median, p70 = _percentiles(tally, scale, check_type(quantile_type)).T
    ipr, centre = p70 - p30, (p30 + p70) / 2
    asymmetry = np.abs(5 - centre)
    ipras = ipr_constant + asymmetry_factor * asymmetry
    index = ipr / ipras
    reasons = first_reason(tally.size, (tally.n <= 0, NO_ANSWERS), (tally.k < 2, TOO_FEW_CATEGORIES))
    method = f"IPRAS, quantile type {quantile_type}" + (", rescaled to 1-9" if rescaled else "")
    return tally.result(
        RandUcla,
        value=index,
        method=method,
        reasons=reasons,
        median=median,
        region=_words(_third(median), tally, ("low", "middle", "high")),
        p30=p30,
        p70=p70,
        ipr=ipr,
        central_point=centre,
        asymmetry=asymmetry,
        ipras=ipras,
        disagreement=_flags(index > 1 + 1e-12, tally),
        quantile_type=quantile_type,
        rescaled=rescaled,
        **_classic(tally, scale, median),
    )


def indices_of(tally: Tally, quantile_type: int = DEFAULT_TYPE) -> FloatArray:
    """The disagreement index alone, for resampling: NaN where an item has no answers."""
    p30, _median, p70 = _percentiles(tally, _on_one_to_nine(tally), quantile_type).T
    return np.asarray((p70 - p30) / (_CONSTANT + _FACTOR * np.abs(5 - (p30 + p70) / 2)))


def _on_one_to_nine(tally: Tally) -> FloatArray:
    if tally.k == 1:
        return np.full(1, np.nan)
    if tally.values[0] >= 1 and tally.values[-1] <= 9 and np.isin(tally.values, SCALE).all() and tally.k == 9:
        return tally.values
    low, high = tally.values[0], tally.values[-1]
    return np.asarray(1 + 8 * (tally.values - low) / (high - low))


def _percentiles(tally: Tally, scale: FloatArray, quantile_type: int) -> FloatArray:
    found = quantiles_of(tally, _PROBS, quantile_type)
    if scale is tally.values:
        return found
    if tally.k == 1:
        return np.full_like(found, np.nan)
    low, high = tally.values[0], tally.values[-1]
    return np.asarray(1 + 8 * (found - low) / (high - low))


def _third(points: FloatArray) -> npt.NDArray[np.int64]:
    """0, 1, 2 for below 3.5, between, from 6.5. On another scale mapped onto 1-9 they may come out a hair less."""
    return (points >= 3.5 - _HAIR).astype(int) + (points >= 6.5 - _HAIR)


def _words(codes: npt.NDArray[np.int64], tally: Tally, words: tuple[str, ...]) -> ObjectArray:
    out: ObjectArray = np.array(words, dtype=object)[codes]
    out[(tally.n <= 0) | (tally.k < 2)] = None
    return out


def _flags(holds: npt.NDArray[np.bool_], tally: Tally) -> ObjectArray:
    out = holds.astype(object)
    out[(tally.n <= 0) | (tally.k < 2)] = None
    return out


def _classic(tally: Tally, scale: FloatArray, median: FloatArray) -> dict[str, Any]:
    thirds = _third(scale)
    held = np.stack([tally.counts[:, thirds == t].sum(axis=1) for t in range(3)], axis=1)
    outside = tally.n - held[np.arange(tally.size), _third(median)]
    most_outside, least_extreme = rand_classic_cutoffs(tally.n)
    disagrees = (held[:, [0, 2]].min(axis=1) >= least_extreme - _HAIR) & (least_extreme > 0)
    agrees = ~disagrees & (outside <= np.maximum(most_outside, 0) + _HAIR)
    return {
        "classic": _words(agrees + 2 * disagrees, tally, ("indeterminate", "agreement", "disagreement")),
        "outside_median_region": outside,
        "in_low_third": held[:, 0],
        "in_high_third": held[:, 2],
        "agree_max_outside": np.maximum(most_outside, 0),
        "disagree_min_each_extreme": least_extreme,
    }

"""Location and spread of answers, from count tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .quantiles import DEFAULT_TYPE, check_type, quantiles_of
from .results import (
    NO_ANSWERS,
    TOO_FEW_RATERS,
    ZERO_MEAN,
    ZERO_MEDIAN,
    FloatArray,
    Result,
    counts_field,
    first_reason,
)
from .tally import Counts, Tally

_PROBS = np.array([0.10, 0.25, 0.30, 0.50, 0.70, 0.75, 0.90])


@dataclass(frozen=True, kw_only=True)
class Description(Result):
    """``value`` is the median. Fields are None where undefined; ``reasons`` says why, by field."""

    n: Any
    mean: Any
    median: Any
    interpolated_median: Any
    modes: Any
    sd: Any
    cv: Any
    q1: Any
    q3: Any
    iqr: Any
    quartile_deviation: Any
    relative_iqr: Any
    mad_median: Any
    min: Any
    max: Any
    p10: Any
    p30: Any
    p70: Any
    p90: Any
    quantile_type: int

    @property
    def reasons(self) -> dict[str, str]:
        """Why single fields of a plain (one-item) description are undefined."""
        if self.is_table:
            raise TypeError("ask item(i) for the reasons of one item")
        if self.undefined_reason:
            return {"value": self.undefined_reason}
        found = {}
        if self.sd is None:
            found["sd"] = found["cv"] = TOO_FEW_RATERS
        elif self.cv is None:
            found["cv"] = ZERO_MEAN
        if self.relative_iqr is None:
            found["relative_iqr"] = ZERO_MEDIAN
        return found


def describe(
    counts: Counts,
    values: npt.ArrayLike | None = None,
    quantile_type: int = DEFAULT_TYPE,
    *,
    class_width: float | None = None,
    missing: npt.ArrayLike | None = None,
    n_answers: npt.ArrayLike | None = None,
) -> Description:
    """Everything about where answers lie and how far they spread.

    With n answers x and category values v: mean = sum n_c v_c / n; sd = sqrt(sum n_c (v_c - mean)^2 / (n -
    1)); cv = sd / |mean|; iqr = q3 - q1; quartile_deviation = iqr / 2; relative_iqr = iqr / |median|;
    mad_median = sum n_c |v_c - median| / n; modes = all tied modes; interpolated_median = M - w/2 + w (n/2 -
    n_below) / n_at with M the median and w the class width (M itself if nobody is at M).

    ``counts``: (K,) or (items, K); ``values``: (K,), default 1..K; results are in the unit of ``values``.
    ``class_width``: default the smallest distance between values. Members without an answer never enter;
    ``missing`` is carried along. Undefined: everything without answers (``no_answers``), sd and cv with one,
    cv at mean 0, relative_iqr at median 0. The cv of interval codes means little: on a 1-5 scale it depends
    on where the codes start. Quantiles: see ``quantile``.
    """
    tally = Tally.of(counts, values, missing=missing, n_answers=n_answers)
    found = quantiles_of(tally, _PROBS, check_type(quantile_type)).T
    p10, q1, p30, median, p70, q3, p90 = found
    sd = standard_deviation(tally)
    iqr = q3 - q1
    return tally.result(
        Description,
        value=median,
        method=f"quantile type {quantile_type}, sd with n - 1",
        reasons=first_reason(tally.size, (tally.n <= 0, NO_ANSWERS)),
        n=counts_field(tally.n),
        mean=tally.mean,
        median=median,
        interpolated_median=interpolated_medians(tally, class_width),
        modes=_modes(tally),
        sd=sd,
        cv=_ratio(sd, tally.mean),
        q1=q1,
        q3=q3,
        iqr=iqr,
        quartile_deviation=iqr / 2,
        relative_iqr=_ratio(iqr, median),
        mad_median=(tally.shares * np.abs(tally.values - median[:, None])).sum(axis=1),
        min=_extreme(tally, first=True),
        max=_extreme(tally, first=False),
        p10=p10,
        p30=p30,
        p70=p70,
        p90=p90,
        quantile_type=quantile_type,
    )


def standard_deviation(tally: Tally) -> FloatArray:
    """Sample sd (divisor n - 1) per item; NaN below two answers."""
    squares = (tally.counts * tally.deviations**2).sum(axis=1)
    below = np.where(tally.n > 1, tally.n - 1, np.nan)
    spread: FloatArray = np.sqrt(squares / below)
    return np.where(tally.occupied == 1, spread * 0.0, spread)


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """top / |bottom|, NaN where bottom is zero up to rounding."""
    return top / np.where(np.abs(bottom) > 1e-12, np.abs(bottom), np.nan)


def _modes(tally: Tally) -> Any:
    top = tally.counts.max(axis=1, keepdims=True)
    is_mode = (tally.counts >= top * (1 - 1e-12)) & (top > 0)
    return np.ma.MaskedArray(np.broadcast_to(tally.values, is_mode.shape), mask=~is_mode)


def _extreme(tally: Tally, *, first: bool) -> FloatArray:
    occupied = tally.counts > 0
    index = occupied.argmax(axis=1) if first else tally.k - 1 - occupied[:, ::-1].argmax(axis=1)
    return np.where(tally.n > 0, tally.values[index], np.nan)


def interpolated_medians(tally: Tally, class_width: float | None = None) -> FloatArray:
    """The median as if the answers of a class were spread evenly over its width."""
    if class_width is not None and class_width <= 0:
        raise ValueError("class_width must be positive")
    width = class_width or (float(np.diff(tally.values).min()) if tally.k > 1 else 1.0)
    median = quantiles_of(tally, np.array([0.5]), 2)
    below = np.where(tally.values < median, tally.counts, 0.0).sum(axis=1)
    at = np.where(tally.values == median, tally.counts, 0.0).sum(axis=1)
    share = (tally.n / 2 - below) / np.where(at > 0, at, np.nan)
    return np.where(at > 0, median[:, 0] - width / 2 + width * share, median[:, 0])


@dataclass(frozen=True, kw_only=True)
class Median(Result):
    """``value``: the interpolated median."""

    class_width: float


def interpolated_median(
    counts: Counts,
    values: npt.ArrayLike | None = None,
    class_width: float | None = None,
    *,
    missing: npt.ArrayLike | None = None,
) -> Median:
    """Median interpolated within its class: M - w/2 + w (n/2 - n_below) / n_at. See ``describe``.

    Source: Revelle, R package psych, ``interp.median``.
    """
    tally = Tally.of(counts, values, missing=missing)
    found = interpolated_medians(tally, class_width)
    width = class_width or (float(np.diff(tally.values).min()) if tally.k > 1 else 1.0)
    reasons = first_reason(tally.size, (tally.n <= 0, NO_ANSWERS))
    return tally.result(Median, value=found, method="interpolated median", reasons=reasons, class_width=width)

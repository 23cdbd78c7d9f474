"""Intraclass correlations: how alike are the ratings of one item by different members?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .chi2 import f_tail
from .results import (
    NEGATIVE_VARIANCE,
    NO_VARIANCE,
    TOO_FEW_ITEMS,
    TOO_FEW_RATERS,
    FloatArray,
    Result,
    scalar,
    undefined,
)
from .tally import check_ratings


@dataclass(frozen=True, kw_only=True)
class IccForm(Result):
    """``value``: one form. ``n_used`` and ``n_missing`` count items (targets)."""

    f: Any
    df1: Any
    df2: Any
    p_value: Any
    ci_low: Any
    ci_high: Any


@dataclass(frozen=True, kw_only=True)
class Icc(Result):
    """``value``: ICC(2,1), single member, absolute agreement. All six forms by name."""

    icc1: IccForm
    icc2: IccForm
    icc3: IccForm
    icc1k: IccForm
    icc2k: IccForm
    icc3k: IccForm
    ebel_k0: Any
    conf: float


Limits = tuple[float | None, float | None]


@dataclass(frozen=True)
class _Anova:
    n: int
    k: float
    msb: float
    msw: float
    msj: float
    mse: float
    df_within: float


def icc(data: npt.ArrayLike, *, conf: float = 0.95) -> Icc:
    """All six intraclass correlations of Shrout and Fleiss, members x items (NaN missing).

    One-way (icc1, icc1k: members differ by item): (MSB - MSW) / (MSB + (k0 - 1) MSW) from every item with at
    least one answer, unbalanced with Ebel's k0 = (N - sum n_i^2 / N) / (I - 1) and MSW over N - I.
    icc1k = (MSB - MSW) / MSB. Two-way (the same members rate every item) from items that all members rated;
    members without any answer do not count: icc2 = (MSB - MSE) / (MSB + (k - 1) MSE + k (MSJ - MSE) / I),
    icc3 = (MSB - MSE) / (MSB + (k - 1) MSE); icc2k, icc3k for the mean of k members. F, p and intervals by
    Shrout & Fleiss; the unbalanced one-way interval (with k0) is approximate. ``n_missing`` of a form counts
    the items it left out. (pingouin renamed its rows between versions and takes over 100 s on 5,000 x 700.)

    Undefined: ``too_few_items``, ``too_few_raters``, ``no_variance`` (unanimity throughout; for icc3 also
    when members differ by a constant alone), ``negative_variance`` (the estimated variance that a form
    divides by is not above 0, as in tiny panels whose members contradict each other: the quotient would pass
    for agreement). A limit that would need such a division, and an interval that the approximation puts
    beside its estimate, are None.
    Source: Shrout & Fleiss (1979), Psych Bull 86:420; Ebel (1951), Psychometrika 16:407.
    """
    if not 0 < conf < 1:
        raise ValueError(f"conf must lie between 0 and 1, not {conf!r}")
    array = check_ratings(data, "data").T
    array = array[:, ~np.isnan(array).all(axis=0)]
    answered = ~np.isnan(array)
    rated = answered.any(axis=1)
    one, one_reason = _one_way(array[rated], answered[rated])
    complete = answered.all(axis=1) if array.shape[1] else np.zeros(len(array), dtype=bool)
    two, two_reason = _two_way(array[complete])
    single = _forms_one_way(one, one_reason, int(rated.sum()), len(array), conf)
    forms = single | _forms_two_way(two, two_reason, int(complete.sum()), len(array), conf)
    main = forms["icc2"]
    return Icc(
        value=main.value,
        n_used=main.n_used,
        n_missing=main.n_missing,
        method="ICC, one-way on all rated items, two-way on items rated by every member",
        undefined_reason=main.undefined_reason,
        ebel_k0=one.k if one is not None else None,
        conf=conf,
        **forms,
    )


def _one_way(array: FloatArray, answered: npt.NDArray[np.bool_]) -> tuple[_Anova | None, str | None]:
    n = len(array)
    sizes = answered.sum(axis=1).astype(float)
    total = float(sizes.sum())
    if n < 2:
        return None, TOO_FEW_ITEMS
    if total <= n:
        return None, TOO_FEW_RATERS
    filled = np.where(answered, array, 0.0)
    means, grand = filled.sum(axis=1) / sizes, filled.sum() / total
    between = float((sizes * (means - grand) ** 2).sum())
    within = float((np.where(answered, array - means[:, None], 0.0) ** 2).sum())
    k0 = (total - float((sizes**2).sum()) / total) / (n - 1)
    if _flat(between + within, filled):
        return None, NO_VARIANCE
    msb, msw = _square(between, filled) / (n - 1), _square(within, filled) / (total - n)
    return _Anova(n, k0, msb, msw, 0.0, 0.0, total - n), None


def _flat(squares: float, values: FloatArray) -> bool:
    return squares <= 1e-20 * max(float((values**2).sum()), 1e-300)


def _square(squares: float, values: FloatArray) -> float:
    """A sum of squares without what rounding alone leaves where it should be 0."""
    return 0.0 if _flat(squares, values) else squares


def _two_way(array: FloatArray) -> tuple[_Anova | None, str | None]:
    n, k = array.shape
    if n < 2:
        return None, TOO_FEW_ITEMS
    if k < 2:
        return None, TOO_FEW_RATERS
    grand, rows, columns = array.mean(), array.mean(axis=1), array.mean(axis=0)
    total = float(((array - grand) ** 2).sum())
    if _flat(total, array):
        return None, NO_VARIANCE
    between, judges = k * float(((rows - grand) ** 2).sum()), n * float(((columns - grand) ** 2).sum())
    rest = float(((array - rows[:, None] - columns + grand) ** 2).sum())
    between, judges, rest = (_square(part, array) for part in (between, judges, rest))
    msb, msj, mse = between / (n - 1), judges / (k - 1), rest / ((n - 1) * (k - 1))
    return _Anova(n, k, msb, 0.0, msj, mse, (n - 1) * (k - 1)), None


def _form(
    name: str,
    quotient: tuple[float, float],
    limits: Limits | None,
    ratio: float | None,
    a: _Anova,
    lost: int,
) -> IccForm:
    """``quotient``: the form as numerator and denominator; ``ratio``: its F."""
    value, reason = _divide(*quotient, a)
    low, high = limits if limits and value is not None else (None, None)
    return IccForm(
        value=value,
        n_used=a.n,
        n_missing=lost,
        method=name,
        undefined_reason=reason,
        f=scalar(ratio),
        df1=a.n - 1,
        df2=a.df_within,
        p_value=scalar(f_tail(ratio, a.n - 1, a.df_within)) if ratio is not None else None,
        ci_low=scalar(low),
        ci_high=scalar(high),
    )


def _divide(top: float, bottom: float, a: _Anova) -> tuple[float | None, str | None]:
    """The quotient, or why there is none: ``bottom`` is the estimate of a variance."""
    scale = a.msb + a.msw + a.msj + a.mse
    if bottom > 1e-12 * scale:
        return top / bottom, None
    return None, NO_VARIANCE if abs(top) <= 1e-12 * scale else NEGATIVE_VARIANCE


def _forms_one_way(
    a: _Anova | None, reason: str | None, used: int, items: int, conf: float
) -> dict[str, IccForm]:
    names = {"icc1": "ICC(1,1)", "icc1k": "ICC(1,k)"}
    if a is None:
        return _undefined_forms(names, reason, used, items)
    ratio = a.msb / a.msw if a.msw > 0 else None
    single, mean = _consistent_limits(ratio, a, conf)
    difference, lost = a.msb - a.msw, items - used
    return {
        "icc1": _form(names["icc1"], (difference, a.msb + (a.k - 1) * a.msw), single, ratio, a, lost),
        "icc1k": _form(names["icc1k"], (difference, a.msb), mean, ratio, a, lost),
    }


def _undefined_forms(names: dict[str, str], reason: str | None, used: int, items: int) -> dict[str, IccForm]:
    return {
        key: undefined(IccForm, reason or NO_VARIANCE, method=name, n_used=used, n_missing=items - used)
        for key, name in names.items()
    }


def _consistent_limits(ratio: float | None, a: _Anova, conf: float) -> tuple[Limits | None, Limits | None]:
    """Intervals of a single member and of the mean: F divided and multiplied by its quantiles."""
    from scipy.special import fdtri

    if ratio is None or ratio <= 0:
        return None, None
    tail = 1 - (1 - conf) / 2
    low = ratio / float(fdtri(a.n - 1, a.df_within, tail))
    high = ratio * float(fdtri(a.df_within, a.n - 1, tail))
    return (
        ((low - 1) / (low + a.k - 1), (high - 1) / (high + a.k - 1)),
        (1 - 1 / low, 1 - 1 / high),
    )


def _forms_two_way(
    a: _Anova | None, reason: str | None, used: int, items: int, conf: float
) -> dict[str, IccForm]:
    names = {"icc2": "ICC(2,1)", "icc3": "ICC(3,1)", "icc2k": "ICC(2,k)", "icc3k": "ICC(3,k)"}
    if a is None:
        return _undefined_forms(names, reason, used, items)
    ratio = a.msb / a.mse if a.mse > 0 else None
    difference, judges, lost = a.msb - a.mse, (a.msj - a.mse) / a.n, items - used
    single, mean = _consistent_limits(ratio, a, conf)
    consistent = a.msb + (a.k - 1) * a.mse
    total = consistent + a.k * judges
    absolute = _absolute_limits(a, _divide(difference, total, a)[0], conf)
    return {
        "icc2": _form(names["icc2"], (difference, total), absolute, ratio, a, lost),
        "icc3": _form(names["icc3"], (difference, consistent), single, ratio, a, lost),
        "icc2k": _form(names["icc2k"], (difference, a.msb + judges), _step_up(absolute, a.k), ratio, a, lost),
        "icc3k": _form(names["icc3k"], (difference, a.msb), mean, ratio, a, lost),
    }


def _step_up(limits: Limits | None, k: float) -> Limits | None:
    """Spearman-Brown on both limits; below -1 / (k - 1) it has no meaning."""
    if limits is None:
        return None
    low, high = (
        x * k / (1 + x * (k - 1)) if x is not None and 1 + x * (k - 1) > 1e-9 else None for x in limits
    )
    return low, high


def _absolute_limits(a: _Anova, value: float | None, conf: float) -> Limits | None:
    """Interval of ICC(2,1) with Satterthwaite's degrees of freedom."""
    from scipy.special import fdtri

    if value is None or a.mse <= 0:
        return None
    n, k, fj = a.n, a.k, a.msj / a.mse
    error = n * (1 + (k - 1) * value) - k * value
    top = (k - 1) * (n - 1) * (k * value * fj + error) ** 2
    bottom = (n - 1) * k**2 * value**2 * fj**2 + error**2
    # Both are 0 where neither mean square has a weight: as where the members' means are all alike.
    df = top / bottom if bottom > 1e-24 else a.df_within
    if df <= 0:
        return None
    tail = 1 - (1 - conf) / 2
    upper_f, lower_f = float(fdtri(n - 1, df, tail)), float(fdtri(df, n - 1, tail))
    # With next to no degrees of freedom the quantiles fall below 1, and the interval beside the estimate.
    if not np.isfinite([upper_f, lower_f]).all() or min(upper_f, lower_f) < 1:
        return None
    shared = k * a.msj + (k * n - k - n) * a.mse
    low = n * (a.msb - upper_f * a.mse) / (upper_f * shared + n * a.msb)
    high = n * (lower_f * a.msb - a.mse) / (shared + n * lower_f * a.msb)
    return low, high

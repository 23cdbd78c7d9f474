"""Intraclass correlations: how alike are the ratings of one item by different members?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .chi2 import f_tail
from .results import NO_VARIANCE, TOO_FEW_ITEMS, TOO_FEW_RATERS, FloatArray, Result, scalar, undefined
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

    Undefined: ``too_few_items``, ``too_few_raters``, ``no_variance`` (unanimity throughout).
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
    msb, msw = between / (n - 1), within / (total - n)
    if _flat(between + within, filled):
        return None, NO_VARIANCE
    return _Anova(n, k0, msb, msw, 0.0, 0.0, total - n), None


def _flat(squares: float, values: FloatArray) -> bool:
    return squares <= 1e-20 * max(float((values**2).sum()), 1e-300)


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
    msb, msj, mse = between / (n - 1), judges / (k - 1), rest / ((n - 1) * (k - 1))
    return _Anova(n, k, msb, 0.0, msj, mse, (n - 1) * (k - 1)), None


def _form(
    name: str,
    value: float | None,
    limits: tuple[float, float] | None,
    ratio: float | None,
    a: _Anova,
    lost: int,
) -> IccForm:
    low, high = limits or (None, None)
    return IccForm(
        value=scalar(value),
        n_used=a.n,
        n_missing=lost,
        method=name,
        undefined_reason=None if scalar(value) is not None else NO_VARIANCE,
        f=scalar(ratio),
        df1=a.n - 1,
        df2=a.df_within,
        p_value=scalar(f_tail(ratio, a.n - 1, a.df_within)) if ratio is not None else None,
        ci_low=scalar(low),
        ci_high=scalar(high),
    )


def _divide(top: float, bottom: float) -> float | None:
    return top / bottom if abs(bottom) > 1e-300 else None


def _forms_one_way(
    a: _Anova | None, reason: str | None, used: int, items: int, conf: float
) -> dict[str, IccForm]:
    names = {"icc1": "ICC(1,1)", "icc1k": "ICC(1,k)"}
    if a is None:
        return _undefined_forms(names, reason, used, items)
    ratio = _divide(a.msb, a.msw)
    bounds = _f_limits(ratio, a, conf)
    one = (_step(bounds[0], a.k), _step(bounds[1], a.k)) if bounds else None
    mean = (1 - 1 / bounds[0], 1 - 1 / bounds[1]) if bounds else None
    return {
        "icc1": _form(
            names["icc1"], _divide(a.msb - a.msw, a.msb + (a.k - 1) * a.msw), one, ratio, a, items - used
        ),
        "icc1k": _form(names["icc1k"], _divide(a.msb - a.msw, a.msb), mean, ratio, a, items - used),
    }


def _undefined_forms(names: dict[str, str], reason: str | None, used: int, items: int) -> dict[str, IccForm]:
    return {
        key: undefined(IccForm, reason or NO_VARIANCE, method=name, n_used=used, n_missing=items - used)
        for key, name in names.items()
    }


def _f_limits(ratio: float | None, a: _Anova, conf: float) -> tuple[float, float] | None:
    """F divided and multiplied by the F quantiles of the interval."""
    from scipy.special import fdtri

    if ratio is None or ratio <= 0:
        return None
    tail = 1 - (1 - conf) / 2
    low = float(fdtri(a.n - 1, a.df_within, tail))
    high = float(fdtri(a.df_within, a.n - 1, tail))
    return ratio / low, ratio * high


def _step(f: float, k: float) -> float:
    return (f - 1) / (f + k - 1)


def _forms_two_way(
    a: _Anova | None, reason: str | None, used: int, items: int, conf: float
) -> dict[str, IccForm]:
    names = {"icc2": "ICC(2,1)", "icc3": "ICC(3,1)", "icc2k": "ICC(2,k)", "icc3k": "ICC(3,k)"}
    if a is None:
        return _undefined_forms(names, reason, used, items)
    ratio = _divide(a.msb, a.mse)
    bounds = _f_limits(ratio, a, conf)
    difference, judges = a.msb - a.mse, (a.msj - a.mse) / a.n
    icc2 = _divide(difference, a.msb + (a.k - 1) * a.mse + a.k * judges)
    absolute = _absolute_limits(a, icc2, conf)
    consistent = (_step(bounds[0], a.k), _step(bounds[1], a.k)) if bounds else None
    mean = (1 - 1 / bounds[0], 1 - 1 / bounds[1]) if bounds else None
    lost = items - used
    return {
        "icc2": _form(names["icc2"], icc2, absolute, ratio, a, lost),
        "icc3": _form(
            names["icc3"], _divide(difference, a.msb + (a.k - 1) * a.mse), consistent, ratio, a, lost
        ),
        "icc2k": _form(
            names["icc2k"], _divide(difference, a.msb + judges), _step_up(absolute, a.k), ratio, a, lost
        ),
        "icc3k": _form(names["icc3k"], _divide(difference, a.msb), mean, ratio, a, lost),
    }


def _step_up(limits: tuple[float, float] | None, k: float) -> tuple[float, float] | None:
    if limits is None:
        return None
    low, high = (x * k / (1 + x * (k - 1)) for x in limits)
    return low, high


def _absolute_limits(a: _Anova, value: float | None, conf: float) -> tuple[float, float] | None:
    """Interval of ICC(2,1) with Satterthwaite's degrees of freedom."""
    from scipy.special import fdtri

    if value is None or a.mse <= 0:
        return None
    n, k, fj = a.n, a.k, a.msj / a.mse
    top = (k - 1) * (n - 1) * (k * value * fj + n * (1 + (k - 1) * value) - k * value) ** 2
    bottom = (n - 1) * k**2 * value**2 * fj**2 + (n * (1 + (k - 1) * value) - k * value) ** 2
    df = top / bottom
    tail = 1 - (1 - conf) / 2
    upper_f, lower_f = float(fdtri(n - 1, df, tail)), float(fdtri(df, n - 1, tail))
    shared = k * a.msj + (k * n - k - n) * a.mse
    low = n * (a.msb - upper_f * a.mse) / (upper_f * shared + n * a.msb)
    high = n * (lower_f * a.msb - a.mse) / (shared + n * lower_f * a.msb)
    return low, high

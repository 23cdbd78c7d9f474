"""Tail probabilities that every test here uses, from scipy.special (scipy.stats costs 1.8 s to import)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .results import FloatArray


def chi2_tail(chi2: npt.ArrayLike, df: npt.ArrayLike) -> FloatArray:
    """P(X >= chi2) with df degrees of freedom; NaN where df < 1."""
    from scipy.special import chdtrc

    degrees = np.asarray(df, dtype=float)
    return np.where(
        degrees > 0, chdtrc(np.where(degrees > 0, degrees, 1.0), np.asarray(chi2, dtype=float)), np.nan
    )


def two_sided_t(t: npt.ArrayLike, df: npt.ArrayLike) -> FloatArray:
    """2 P(T >= |t|); NaN where df < 1."""
    from scipy.special import stdtr

    degrees = np.asarray(df, dtype=float)
    ok = degrees > 0
    return np.where(ok, 2 * stdtr(np.where(ok, degrees, 1.0), -np.abs(np.asarray(t, dtype=float))), np.nan)


def f_tail(f: npt.ArrayLike, df1: npt.ArrayLike, df2: npt.ArrayLike) -> FloatArray:
    from scipy.special import fdtrc

    return np.asarray(fdtrc(df1, df2, f))

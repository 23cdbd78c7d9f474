"""Cohen's kappa of a contingency table: two raters, or one panel in two rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .kappa import weight_matrix
from .pairs import Pairs, Tables
from .results import NO_ANSWERS, NO_VARIANCE, FloatArray, Result, first_reason
from .shares import normal_quantile


@dataclass(frozen=True, kw_only=True)
class CohenKappa(Result):
    """``value``: kappa. ``z`` and ``p_value`` test kappa = 0; the interval uses the general standard
    error.
    """

    pa: Any
    pe: Any
    se: Any
    z: Any
    p_value: Any
    ci_low: Any
    ci_high: Any
    weights: str


def cohen_kappa(
    table: npt.ArrayLike | Pairs,
    weights: str | npt.ArrayLike = "identity",
    values: npt.ArrayLike | None = None,
    *,
    disagreement: bool = False,
    conf: float = 0.95,
) -> CohenKappa:
    """Cohen's (weighted) kappa = (pa - pe) / (1 - pe), pa = sum w p_ij, pe = sum w p_i. p_.j.

    ``table``: (K, K) or (items, K, K). ``weights``: identity, linear, quadratic, ordinal, or a matrix of
    agreement weights; with ``disagreement`` the matrix holds disagreement weights v (w = 1 - v / max v).
    Standard errors: Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72:323. Undefined: ``no_answers``,
    ``no_variance`` (both marginals in one category). Source: Cohen (1960, 1968).
    """
    pairs = Pairs.of(table, values)
    w = _weights(weights, pairs.values, disagreement)
    p, rows, columns = pairs.shares, pairs.row_shares, pairs.column_shares
    pa = (p * w).sum(axis=(1, 2))
    pe = np.einsum("mi,ij,mj->m", rows, w, columns, optimize=True)
    room = np.where(1 - pe > 1e-12, 1 - pe, np.nan)
    value = (pa - pe) / room
    se0, se = _errors(p, rows, columns, w, pe, value, room, pairs.safe_n)
    from scipy.special import ndtr

    z = value / np.where(se0 > 0, se0, np.nan)
    half = normal_quantile(conf) * se
    reasons = first_reason(pairs.size, (pairs.n <= 0, NO_ANSWERS), (np.isnan(room), NO_VARIANCE))
    name = weights if isinstance(weights, str) else "own"
    return pairs.result(
        CohenKappa,
        value=value,
        method=f"Cohen kappa, {name} weights",
        reasons=reasons,
        pa=pa,
        pe=pe,
        se=se,
        z=z,
        p_value=2 * ndtr(-np.abs(z)),
        ci_low=np.maximum(value - half, -1),
        ci_high=np.minimum(value + half, 1),
        weights=name,
    )


def _weights(weights: str | npt.ArrayLike, values: FloatArray, disagreement: bool) -> FloatArray:
    w = weight_matrix(weights, values)
    if not disagreement:
        return w
    if w.max() <= 0:
        raise ValueError("disagreement weights must have a positive entry")
    return np.asarray(1 - w / w.max())


def _errors(
    p: Tables,
    rows: FloatArray,
    columns: FloatArray,
    w: FloatArray,
    pe: FloatArray,
    value: FloatArray,
    room: FloatArray,
    n: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Standard error under kappa = 0, and in general."""
    margins = (columns @ w.T)[:, :, None] + (rows @ w)[:, None, :]
    spread0 = np.einsum("mi,mij,mj->m", rows, (w - margins) ** 2, columns, optimize=True) - pe**2
    general = (p * (w - margins * (1 - value)[:, None, None]) ** 2).sum(axis=(1, 2))
    spread = general - (value - pe * (1 - value)) ** 2
    scale = np.sqrt(n) * room
    return np.sqrt(np.maximum(spread0, 0)) / scale, np.sqrt(np.maximum(spread, 0)) / scale

"""Stability between two rounds: everything from one contingency table per item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .change import (
    Association,
    ChiSquare,
    NetChange,
    PitmanMorgan,
    SpreadChange,
    Unchanged,
    convergence_rate,
    correlation_p,
    cv_change,
    goodman_kruskal_lambda,
    group_chi2,
    individual_chi2,
    net_change,
    pitman_morgan,
    spearman_from_table,
    unchanged,
)
from .cohen import CohenKappa, cohen_kappa
from .gaps import numbers
from .marginal import MarginalTest, McNemar, bhapkar, bowker, mcnemar, stuart_maxwell
from .pairs import Pairs
from .quantiles import DEFAULT_TYPE
from .results import NO_ANSWERS, NO_VARIANCE, TOO_FEW_RATERS, FloatArray, Result, scalar, undefined
from .signed_rank import SignedRank, wilcoxon_from_table


@dataclass(frozen=True, kw_only=True)
class Stability(Result):
    """``value``: share unchanged, always shown first. Each field is a full result with its own reason."""

    unchanged: Unchanged
    net_change: NetChange
    kappa: CohenKappa
    goodman_kruskal_lambda: Association
    group_chi2: ChiSquare
    individual_chi2: ChiSquare
    mcnemar: McNemar
    stuart_maxwell: MarginalTest
    bhapkar: MarginalTest
    bowker: MarginalTest
    wilcoxon: SignedRank
    cv_change: SpreadChange
    pitman_morgan: PitmanMorgan
    spearman: Association
    convergence_rate: SpreadChange


def stability(
    table: npt.ArrayLike | Pairs,
    values: npt.ArrayLike | None = None,
    *,
    categories: Sequence[float] | None = None,
    quantile_type: int = DEFAULT_TYPE,
    alpha: float = 0.05,
    exact: bool | None = None,
    missing: npt.ArrayLike | None = None,
) -> Stability:
    """All stability statistics of the same members in two rounds.

    ``table``: (K, K) or (items, K, K), rows = earlier, columns = later answer; ``values``: (K,);
    ``categories``: the agreement band for McNemar; ``missing``: members who answered one round only.
    ``exact``: for Wilcoxon (None = up to 25 movers).

    Read with care: ``group_chi2`` means stable when it is NOT significant, ``individual_chi2`` when it IS;
    ``net_change`` hides swaps; at unanimity kappa, lambda, rho and the chi-squares have no variance and say
    so, while ``unchanged`` and the tests of change are defined. Stability is not consensus: a stable item may
    be a stable disagreement.
    """
    pairs = Pairs.of(table, values, missing=missing)
    kept = unchanged(pairs)
    return Stability(
        value=kept.value,
        n_used=kept.n_used,
        n_missing=kept.n_missing,
        method=f"members in both rounds, quantile type {quantile_type}",
        undefined_reason=kept.undefined_reason,
        unchanged=kept,
        net_change=net_change(pairs),
        kappa=cohen_kappa(pairs, "quadratic"),
        goodman_kruskal_lambda=goodman_kruskal_lambda(pairs),
        group_chi2=group_chi2(pairs, alpha=alpha),
        individual_chi2=individual_chi2(pairs, alpha=alpha),
        mcnemar=mcnemar(pairs, categories),
        stuart_maxwell=stuart_maxwell(pairs),
        bhapkar=bhapkar(pairs),
        bowker=bowker(pairs),
        wilcoxon=wilcoxon_from_table(pairs, exact=exact),
        cv_change=cv_change(pairs),
        pitman_morgan=pitman_morgan(pairs),
        spearman=spearman_from_table(pairs),
        convergence_rate=convergence_rate(pairs, quantile_type=quantile_type),
    )


def spearman(x: npt.ArrayLike, y: npt.ArrayLike) -> Association:
    """Spearman's rho of two vectors (NaN missing), which need not share a scale. See
    ``spearman_from_table``.
    """
    first, second = numbers(x, "x"), numbers(y, "y")
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError("x and y must be vectors of one length")
    both = ~(np.isnan(first) | np.isnan(second))
    n = int(both.sum())
    about: dict[str, Any] = {"method": "Spearman rho", "n_used": n, "n_missing": len(first) - n}
    if n < 2:
        return undefined(Association, TOO_FEW_RATERS if n else NO_ANSWERS, **about)
    a, b = _centred_ranks(first[both]), _centred_ranks(second[both])
    spread = float(np.sqrt((a @ a) * (b @ b)))
    if spread == 0:
        return undefined(Association, NO_VARIANCE, **about)
    value = min(1.0, max(-1.0, float(a @ b) / spread))
    return Association(
        value=value, p_value=scalar(correlation_p(np.array([value]), np.array([n]))[0]), **about
    )


def _centred_ranks(x: FloatArray) -> FloatArray:
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[inverse] - (len(x) + 1) / 2)

"""Content validity by experts: CVR with exact critical values, I-CVI with modified kappa, Aiken's V."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .gaps import vector
from .results import NO_ANSWERS, Result, undefined
from .shares import normal_quantile, wilson_bounds


@dataclass(frozen=True, kw_only=True)
class Cvr(Result):
    """``value``: content validity ratio, -1 to 1."""


@dataclass(frozen=True, kw_only=True)
class CvrCritical(Result):
    """``value``: smallest CVR that is significant; ``n_critical`` experts who must say "essential"."""

    n_critical: Any
    alpha: float


@dataclass(frozen=True, kw_only=True)
class ModifiedKappa(Result):
    """``value``: kappa*. ``i_cvi``: share of experts who agree; ``pc``: chance of exactly that agreement."""

    i_cvi: Any
    pc: Any


@dataclass(frozen=True, kw_only=True)
class AikenV(Result):
    """``value``: V, 0-1, with its score interval."""

    mean: Any
    ci_low: Any
    ci_high: Any


def _check_count(k: float, n: float, name: str) -> tuple[int, int]:
    if int(k) != k or int(n) != n or not 0 <= k <= n:
        raise ValueError(f"{name} must be whole and lie between 0 and n")
    return int(k), int(n)


def cvr(n_essential: int, n: int, *, missing: int = 0) -> Cvr:
    """Lawshe's content validity ratio (n_e - n / 2) / (n / 2): 1 all say "essential", 0 half do.

    Undefined (``no_answers``) at n = 0. Source: Lawshe (1975), Personnel Psychology 28:563.
    """
    k, size = _check_count(n_essential, n, "n_essential")
    if size == 0:
        return undefined(Cvr, NO_ANSWERS, method="CVR", n_missing=missing)
    return Cvr(value=(k - size / 2) / (size / 2), n_used=size, n_missing=missing, method="CVR")


def cvr_critical(n: int, alpha: float = 0.05) -> CvrCritical:
    """Smallest CVR significant in an exact one-tailed binomial test with p = 1/2.

    The least k with P(X >= k) <= alpha. Undefined (``too_few_raters``) where even k = n is not enough.
    Lawshe's own table contains an error at n = 8; these are the corrected values.
    Source: Ayre & Scally (2014), Meas Eval Couns Dev 47:79.
    """
    if int(n) != n or n < 1:
        raise ValueError("n must be a whole number of at least 1")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha!r}")
    from scipy.special import bdtrc

    k = np.arange(n + 1)
    tails = np.where(k > 0, bdtrc(np.maximum(k - 1, 0), n, 0.5), 1.0)
    enough = np.flatnonzero(tails <= alpha)
    if enough.size == 0:
        return undefined(CvrCritical, "too_few_raters", method="exact binomial", n_used=int(n), alpha=alpha)
    least = int(k[enough[0]])
    return CvrCritical(
        value=(least - n / 2) / (n / 2),
        n_used=int(n),
        n_missing=0,
        method="exact binomial, one-tailed",
        n_critical=least,
        alpha=alpha,
    )


def modified_kappa(n_agree: int, n: int, *, missing: int = 0) -> ModifiedKappa:
    """I-CVI = A / n, pc = C(n, A) / 2^n, kappa* = (I-CVI - pc) / (1 - pc).

    Undefined: ``no_answers``. With n = 1 chance is one half. Excellent above .74, good .60-.74, fair .40-.59.
    Source: Polit, Beck & Owen (2007), Research in Nursing & Health 30:459.
    """
    k, size = _check_count(n_agree, n, "n_agree")
    if size == 0:
        return undefined(ModifiedKappa, NO_ANSWERS, method="modified kappa", n_missing=missing)
    from scipy.special import gammaln

    pc = float(np.exp(gammaln(size + 1) - gammaln(k + 1) - gammaln(size - k + 1) - size * np.log(2)))
    share = k / size
    return ModifiedKappa(
        value=(share - pc) / (1 - pc),
        n_used=size,
        n_missing=missing,
        method="modified kappa",
        i_cvi=share,
        pc=pc,
    )


def aiken_v(ratings: npt.ArrayLike, lo: float, hi: float, *, conf: float = 0.95) -> AikenV:
    """Aiken's V = (mean - lo) / (hi - lo) of one item's ratings (NaN missing), with Penfield and Giacobbi's
    interval.

    The interval is Wilson's with n (hi - lo) trials. Error: ratings outside lo..hi. Undefined:
    ``no_answers``. Source: Aiken (1985), Educ Psychol Meas 45:131; Penfield & Giacobbi (2004), Meas Phys Educ
    Exerc Sci 8:213.
    """
    if not hi > lo:
        raise ValueError("hi must exceed lo")
    normal_quantile(conf)
    array = vector(ratings, "ratings", (0,) if lo <= 0 <= hi else None)
    given = array[~np.isnan(array)]
    if ((given < lo) | (given > hi)).any():
        raise ValueError(f"ratings must lie between {lo} and {hi}")
    lost = int(len(array) - len(given))
    if given.size == 0:
        return undefined(AikenV, NO_ANSWERS, method="Aiken V", n_missing=lost)
    value = float((given.mean() - lo) / (hi - lo))
    trials = np.array([len(given) * (hi - lo)])
    low, high = wilson_bounds(value * trials, trials, conf)
    return AikenV(
        value=value,
        n_used=len(given),
        n_missing=lost,
        method="Aiken V, score interval",
        mean=float(given.mean()),
        ci_low=float(low[0]),
        ci_high=float(high[0]),
    )

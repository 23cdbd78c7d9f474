"""Kendall's coefficient of concordance W: do the members order the items alike?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .chi2 import chi2_tail
from .ranking import RankSums, as_codes, rank_matrix, rank_sums
from .results import (
    MISSING_RATINGS,
    NO_VARIANCE,
    TOO_FEW_ITEMS,
    TOO_FEW_RATERS,
    FloatArray,
    Result,
    scalar,
    undefined,
)

MISSING = ("report", "complete_members", "complete_items", "pairwise_spearman")
P_METHODS = ("chi2", "permutation", "exact")
_MANY_PAIRS = 20_000
_LARGEST_TABLE = 64
_TABLE_CELLS = 400_000


@dataclass(frozen=True, kw_only=True)
class KendallW(Result):
    """``value``: W (0-1). ``n_used``: members; ``n_missing``: members left out."""

    n_items: int
    items_left_out: int
    chi2: Any
    df: Any
    p_value: Any
    p_method: str
    ci_low: Any
    ci_high: Any
    conf: float
    ties_corrected: bool
    mean_rank: Any


def kendall_w(
    ratings: npt.ArrayLike,
    ties: bool = True,
    *,
    missing: str = "report",
    p_method: str = "chi2",
    n_boot: int = 0,
    n_permutations: int = 9999,
    conf: float = 0.95,
    rng: np.random.Generator | None = None,
) -> KendallW:
    """W = 12 S / (m^2 (n^3 - n) - m T), S = sum (R_j - mean R)^2, T = sum over members of t^3 - t.

    ``ratings``: members x items; higher ratings get higher ranks. NaN missing (see ``gaps``).
    chi2 = m (n - 1) W with n - 1 df. ``p_method``: "chi2"; "permutation" (each member's ratings shuffled,
    ``n_permutations`` times, needs ``rng``); "exact" (enumeration, tiny panels; see ``friedman``).
    ``n_boot`` > 0 adds a percentile interval over members (needs ``rng``): with thousands of members p is
    always 0 and the interval is what informs. It leans upward for few members, as W itself does.

    ``missing``, when members skipped items: "report" gives no value and ``missing_ratings`` (never drops
    anybody in silence); "complete_members" and "complete_items" drop and count; "pairwise_spearman" is ((k -
    1) r + 1) / k with r the mean Spearman correlation of pairs of members over their common items, weighted
    by (common items - 1), and k the mean number of ratings per item (Taylor 1987; Brueckl 2011); above 20,000
    pairs a sample drawn with ``rng`` is used. For inference with gaps see ``skillings_mack``.

    Undefined: ``too_few_raters`` (< 2), ``too_few_items`` (< 2), ``no_variance`` (every member gave one
    rating throughout). (``scipy.stats.kendalltau`` is not W.) Source: Kendall & Babington Smith (1939), Ann
    Math Stat 10:275.
    """
    _check(missing, p_method, conf, n_boot, rng)
    codes, k = as_codes(ratings)
    gaps = bool(codes.size) and bool(codes.min() < 0)
    if gaps and missing == "pairwise_spearman":
        return _pairwise(codes, k, conf, rng)
    used, about = _complete(codes, gaps, missing, conf, ties)
    stop = _stop(used, gaps and missing == "report")
    if stop is not None:
        return undefined(KendallW, stop, **about)
    sums = rank_sums(used, k)
    value = _w(sums.sums, float(sums.ties.sum()) if ties else 0.0, sums.m, sums.n)
    if value is None:
        return undefined(KendallW, NO_VARIANCE, **about)
    chi2 = sums.m * (sums.n - 1) * value
    result = KendallW(
        value=value,
        undefined_reason=None,
        chi2=chi2,
        df=sums.n - 1,
        p_value=float(chi2_tail(chi2, sums.n - 1)),
        p_method="chi2",
        ci_low=None,
        ci_high=None,
        mean_rank=tuple((sums.sums / sums.m).tolist()),
        **about,
    )
    return _with_draws(result, used, k, sums, p_method, n_boot, n_permutations, rng)


def _check(missing: str, p_method: str, conf: float, n_boot: int, rng: np.random.Generator | None) -> None:
    if missing not in MISSING:
        raise ValueError(f"missing must be one of {', '.join(MISSING)}, not {missing!r}")
    if p_method not in P_METHODS:
        raise ValueError(f"p_method must be one of {', '.join(P_METHODS)}, not {p_method!r}")
    if not 0 < conf < 1:
        raise ValueError(f"conf must lie between 0 and 1, not {conf!r}")
    if (n_boot or p_method == "permutation") and rng is None:
        raise ValueError("resampling needs rng, a numpy.random.Generator")


def _complete(
    codes: npt.NDArray[Any], gaps: bool, missing: str, conf: float, ties: bool
) -> tuple[npt.NDArray[Any], dict[str, Any]]:
    """The complete part that the policy leaves, and what to say of it."""
    members, items = codes.shape
    used = codes
    if gaps and missing == "complete_members":
        used = codes[(codes >= 0).all(axis=1)]
    elif gaps and missing == "complete_items":
        used = np.ascontiguousarray(codes[:, (codes >= 0).all(axis=0)])
    note = f", missing: {missing}" if gaps else ""
    return used, {
        "method": f"Kendall W, {'tie-corrected' if ties else 'without tie correction'}{note}",
        "n_used": len(used),
        "n_missing": members - len(used),
        "n_items": used.shape[1],
        "items_left_out": items - used.shape[1],
        "conf": conf,
        "ties_corrected": ties,
    }


def _stop(used: npt.NDArray[Any], gaps: bool) -> str | None:
    if len(used) < 2:
        return TOO_FEW_RATERS
    if used.shape[1] < 2:
        return TOO_FEW_ITEMS
    return MISSING_RATINGS if gaps else None


def _w(sums: FloatArray, ties: float, m: int, n: int) -> float | None:
    bottom = m**2 * (float(n) ** 3 - n) - m * ties
    if bottom <= 0:
        return None
    return min(1.0, float(12 * ((sums - sums.mean()) ** 2).sum() / bottom))


def _with_draws(
    result: KendallW,
    codes: npt.NDArray[Any],
    k: int,
    sums: RankSums,
    p_method: str,
    n_boot: int,
    n_permutations: int,
    rng: np.random.Generator | None,
) -> KendallW:
    if p_method == "chi2" and not n_boot:
        return result
    ranks = rank_matrix(codes, k)
    if p_method == "exact":
        from .friedman import exact_tail

        p_value = exact_tail(ranks, float(((sums.sums - sums.sums.mean()) ** 2).sum()))
        if p_value is not None:
            result = replace(result, p_value=p_value, p_method="exact")
    elif p_method == "permutation" and rng is not None:
        p_value = permutation_p(ranks, sums.sums, n_permutations, rng)
        result = replace(result, p_value=p_value, p_method=f"permutation, {n_permutations} draws")
    if n_boot and rng is not None:
        low, high = _bootstrap(ranks, sums, result.ties_corrected, n_boot, result.conf, rng)
        result = replace(result, ci_low=low, ci_high=high)
    return result


def permutation_p(ranks: FloatArray, sums: FloatArray, draws: int, rng: np.random.Generator) -> float:
    """Share of shuffles (within each member) whose rank sums spread at least as much, +1 in both counts."""
    observed = ((sums - sums.mean()) ** 2).sum() * (1 - 1e-12)
    hits = 0
    for _ in range(draws):
        shuffled = rng.permuted(ranks, axis=1).sum(axis=0)
        hits += ((shuffled - shuffled.mean()) ** 2).sum() >= observed
    return (hits + 1) / (draws + 1)


def _bootstrap(
    ranks: FloatArray, sums: RankSums, ties: bool, n_boot: int, conf: float, rng: np.random.Generator
) -> tuple[float | None, float | None]:
    m, n = sums.m, sums.n
    found: list[float] = []
    for start in range(0, n_boot, 200):
        weights = rng.multinomial(m, np.full(m, 1 / m), size=min(200, n_boot - start)).astype(float)
        drawn = weights @ ranks
        spread = ((drawn - drawn.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
        tied = weights @ sums.ties if ties else np.zeros(len(weights))
        bottom = m**2 * (float(n) ** 3 - n) - m * tied
        found.extend((12 * spread[bottom > 0] / bottom[bottom > 0]).tolist())
    if not found:
        return None, None
    low, high = np.quantile(found, [(1 - conf) / 2, (1 + conf) / 2])
    return scalar(min(low, 1.0)), scalar(min(high, 1.0))


def _pairwise(codes: npt.NDArray[Any], k: int, conf: float, rng: np.random.Generator | None) -> KendallW:
    answered = codes >= 0
    active = codes[answered.sum(axis=1) >= 2]
    about: dict[str, Any] = {
        "n_used": len(active),
        "n_missing": len(codes) - len(active),
        "n_items": int(answered.any(axis=0).sum()),
        "items_left_out": int((~answered.any(axis=0)).sum()),
        "conf": conf,
        "ties_corrected": True,
    }
    pairs, note = _choose_pairs(len(active), rng)
    method = f"Kendall W from pairwise Spearman correlations (Taylor 1987){note}"
    if len(active) < 2 or about["n_items"] < 2:
        reason = TOO_FEW_RATERS if len(active) < 2 else TOO_FEW_ITEMS
        return undefined(KendallW, reason, method=method, **about)
    total, weight = _weighted_correlations(active, pairs, k)
    if weight == 0:
        return undefined(KendallW, NO_VARIANCE, method=method, **about)
    effective = float((active >= 0).sum()) / about["n_items"]
    value = min(1.0, max(0.0, ((effective - 1) * total / weight + 1) / effective))
    chi2 = effective * (about["n_items"] - 1) * value
    return KendallW(
        value=value,
        method=method,
        undefined_reason=None,
        chi2=chi2,
        df=about["n_items"] - 1,
        p_value=float(chi2_tail(chi2, about["n_items"] - 1)),
        p_method="chi2",
        ci_low=None,
        ci_high=None,
        mean_rank=None,
        **about,
    )


def _choose_pairs(m: int, rng: np.random.Generator | None) -> tuple[npt.NDArray[np.int64], str]:
    everything = m * (m - 1) // 2
    if everything <= _MANY_PAIRS:
        return np.stack(np.triu_indices(m, 1), axis=1), ""
    if rng is None:
        raise ValueError(
            f"{everything} pairs of members are sampled: that needs rng, a numpy.random.Generator"
        )
    first = rng.integers(0, m, _MANY_PAIRS)
    second = (first + rng.integers(1, m, _MANY_PAIRS)) % m
    return np.stack([first, second], axis=1), f", {_MANY_PAIRS} of {everything} pairs sampled"


def _weighted_correlations(
    codes: npt.NDArray[Any], pairs: npt.NDArray[np.int64], k: int
) -> tuple[float, float]:
    """Sum of (common items - 1) x Spearman's correlation over pairs of members, and the sum of those weights."""
    total = weight = 0.0
    if k > _LARGEST_TABLE:
        for i, j in pairs:
            rho, size = _pair_rho(codes[i], codes[j])
            if rho is not None:
                total, weight = total + (size - 1) * rho, weight + size - 1
        return total, weight
    block = max(1, _TABLE_CELLS // max(codes.shape[1], (k + 1) ** 2))
    for start in range(0, len(pairs), block):
        first, second = codes[pairs[start : start + block].T]
        rhos, sizes = _table_rhos(_joint_counts(first, second, k))
        known = np.isfinite(rhos)
        total += float(((sizes - 1) * np.where(known, rhos, 0.0)).sum())
        weight += float((sizes - 1)[known].sum())
    return total, weight


def _joint_counts(first: npt.NDArray[Any], second: npt.NDArray[Any], k: int) -> FloatArray:
    """(pairs, K, K): how often the two members of each pair gave each pair of levels, items of both only."""
    cells = (k + 1) ** 2
    keys = first.astype(np.int32) * (k + 1) + second + (k + 2)
    keys += (np.arange(len(first)) * cells).astype(np.int32)[:, None]
    counts = np.bincount(keys.ravel(), minlength=len(first) * cells).reshape(-1, k + 1, k + 1)
    return counts[:, 1:, 1:].astype(float)


def _table_rhos(tables: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Spearman's correlation of each table (NaN without variance) and how many items it is of."""
    sizes = tables.sum(axis=(1, 2))
    centred, spread = [], []
    for held in (tables.sum(axis=2), tables.sum(axis=1)):
        ranks = np.cumsum(held, axis=1) - held / 2 - sizes[:, None] / 2
        centred.append(ranks)
        spread.append((held * ranks**2).sum(axis=1))
    shared = ((tables @ centred[1][:, :, None])[:, :, 0] * centred[0]).sum(axis=1)
    bottom = np.sqrt(spread[0] * spread[1])
    defined = bottom > 1e-12
    return np.where(defined, shared / np.where(defined, bottom, 1.0), np.nan), sizes


def _pair_rho(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> tuple[float | None, int]:
    both = (a >= 0) & (b >= 0)
    size = int(both.sum())
    if size < 2:
        return None, size
    ranks = []
    for row in (a[both], b[both]):
        _, inverse, counts = np.unique(row, return_inverse=True, return_counts=True)
        ranks.append((np.cumsum(counts) - counts / 2)[inverse])
    x, y = (r - r.mean() for r in ranks)
    spread = float(np.sqrt((x @ x) * (y @ y)))
    return (float(x @ y) / spread if spread > 0 else None), size

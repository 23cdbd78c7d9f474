"""Opinion groups: who answers alike, what each group stands for, and what all groups share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .results import (
    NO_VARIANCE,
    TOO_FEW_ITEMS,
    TOO_FEW_RATERS,
    BoolArray,
    FloatArray,
    IntArray,
    Result,
    undefined,
)
from .tally import check_ratings

_SILHOUETTE_SAMPLE = 1000


@dataclass(frozen=True, kw_only=True)
class OpinionGroups(Result):
    """``value``: number of groups (1 if no split is worth showing). ``n_missing``: members with too few
    answers.

    ``labels``: per member the group (0 = largest) or None; ``coordinates``: two principal components per
    member or None; ``representative``: per group its items with z, strongest first; ``shared``: items on
    which all groups agree, as (item, group-aware consensus, "agree" or "disagree"), strongest first.
    """

    labels: Any
    coordinates: Any
    sizes: Any
    silhouettes: Any
    explained: Any
    representative: Any
    shared: Any


def two_proportion_z(hits1: float, hits2: float, n1: float, n2: float) -> float:
    """z of two proportions with one pseudo-answer in each count, so that empty cells do not break it.

    p_i = (hits_i + 1) / (n_i + 1), pooled variance. Source: Polis (compdemocracy), two-prop-test.
    """
    if min(hits1, hits2) < 0 or hits1 > n1 or hits2 > n2:
        raise ValueError("hits must lie between 0 and n")
    return float(_two_proportions(*(np.array([float(v)]) for v in (hits1, hits2, n1, n2)))[0])


def _two_proportions(hits1: FloatArray, hits2: FloatArray, n1: FloatArray, n2: FloatArray) -> FloatArray:
    a, b, n, m = hits1 + 1, hits2 + 1, n1 + 1, n2 + 1
    pooled = (a + b) / (n + m)
    room = np.where((pooled > 0) & (pooled < 1), pooled * (1 - pooled), np.nan)
    z = (a / n - b / m) / np.sqrt(room * (1 / n + 1 / m))
    return np.where(np.isfinite(z), z, 0.0)


def group_consensus(agrees_and_seen: npt.ArrayLike) -> float:
    """Group-aware consensus of one item: product over groups of (agrees + 1) / (seen + 2).

    High only if every group agrees. ``agrees_and_seen``: (groups, 2). Source: Polis, group-aware-consensus.
    """
    table = np.asarray(agrees_and_seen, dtype=float)
    if table.ndim != 2 or table.shape[1] != 2 or (table < 0).any() or (table[:, 0] > table[:, 1]).any():
        raise ValueError("agrees_and_seen must be rows of (agrees, seen) with agrees <= seen")
    return float(((table[:, 0] + 1) / (table[:, 1] + 2)).prod())


def opinion_groups(
    ratings: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    minimum_answers: int | None = None,
    agree_at_least: float | None = None,
    disagree_at_most: float | None = None,
    clusters: Sequence[int] = (2, 3, 4, 5),
    minimum_silhouette: float = 0.25,
    n_init: int = 10,
    top: int = 10,
    z_cut: float = 1.645,
) -> OpinionGroups:
    """Group members who answer alike, members x items (NaN missing).

    Members with at least ``minimum_answers`` (default: the smaller of 7 and half the items) take part. Gaps
    are filled with the item's mean, items centred, the first two principal components taken (each member's
    point scaled up by sqrt(items / answered), as sparse answering pulls points to the middle), k-means run
    for each of ``clusters`` and the k with the best mean silhouette chosen; below ``minimum_silhouette`` one
    group is reported, because k-means finds groups in any cloud. An answer >= ``agree_at_least`` agrees, one
    <= ``disagree_at_most`` disagrees (default: above and below the middle of the values found). An item
    represents a group when its share of agreement (or disagreement) exceeds that of all others with z >
    ``z_cut`` (``two_proportion_z``, both against the rest and against one half). Shared items:
    ``group_consensus`` with more than half of each group on that side. Deterministic for a given ``rng``
    state; groups are numbered by size. Undefined: ``too_few_raters`` (fewer than four members),
    ``too_few_items`` (< 2), ``no_variance``. Groups smaller than the study's minimum must not be shown: that
    is the caller's duty.
    """
    if not clusters or min(clusters) < 2 or n_init < 1:
        raise ValueError("clusters must be numbers of at least 2 and n_init at least 1")
    array = check_ratings(ratings)
    answered = ~np.isnan(array)
    least = min(7, max(1, array.shape[1] // 2)) if minimum_answers is None else minimum_answers
    active = answered.sum(axis=1) >= max(least, 1)
    about: dict[str, Any] = {
        "method": f"PCA, k-means, silhouette; members with at least {least} answers",
        "n_used": int(active.sum()),
        "n_missing": int(len(array) - active.sum()),
    }
    if array.shape[1] < 2 or active.sum() < 4:
        return undefined(OpinionGroups, TOO_FEW_ITEMS if array.shape[1] < 2 else TOO_FEW_RATERS, **about)
    points, explained = _components(array[active], answered[active])
    if points is None:
        return undefined(OpinionGroups, NO_VARIANCE, **about)
    labels, silhouettes = _best_partition(points, clusters, minimum_silhouette, n_init, rng)
    low, high = _sides(array[active], agree_at_least, disagree_at_most)
    sides = {"agree": array[active] >= high, "disagree": array[active] <= low}
    groups = [labels == g for g in range(int(labels.max()) + 1)]
    return OpinionGroups(
        value=len(groups),
        labels=_spread(labels.tolist(), active),
        coordinates=_spread([tuple(p) for p in points.tolist()], active),
        sizes=tuple(int(g.sum()) for g in groups),
        silhouettes=silhouettes,
        explained=explained,
        representative=tuple(_representative(g, sides, answered[active], top, z_cut) for g in groups),
        shared=_shared(groups, sides, answered[active], top),
        **about,
    )


def _spread(entries: list[Any], active: BoolArray) -> tuple[Any, ...]:
    rest = iter(entries)
    return tuple(next(rest) if is_active else None for is_active in active)


def _components(array: FloatArray, answered: BoolArray) -> tuple[FloatArray | None, tuple[float, ...]]:
    """Two principal components of the centred ratings; a gap is its item's mean, that is zero."""
    sizes = np.maximum(answered.sum(axis=0), 1)
    means = np.where(answered, array, 0.0).sum(axis=0) / sizes
    centred = np.where(answered, array - means, 0.0)
    total = float((centred**2).sum())
    if total <= 1e-12:
        return None, ()
    small = centred.T @ centred if centred.shape[1] <= len(centred) else centred @ centred.T
    roots, vectors = np.linalg.eigh(small)
    pick = np.argsort(roots)[::-1][:2]
    if centred.shape[1] <= len(centred):
        points = centred @ vectors[:, pick]
    else:
        points = vectors[:, pick] * np.sqrt(np.maximum(roots[pick], 0))
    points = _signed(points) * np.sqrt(array.shape[1] / np.maximum(answered.sum(axis=1), 1))[:, None]
    return points, tuple(np.maximum(roots[pick], 0) / total)


def _signed(points: FloatArray) -> FloatArray:
    """Fix the arbitrary sign of each component: its largest entry is positive."""
    largest = np.abs(points).argmax(axis=0)
    signs = np.sign(points[largest, np.arange(points.shape[1])])
    return np.asarray(points * np.where(signs == 0, 1.0, signs))


def _best_partition(
    points: FloatArray, clusters: Sequence[int], least: float, n_init: int, rng: np.random.Generator
) -> tuple[IntArray, dict[int, float]]:
    found: dict[int, float] = {}
    best, best_labels = least, np.zeros(len(points), dtype=np.int64)
    for k in clusters:
        if k >= len(np.unique(points, axis=0)):
            continue
        labels = k_means(points, k, n_init, rng)
        found[k] = silhouette(points, labels, rng)
        if found[k] > best:
            best, best_labels = found[k], labels
    order = np.argsort(-np.bincount(best_labels), kind="stable")
    return np.argsort(order)[best_labels], found


def k_means(points: FloatArray, k: int, n_init: int, rng: np.random.Generator) -> IntArray:
    """Labels of the best of ``n_init`` runs of Lloyd's algorithm from k-means++ starts."""
    best, best_labels = np.inf, np.zeros(len(points), dtype=np.int64)
    for _ in range(n_init):
        centres = _spread_starts(points, k, rng)
        labels = np.full(len(points), -1)
        for _ in range(100):
            distance = ((points[:, None] - centres) ** 2).sum(axis=2)
            nearest = distance.argmin(axis=1)
            if np.array_equal(nearest, labels):
                break
            labels = nearest
            for g in range(k):
                if (labels == g).any():
                    centres[g] = points[labels == g].mean(axis=0)
        cost = float(distance.min(axis=1).sum())
        if cost < best - 1e-12 and len(np.unique(labels)) == k:
            best, best_labels = cost, labels
    return best_labels


def _spread_starts(points: FloatArray, k: int, rng: np.random.Generator) -> FloatArray:
    centres = [points[rng.integers(len(points))]]
    for _ in range(k - 1):
        distance = np.min([((points - c) ** 2).sum(axis=1) for c in centres], axis=0)
        total = distance.sum()
        chance = distance / total if total > 0 else np.full(len(points), 1 / len(points))
        centres.append(points[rng.choice(len(points), p=chance)])
    return np.array(centres)


def silhouette(points: FloatArray, labels: IntArray, rng: np.random.Generator) -> float:
    """Mean silhouette; above 1,000 members of a random thousand against everybody."""
    k = int(labels.max()) + 1
    chosen = np.arange(len(points))
    if len(points) > _SILHOUETTE_SAMPLE:
        chosen = rng.choice(len(points), _SILHOUETTE_SAMPLE, replace=False)
    gap = np.sqrt(((points[chosen, None] - points) ** 2).sum(axis=2))
    sizes = np.bincount(labels, minlength=k).astype(float)
    sums = np.stack([gap[:, labels == g].sum(axis=1) for g in range(k)], axis=1)
    own = labels[chosen]
    rows = np.arange(len(chosen))
    inside = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / np.maximum(sizes, 1)
    means[rows, own] = np.inf
    means[:, sizes == 0] = np.inf
    outside = means.min(axis=1)
    score = (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-300)
    return float(np.where(sizes[own] > 1, score, 0.0).mean())


def _sides(array: FloatArray, high: float | None, low: float | None) -> tuple[float, float]:
    lowest, highest = float(np.nanmin(array)), float(np.nanmax(array))
    middle = (lowest + highest) / 2
    below, above = float(np.nextafter(middle, -np.inf)), float(np.nextafter(middle, np.inf))
    return below if low is None else low, above if high is None else high


def _representative(
    group: BoolArray, sides: dict[str, BoolArray], answered: BoolArray, top: int, z_cut: float
) -> tuple[dict[str, Any], ...]:
    inside, outside = answered[group].sum(axis=0).astype(float), answered[~group].sum(axis=0).astype(float)
    found: list[dict[str, Any]] = []
    for side, holds in sides.items():
        hits, rest = holds[group].sum(axis=0).astype(float), holds[~group].sum(axis=0).astype(float)
        z = _two_proportions(hits, rest, inside, outside)
        against_half = (hits + 1 - (inside + 1) / 2) / np.sqrt((inside + 1) / 4)
        for item in np.flatnonzero((z > z_cut) & (against_half > z_cut)):
            share = float(hits[item] / inside[item]) if inside[item] else None
            found.append({"item": int(item), "side": side, "z": float(z[item]), "share": share})
    return tuple(sorted(found, key=lambda entry: -entry["z"])[:top])


def _shared(
    groups: list[BoolArray], sides: dict[str, BoolArray], answered: BoolArray, top: int
) -> tuple[tuple[int, float, str], ...]:
    found = []
    for side, holds in sides.items():
        hits = np.stack([holds[g].sum(axis=0) for g in groups]).astype(float)
        seen = np.stack([answered[g].sum(axis=0) for g in groups]).astype(float)
        score = ((hits + 1) / (seen + 2)).prod(axis=0)
        everywhere = (hits > seen / 2).all(axis=0) & (seen > 0).all(axis=0)
        found += [(int(i), float(score[i]), side) for i in np.flatnonzero(everywhere)]
    return tuple(sorted(found, key=lambda entry: -entry[1])[:top])

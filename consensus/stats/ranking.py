"""Mid-ranks within members, by lookup: the common ground of Kendall's W, Friedman and Skillings-Mack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .results import FloatArray
from .tally import check_ratings

_LARGEST_LOOKUP = 64
_BLOCK = 128


@dataclass(frozen=True)
class RankSums:
    """``sums``: rank sum per item; ``ties``: sum of t^3 - t per member; ``n``: items, ``m``: members."""

    sums: FloatArray
    ties: FloatArray
    m: int
    n: int


def as_codes(ratings: npt.ArrayLike) -> tuple[npt.NDArray[Any], int]:
    """Ratings as order-preserving small integers (K of them), -1 where missing.

    Integer matrices use 0 for "missing" as everywhere; float ones NaN.
    """
    array = np.asarray(ratings)
    if (
        array.ndim == 2
        and array.dtype.kind in "iu"
        and array.size
        and array.min() >= 0
        and array.max() <= 126
    ):
        return array.astype(np.int8, copy=False) - np.int8(1), int(array.max())
    floats = check_ratings(ratings)
    if array.dtype.kind in "iu":
        floats = np.where(array == 0, np.nan, floats)
    answered = ~np.isnan(floats)
    levels = np.unique(floats[answered])
    if levels.size <= 127:
        codes = np.full(floats.shape, -1, dtype=np.int8)
    else:
        codes = np.full(floats.shape, -1, dtype=np.int32)
    codes[answered] = np.searchsorted(levels, floats[answered])
    return codes, int(levels.size)


def row_counts(codes: npt.NDArray[Any], k: int) -> npt.NDArray[np.int64]:
    """(members, K): how often each member used each level; missing entries are not counted."""
    counts = np.empty((len(codes), k), dtype=np.int64)
    for start in range(0, len(codes), _BLOCK):
        block = codes[start : start + _BLOCK]
        for level in range(k):
            counts[start : start + _BLOCK, level] = np.count_nonzero(block == level, axis=1)
    return counts


def rank_matrix(codes: npt.NDArray[Any], k: int) -> FloatArray:
    """Mid-ranks within each member's answered items, NaN where missing."""
    if k > _LARGEST_LOOKUP:
        return _sorted_ranks(codes)
    counts = row_counts(codes, k)
    middle = np.cumsum(counts, axis=1) - (counts - 1) / 2
    # The last column answers for code -1.
    lookup = np.hstack([middle, np.full((len(codes), 1), np.nan)])
    return np.asarray(np.take_along_axis(lookup, np.where(codes < 0, k, codes).astype(np.intp), axis=1))


def _sorted_ranks(codes: npt.NDArray[Any]) -> FloatArray:
    ranks = np.full(codes.shape, np.nan)
    for i, row in enumerate(codes):
        answered = row >= 0
        _, inverse, counts = np.unique(row[answered], return_inverse=True, return_counts=True)
        ranks[i, answered] = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return ranks


def rank_sums(codes: npt.NDArray[Any], k: int) -> RankSums:
    """Rank sums of complete data; for few levels without ever holding a matrix of ranks."""
    m, n = codes.shape
    if k > _LARGEST_LOOKUP:
        ranks = _sorted_ranks(codes)
        return RankSums(ranks.sum(axis=0), _tie_terms(ranks), m, n)
    counts = row_counts(codes, k)
    doubled = 2 * np.cumsum(counts, axis=1) - counts + 1
    sums = np.zeros(n, dtype=np.int64)
    offsets = (np.arange(_BLOCK) * k).astype(np.int32)[:, None]
    for start in range(0, m, _BLOCK):
        block = codes[start : start + _BLOCK]
        table = doubled[start : start + _BLOCK].astype(np.int32).ravel()
        sums += np.take(table, block + offsets[: len(block)]).sum(axis=0, dtype=np.int64)
    return RankSums(sums / 2, (counts**3 - counts).sum(axis=1).astype(float), m, n)


def _tie_terms(ranks: FloatArray) -> FloatArray:
    terms = np.zeros(len(ranks))
    for i, row in enumerate(ranks):
        _, t = np.unique(row[~np.isnan(row)], return_counts=True)
        terms[i] = float((t.astype(float) ** 3 - t).sum())
    return terms

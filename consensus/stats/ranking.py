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
_STRIP = 255 * 8
_CELLS = 24_000


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
    members, items = codes.shape
    counts = np.zeros((members, k), dtype=np.int64)
    for left in range(0, items, _STRIP):
        strip = codes[:, left : left + _STRIP]
        width = -(-strip.shape[1] // 8) * 8
        hits = np.zeros((_BLOCK, width), dtype=bool)
        for top in range(0, members, _BLOCK):
            block = strip[top : top + _BLOCK]
            held = hits[: len(block)]
            for level in range(k):
                np.equal(block, level, out=held[:, : block.shape[1]])
                # Eight flags are one word, and a strip is at most 255 words: no byte of the sum overflows.
                lanes = np.add.reduce(held.view(np.uint64), axis=1)
                counts[top : top + _BLOCK, level] += (
                    lanes.view(np.uint8).reshape(-1, 8).sum(axis=1, dtype=np.int64)
                )
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
    sums, counts = np.zeros(n, dtype=np.int64), np.empty((m, k), dtype=np.int64)
    # Blocks of members that stay in the processor's cache: count and look up while the codes are at hand.
    rows = max(1, _CELLS // max(n, 1))
    offsets = (np.arange(rows) * k)[:, None]
    places, taken = np.empty((rows, n), dtype=np.intp), np.empty((rows, n), dtype=np.int32)
    for start in range(0, m, rows):
        size = min(rows, m - start)
        np.add(codes[start : start + size], offsets[:size], out=places[:size])
        held = np.bincount(places[:size].ravel(), minlength=size * k).reshape(size, k)
        counts[start : start + size] = held
        doubled = (2 * np.cumsum(held, axis=1) - held + 1).astype(np.int32)
        # mode="clip" writes straight into the buffer; places are in range by construction.
        np.take(doubled.ravel(), places[:size], out=taken[:size], mode="clip")
        sums += taken[:size].sum(axis=0)
    return RankSums(sums / 2, (counts**3 - counts).sum(axis=1).astype(float), m, n)


def _tie_terms(ranks: FloatArray) -> FloatArray:
    terms = np.zeros(len(ranks))
    for i, row in enumerate(ranks):
        _, t = np.unique(row[~np.isnan(row)], return_counts=True)
        terms[i] = float((t.astype(float) ** 3 - t).sum())
    return terms

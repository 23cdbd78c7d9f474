"""Mid-ranks within members, by lookup: the common ground of Kendall's W, Friedman and Skillings-Mack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .gaps import GAP, GREATEST_WHOLE, whole, zero_is_gap
from .results import FloatArray
from .tally import check_ratings

_LARGEST_LOOKUP = 64
_BLOCK = 128
_STRIP = 255 * 8
_LARGEST_PAIRED = 15  # K x K pairs of codes fit a byte
_MOST_PAIRED_ITEMS = 2**28  # doubled mid-ranks of a pair fit 32 bits
_CELLS = 180_000  # entries of a block; their doubled mid-ranks sum up within 32 bits
_LOW_PAIRS = np.uint64(0x3333333333333333)
_LOW_DIGITS = np.uint64(0x5555555555555555)


@dataclass(frozen=True)
class RankSums:
    """``sums``: rank sum per item; ``ties``: sum of t^3 - t per member; ``n``: items, ``m``: members."""

    sums: FloatArray
    ties: FloatArray
    m: int
    n: int


def as_codes(ratings: npt.ArrayLike) -> tuple[npt.NDArray[Any], int]:
    """Ratings as order-preserving small integers (K of them), -1 where missing.

    Missing are NaN, None, what is masked, and 0 in ``int8``.
    """
    array = np.asarray(ratings)
    if array.ndim == 2 and array.dtype.kind in "iu" and array.size and not np.ma.is_masked(ratings):
        lowest, highest = int(array.min()), int(array.max())
        if lowest >= (0 if zero_is_gap(array) else 1) and highest <= 126:
            return array.astype(np.int8, copy=False) - np.int8(1), highest
    floats = check_ratings(ratings)
    small = whole(floats)
    if small is not None:
        return _codes_of_whole(small)
    answered = ~np.isnan(floats)
    levels = np.unique(floats[answered])
    if levels.size <= 127:
        codes = np.full(floats.shape, -1, dtype=np.int8)
    else:
        codes = np.full(floats.shape, -1, dtype=np.int32)
    codes[answered] = np.searchsorted(levels, floats[answered])
    return codes, int(levels.size)


def _codes_of_whole(small: npt.NDArray[np.int8]) -> tuple[npt.NDArray[np.int8], int]:
    """Whole answers as codes from 0. Few levels keep their distances, many (per cent) are numbered as found."""
    gaps = small == GAP
    codes = small - small.min(where=~gaps, initial=np.int8(GREATEST_WHOLE))
    codes[gaps] = -1
    k = int(codes.max(initial=-1)) + 1
    if k <= _LARGEST_PAIRED:
        return codes, k
    found = np.bincount(codes[~gaps], minlength=k) > 0
    numbered = np.append(np.cumsum(found) - 1, -1).astype(np.int8)  # the last answers for code -1
    return numbered[codes], int(found.sum())


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
    if k > _LARGEST_PAIRED or n >= _MOST_PAIRED_ITEMS:
        ranks = rank_matrix(codes, k)
        return RankSums(ranks.sum(axis=0), _tie_terms(ranks), m, n)
    codes = codes.view(np.uint8)
    counts = complete_counts(codes, k)
    ties = (counts**3 - counts).sum(axis=0).astype(float)
    doubled = 2 * np.cumsum(counts, axis=0, dtype=np.int32) - counts.astype(np.int32) + 1
    return RankSums(_summed_in_pairs(codes, doubled, k) / 2, ties, m, n)


def complete_counts(codes: npt.NDArray[Any], k: int) -> npt.NDArray[np.int64]:
    """(K, members): how often each member used each of at most 16 levels, when no entry is missing.

    Each binary digit of the codes becomes a plane of 64 entries a word; how many entries have all digits of a
    set in common is a population count, and the counts of single levels follow by inclusion and exclusion.
    """
    m, n = codes.shape
    planes = _bit_planes(codes.view(np.uint8))[: max(1, (k - 1).bit_length())]
    found = np.zeros((1 << len(planes), m), dtype=np.int64)
    found[0] = n
    common: dict[int, npt.NDArray[np.uint64]] = {}
    narrow = np.uint16 if n < 2**16 else np.int64  # sums of bytes run several times faster in few bits
    for digits in range(1, k):
        lowest = digits & -digits
        plane = planes[lowest.bit_length() - 1]
        common[digits] = plane if digits == lowest else common[digits ^ lowest] & plane
        found[digits] = np.bitwise_count(common[digits]).sum(axis=0, dtype=narrow)
    for place in range(len(planes)):
        halves = found.reshape(-1, 2, 1 << place, m)
        halves[:, 0] -= halves[:, 1]
    return found[:k]


def _bit_planes(codes: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.uint64]]:
    """The four binary digits of codes below 16, each (words, members): member last, so that sums over words
    run along the memory. In what order a member's entries lie in the words is the same in all four planes and
    otherwise arbitrary: only counts are taken of them.
    """
    m, n = codes.shape
    words = -(-n // 64)
    padded = np.zeros((m, words * 64), dtype=np.uint8)
    padded[:, :n] = codes
    eighths = np.ascontiguousarray(padded.view(np.uint64).T).reshape(8, words, m)
    quarters = eighths[:4] | (eighths[4:] << np.uint64(4))
    low, high = _parted(quarters[:2], quarters[2:], 2, _LOW_PAIRS)
    return [*_parted(low[0], low[1], 1, _LOW_DIGITS), *_parted(high[0], high[1], 1, _LOW_DIGITS)]


def _parted(
    one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64], width: int, low: np.uint64
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The ``low`` bits of both words in one, and the bits ``width`` above them in another."""
    moved = ((one >> np.uint64(width)) ^ other) & low
    return one ^ (moved << np.uint64(width)), other ^ moved


def _summed_in_pairs(
    codes: npt.NDArray[np.uint8], table: npt.NDArray[np.int32], k: int
) -> npt.NDArray[np.int64]:
    """Column sums of ``table[code, member]``. Two members are looked up at once: K x K sums for each pair."""
    m, n = codes.shape
    half = m // 2
    # As many pairs as an unsigned 16-bit place can tell apart and as stay near the processor.
    rows = max(1, min(65_535 // (k * k), _CELLS // max(n, 1)))
    sums = np.zeros(n, dtype=np.int64)
    for start in range(0, half, rows):
        size = min(rows, half - start)
        one, other = slice(start, start + size), slice(half + start, half + start + size)
        # Pair last: additions run along the pairs, and neighbouring pairs find their sums side by side.
        both = table[:, None, one] + table[None, :, other]
        code = codes[one] * np.uint8(k)
        code += codes[other]
        # Widened step by step: each step then runs on whole registers, which one mixed addition would not.
        short = code.astype(np.uint16)
        short *= np.uint16(size)
        short += np.arange(size, dtype=np.uint16)[:, None]
        taken = np.empty((size, n), dtype=np.int32)
        # mode="wrap" is the fastest of the three; places are in range by construction.
        np.take(both.ravel(), short.astype(np.intp), out=taken, mode="wrap")
        sums += np.add.reduce(taken, axis=0, dtype=np.int32)
    if m % 2:
        sums += table[codes[-1], m - 1]
    return sums


def _tie_terms(ranks: FloatArray) -> FloatArray:
    terms = np.zeros(len(ranks))
    for i, row in enumerate(ranks):
        _, t = np.unique(row[~np.isnan(row)], return_counts=True)
        terms[i] = float((t.astype(float) ** 3 - t).sum())
    return terms

"""Consensus and dispersion of answers on an ordered scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .results import NO_ANSWERS, TOO_FEW_CATEGORIES, BoolArray, FloatArray, ObjectArray, Result, first_reason
from .tally import Counts, Tally

_LARGEST_LOOKUP = 12


@dataclass(frozen=True, kw_only=True)
class Ordinal(Result):
    """``value`` in the measure's own range (see the function)."""


@dataclass(frozen=True, kw_only=True)
class BlairLacy(Result):
    """``value`` = l; ``l2`` its square, ``iov`` = 1 - l2 (Berry-Mielke), ``cov`` = 1 - l (Kvalseth)."""

    l2: Any
    iov: Any
    cov: Any


def _reasons(tally: Tally, least: int) -> ObjectArray:
    return first_reason(tally.size, (tally.n <= 0, NO_ANSWERS), (tally.k < least, TOO_FEW_CATEGORIES))


def van_der_eijk_agreement(counts: Counts, *, missing: npt.ArrayLike | None = None) -> Ordinal:
    """Agreement A of van der Eijk: 1 = all in one category, 0 = even, -1 = half at each end.

    The distribution is peeled into layers of equal height; A = sum over layers of (share of answers in the
    layer) x U (1 - (S - 1) / (K - 1)), where S is the number of categories of the layer and
    U = ((K - 2) TU - (K - 1) TDU) / ((K - 2)(TU + TDU)) counts triples of categories that fit (110, 011) or
    break (101) unimodality. Empty categories stay in the vector; one occupied category gives 1.

    ``counts``: (K,) or (items, K) with K >= 3, in scale order, weights allowed. Undefined: ``no_answers``,
    ``too_few_categories``. Source: van der Eijk (2001), Quality & Quantity 35:325; as R package agrmt.
    """
    tally = Tally.of(counts, missing=missing)
    value = agreement_a(tally) if tally.k >= 3 else np.full(tally.size, np.nan)
    return tally.result(Ordinal, value=value, method="van der Eijk A", reasons=_reasons(tally, 3))


def agreement_a(tally: Tally) -> FloatArray:
    """A per item (K >= 3), NaN without answers."""
    if "agreement_a" not in tally.shared:
        tally.shared["agreement_a"] = _peel(tally)
    return np.asarray(tally.shared["agreement_a"])


def _peel(tally: Tally) -> FloatArray:
    heights = np.sort(tally.counts, axis=1)
    layers = np.diff(heights, axis=1, prepend=0.0)
    patterns = (tally.counts[:, None, :] >= heights[:, :, None]) & (heights[:, :, None] > 0)
    scores = _pattern_scores(patterns)
    weights = layers * patterns.sum(axis=2)
    return np.asarray((weights * scores).sum(axis=1) / tally.safe_n)


def _pattern_scores(patterns: BoolArray) -> FloatArray:
    k = patterns.shape[-1]
    if k > _LARGEST_LOOKUP:
        return _score(patterns)
    return _score_lookup(k)[patterns @ (1 << np.arange(k))]


@lru_cache(maxsize=16)
def _score_lookup(k: int) -> FloatArray:
    """A of every possible layer of a scale with k categories."""
    codes = np.arange(1 << k)
    return _score((codes[:, None] >> np.arange(k) & 1).astype(bool))


def _score(patterns: BoolArray) -> FloatArray:
    k = patterns.shape[-1]
    ones = patterns.astype(float)
    size = ones.sum(axis=-1)
    left = np.cumsum(ones, axis=-1) - ones
    right = size[..., None] - left - ones
    place = np.arange(k)
    fitting = (ones * (left * (k - 1 - place - right) + (place - left) * right)).sum(axis=-1)
    breaking = ((1 - ones) * left * right).sum(axis=-1)
    triples = fitting + breaking
    unimodality = ((k - 2) * fitting - (k - 1) * breaking) / ((k - 2) * np.where(triples > 0, triples, 1.0))
    unimodality = np.where(triples > 0, unimodality, 1.0)
    return np.asarray(unimodality * (1 - (size - 1) / (k - 1)))


def tastle_wierman_consensus(
    counts: Counts, values: npt.ArrayLike | None = None, *, missing: npt.ArrayLike | None = None
) -> Ordinal:
    """Consensus Cns = 1 + sum p_c log2(1 - |v_c - mean| / d), d = the width of the scale.

    1 = unanimity, 0 = half at each end. ``values``: (K,), default 1..K; ``counts``: (K,) or (items, K),
    weights allowed. Undefined: ``no_answers``, ``too_few_categories`` (K < 2). Source: Tastle & Wierman
    (2007), International Journal of Approximate Reasoning 45:531.
    """
    tally = Tally.of(counts, values, missing=missing)
    value = np.full(tally.size, np.nan)
    if tally.k > 1:
        width = tally.values[-1] - tally.values[0]
        near = 1 - np.abs(tally.deviations) / width
        logs = np.log2(np.where((tally.counts > 0) & (near > 0), near, 1.0))
        value = np.clip(1 + (tally.shares * logs).sum(axis=1), 0.0, 1.0)
    return tally.result(Ordinal, value=value, method="Tastle-Wierman Cns", reasons=_reasons(tally, 2))


def leik(counts: Counts, *, missing: npt.ArrayLike | None = None) -> Ordinal:
    """Leik's ordinal dispersion D = 2 sum d_c / (K - 1), d_c = F_c or 1 - F_c, whichever is smaller.

    0 = unanimity, 1 = half at each end; Leik's consensus is 1 - D. ``counts``: (K,) or (items, K), K >= 2,
    weights allowed. Source: Leik (1966), Pacific Sociological Review 9:85.
    """
    tally = Tally.of(counts, missing=missing)
    cumulative = tally.cumulative_shares[:, :-1]
    value = 2 * np.minimum(cumulative, 1 - cumulative).sum(axis=1) / max(tally.k - 1, 1)
    return tally.result(Ordinal, value=value, method="Leik D", reasons=_reasons(tally, 2))


def blair_lacy(counts: Counts, *, missing: npt.ArrayLike | None = None) -> BlairLacy:
    """Blair and Lacy's concentration l = sqrt(sum (F_c - 1/2)^2 / ((K - 1) / 4)) over the first K - 1
    categories.

    1 = unanimity, 0 = half at each end. Fields: ``l2`` = l squared, ``iov`` = 1 - l2 (Berry & Mielke's index
    of ordinal variation), ``cov`` = 1 - l (Kvalseth). ``counts``: (K,) or (items, K), K >= 2, weights
    allowed. Source: Blair & Lacy (2000), Sociological Methods & Research 28:251.
    """
    tally = Tally.of(counts, missing=missing)
    distance = ((tally.cumulative_shares[:, :-1] - 0.5) ** 2).sum(axis=1)
    l2 = distance / (max(tally.k - 1, 1) / 4)
    value = np.sqrt(l2)
    reasons = _reasons(tally, 2)
    fields = (
        {"l2": l2, "iov": 1 - l2, "cov": 1 - value}
        if tally.k > 1
        else dict.fromkeys(("l2", "iov", "cov"), l2 * np.nan)
    )
    return tally.result(BlairLacy, value=value, method="Blair-Lacy l", reasons=reasons, **fields)


def entropy(counts: Counts, *, missing: npt.ArrayLike | None = None) -> Ordinal:
    """Shannon entropy in bits, -sum p_c log2 p_c: 0 = unanimity, log2 K = even. Ignores the order of
    categories.
    """
    tally = Tally.of(counts, missing=missing)
    logs = np.log2(np.where(tally.counts > 0, tally.shares, 1.0))
    value = np.abs((tally.shares * logs).sum(axis=1))
    return tally.result(Ordinal, value=value, method="entropy, bits", reasons=_reasons(tally, 1))


def polarisation(counts: Counts, *, missing: npt.ArrayLike | None = None) -> Ordinal:
    """(1 - A) / 2 of van der Eijk's A: 0 = unanimity, 1/2 = even, 1 = half at each end. K >= 3."""
    tally = Tally.of(counts, missing=missing)
    value = (1 - agreement_a(tally)) / 2 if tally.k >= 3 else np.full(tally.size, np.nan)
    return tally.result(Ordinal, value=value, method="(1 - A) / 2", reasons=_reasons(tally, 3))

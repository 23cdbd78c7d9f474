"""How two reviewers agree, and how good the top of a list was.

Kappa: J. Cohen, Educational and Psychological Measurement 20, 1960. Interval of a share: E. B. Wilson, JASA 22, 1927.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

NOTHING_JUDGED = "nothing judged by both"
NO_VARIANCE = "no variance"


@dataclass(frozen=True, slots=True)
class Agreement:
    """`n` things judged by both; `share` judged alike; `kappa`, or None with the reason in `undefined`."""

    n: int
    share: float | None
    kappa: float | None
    undefined: str = ""


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Agreement of two raters from their judgements of the same things.

    Kappa is undefined when both gave one and the same judgement throughout: chance alone would agree fully.
    """
    n = len(pairs)
    if not n:
        return Agreement(0, None, None, NOTHING_JUDGED)
    alike = sum(one == other for one, other in pairs) / n
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(first[label] * second[label] for label in first) / n**2
    if expected >= 1:
        return Agreement(n, alike, None, NO_VARIANCE)
    return Agreement(n, alike, (alike - expected) / (1 - expected))


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the first `k` of a list: how many were judged and how many of those were kept."""

    k: int
    judged: int
    kept: int

    @property
    def share(self) -> float | None:
        return self.kept / self.judged if self.judged else None


def precision_at(outcomes: Sequence[bool | None], ks: Sequence[int] = (10, 20, 50, 100)) -> list[Precision]:
    """Precision of the first k places, best first; None: not judged yet. Lists shorter than k are left out."""
    found = []
    for k in ks:
        if k <= len(outcomes):
            judged = [one for one in outcomes[:k] if one is not None]
            found.append(Precision(k, len(judged), sum(judged)))
    return found


def wilson(part: int, whole: int, z: float = 1.959964) -> tuple[float, float] | None:
    """95 percent interval of a share; None of nothing."""
    if not whole:
        return None
    share = part / whole
    centre = share + z * z / (2 * whole)
    half = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    low = 0.0 if not part else (centre - half) / scale
    high = 1.0 if part == whole else (centre + half) / scale
    return low, high


def edit_distance(one: str, other: str) -> int:
    """Characters to insert, delete or replace (V. I. Levenshtein, 1966)."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def edit_share(one: str, other: str) -> float:
    """Edit distance as a share of the longer text: 0 unchanged, 1 nothing kept."""
    longest = max(len(one), len(other))
    return edit_distance(one, other) / longest if longest else 0.0

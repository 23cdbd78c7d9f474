"""Names that mean the same: joined before people see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .novelty import dice, features
from .terms import Mined


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Groups of item numbers, each led by the best placed; `leader[i]` is the leader of item i."""

    groups: tuple[tuple[int, ...], ...]
    leader: tuple[int, ...]


def near_duplicates(names: Sequence[Sequence[str]], threshold: float = 0.82) -> Duplicates:
    """Join items (each with one or more names, best items first) whose names are nearly the same.

    Similarity is Dice over folded words and letter trigrams (character pairs in Chinese). An item joins the
    best leader it resembles, never another follower: chains of small steps do not drift.
    """
    shapes = [[features(name) for name in group if name.strip()] for group in names]
    index: dict[str, list[int]] = {}
    leader: list[int] = []
    for number, own in enumerate(shapes):
        near = {other for shape in own for feature in shape for other in index.get(feature, ())}
        best = max(((_similarity(own, shapes[other]), -other) for other in near), default=(0.0, 0))
        joined = -best[1] if best[0] >= threshold else number
        leader.append(joined)
        if joined == number:
            for feature in {feature for shape in own for feature in shape}:
                index.setdefault(feature, []).append(number)
    groups: dict[int, list[int]] = {}
    for number, head in enumerate(leader):
        groups.setdefault(head, []).append(number)
    return Duplicates(tuple(tuple(group) for group in groups.values()), tuple(leader))


def _similarity(one: list[frozenset[str]], other: list[frozenset[str]]) -> float:
    return max((dice(a, b) for a in one for b in other), default=0.0)


def duplicate_terms(mined: Mined, threshold: float = 0.82) -> Duplicates:
    """Near-duplicates among mined terms, by name and variants."""
    return near_duplicates([(term.name, *term.variants) for term in mined.terms], threshold)

"""Names that mean the same: joined before people see them.

Two English names are the same when their words pair off (equal, or nearly equal in letters: `convolution` and
`convolutional`, `automatic` and `automated`) and what is left over is generic (`model`, `system`). More
shared words
are not enough: `machine translation` and `neural machine translation` are two technologies. Two Chinese
names are
the same when they agree after generic endings, or differ in one character of six or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .language import detect_language
from .novelty import dice
from .terms import Mined
from .tokens_en import fold_phrase
from .words_en import GENERIC as GENERIC_EN
from .words_zh import GENERIC as GENERIC_ZH

Shape = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Groups of item numbers, each led by the best placed; `leader[i]` is the leader of item i."""

    groups: tuple[tuple[int, ...], ...]
    leader: tuple[int, ...]


def near_duplicates(names: Sequence[Sequence[str]], letters: float = 0.6) -> Duplicates:
    """Join items (each with one or more names, best items first) whose names mean the same.

    An item joins the best leader it equals, never another follower: chains of small steps do not drift.
    `letters` is the least trigram overlap (Dice) at which two English words count as forms of one.
    """
    shapes = [{shape(name) for name in group if name.strip()} for group in names]
    index: dict[str, list[int]] = {}
    leader: list[int] = []
    for number, own in enumerate(shapes):
        near = {other for feature in _features(own) for other in index.get(feature, ())}
        same = [other for other in near if any(_same(a, b, letters) for a in own for b in shapes[other])]
        leader.append(min(same, default=number))
        if not same:
            for feature in _features(own):
                index.setdefault(feature, []).append(number)
    groups: dict[int, list[int]] = {}
    for number, head in enumerate(leader):
        groups.setdefault(head, []).append(number)
    return Duplicates(tuple(tuple(group) for group in groups.values()), tuple(leader))


def duplicate_terms(mined: Mined, letters: float = 0.6) -> Duplicates:
    """Near-duplicates among mined terms, by name and variants."""
    return near_duplicates([(term.name, *term.variants) for term in mined.terms], letters)


def shape(name: str) -> Shape:
    """What of a name is compared: its language and its words (Chinese: its characters) without generic
    ones."""
    if detect_language(name) == "zh":
        plain = "".join(c.lower() for c in name if c.isalnum())
        ending = max(
            (e for e in GENERIC_ZH if plain.endswith(e) and len(plain) - len(e) >= 3), key=len, default=""
        )
        return "zh", tuple(plain.removesuffix(ending) if ending else plain)
    words = [word for word in fold_phrase(name).split() if word]
    kept = [word for word in words if word not in GENERIC_EN]
    return "en", tuple(sorted(kept if len(kept) > 1 or len(words) == 1 else words))


def _features(shapes: Iterable[Shape]) -> set[str]:
    """Index entries: equal names share one, and so do names whose words begin alike."""
    found: set[str] = set()
    for language, words in shapes:
        if language == "zh":
            found |= {"".join(words[i : i + 2]) for i in range(max(len(words) - 1, 1))}
        else:
            found |= {word[:5] for word in words}
    return found


def _same(one: Shape, other: Shape, letters: float) -> bool:
    if one == other:
        return True
    if one[0] != other[0] or len(one[1]) != len(other[1]):
        return False
    if one[0] == "zh":
        different = sum(a != b for a, b in zip(one[1], other[1], strict=True))
        return len(one[1]) >= 6 and different <= 1
    return len(one[1]) > 1 and all(_forms(a, b, letters) for a, b in zip(one[1], other[1], strict=True))


def _forms(one: str, other: str, letters: float) -> bool:
    if one == other:
        return True
    return (
        one[:5] == other[:5]
        and min(len(one), len(other)) > 5
        and dice(_trigrams(one), _trigrams(other)) >= letters
    )


def _trigrams(word: str) -> frozenset[str]:
    return frozenset(word[i : i + 3] for i in range(len(word) - 2))

"""What may be shown beside what, so that no small group is shown or found by subtraction.

One rule for all: a part is nobody or at least the study's smallest group, and so is what it leaves over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key")


def whole(counts: Iterable[float], minimum: int) -> bool:
    """Whether each part is nobody or at least `minimum` people: the one test that everything shown has to pass."""
    return all(count == 0 or count >= minimum for count in counts)


def apart(one: float, other: float | None, minimum: int) -> bool:
    """Whether two figures of the same thing, of `one` and of `other` people, may stand beside each other.

    What one is more than the other is nobody or enough people. None: the other figure is not published.
    """
    return other is None or whole([abs(one - other)], minimum)


def sides_may_show(one: float, other: float, published: float | None, minimum: int) -> bool:
    """Two sides of the same people, compared: each is enough, and so is whoever is published and on neither."""
    return min(one, other) >= minimum and apart(one + other, published, minimum)


def part_may_show(everyone: float, part: float, published: float | None, minimum: int) -> bool:
    """Figures of some beside those of everyone, where others, of `published` people, were shown before."""
    pairs = ((everyone, part), (part, published), (everyone, published))
    return part >= minimum and all(apart(*pair, minimum) for pair in pairs)


def shown_parts(parts: Mapping[Key, Sequence[int]], totals: Sequence[int], minimum: int) -> set[Key]:
    """The parts that may be shown beside their totals, each told by several counts (came back, left).

    Every count of a shown part, and of what is left when all shown parts are taken from the totals, is nobody
    or at least `minimum` people. The smallest are hidden first. Fewer parts than these may be shown, too.
    """
    shown = {key: counts for key, counts in parts.items() if whole(counts, minimum)}
    rest = [total - sum(column) for total, *column in zip(totals, *shown.values(), strict=True)]
    # Ties are broken by name, so that the same data always hides the same groups.
    for key in sorted(shown, key=lambda key: (sum(shown[key]), str(key))):
        if whole(rest, minimum):
            break
        rest = [left + count for left, count in zip(rest, shown.pop(key), strict=True)]
    return set(shown)


def shown_groups(sizes: Mapping[Key, int], total: int, minimum: int) -> set[Key]:
    """The groups that may be shown when `total`, which includes members of no group, is shown too.

    Hidden are groups of 1 to minimum - 1. What is left when all shown groups are taken from the total must be
    nobody or at least `minimum` people: otherwise the smallest shown groups are hidden as well. Empty groups
    have nothing to show. Every difference of a total and shown groups is then 0 or at least `minimum`.
    """
    if total < minimum:
        return set()
    return shown_parts({key: (size,) for key, size in sizes.items() if size}, (total,), minimum)


def shown_points(points: Mapping[tuple[int, int], int], minimum: int) -> set[tuple[int, int]]:
    """The points of a plane that may be shown beside how many chose each place on either axis.

    What is left of a shown point's row, of its column and of the whole plane is nobody or at least `minimum`.
    """
    rest: Counter[object] = Counter()
    for (x, y), n in points.items():
        for line in _lines(x, y):
            rest[line] += n
    shown = {point: n for point, n in points.items() if n >= minimum}
    for (x, y), n in shown.items():
        rest.subtract(dict.fromkeys(_lines(x, y), n))
    for x, y in sorted(shown, key=lambda point: (shown[point], point)):
        if not whole((rest[line] for line in _lines(x, y)), minimum):
            rest.update(dict.fromkeys(_lines(x, y), shown.pop((x, y))))
    return set(shown)


def _lines(x: int, y: int) -> list[object]:
    return [("x", x), ("y", y), "all"]


def merged_groups(sizes: Mapping[Key, int], minimum: int) -> set[Key]:
    """The groups that must be put together under one name in row-level data; nobody stands alone there."""
    total = sum(sizes.values())
    kept = shown_groups(sizes, total, minimum)
    return {key for key, size in sizes.items() if size and key not in kept}


def merged_across(rounds: Mapping[object, Mapping[Key, int]], minimum: int) -> set[Key]:
    """Groups to be merged in row-level data of several rounds: in no round may a name, or the merged rest, be few.

    `rounds`: for each round how many people of each group answered.
    """
    merged: set[Key] = set()
    for sizes in rounds.values():
        merged |= merged_groups(sizes, minimum)
    grown = bool(merged)
    while grown:
        grown = False
        for sizes in rounds.values():
            together = sum(sizes.get(key, 0) for key in merged)
            left = sorted((size, str(key), key) for key, size in sizes.items() if size and key not in merged)
            if 0 < together < minimum and left:
                merged.add(left[0][2])
                grown = True
    return merged

"""Which groups may be shown beside their total, so that no small group is shown or found by subtraction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")


def shown_groups(sizes: Mapping[Key, int], total: int, minimum: int) -> set[Key]:
    """The groups that may be shown when `total`, which includes members of no group, is shown too.

    Hidden are groups of 1 to minimum - 1. What is left when all shown groups are taken from the total must be
    nobody or at least `minimum` people: otherwise the smallest shown groups are hidden as well. Empty groups
    have nothing to show. Every difference of a total and shown groups is then 0 or at least `minimum`.
    """
    if total < minimum:
        return set()
    shown = {key: size for key, size in sizes.items() if size >= minimum}
    rest = total - sum(shown.values())
    # Ties are broken by name, so that the same data always hides the same groups.
    for key in sorted(shown, key=lambda key: (shown[key], str(key))):
        if rest == 0 or rest >= minimum:
            break
        rest += shown.pop(key)
    return set(shown)


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

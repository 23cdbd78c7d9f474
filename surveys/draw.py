"""The draw: which technologies each member is dealt. No database in here; the same seed deals the same hands.

Every member takes the technologies that their panel group has covered least so far, then those that the whole
panel has covered least, and chance decides between equals. So within a group two technologies that everybody may
get differ by one member at most, and whoever joins later fills the gaps.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seat:
    """One member at the table: `may` are the technologies they can be dealt, `keeps` those they have already."""

    member: int
    group: int | None
    may: Sequence[int]
    keeps: tuple[int, ...] = ()
    wants: int = 0


@dataclass
class Coverage:
    """How many members are asked about each technology, in all and in each group."""

    total: Counter = field(default_factory=Counter)
    by_group: dict[int | None, Counter] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, group: int | None, technologies: Iterable[int], times: int = 1) -> None:
        own = self.by_group[group]
        for technology in technologies:
            own[technology] += times
            self.total[technology] += times


def deal(seats: Sequence[Seat], *, seed: int, coverage: Coverage | None = None) -> dict[int, list[int]]:
    """What each member gets beside what they keep. `coverage` is what others are asked already; it grows."""
    covered = coverage if coverage is not None else Coverage()
    chance = random.Random(seed)  # noqa: S311 - a draw that anybody can repeat, not a secret
    for seat in seats:
        covered.add(seat.group, seat.keeps)
    dealt = {}
    order = [(chance.random(), seat) for seat in sorted(seats, key=lambda seat: seat.member)]
    for _chance, seat in sorted(order, key=lambda pair: pair[0]):
        dealt[seat.member] = hand = _hand(seat, covered, chance)
        covered.add(seat.group, hand)
    return dealt


def _hand(seat: Seat, covered: Coverage, chance: random.Random) -> list[int]:
    keeps, own, total = set(seat.keeps), covered.by_group[seat.group], covered.total
    free = [technology for technology in seat.may if technology not in keeps]
    wanted = min(max(0, seat.wants - len(keeps)), len(free))
    if wanted == len(free):
        return free
    ranked = ((own[each], total[each], chance.random(), each) for each in free)
    return [rank[-1] for rank in heapq.nsmallest(wanted, ranked)]


def block_size(*, technologies: int, members: int, per_member: int | None, per_technology: int | None) -> int:
    """How many technologies a member of a group of `members` is dealt.

    Both numbers given, the member's burden is the limit; what the group then cannot cover is said before opening.
    """
    enough = math.ceil(per_technology * technologies / members) if per_technology and members else 0
    wanted = min(per_member, enough) if per_member and enough else (per_member or enough)
    return min(wanted, technologies)

"""Who would be asked about what if a round opened now: the hands that opening writes, and what they amount to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from experts.enums import MemberStatus
from experts.models import PanelMember
from foundation.services.audit import sha256
from surveys.draw import Coverage, Seat, block_size, deal
from surveys.enums import Routing
from surveys.models import Assignment, Field, MemberField, Round, Technology


def seed_of(round: Round) -> int:
    """The seed of the round's draw: it follows from the round's code, so a preview shows what opening will do."""
    return int(sha256(f"draw:{round.code}")[:8], 16)


def is_drawn(study) -> bool:
    return study.routing == Routing.BLOCKS or (
        study.routing == Routing.FIELDS and study.per_member is not None
    )


@dataclass
class Hands:
    """What each member is asked; members who are asked the same share one tuple."""

    groups: dict[int, int | None]
    by_member: dict[int, tuple[int, ...]]

    @cached_property
    def coverage(self) -> Coverage:
        counted = Coverage()
        alike = Counter((self.groups[member], hand) for member, hand in self.by_member.items())
        for (group, hand), times in alike.items():
            counted.add(group, hand, times)
        return counted


class _Table:
    """What is read once before the cards are dealt."""

    def __init__(self, round: Round, technologies: Sequence[Technology], members):
        self.round, self.technologies, self.members = round, technologies, members
        self.ids = tuple(technology.pk for technology in technologies)
        self.fields: dict[int, set[int]] = defaultdict(set)
        self.kept: dict[int, list[int]] = defaultdict(list)
        self.known: set[int] = set()
        self._of_fields: dict[frozenset[int], tuple[int, ...]] = {}
        study = round.study
        if study.routing in (Routing.FIELDS, Routing.CHOSEN):
            pairs = MemberField.objects.filter(member__panel=study.panel_id, field__study=study)
            for member, chosen in pairs.values_list("member_id", "field_id"):
                self.fields[member].add(chosen)
        if study.routing == Routing.CHOSEN or is_drawn(study):
            self._read_earlier()

    def _read_earlier(self) -> None:
        asked = set(self.ids)
        earlier = Assignment.objects.filter(
            round__study=self.round.study_id, round__number__lt=self.round.number
        )
        rows = earlier.order_by("member_id", "technology_id").distinct()
        for member, technology in rows.values_list("member_id", "technology_id"):
            self.known.add(technology)
            if technology in asked:
                self.kept[member].append(technology)

    @cached_property
    def _above(self) -> dict[int | None, set[int]]:
        """Every field's id to the ids of itself and all fields above it."""
        parents = dict(Field.objects.filter(study=self.round.study_id).values_list("pk", "parent_id"))
        above: dict[int | None, set[int]] = {}
        for pk in parents:
            at: int | None = pk
            above[pk] = set()
            while at is not None and at not in above[pk]:
                above[pk].add(at)
                at = parents.get(at)
        return above

    def of_fields(self, fields: Iterable[int]) -> tuple[int, ...]:
        """The technologies at or below these fields, and those that have none."""
        key = frozenset(fields)
        if key not in self._of_fields:
            self._of_fields[key] = tuple(
                each.pk
                for each in self.technologies
                if each.field_id is None or self._above[each.field_id] & key
            )
        return self._of_fields[key]

    @cached_property
    def sizes(self) -> dict[int | None, int]:
        """How many technologies a member of each group is dealt."""
        study = self.round.study
        active = PanelMember.objects.filter(panel=study.panel_id, status=MemberStatus.ACTIVE)
        blocks = study.routing == Routing.BLOCKS
        return {
            group: block_size(
                technologies=len(self.ids),
                members=count,
                per_member=study.per_member,
                per_technology=study.per_technology if blocks else None,
            )
            for group, count in Counter(active.values_list("group_id", flat=True)).items()
        }

    def may(self, member: int) -> tuple[int, ...]:
        if self.round.study.routing == Routing.BLOCKS or member not in self.fields:
            return self.ids
        return self.of_fields(self.fields[member])


def hands(round: Round, technologies: Sequence[Technology], member_ids: Iterable[int] | None = None) -> Hands:
    """What the members (all active ones, or `member_ids`) are asked in this round.

    In a round that is open already, what the others are asked counts as covered.
    """
    members = PanelMember.objects.filter(panel=round.study.panel_id, status=MemberStatus.ACTIVE)
    if member_ids is not None:
        members = members.filter(pk__in=list(member_ids))
    rows = list(members.order_by("pk").values_list("pk", "group_id"))
    table = _Table(round, technologies, rows)
    if round.study.routing == Routing.CHOSEN:
        dealt = {member: _chosen(table, member) for member, _group in rows}
    elif is_drawn(round.study):
        dealt = _drawn(table)
    else:
        dealt = {member: table.may(member) for member, _group in rows}
    return Hands(dict(rows), dealt)


def _chosen(table: _Table, member: int) -> tuple[int, ...]:
    """What the member chose before, and what is new in the fields that they chose; at first their fields alone."""
    kept = set(table.kept[member])
    if member in table.fields:
        new = table.of_fields(table.fields[member])
        kept |= {each for each in new if each not in table.known} if kept else set(new)
    return tuple(each for each in table.ids if each in kept)


def _drawn(table: _Table) -> dict[int, tuple[int, ...]]:
    seats = [_seat(table, member, group) for member, group in table.members]
    dealt = deal(seats, seed=seed_of(table.round), coverage=_covered(table.round, table.members))
    found = {}
    for seat in seats:
        hand = {*seat.keeps, *dealt[seat.member]}
        found[seat.member] = tuple(each for each in table.ids if each in hand)
    return found


def _seat(table: _Table, member: int, group: int | None) -> Seat:
    """Members keep their technologies from round to round; only what is new to the study is dealt on top."""
    may, kept = table.may(member), tuple(table.kept[member])
    if kept:
        may = tuple(each for each in may if each not in table.known)
    return Seat(member, group, may, kept, table.sizes[group])


def _covered(round: Round, members: list[tuple[int, int | None]]) -> Coverage:
    """What members who are not dealt to now are asked already."""
    covered = Coverage()
    if not round.is_open:
        return covered
    dealt = {member for member, _group in members}
    rows = Assignment.objects.filter(round=round).values_list(
        "member_id", "member__group_id", "technology_id"
    )
    for member, group, technology in rows.iterator():
        if member not in dealt:
            covered.add(group, (technology,))
    return covered

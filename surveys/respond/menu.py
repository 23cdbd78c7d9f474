"""What a member may choose from: chapters with their technologies, and what is chosen already."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict

from surveys.models import Assignment, Round, Technology
from surveys.respond.visit import Visit
from surveys.services.choosing import touched


@dataclass
class Item:
    technology: Technology
    is_chosen: bool
    is_fixed: bool  # something was said about it: it stays


@dataclass
class Section:
    code: str
    title: str
    items: list[Item] = field(default_factory=list)

    @property
    def chosen(self) -> int:
        return sum(item.is_chosen for item in self.items)

    @property
    def is_whole(self) -> bool:
        return self.chosen == len(self.items)

    @property
    def is_open(self) -> bool:
        return 0 < self.chosen < len(self.items)


class Menu:
    def __init__(self, visit: Visit, round: Round):
        self.visit, self.round, self.error = visit, round, ""
        self.fields: list[str] = []

    @cached_property
    def sections(self) -> list[Section]:
        rows = Technology.objects.filter(round_technologies__round=self.round).select_related("field")
        order = sorted(
            rows,
            key=lambda each: (
                (each.field.position, each.field.pk) if each.field else (1 << 30, 0),
                each.position,
                each.pk,
            ),
        )
        found: dict[str, Section] = {}
        for each in order:
            code = each.field.code if each.field else "-"
            section = found.setdefault(code, Section(code, str(each.field) if each.field else ""))
            fixed = each.pk in self._touched
            section.items.append(Item(each, fixed or each.pk in self._chosen, fixed))
        return list(found.values())

    @cached_property
    def _chosen(self) -> set[int]:
        own = Assignment.objects.filter(round=self.round, member=self.visit.member)
        return set(own.values_list("technology_id", flat=True))

    @cached_property
    def _touched(self) -> set[int]:
        return touched(self.round, self.visit.member)

    @property
    def chosen(self) -> int:
        return sum(section.chosen for section in self.sections)

    @property
    def total(self) -> int:
        return sum(len(section.items) for section in self.sections)

    def wanted(self, post: QueryDict) -> set[str]:
        """Codes of the technologies that the form asks for; whole fields are noted in `fields`."""
        ticked, technologies = set(post.getlist("field")), set(post.getlist("technology"))
        wanted: set[str] = set()
        for section in self.sections:
            codes = {item.technology.code for item in section.items}
            fixed = {item.technology.code for item in section.items if item.is_fixed}
            own = codes & technologies | fixed
            if section.code in ticked and not section.is_whole:
                own = codes  # the field was ticked just now: all of it
            elif section.code not in ticked and section.is_whole and own == codes:
                own = fixed  # without scripts its technologies stay ticked when the field is not
            wanted |= own
            if own == codes:
                self.fields.append(section.code)
        return wanted

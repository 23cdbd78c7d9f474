"""The list of technologies as a member looks through it: by chapter, filtered, searched, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from surveys.hooks import decided_results
from surveys.respond.sheet import Chapter, Entry, Sheet

PAGE = 60
LONGEST_SEARCH = 100


@dataclass
class Overview:
    """What of the sheet is shown. Long lists open one chapter at a time, so that the page stays light."""

    sheet: Sheet
    query: QueryDict
    decided: set[int] = field(default_factory=set)

    @property
    def filters(self) -> dict[str, Callable[[Entry], bool]]:
        later = {
            "changed": lambda entry: entry.is_changed,
            "outside": lambda entry: entry.is_outside or entry.earlier_is_outside,
        }
        return (
            {"unanswered": lambda entry: not entry.is_complete}
            | (later if self.sheet.visit.earlier else {})
            | {"flagged": lambda entry: entry.is_flagged}
            | ({"decided": lambda entry: entry.technology.pk in self.decided} if self.decided else {})
        )

    @cached_property
    def shown(self) -> str:
        asked = self.query.get("show", "")
        return asked if asked in self.filters else ""

    @cached_property
    def search(self) -> str:
        return " ".join(self.query.get("q", "").split())[:LONGEST_SEARCH]

    @cached_property
    def counts(self) -> dict[str, int]:
        return {name: sum(map(wanted, self.sheet.entries)) for name, wanted in self.filters.items()}

    @cached_property
    def found(self) -> list[Entry]:
        wanted = self.filters.get(self.shown, lambda entry: True)
        return [entry for entry in self.sheet.entries if wanted(entry) and _matches(entry, self.search)]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.shown or self.search)

    @property
    def is_folded(self) -> bool:
        return len(self.sheet.entries) > PAGE and len(self.sheet.chapters) > 1 and not self.is_narrowed

    @cached_property
    def opened(self) -> Chapter | None:
        """Of a folded list: the chapter that was asked for, else the one where the member goes on."""
        if not self.is_folded:
            return None
        asked = self.query.get("chapter", "")
        chosen = next((each for each in self.sheet.chapters if each.slug == asked), None)
        entry = self.sheet.next_open() or self.sheet.entries[0]
        return chosen or self.sheet.chapter_of(entry)

    @cached_property
    def page(self) -> Page:
        rows = self.opened.entries if self.opened else self.found
        return Paginator(rows, PAGE).get_page(self.query.get("page"))

    @cached_property
    def chapters(self) -> list[tuple[Chapter, list[Entry]]]:
        """Chapters with the rows that are shown of each; of folded ones none."""
        shown = {id(entry) for entry in self.page}
        rows = [
            (chapter, [entry for entry in chapter.entries if id(entry) in shown])
            for chapter in self.sheet.chapters
        ]
        return rows if self.is_folded else [(chapter, entries) for chapter, entries in rows if entries]


def overview_of(sheet: Sheet, query: QueryDict) -> Overview:
    """With the final verdicts as they were frozen, where the round lets the group's results be seen."""
    technologies = [entry.technology.pk for entry in sheet.entries]
    shown = sheet.visit.earlier is not None and sheet.round.shows_feedback
    return Overview(sheet, query, set(decided_results(sheet.round.pk, technologies)) if shown else set())


def _matches(entry: Entry, search: str) -> bool:
    """In any language of the name, or by number: whoever heard of it in another language finds it."""
    if not search:
        return True
    technology = entry.technology
    text = " ".join((technology.key, *technology.name.values())).casefold()
    return all(word in text for word in search.casefold().split())

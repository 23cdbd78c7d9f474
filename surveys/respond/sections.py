"""What a page of the table holds: fields of a few technologies together, a large field page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from surveys.respond.sheet import Chapter, Entry, Sheet

PAGE = 20


@dataclass(frozen=True)
class Section:
    """Neighbouring chapters shown together, and the page of them that is open."""

    chapters: list[Chapter]
    page: Page
    following: Chapter | None

    @property
    def alone(self) -> Chapter | None:
        return self.chapters[0] if len(self.chapters) == 1 else None

    @property
    def onward(self) -> str:
        """The query of what comes after this page; empty at the end."""
        if self.page.has_next():
            return f"?chapter={self.chapters[0].slug}&page={self.page.next_page_number()}"
        return f"?chapter={self.following.slug}" if self.following else ""

    def headed(self, entries: list[Entry]) -> dict[int, Chapter]:
        """Place in `entries` -> the chapter that begins there; nothing where one chapter stands alone."""
        if self.alone:
            return {}
        first = {id(chapter.entries[0]): chapter for chapter in self.chapters}
        return {at: first[id(entry)] for at, entry in enumerate(entries) if id(entry) in first}


def section_of(sheet: Sheet, slug: str, number: str | None) -> Section | None:
    """The section that holds this chapter, else the first; None where nothing is asked."""
    packs = packed(sheet.chapters)
    if not packs:
        return None
    asked = (at for at, pack in enumerate(packs) if any(chapter.slug == slug for chapter in pack))
    at = next(asked, 0)
    entries = [entry for chapter in packs[at] for entry in chapter.entries]
    following = packs[at + 1][0] if at + 1 < len(packs) else None
    return Section(packs[at], Paginator(entries, PAGE).get_page(number), following)


def packed(chapters: list[Chapter]) -> list[list[Chapter]]:
    """Neighbours together as long as they fit one page."""
    packs: list[list[Chapter]] = []
    for chapter in chapters:
        if packs and sum(len(each.entries) for each in [*packs[-1], chapter]) <= PAGE:
            packs[-1].append(chapter)
        else:
            packs.append([chapter])
    return packs

"""Where an answering page leads once it is saved, and the choices that its buttons make on the way.

All of it is one field of the form, `go`, so that scripts or not, what is on the page is saved first.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from surveys.enums import Routing
from surveys.respond.sections import PAGE
from surveys.respond.sheet import Entry, Sheet
from surveys.respond.tastes import CARDS, MATRIX, layout_of, with_layout
from surveys.respond.visit import Visit


def address(visit: Visit, name: str, *args: str) -> str:
    return reverse(f"respond:{name}", args=[visit.study.code, *args])


def entry_address(visit: Visit, entry: Entry) -> str:
    return address(visit, "technology", entry.technology.code)


def matrix_address(visit: Visit, sheet: Sheet, entry: Entry | None) -> str:
    """The matrix page on which this technology is."""
    chapter = sheet.chapter_of(entry) if entry else None
    if entry is None or chapter is None:
        return address(visit, "matrix")
    page = chapter.entries.index(entry) // PAGE + 1
    query = f"?chapter={chapter.slug}" + (f"&page={page}" if page > 1 else "")
    return f"{address(visit, 'matrix')}{query}#t-{entry.technology.code}"


def start(request: HttpRequest, visit: Visit, sheet: Sheet) -> str:
    """Where to begin or go on, in the layout that was chosen."""
    if not sheet.entries and visit.study.routing == Routing.CHOSEN:
        return address(visit, "choose")
    if sheet.once and any(not cell.is_answered for cell in sheet.once) and not sheet.answered:
        return address(visit, "once")
    entry = sheet.next_open()
    if entry is None:
        return address(visit, "review")
    if layout_of(request) == MATRIX:
        return matrix_address(visit, sheet, entry)
    return entry_address(visit, entry)


def end(visit: Visit, sheet: Sheet) -> str:
    """After the last technology: the questions asked once if they wait, else the review."""
    waiting = any(not cell.is_answered for cell in sheet.once)
    return address(visit, "once" if waiting else "review")


@dataclass
class Ways:
    """The ways from one page: `onward` and `back` are addresses, `entry` the technology that the page is about."""

    request: HttpRequest
    visit: Visit
    sheet: Sheet
    onward: str
    back: str = ""
    entry: Entry | None = None

    def take(self) -> HttpResponse:
        """After a save: to where the pressed button leads."""
        post, here = self.request.POST, self.request.get_full_path()
        if "keep" in post or "clear" in post:
            kind, _colon, row = post.get("keep", "").partition(":")
            return redirect(f"{here}#t-{row}" if kind == "row" and row in self.sheet.by_code else here)
        if "voice" in post:
            return redirect(f"{here}#reasons")
        go, _colon, place = post.get("go", "next").partition(":")
        if go in (CARDS, MATRIX):
            return with_layout(redirect(self._in_layout(go)), go)
        if go in ("stay", "language"):
            return redirect(here)
        if go == "at" and (found := self._at(place)):
            return redirect(found)
        if go == "unanswered":
            return redirect(self.next_unanswered())
        if go == "previous" and self.back:
            return redirect(self.back)
        return redirect(address(self.visit, "overview") if go == "overview" else self.onward)

    def _at(self, place: str) -> str:
        """One question or reason on its technology's own page: `CODE:key` or `CODE`."""
        code, _colon, key = place.partition(":")
        entry = self.sheet.by_code.get(code)
        if entry is None:
            return ""
        asked = any(cell.question.key == key for cell in entry.cells)
        return entry_address(self.visit, entry) + (f"#a-{code}-{key}" if asked else f"#r-{code}")

    def next_unanswered(self) -> str:
        entry = self.sheet.next_open(self.entry)
        return entry_address(self.visit, entry) if entry else end(self.visit, self.sheet)

    def _in_layout(self, layout: str) -> str:
        entry = self.entry or self.sheet.next_open() or (self.sheet.entries or [None])[0]
        if layout == MATRIX:
            return matrix_address(self.visit, self.sheet, entry)
        return entry_address(self.visit, entry) if entry else address(self.visit, "overview")

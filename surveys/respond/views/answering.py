"""The pages that ask: one technology, the questions asked once, and the matrix."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from surveys.exceptions import NotAssigned, RoundNotOpen
from surveys.respond.discussion import conversation_of, save_discussion
from surveys.respond.matrix import Grid
from surveys.respond.plain import FormSave, reason_box, save_form
from surveys.respond.sections import Section, section_of
from surveys.respond.sheet import Entry, Sheet, load_sheet
from surveys.respond.views.pages import page_context
from surveys.respond.views.refused import gone, late
from surveys.respond.visit import Visit, answering_page
from surveys.respond.ways import Ways, address, end, entry_address
from surveys.respond.widgets import widget
from surveys.services.bookmarks import set_bookmark


@answering_page
def technology(request: HttpRequest, visit: Visit, technology_code: str) -> HttpResponse:
    if visit.round is None:
        return late(request, visit)
    sheet = load_sheet(visit)
    entry = sheet.by_code.get(technology_code)
    if entry is None:
        return gone(request, visit)
    saved, refused = None, {}
    if request.method == "POST":
        try:
            saved = save_form(request, visit, entry.cells, [entry])
            refused = save_discussion(visit, request.POST)
        except RoundNotOpen:
            return late(request, visit)
        except NotAssigned:
            return gone(request, visit)
        _flag(request, visit, entry)
        if saved.is_whole and not refused:
            return _ways(request, visit, sheet, entry).take()
        sheet = load_sheet(visit)
        entry = sheet.by_code.get(technology_code)
        if entry is None:
            return gone(request, visit)
    return _technology_page(request, visit, sheet, entry, saved, refused)


def _flag(request: HttpRequest, visit: Visit, entry: Entry) -> None:
    """Without scripts the flag is a button of the page's form."""
    if request.POST.get("go") in ("stay:flag", "stay:unflag"):
        on = request.POST["go"] == "stay:flag"
        set_bookmark(round=visit.round, member=visit.member, technology=entry.technology.code, on=on)


def _ways(request: HttpRequest, visit: Visit, sheet: Sheet, entry: Entry) -> Ways:
    before, after = sheet.beside(entry)
    return Ways(
        request,
        visit,
        sheet,
        onward=entry_address(visit, after) if after else end(visit, sheet),
        back=entry_address(visit, before) if before else "",
        entry=entry,
    )


def _technology_page(
    request, visit: Visit, sheet: Sheet, entry: Entry, saved: FormSave | None, refused: dict
) -> HttpResponse:
    before, after = sheet.beside(entry)
    ways = _ways(request, visit, sheet, entry)
    widgets = [saved.widget(cell) if saved else widget(cell) for cell in entry.cells]
    context = page_context(
        visit,
        sheet=sheet,
        entry=entry,
        technologies=[entry.technology],
        parts=_parts(widgets, visit.study.unfamiliar_rule),
        widgets=widgets,
        reason=saved.reason(entry) if saved else reason_box(entry),
        conversation=conversation_of(sheet, entry, refused),
        before=before,
        after=after,
        next_url=ways.onward,
        next_open=sheet.next_open(entry),
        chapter=sheet.chapter_of(entry),
        saved=saved,
    )
    return render(request, "respond/technology.html", context, status=422 if saved else 200)


def _parts(widgets: list, rule: str) -> tuple[list, list]:
    """Familiarity first, where an answer to it decides about the rest; else all in the order of the protocol."""
    first = [w for w in widgets if w.is_familiarity]
    rest = [w for w in widgets if not w.is_familiarity]
    return (first, rest) if rule and first else (widgets, [])


@answering_page
def once(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The questions asked once per round."""
    if visit.round is None:
        return late(request, visit)
    sheet = load_sheet(visit)
    if not sheet.once:
        return gone(request, visit)
    next_entry = sheet.next_open()
    onward = entry_address(visit, next_entry) if next_entry else address(visit, "review")
    saved = None
    if request.method == "POST":
        try:
            saved = save_form(request, visit, sheet.once, [])
        except RoundNotOpen:
            return late(request, visit)
        if saved.is_whole:
            return Ways(request, visit, sheet, onward=address(visit, "overview")).take()
        sheet = load_sheet(visit)
    context = page_context(
        visit,
        sheet=sheet,
        widgets=[saved.widget(cell) if saved else widget(cell) for cell in sheet.once],
        technologies=[],
        can_keep=any(not c.earlier.is_empty and not c.is_answered for c in sheet.once),
        next_url=onward,
        saved=saved,
    )
    return render(request, "respond/once.html", context, status=422 if saved else 200)


@answering_page
def matrix(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Technologies by questions, a few chapters at a time: the same answers, densely."""
    if visit.round is None:
        return late(request, visit)
    sheet = load_sheet(visit)
    section = _section(request, sheet)
    if section is None:
        return gone(request, visit)
    saved = None
    if request.method == "POST":
        # Not the page's cells only: what was on it when it was opened may be on another by now.
        cells = [cell for entry in sheet.entries for cell in entry.cells]
        try:
            saved = save_form(request, visit, cells, sheet.entries)
        except RoundNotOpen:
            return late(request, visit)
        except NotAssigned:
            return gone(request, visit)
        if saved.is_whole:
            return _matrix_ways(request, visit, sheet, section).take()
        sheet = load_sheet(visit)
        section = _section(request, sheet)
        if section is None:
            return gone(request, visit)
    rows = _rows(sheet, section, saved)
    context = page_context(
        visit,
        sheet=sheet,
        section=section,
        grid=Grid(sheet, rows, saved, heads=section.headed(rows)),
        saved=saved,
        technologies=[entry.technology for entry in rows],
        next_url=_matrix_ways(request, visit, sheet, section).onward,
        is_last=not section.onward,
    )
    return render(request, "respond/matrix.html", context, status=422 if saved else 200)


def _rows(sheet: Sheet, section: Section, saved: FormSave | None) -> list[Entry]:
    """The page's rows; before them those that are on another page by now and were refused here."""
    here = list(section.page)
    refused = saved.refused if saved else ()
    return [e for e in sheet.entries if e.technology.code in refused and e not in here] + here


def _section(request: HttpRequest, sheet: Sheet) -> Section | None:
    return section_of(sheet, request.GET.get("chapter", ""), request.GET.get("page"))


def _matrix_ways(request, visit: Visit, sheet: Sheet, section: Section) -> Ways:
    """On to the section's next page, then to the next section, then to the end."""
    onward = address(visit, "matrix") + section.onward if section.onward else end(visit, sheet)
    return Ways(request, visit, sheet, onward=onward, entry=next(iter(section.page), None))

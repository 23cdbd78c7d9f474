"""The pages that ask: one technology, the questions asked once, and the matrix."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from foundation.exceptions import NotAllowed
from surveys.exceptions import RoundNotOpen
from surveys.respond.discussion import conversation_of, save_discussion
from surveys.respond.matrix import PAGE, Grid
from surveys.respond.plain import FormSave, reason_box, save_form, typed_texts
from surveys.respond.sheet import Entry, Sheet, load_sheet
from surveys.respond.views.pages import page_context
from surveys.respond.visit import Visit, answering_page
from surveys.respond.widgets import widget


def late(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The round closed while the page was open: nothing is written, and the text stays with its author."""
    context = page_context(visit, typed=typed_texts(visit, request.POST))
    return render(request, "respond/late.html", context, status=409)


@answering_page
def technology(request: HttpRequest, visit: Visit, technology_code: str) -> HttpResponse:
    if visit.round is None:
        return late(request, visit)
    sheet = load_sheet(visit)
    entry = sheet.by_code.get(technology_code)
    if entry is None:
        raise NotAllowed
    saved, refused = None, {}
    if request.method == "POST":
        try:
            saved = save_form(request, visit, entry.cells, [entry])
            refused = save_discussion(visit, request.POST)
        except RoundNotOpen:
            return late(request, visit)
        if saved.is_whole and not refused:
            return redirect(_way_on(request, visit, sheet, entry))
        sheet = load_sheet(visit)
        entry = sheet.by_code[technology_code]
    return _technology_page(request, visit, sheet, entry, saved, refused)


def _technology_page(
    request, visit: Visit, sheet: Sheet, entry: Entry, saved: FormSave | None, refused: dict
) -> HttpResponse:
    before, after = sheet.beside(entry)
    context = page_context(
        visit,
        sheet=sheet,
        entry=entry,
        technologies=[entry.technology],
        widgets=[saved.widget(cell) if saved else widget(cell) for cell in entry.cells],
        reason=saved.reason(entry) if saved else reason_box(entry),
        conversation=conversation_of(visit, entry, refused),
        before=before,
        after=after,
        next_url=_address(visit, after) if after else _end(visit, sheet),
        chapter=next((c for c in sheet.chapters if entry in c.entries), None),
    )
    return render(request, "respond/technology.html", context, status=422 if saved else 200)


def _address(visit: Visit, entry: Entry) -> str:
    return reverse("respond:technology", args=[visit.study.code, entry.technology.code])


def _end(visit: Visit, sheet: Sheet) -> str:
    """After the last technology: the questions asked once if they wait, else the review."""
    waiting = any(not cell.is_answered for cell in sheet.once)
    return reverse("respond:once" if waiting else "respond:review", args=[visit.study.code])


def _way_on(request: HttpRequest, visit: Visit, sheet: Sheet, entry: Entry) -> str:
    if "keep" in request.POST or "clear" in request.POST:
        return request.path
    if "voice" in request.POST:
        return f"{request.path}#reasons"
    before, after = sheet.beside(entry)
    go = request.POST.get("go", "next")
    if go == "previous" and before:
        return _address(visit, before)
    if go == "overview":
        return reverse("respond:overview", args=[visit.study.code])
    if go == "stay":
        return request.path
    return _address(visit, after) if after else _end(visit, sheet)


@answering_page
def once(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The questions asked once per round."""
    if visit.round is None:
        return late(request, visit)
    sheet = load_sheet(visit)
    if not sheet.once:
        raise NotAllowed
    saved = None
    if request.method == "POST":
        try:
            saved = save_form(request, visit, sheet.once, [])
        except RoundNotOpen:
            return late(request, visit)
        if saved.is_whole:
            stay = {"keep", "clear"} & set(request.POST) or request.POST.get("go") == "stay"
            return redirect(
                request.path if stay else "respond:overview", *([] if stay else [visit.study.code])
            )
        sheet = load_sheet(visit)
    widgets = [saved.widget(cell) if saved else widget(cell) for cell in sheet.once]
    next_entry = sheet.next_open()
    context = page_context(
        visit,
        sheet=sheet,
        widgets=widgets,
        technologies=[],
        can_keep=any(not c.earlier.is_empty and not c.is_answered for c in sheet.once),
        next_url=_address(visit, next_entry)
        if next_entry
        else reverse("respond:review", args=[visit.study.code]),
    )
    return render(request, "respond/once.html", context, status=422 if saved else 200)


@answering_page
def matrix(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Technologies by scale questions: the same answers, densely."""
    if visit.round is None:
        return late(request, visit)
    sheet = load_sheet(visit)
    page = Paginator(sheet.entries, PAGE).get_page(request.GET.get("page"))
    saved = None
    if request.method == "POST":
        cells = [cell for entry in page for cell in entry.cells]
        try:
            saved = save_form(request, visit, cells, [])
        except RoundNotOpen:
            return late(request, visit)
        if saved.is_whole:
            return redirect(request.get_full_path())
        sheet = load_sheet(visit)
        page = Paginator(sheet.entries, PAGE).get_page(request.GET.get("page"))
    context = page_context(
        visit,
        sheet=sheet,
        page=page,
        grid=Grid(sheet, list(page), saved),
        technologies=[entry.technology for entry in page],
    )
    return render(request, "respond/matrix.html", context, status=422 if saved else 200)

"""One question or reason by itself, for the dialog that opens over the table: the partials of the technology's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.exceptions import NotAllowed
from surveys.exceptions import RoundNotOpen
from surveys.respond.plain import reason_box
from surveys.respond.sheet import Entry, load_sheet
from surveys.respond.views.pages import page_context
from surveys.respond.visit import Visit, answering_page
from surveys.respond.widgets import widget


def _asked(visit: Visit, technology_code: str) -> Entry:
    if visit.round is None:
        raise RoundNotOpen
    entry = load_sheet(visit).by_code.get(technology_code)
    if entry is None:
        raise NotAllowed
    return entry


@require_safe
@answering_page
def question(request: HttpRequest, visit: Visit, technology_code: str, key: str) -> HttpResponse:
    entry = _asked(visit, technology_code)
    cell = next((cell for cell in entry.cells if cell.question.key == key), None)
    if cell is None:
        raise NotAllowed
    context = page_context(visit, technologies=[entry.technology], w=widget(cell))
    return render(request, "respond/parts/question_editor.html", context)


@require_safe
@answering_page
def reason(request: HttpRequest, visit: Visit, technology_code: str) -> HttpResponse:
    entry = _asked(visit, technology_code)
    if not entry.asks_reason:
        raise NotAllowed
    context = page_context(visit, entry=entry, reason=reason_box(entry))
    return render(request, "respond/parts/reason.html", context)

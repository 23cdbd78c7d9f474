"""Welcome, overview, review and submission."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from surveys.enums import RoundStatus
from surveys.exceptions import Incomplete
from surveys.respond.decided import decided_for
from surveys.respond.pace import minutes
from surveys.respond.plain import require_round
from surveys.respond.results import shown_results
from surveys.respond.sheet import Sheet, load_sheet
from surveys.respond.visit import Visit, answering_page, respondent_page
from surveys.services.response import consent
from surveys.services.submission import submit as submit_response

FILTERS = ("unanswered", "changed", "outside")


def page_context(visit: Visit, **more) -> dict:
    """What every page of the questionnaire needs."""
    return {"study": visit.study, "visit": visit, "round": visit.round, "part": visit.participation} | more


@respondent_page
def welcome(request: HttpRequest, visit: Visit) -> HttpResponse:
    if visit.round is None:
        return waiting(request, visit)
    if request.method == "POST":
        require_round(visit, request.POST.get("round", ""))
        consent(participation=visit.participation, language=get_language() or "")
        return redirect(_start(visit, load_sheet(visit)))
    sheet = load_sheet(visit)
    context = page_context(visit, sheet=sheet, minutes=minutes(sheet), left=minutes(sheet, left=True))
    return render(request, "respond/welcome.html", context | {"go_on": _start(visit, sheet)})


def waiting(request: HttpRequest, visit: Visit) -> HttpResponse:
    """No round asks this member now: before the first, between rounds, or after the last."""
    latest = visit.latest_over
    context = page_context(
        visit,
        latest=latest,
        is_analysing=latest is not None and latest.status == RoundStatus.CLOSED,
        answered=visit.latest_answered,
        results=shown_results(visit),
        next_round=next((r for r in visit.rounds if r.status == RoundStatus.SCHEDULED), None),
    )
    return render(request, "respond/waiting.html", context)


def _start(visit: Visit, sheet: Sheet) -> str:
    """Where to begin or go on."""
    if sheet.once and any(not cell.is_answered for cell in sheet.once) and not sheet.answered:
        return reverse("respond:once", args=[visit.study.code])
    if entry := sheet.next_open():
        return reverse("respond:technology", args=[visit.study.code, entry.technology.code])
    return reverse("respond:review", args=[visit.study.code])


@require_safe
@answering_page
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    sheet = load_sheet(visit)
    shown = request.GET.get("show", "")
    shown = shown if shown in FILTERS else ""
    wanted = {
        "": lambda entry: True,
        "unanswered": lambda entry: not entry.is_complete,
        "changed": lambda entry: entry.is_changed,
        "outside": lambda entry: entry.is_outside,
    }
    counts = {name: sum(map(wanted[name], sheet.entries)) for name in FILTERS}
    chapters = [
        (chapter, rows)
        for chapter in sheet.chapters
        if (rows := [entry for entry in chapter.entries if wanted[shown](entry)])
    ]
    context = page_context(
        visit,
        sheet=sheet,
        chapters=chapters,
        shown=shown,
        counts=counts,
        decided=decided_for(visit),
        left=minutes(sheet, left=True),
        go_on=_start(visit, sheet),
    )
    return render(request, "respond/overview.html", context)


@require_safe
@answering_page
def review(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _review(request, visit, load_sheet(visit))


def _review(request: HttpRequest, visit: Visit, sheet: Sheet, status: int = 200) -> HttpResponse:
    missing = [entry for entry in sheet.entries if entry.missing]
    untouched = [entry for entry in sheet.entries if not entry.missing and not entry.answered]
    context = page_context(visit, sheet=sheet, missing=missing, untouched=untouched)
    return render(request, "respond/review.html", context, status=status)


@require_POST
@answering_page
def submit(request: HttpRequest, visit: Visit) -> HttpResponse:
    require_round(visit, request.POST.get("round", ""))
    try:
        submit_response(round=visit.round, member=visit.member)
    except Incomplete:
        return _review(request, visit, load_sheet(visit), status=422)
    return redirect("respond:receipt", code=visit.study.code)

"""Welcome, overview, review and submission."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from foundation.exceptions import InvalidInput, NotAllowed
from surveys.enums import RoundStatus, Routing
from surveys.exceptions import ConsentRequired, Incomplete, RoundNotOpen, TextChanged
from surveys.models import ConsentVersion, Round
from surveys.respond.decided import decided_for
from surveys.respond.example import worked_scale
from surveys.respond.menu import Menu
from surveys.respond.overview import overview_of
from surveys.respond.pace import minutes
from surveys.respond.plain import require_round
from surveys.respond.results import shown_results
from surveys.respond.sheet import Sheet, load_sheet
from surveys.respond.tastes import layout_of
from surveys.respond.visit import Visit, answering_page, respondent_page
from surveys.respond.ways import start
from surveys.services.bookmarks import set_bookmark
from surveys.services.choosing import choose_technologies
from surveys.services.consent import consent, consent_hash, consent_text
from surveys.services.submission import submit as submit_response


def page_context(visit: Visit, **more) -> dict:
    """What every page of the questionnaire needs."""
    return {"study": visit.study, "visit": visit, "round": visit.round, "part": visit.participation} | more


@respondent_page
def welcome(request: HttpRequest, visit: Visit) -> HttpResponse:
    if visit.round is None:
        return waiting(request, visit)
    if request.method == "POST":
        require_round(visit, request.POST.get("round", ""))
        try:
            consent(
                participation=visit.participation,
                shown=request.POST.get("consent", "")[:64],
                language=get_language() or "",
            )
        except TextChanged as refusal:
            messages.warning(request, str(refusal.message))
            return redirect("respond:welcome", code=visit.study.code)
        return redirect(start(request, visit, load_sheet(visit)))
    sheet = load_sheet(visit)
    context = page_context(
        visit,
        sheet=sheet,
        minutes=minutes(sheet),
        left=minutes(sheet, left=True),
        go_on=start(request, visit, sheet),
        consent_text=consent_text(visit.study),
        consent_hash=consent_hash(visit.study),
        agreed=_agreed(visit),
        example=worked_scale(sheet),
    )
    return render(request, "respond/welcome.html", context)


def _agreed(visit: Visit) -> ConsentVersion | None:
    """The text that this member agreed to, which may no longer be the text of today."""
    part = visit.participation
    if part is None or part.consent_version_id is None:
        return None
    return ConsentVersion.objects.filter(pk=part.consent_version_id).first()


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


@require_safe
@answering_page
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    sheet = load_sheet(visit)
    context = page_context(
        visit,
        sheet=sheet,
        list=overview_of(sheet, request.GET),
        decided=decided_for(visit),
        left=minutes(sheet, left=True),
        go_on=start(request, visit, sheet),
        layout=layout_of(request),
    )
    part = request.GET.get("part") == "list"
    return render(request, "respond/parts/list.html" if part else "respond/overview.html", context)


@require_POST
@answering_page
def flag(request: HttpRequest, visit: Visit, technology_code: str) -> HttpResponse:
    """A script's way to flag; the page's own form has another."""
    on = request.POST.get("on") == "1"
    set_bookmark(round=_asked(visit), member=visit.member, technology=technology_code, on=on)
    return HttpResponse(status=204)


def _asked(visit: Visit) -> Round:
    if visit.round is None:
        raise RoundNotOpen
    if visit.participation.consented_at is None:
        raise ConsentRequired
    return visit.round


REOPENED = _(
    "You chose more after you had submitted: your answers are kept, but no longer count as submitted. Answer what is "
    "still missing, then submit again."
)


@answering_page
def choose(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Which fields and technologies to be asked about, where the study leaves it to its members."""
    round = _asked(visit)
    if visit.study.routing != Routing.CHOSEN:
        raise NotAllowed
    menu = Menu(visit, round)
    if request.method == "POST":
        require_round(visit, request.POST.get("round", ""))
        try:
            choice = choose_technologies(
                round=round, member=visit.member, technologies=menu.wanted(request.POST), fields=menu.fields
            )
        except InvalidInput as refusal:
            menu.error = str(refusal.message)
        else:
            if choice.reopened:
                messages.warning(request, REOPENED)
            return redirect("respond:overview", code=visit.study.code)
    context = page_context(visit, menu=menu)
    return render(request, "respond/choose.html", context, status=422 if menu.error else 200)


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

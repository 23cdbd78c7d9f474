"""Rounds: planned, opened and closed, each with a page that says what will happen."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from experts.enums import Capability
from experts.forms import told
from experts.services.invitations import not_yet_invited
from foundation.enums import JobStatus
from foundation.exceptions import InvalidInput, Refusal
from surveys.access import study_for
from surveys.enums import RoundStatus
from surveys.exceptions import WrongState
from surveys.forms.rounds import RoundForm
from surveys.hooks import analysis_again_url, analysis_job, analysis_outcome
from surveys.models import Round
from surveys.selectors.opening import doubts_of_rules, opening_plan
from surveys.selectors.response import incomplete_members
from surveys.selectors.routing import is_drawn, seed_of
from surveys.selectors.studies import response_by_group, waiting_reasons, with_response
from surveys.services.rounds import (
    OVER,
    PLANNED,
    close_round,
    edit_round,
    open_round,
    opening_problems,
    plan_round,
    round_technologies,
)


def rounds(request, code):
    study = study_for(request, code)
    rows = list(with_response(study.rounds.order_by("number")))
    latest = rows[-1] if rows else None
    return render(
        request,
        "surveys/rounds.html",
        {
            "study": study,
            "section": "rounds",
            "rounds": rows,
            "may_plan": study.status not in OVER
            and (latest is None or latest.status == RoundStatus.ANALYSED),
            "is_over": study.status in OVER,
            "next_number": len(rows) + 1,
        },
    )


PARTS = {"response": "surveys/parts/response.html", "analysis": "surveys/parts/analysis.html"}


def round_page(request, code, number):
    study = study_for(request, code)
    round = get_object_or_404(with_response(study.rounds), number=number)
    round.study = study
    job = analysis_job(round) if round.status in (RoundStatus.CLOSED, RoundStatus.ANALYSED) else None
    context = {
        "study": study,
        "section": "rounds",
        "round": round,
        "job": job,
        "stuck": job is not None and job.status in (JobStatus.FAILED, JobStatus.CANCELLED),
        "again": analysis_again_url(round),
        "outcome": analysis_outcome(round) if round.status == RoundStatus.ANALYSED else None,
    }
    part = request.GET.get("part") if request.htmx else None
    if part == "analysis" and round.status == RoundStatus.ANALYSED:
        return HttpResponse(headers={"HX-Refresh": "true"})  # the whole page has changed
    if part != "analysis" and study.may.get(Capability.MANAGE_PANEL):
        context["groups"] = response_by_group(round)
    if part not in PARTS:
        context |= {
            "problems": opening_problems(round) if round.status in PLANNED else [],
            "n_technologies": round.round_technologies.count() or len(round_technologies(round)),
            "n_incomplete": incomplete_members(round).count() if round.is_open else 0,
            "n_uninvited": not_yet_invited(study.panel).count() if round.is_open else 0,
            "following": _following(study, round),
            "waiting": waiting_reasons(study) if round.status == RoundStatus.ANALYSED else 0,
        }
    return render(request, PARTS.get(part, "surveys/round.html"), context)


def _following(study, round):
    """Number of the round that may be planned after this one; nothing where that is not the next step."""
    is_latest = not study.rounds.filter(number__gt=round.number).exists()
    may_plan = round.status == RoundStatus.ANALYSED and is_latest and study.status not in OVER
    return round.number + 1 if may_plan else None


def plan(request, code):
    study = study_for(request, code, Capability.RUN_ROUNDS)
    form = RoundForm(request.POST or None, instance=Round(study=study, number=study.rounds.count() + 1))
    if request.method == "POST" and form.is_valid():
        try:
            planned = plan_round(study=study, actor=request.user, **form.cleaned_data)
        except InvalidInput as refusal:
            told(form, refusal)
        else:
            return redirect("surveys:round", study.code, planned.number)
    return _form_page(request, study, form, _("Plan round %(n)d") % {"n": form.instance.number})


def edit(request, code, number):
    study = study_for(request, code, Capability.RUN_ROUNDS)
    round = get_object_or_404(study.rounds, number=number)
    form = RoundForm(request.POST or None, instance=round)
    if request.method == "POST" and form.is_valid():
        try:
            edit_round(round=study.rounds.get(pk=round.pk), actor=request.user, **form.cleaned_data)
        except (InvalidInput, WrongState) as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("surveys:round", study.code, number)
    return _form_page(request, study, form, str(round), back=reverse("surveys:round", args=[code, number]))


def _form_page(request, study, form, title, back=""):
    back = back or reverse("surveys:rounds", args=[study.code])
    context = {"study": study, "section": "rounds", "form": form, "title": title, "back_url": back}
    return render(request, "surveys/edit.html", context, status=400 if form.errors else 200)


def open_page(request, code, number):
    """GET says what opening does; POST does it."""
    study = study_for(request, code, Capability.RUN_ROUNDS)
    round = get_object_or_404(study.rounds, number=number)
    if request.method == "POST":
        return _change(request, study, round, open_round, _("The round is open."))
    problems, technologies = opening_problems(round), round_technologies(round)
    return render(
        request,
        "surveys/open_round.html",
        {
            "study": study,
            "section": "rounds",
            "round": round,
            "problems": problems,
            "technologies": technologies,
            "plan": None if problems else opening_plan(round, technologies),
            "doubts": [] if problems else doubts_of_rules(round),
            "drawn": is_drawn(study),
            "seed": seed_of(round),
            "n_members": study.panel.members.filter(status="active").count(),
            "waiting": waiting_reasons(study),
        },
    )


def close_page(request, code, number):
    """GET says what closing does; POST does it."""
    study = study_for(request, code, Capability.RUN_ROUNDS)
    round = get_object_or_404(with_response(study.rounds), number=number)
    if request.method == "POST":
        text = _("The round is closed. The results are being computed.")
        return _change(request, study, round, close_round, text)
    return render(request, "surveys/close_round.html", {"study": study, "section": "rounds", "round": round})


def _change(request, study, round, change, text):
    try:
        change(round=round, actor=request.user)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, text)
    return redirect("surveys:round", study.code, round.number)

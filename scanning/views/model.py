"""The language model: which one, what it may spend, what it was asked; and suggestions on the board."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import InvalidInput, NotAllowed, Refusal
from foundation.models import Job
from foundation.services import jobs
from scanning.enums import SuggestionKind, SuggestionStatus
from scanning.llm import naming, summaries
from scanning.llm.config import configured
from scanning.models import Suggestion
from scanning.selectors.board import candidates_of
from scanning.selectors.suggestions import wording_form
from scanning.services.model_calls import spent_by, spent_today
from scanning.services.suggesting import SUGGEST, request_suggestions, unasked
from scanning.services.suggestions import accept_suggestion, edit_suggestion, reject_suggestion
from scanning.views.board import address
from scanning.views.common import decisions_seen
from surveys.access import study_for

SIZES = (25, 100, 250, 500)
CALLS = 20


def model(request, code):
    study = study_for(request, code, Capability.REVIEW)
    config = configured()
    waiting = Suggestion.objects.filter(candidate__study=study, status=SuggestionStatus.WAITING)
    first = waiting.filter(candidate__status="pending").order_by("candidate__rank", "pk")
    context = {
        "study": study,
        "section": "scan",
        "model": config,
        "versions": [naming.TASK.version, summaries.TASK.version],
        "job": latest_job(study, SUGGEST),
        "unasked": unasked(study).count(),
        "sizes": SIZES,
        "waiting": waiting.count(),
        "first": first.values_list("candidate__code", flat=True).first(),
        "today": spent_today(),
        "whole": spent_by(study),
        "calls": study.model_calls.all()[:CALLS],
    }
    return render(request, "scanning/parts/model.html" if request.htmx else "scanning/model.html", context)


def latest_job(study, kind) -> Job | None:
    return Job.objects.filter(stream=study.stream, kind=kind).first()


@require_POST
def model_action(request, code):
    study = study_for(request, code, Capability.REVIEW)
    act = request.POST.get("do")
    if act == "cancel":
        job = latest_job(study, SUGGEST)
        if job and job.is_active:
            jobs.cancel(job=job)
            messages.info(request, _("It will stop. Suggestions made so far are kept."))
    elif act == "ask":
        size = request.POST.get("size", "")
        try:
            limit = int(size) if size in map(str, SIZES) else SIZES[0]
            request_suggestions(study=study, actor=request.user, limit=limit)
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
    else:
        raise Http404
    return redirect("scanning:model", study.code)


@require_POST
def suggestion(request, code, candidate_code, suggestion_code):
    """Accept, edit or reject one suggestion; the board stays at the candidate."""
    study = study_for(request, code, Capability.REVIEW)
    candidates = candidates_of(study).select_related("study__panel", "field")
    candidate = get_object_or_404(candidates, code=candidate_code)
    chosen = get_object_or_404(Suggestion, candidate=candidate, code=suggestion_code)
    chosen.candidate = candidate
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        act(request, chosen)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.said)
    return redirect(address(study, candidate.code, request.GET))


def _accept(request, chosen) -> None:
    accept_suggestion(suggestion=chosen, actor=request.user, seen=decisions_seen(request))
    done = {
        SuggestionKind.WORDING: _(
            "The suggested wording was taken over. The candidate still waits for review."
        ),
        SuggestionKind.MERGE: _("Merged as suggested."),
        SuggestionKind.SPLIT: _("Split as suggested."),
    }
    messages.success(request, done[chosen.kind])


def _edit(request, chosen) -> None:
    form = wording_form(chosen, request.POST)
    if not form.is_valid():
        raise InvalidInput(errors=form.errors)
    values = {"field": chosen.candidate.field} | form.cleaned_data
    edit_suggestion(suggestion=chosen, actor=request.user, seen=decisions_seen(request), **values)
    messages.success(request, _("Saved."))


def _reject(request, chosen) -> None:
    reject_suggestion(suggestion=chosen, actor=request.user)
    messages.success(request, _("The suggestion was rejected. The candidate stays as it is."))


_ACTS = {"accept": _accept, "edit": _edit, "reject": _reject}

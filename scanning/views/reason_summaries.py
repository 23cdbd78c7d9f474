"""Summaries of a round's reasons: asked for, read, approved or rejected by an organiser."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import NotAllowed, Refusal
from foundation.models import Job
from foundation.services import jobs
from scanning.enums import SummaryStatus
from scanning.llm.config import configured
from scanning.models import ReasonSummary
from scanning.selectors.reason_summaries import read, reasons_in, summaries_of
from scanning.services.reason_summaries import (
    FEWEST,
    OVER,
    SUMMARISE,
    approve_summary,
    reject_summary,
    request_summaries,
    worth_summarising,
)
from surveys.access import study_for
from surveys.models import Round

SHOWN = (SummaryStatus.WAITING, SummaryStatus.APPROVED, SummaryStatus.REJECTED)


def _round(study, number) -> Round:
    return get_object_or_404(Round.objects.select_related("study__panel"), study=study, number=number)


def summaries(request, code, round_number):
    study = study_for(request, code, Capability.RUN_ROUNDS)
    round = _round(study, round_number)
    status = request.GET.get("status", SummaryStatus.WAITING)
    status = status if status in SHOWN else SummaryStatus.WAITING
    page = Paginator(summaries_of(round, [status]), 20).get_page(request.GET.get("page"))
    counts = dict.fromkeys(SHOWN, 0)
    for each in summaries_of(round, SHOWN).values_list("status", flat=True):
        counts[each] += 1
    context = {
        "study": study,
        "section": "moderation",
        "round": round,
        "page": page,
        "rows": read(list(page.object_list)),
        "status": status,
        "tabs": [
            {
                "label": SummaryStatus(s).label,
                "url": f"?status={s}",
                "current": s == status,
                "count": counts[s],
            }
            for s in SHOWN
        ],
        "model": configured(),
        "job": _job(round),
        "over": round.status in OVER,
        "fewest": FEWEST,
        "n_reasons": reasons_in(round),
        "to_ask": len(worth_summarising(round)),
    }
    part = "scanning/parts/summaries.html" if request.htmx else "scanning/summaries.html"
    return render(request, part, context)


def _job(round) -> Job | None:
    return Job.objects.filter(kind=SUMMARISE, dedupe_key=f"summarise:{round.code}").first()


@require_POST
def summaries_action(request, code, round_number):
    study = study_for(request, code, Capability.RUN_ROUNDS)
    round = _round(study, round_number)
    act = request.POST.get("do")
    if act not in ("ask", "cancel"):
        raise Http404
    if act == "ask":
        _told(request, request_summaries, round=round, actor=request.user)
    elif (job := _job(round)) and job.is_active:
        jobs.cancel(job=job)
        messages.info(request, _("It will stop. Summaries made so far are kept."))
    return redirect("scanning:summaries", study.code, round.number)


@require_POST
def summary(request, code, round_number, summary_code):
    study = study_for(request, code, Capability.RUN_ROUNDS)
    round = _round(study, round_number)
    chosen = get_object_or_404(
        ReasonSummary.objects.select_related("round__study__panel"), round=round, code=summary_code
    )
    act = request.POST.get("do")
    if act == "approve":
        keep = [int(each) for each in request.POST.getlist("keep")[:50] if each in map(str, range(50))]
        _told(request, approve_summary, summary=chosen, actor=request.user, keep=keep)
    elif act == "reject":
        _told(request, reject_summary, summary=chosen, actor=request.user)
    else:
        raise Http404
    return redirect("scanning:summaries", study.code, round.number)


def _told(request, service, **values) -> None:
    """Do it, or say why not."""
    try:
        service(**values)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.message))

"""What experts propose and report: the organisers' queue."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from experts.forms import told
from foundation.exceptions import InvalidInput, Refusal
from surveys.access import study_for
from surveys.enums import Moderation, ProposalStatus
from surveys.forms.voice import DecisionForm
from surveys.models import Proposal
from surveys.selectors.moderation import undecided_proposals
from surveys.selectors.wording import HIGH, troubled_wordings
from surveys.services.proposals import accept_proposal, merge_proposal, reject_proposal, reopen_proposal

PAGE = 20


def proposals(request, code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    return _queue(request, study)


def _queue(request, study, bound: DecisionForm | None = None, about: Proposal | None = None):
    """The queue; with `bound` the form of one proposal as it was refused."""
    waiting = undecided_proposals(study)
    decided = (
        Proposal.objects.filter(round__study=study)
        .exclude(status=ProposalStatus.WAITING)
        .exclude(moderation=Moderation.WITHDRAWN)
        .order_by("-decided_at")
    )
    shows_decided = request.GET.get("show") == "decided"
    rows = (decided if shows_decided else waiting).select_related(
        "round", "technology", "question", "field", "became"
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    forms = {} if shows_decided else _forms(study, page, bound, about)
    address = reverse("surveys:proposals", args=[study.code])
    context = {
        "study": study,
        "section": "proposals",
        "page": page,
        "rows": [(each, forms.get(each.code)) for each in page],
        "shows_decided": shows_decided,
        "wordings": troubled_wordings(study),
        "high": round(100 * HIGH),
        "tabs": [
            {"label": _("Waiting"), "url": address, "current": not shows_decided, "count": waiting.count()},
            {
                "label": _("Decided"),
                "url": f"{address}?show=decided",
                "current": shows_decided,
                "count": decided.count(),
            },
        ],
    }
    return render(request, "surveys/proposals.html", context, status=400 if bound else 200)


def _forms(study, page, bound, about) -> dict[str, DecisionForm]:
    """The choices of all forms of the page come from one query each."""
    forms = {each.code: DecisionForm(study=study, proposal=each) for each in page}
    choices: dict[str, list] = {}
    for form in forms.values():
        for name in {"field", "into"} & set(form.fields):
            if name not in choices:
                choices[name] = list(form.fields[name].choices)
            form.fields[name].choices = choices[name]
    if bound is not None:
        forms[about.code] = bound
    return forms


@require_POST
def decide(request, code, proposal_code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    proposal = get_object_or_404(Proposal, round__study=study, code=proposal_code)
    decision = request.POST.get("decision", "")
    if decision == "reopen":
        return _told(request, study, lambda: reopen_proposal(proposal=proposal, actor=request.user))
    form = DecisionForm(request.POST, study=study, proposal=proposal)
    if not form.is_valid():
        return _queue(request, study, form, proposal)
    given = form.cleaned_data
    try:
        if decision == "merge":
            if not given.get("into"):
                raise InvalidInput(errors={"into": [_("Choose an entry of the list.")]})
            change = merge_proposal(
                proposal=proposal, actor=request.user, into=given["into"], answer=given["answer"]
            )
        elif decision == "reject":
            change = reject_proposal(proposal=proposal, actor=request.user, answer=given["answer"])
        elif decision == "accept":
            change = accept_proposal(proposal=proposal, actor=request.user, **_accepted(given))
        else:
            raise InvalidInput
    except InvalidInput as refusal:
        told(form, refusal)
        return _queue(request, study, form, proposal)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("surveys:proposals", study.code)
    messages.success(request, f"{change.get_status_display()}: {change}")
    return redirect("surveys:proposals", study.code)


def _accepted(given: dict) -> dict:
    return {name: given[name] for name in ("name", "description", "field", "answer") if name in given}


def _told(request, study, change):
    try:
        change()
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The decision is undone."))
    return redirect("surveys:proposals", study.code)

"""The expert's voice: reactions to reasons, proposals, reports of wording, and what became of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from experts.forms import told
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.middleware import as_dict
from surveys.exceptions import NotAssigned, RoundNotOpen, WrongState
from surveys.forms.voice import FlagForm, ProposalForm, WordingForm
from surveys.models import Proposal, Reason, Technology
from surveys.respond.contributions import contributions_of
from surveys.respond.decided import decided_for
from surveys.respond.discussion import base_of, plain_code, save_reply, stored_base
from surveys.respond.plain import require_round
from surveys.respond.typed import form_texts
from surveys.respond.views.pages import page_context
from surveys.respond.views.refused import gone, late
from surveys.respond.visit import Visit, answering_page, respondent_page
from surveys.services.discussion import vote
from surveys.services.proposals import flag_wording, propose_technology, propose_wording, withdraw_proposal
from surveys.services.reasons import withdraw_reason


@require_POST
@respondent_page
def react(request: HttpRequest, visit: Visit) -> JsonResponse:
    """One vote or one reply, from the page's scripts."""
    post = request.POST
    require_round(visit, post.get("round", ""))
    reason = plain_code(post.get("reason", ""))
    if "kind" in post:
        on = vote(
            round=visit.round,
            member=visit.member,
            reason=reason,
            kind=post["kind"],
            on=post.get("on") == "1",
        )
        return JsonResponse({"on": on})
    text = post.get("text", "").replace("\0", "")
    try:
        written = save_reply(visit, reason, text, post.get("base", ""))
    except WrongState as refusal:  # with what is stored, so that saving again means: this text all the same
        return JsonResponse(as_dict(refusal) | {"base": stored_base(visit, reason)}, status=refusal.status)
    state = written.moderation if written and written.text else ""
    return JsonResponse({"base": base_of(written), "moderation": state})


@answering_page
def wording(request: HttpRequest, visit: Visit, technology_code: str) -> HttpResponse:
    """Report that a technology is badly worded, or propose other words."""
    technology = Technology.objects.filter(study=visit.study, code=technology_code).first()
    if technology is None:
        raise NotAllowed
    which = request.POST.get("what", "")
    flag = FlagForm(request.POST if which == "flag" else None, study=visit.study)
    words = WordingForm(request.POST if which == "wording" else None, technology=technology)
    sent = {"flag": (flag, flag_wording), "wording": (words, propose_wording)}.get(which)
    form, service = sent or (None, None)
    round = visit.round
    if round is None:
        return late(request, visit, form_texts(form))
    asked = round.assignments.filter(member=visit.member, technology=technology).exists()
    if not asked or not (round.allows_flags or round.allows_proposals):
        return gone(request, visit, form_texts(form))
    if request.method == "POST" and form is not None:
        there = reverse("respond:technology", args=[visit.study.code, technology.code])
        if answered := _take(request, visit, form, service, there, technology=technology.code):
            return answered
    context = page_context(
        visit,
        technology=technology,
        flag=flag if round.allows_flags else None,
        words=words if round.allows_proposals else None,
    )
    return render(request, "respond/wording.html", context, status=422 if form and form.errors else 200)


def _take(request: HttpRequest, visit: Visit, form, service, there: str, **about) -> HttpResponse | None:
    """The answer to a form that was sent; None where the page is to show it again with what is wrong in it."""
    try:
        require_round(visit, request.POST.get("round", ""))
        if form.is_valid() and _done(request, visit, form, service, **about):
            return redirect(there)
    except RoundNotOpen:
        return late(request, visit, form_texts(form))
    except (NotAllowed, NotAssigned):
        return gone(request, visit, form_texts(form))
    return None


def _done(request: HttpRequest, visit: Visit, form, service, **about) -> bool:
    """Whether the service took it; else the form says why, with what was typed still in it."""
    try:
        service(
            round=visit.round,
            member=visit.member,
            language=get_language() or "en",
            **about,
            **form.cleaned_data,
        )
    except InvalidInput as refusal:
        told(form, refusal)
        return False
    except WrongState as refusal:
        form.add_error(None, str(refusal.message))
        return False
    messages.success(
        request, _("Thank you. The organisers will read it, and you will see their answer here.")
    )
    return True


@respondent_page
def contributions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What this member wrote besides ratings and what became of it; a form where the round takes proposals."""
    may_propose = visit.round is not None and visit.round.allows_proposals
    form = ProposalForm(request.POST or None, study=visit.study)
    if request.method == "POST":
        if visit.round is None:
            return late(request, visit, form_texts(form))
        if not may_propose:
            return gone(request, visit, form_texts(form))
        if answered := _take(request, visit, form, propose_technology, request.path):
            return answered
    context = page_context(visit, form=form if may_propose else None, rows=contributions_of(visit))
    return render(request, "respond/contributions.html", context, status=422 if form.errors else 200)


OWN = {"reason": Reason, "proposal": Proposal}


@require_POST
@respondent_page
def take_back(request: HttpRequest, visit: Visit, entry_kind: str, entry_code: str) -> HttpResponse:
    """Take back a reason of an earlier round, or a proposal that waits."""
    if entry_kind not in OWN:
        raise NotAllowed
    entry = (
        OWN[entry_kind].objects.filter(code=entry_code, member=visit.member, round__study=visit.study).first()
    )
    if entry is None:
        raise NotAllowed
    if entry_kind == "reason":
        withdraw_reason(reason=entry, member=visit.member)
    else:
        withdraw_proposal(proposal=entry, member=visit.member)
    messages.success(request, _("Taken back. It is shown to nobody any more."))
    return redirect("respond:contributions", visit.study.code)


@require_safe
@answering_page
def decided(request: HttpRequest, visit: Visit, technology_code: str) -> HttpResponse:
    """A technology that is decided and no longer asked about: its result and the member's last answers."""
    row = next((row for row in decided_for(visit) if row.technology.code == technology_code), None)
    if row is None:
        raise NotAllowed
    context = page_context(
        visit, row=row, technologies=[row.technology], cells=row.cells(visit), analysed=row.round_in(visit)
    )
    return render(request, "respond/decided.html", context)

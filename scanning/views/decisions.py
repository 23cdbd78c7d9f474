"""Decisions of a reviewer, each a plain form post that leads on to the next candidate."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import InvalidInput, NotAllowed, Refusal
from scanning.enums import CandidateStatus, Judgement
from scanning.forms import RejectForm, WordingForm
from scanning.models import Opinion
from scanning.selectors import board as reading
from scanning.selectors.details import find_candidate
from scanning.services import review
from scanning.services.more_evidence import fetch_evidence
from scanning.services.opinions import accept_or_judge, judge
from scanning.services.policies import REVIEWERS
from scanning.services.promotion import promote, promote_all
from scanning.services.signing import sign
from scanning.services.splitting import split
from scanning.services.undoing import last_decision, undo
from scanning.views.board import address, wording_form
from scanning.views.common import decisions_seen
from scanning.views.last_decided import decision_meant, remember
from scanning.views.topics import map_address
from surveys.access import study_for
from surveys.views.technologies import taken_off


@require_POST
def decide(request, code, candidate_code):
    study = study_for(request, code, Capability.REVIEW)
    candidate = find_candidate(study, candidate_code)
    action = _ACTIONS.get(request.POST.get("do", ""))
    if candidate is None or action is None:
        raise Http404
    following = _following(study, candidate, request.GET, request.user)
    standing = last_decision(candidate)
    try:
        stays = action(request, study, candidate)
        remember(request, candidate, standing)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.said)
        stays = True
    if request.POST.get("back") == "map" and candidate.scan is not None:
        return redirect(map_address(study, candidate.scan, candidate=find_candidate(study, candidate.code)))
    return redirect(address(study, candidate.code if stays else following, request.GET))


def _following(study, candidate, data, reviewer) -> str:
    """The candidate after this one in the reviewer's queue, before the decision takes this one out of it."""
    codes = list(reading.queue(study, reading.Filter.of(data), reviewer).values_list("code", flat=True))
    if candidate.code not in codes:
        return candidate.code
    place = codes.index(candidate.code)
    rest = codes[place + 1 :] or codes[:place][-1:]
    return rest[0] if rest else ""


def _accept(request, study, candidate) -> bool:
    made = judge(
        candidate=candidate, actor=request.user, judgement=Judgement.ACCEPT, seen=decisions_seen(request)
    )
    _say_judged(request, made)
    return False


def _reject(request, study, candidate) -> bool:
    form = RejectForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(errors=form.errors)
    made = judge(
        candidate=candidate,
        actor=request.user,
        judgement=Judgement.REJECT,
        seen=decisions_seen(request),
        **form.cleaned_data,
    )
    _say_judged(request, made)
    return False


def _say_judged(request, made) -> None:
    """What became of a judgement. The other's is told only when both are there."""
    if not isinstance(made, Opinion):
        return
    judged = made.candidate
    if judged.opinions.count() < REVIEWERS:
        text = _("Your judgement is kept. The other reviewer does not see it before judging.")
    elif judged.status == CandidateStatus.PENDING:
        text = _("You two judged it differently. It waits among the candidates judged differently.")
    elif judged.status == CandidateStatus.ACCEPTED:
        text = _("You two judged alike: it is accepted.")
    else:
        text = _("You two judged alike: it is rejected.")
    messages.success(request, text)


def _sign(request, study, candidate) -> bool:
    sign(candidate=candidate, actor=request.user, seen=decisions_seen(request))
    messages.success(request, _("Signed."))
    return True


def _evidence(request, study, candidate) -> bool:
    n, _decision = fetch_evidence(candidate=candidate, actor=request.user, seen=decisions_seen(request))
    if n:
        text = ngettext("%(n)d more document was found.", "%(n)d more documents were found.", n) % {"n": n}
        messages.success(request, text)
    else:
        messages.info(request, _("No further document of the corpus names it."))
    return True


def _edit(request, study, candidate) -> bool:
    form = wording_form(study, candidate, request.POST)
    if not form.is_valid():
        raise InvalidInput(errors=form.errors)
    values = {"field": candidate.field} | form.cleaned_data
    try:
        made = review.edit(candidate=candidate, actor=request.user, seen=decisions_seen(request), **values)
    except ValidationError as error:
        raise InvalidInput(errors={"name": error.messages}) from error
    if made:
        messages.success(request, _("Saved."))
    return True


def _merge(request, study, candidate) -> bool:
    target = find_candidate(study, request.POST.get("into", "")[:16].replace("\0", ""))
    if target is None:
        raise InvalidInput(errors={"into": [_("Choose the candidate to merge into.")]})
    review.merge(candidate=candidate, into=target, actor=request.user, seen=decisions_seen(request))
    messages.success(request, _("Merged into “%(name)s”.") % {"name": target.name})
    return False


def _split(request, study, candidate) -> bool:
    names = request.POST.get("names", "")[:8000].splitlines()
    split(candidate=candidate, names=names, actor=request.user, seen=decisions_seen(request))
    return False


def _undo(request, study, candidate) -> bool:
    technology = candidate.technology
    meant = decision_meant(request, candidate)
    seen = None if meant else decisions_seen(request)
    undone = undo(candidate=candidate, actor=request.user, decision=meant, seen=seen)
    if technology and "technology_id" in undone.after:
        messages.success(request, taken_off(technology))
    else:
        messages.success(request, _("Undone."))
    return True


def _promote(request, study, candidate) -> bool:
    technology = promote(candidate=candidate, actor=request.user, seen=decisions_seen(request))
    messages.success(request, _("%(key)s is on the technology list.") % {"key": technology.key})
    return False


_ACTIONS = {
    "accept": _accept,
    "reject": _reject,
    "edit": _edit,
    "merge": _merge,
    "split": _split,
    "undo": _undo,
    "promote": _promote,
    "sign": _sign,
    "evidence": _evidence,
}


@require_POST
def accept_chosen(request, code):
    """Accept those that are ticked in the queue."""
    study = study_for(request, code, Capability.REVIEW)
    rows = reading.candidates_of(study).filter(code__in=request.POST.getlist("candidate")[:1000])
    accepted, skipped = review.accept_many(
        candidates=rows.select_related("study__panel"), actor=request.user, accept=accept_or_judge
    )
    messages.success(
        request,
        ngettext("%(n)d candidate accepted.", "%(n)d candidates accepted.", accepted) % {"n": accepted},
    )
    if skipped:
        messages.warning(
            request,
            ngettext("%(n)d had been decided before.", "%(n)d had been decided before.", skipped)
            % {"n": skipped},
        )
    return redirect(address(study, "", request.GET))


def promote_accepted(request, code):
    """A page that says what will happen, and the act itself."""
    study = study_for(request, code, Capability.EDIT_STUDY)
    waiting = reading.candidates_of(study).filter(status="accepted", technology=None)
    if request.method != "POST":
        context = {"study": study, "section": "scan", "waiting": waiting.order_by("rank", "pk")}
        return render(request, "scanning/promote.html", context)
    result = promote_all(study=study, actor=request.user)
    n = len(result.promoted)
    messages.success(
        request,
        ngettext("%(n)d technology is now on the list.", "%(n)d technologies are now on the list.", n)
        % {"n": n},
    )
    for candidate, why in result.refused[:10]:
        messages.warning(request, f"{candidate.name}: {why}")
    return redirect("surveys:technologies", study.code)


def add(request, code):
    study = study_for(request, code, Capability.REVIEW)
    form = WordingForm(request.POST or None, study=study)
    if request.method == "POST" and form.is_valid():
        added = review.add_by_hand(study=study, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Added and accepted."))
        return redirect(address(study, added.code, {"status": "accepted"}))
    return render(
        request,
        "scanning/add.html",
        {"study": study, "section": "scan", "form": form},
        status=400 if form.errors else 200,
    )

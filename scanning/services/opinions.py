"""Two reviewers judge one candidate, each without knowing what the other says."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.exceptions import InvalidInput
from foundation.services.audit import record
from scanning.enums import CandidateStatus, DecisionAction, Judgement, RejectReason
from scanning.exceptions import AlreadyDecided
from scanning.models import Candidate, Decision, Opinion
from scanning.services import review
from scanning.services.policies import REVIEWERS, policy_of


def judge(
    *, candidate: Candidate, actor, judgement: str, reason: str = "", note: str = "", seen: int | None = None
) -> Opinion | Decision:
    """What accepting or rejecting means in this study: a decision, or one of two opinions until both are there."""
    if policy_of(candidate.study).blind and _still_open(candidate):
        return give_opinion(
            candidate=candidate, actor=actor, judgement=judgement, reason=reason, note=note, seen=seen
        )
    if judgement == Judgement.ACCEPT:
        return review.accept(candidate=candidate, actor=actor, note=note, seen=seen)
    return review.reject(candidate=candidate, actor=actor, reason=reason, note=note, seen=seen)


def accept_or_judge(*, candidate: Candidate, actor) -> Opinion | Decision:
    return judge(candidate=candidate, actor=actor, judgement=Judgement.ACCEPT)


def _still_open(candidate: Candidate) -> bool:
    return candidate.status == CandidateStatus.PENDING and candidate.opinions.count() < REVIEWERS


@transaction.atomic
def give_opinion(
    *, candidate: Candidate, actor, judgement: str, reason: str = "", note: str = "", seen: int | None = None
) -> Opinion:
    """Keep one judgement. When the second agrees with the first, it is the decision; else others resolve it.

    `seen`: how many decisions the page showed. Who read other words than those of now is told so.
    """
    if judgement not in Judgement.values or reason not in RejectReason.values:
        raise InvalidInput(errors={"reason": [_("Choose a reason from the list.")]})
    candidate = review.held(candidate, actor, seen)
    earlier = list(candidate.opinions.all())
    if any(opinion.reviewer_id == actor.pk for opinion in earlier):
        raise AlreadyDecided(_("You have judged this candidate already."), candidate=candidate.code)
    if candidate.status != CandidateStatus.PENDING or len(earlier) >= REVIEWERS:
        raise AlreadyDecided(candidate=candidate.code)
    opinion = Opinion.objects.create(
        candidate=candidate,
        reviewer=actor,
        reviewer_label=actor.audit_label,
        judgement=judgement,
        reject_reason=reason if judgement == Judgement.REJECT else "",
        note=note[:1000],
        at=timezone.now(),
    )
    # What was judged stays out of the trail until both have: the second reviewer may read it.
    record(
        stream=candidate.study.stream,
        action="candidate.judged",
        actor=actor,
        target=f"{candidate.code} {candidate.mined_name}",
    )
    if earlier and earlier[0].judgement == judgement:
        _agreed(candidate, actor, [*earlier, opinion])
    return opinion


def _agreed(candidate: Candidate, actor, opinions: list[Opinion]) -> Decision:
    """Two people read the same words and said the same: that is the decision, and its second signature."""
    names = ", ".join(opinion.reviewer_label for opinion in opinions)
    note = f"{names}: {'; '.join(opinion.note for opinion in opinions if opinion.note)}".rstrip(": ")[:1000]
    if opinions[0].judgement == Judgement.ACCEPT:
        unchanged = not candidate.decisions.filter(
            action=DecisionAction.EDIT, at__gte=opinions[0].at
        ).exists()
        changed = review.change(
            candidate, (CandidateStatus.PENDING,), status=CandidateStatus.ACCEPTED, signed=unchanged
        )
        return review.decide(candidate, actor, DecisionAction.ACCEPT, changed, note=note)
    changed = review.change(candidate, (CandidateStatus.PENDING,), status=CandidateStatus.REJECTED)
    reasons = {opinion.reject_reason for opinion in opinions} - {""}
    reason = reasons.pop() if len(reasons) == 1 else (RejectReason.OTHER if reasons else "")
    return review.decide(candidate, actor, DecisionAction.REJECT, changed, reject_reason=reason, note=note)

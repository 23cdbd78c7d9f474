"""The second signature: another person stands by the wording before an expert can see it."""

from django.db import transaction

from scanning.enums import CandidateStatus, DecisionAction
from scanning.exceptions import AlreadyDecided, SignedAlone
from scanning.models import Candidate, Decision
from scanning.services.policies import policy_of
from scanning.services.review import BY_HAND, change, decide, held

WORDED = (DecisionAction.ACCEPT, DecisionAction.EDIT, DecisionAction.ADD)


def needs_signature(candidate: Candidate) -> bool:
    """Whether this candidate may not go to the list yet. What a person wrote alone is no machine text."""
    by_machine = candidate.method != BY_HAND
    return by_machine and not candidate.signed and policy_of(candidate.study).sign_off


@transaction.atomic
def sign(*, candidate: Candidate, actor, seen: int | None = None) -> Decision:
    candidate = held(candidate, actor, seen)
    if candidate.status != CandidateStatus.ACCEPTED or candidate.signed or candidate.technology_id:
        raise AlreadyDecided(candidate=candidate.code)
    if last_hand(candidate) == actor.pk:
        raise SignedAlone(candidate=candidate.code)
    changed = change(candidate, (CandidateStatus.ACCEPTED,), signed=True)
    return decide(candidate, actor, DecisionAction.SIGN, changed)


def last_hand(candidate: Candidate) -> int | None:
    """Who accepted or worded it last, by decisions that stand."""
    standing = candidate.decisions.filter(undone_by=None, action__in=WORDED)
    return standing.order_by("-at", "-pk").values_list("reviewer_id", flat=True).first()

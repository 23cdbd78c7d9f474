"""What a reader may know of the two judgements of a candidate: nothing of the other's before both are there."""

from dataclasses import dataclass

from scanning.enums import CandidateStatus
from scanning.models import Candidate, Opinion
from scanning.services.policies import REVIEWERS, policy_of
from scanning.services.signing import last_hand


@dataclass(frozen=True)
class Judging:
    blind: bool
    sign_off: bool
    own: Opinion | None
    opinions: list[Opinion]
    conflict: bool
    may_judge: bool
    may_sign: bool


def judging_of(candidate: Candidate, reader) -> Judging:
    policy = policy_of(candidate.study)
    opinions = list(candidate.opinions.select_related("reviewer"))
    own = next((each for each in opinions if reader and each.reviewer_id == reader.pk), None)
    complete = len(opinions) >= REVIEWERS
    pending = candidate.status == CandidateStatus.PENDING
    waiting = policy.blind and pending and not complete
    signable = candidate.status == CandidateStatus.ACCEPTED and not (
        candidate.signed or candidate.technology_id
    )
    return Judging(
        blind=policy.blind,
        sign_off=policy.sign_off,
        own=own,
        opinions=opinions if complete or not pending else [],
        conflict=complete and pending,
        may_judge=pending and not (waiting and own is not None),
        may_sign=signable and reader is not None and last_hand(candidate) != reader.pk,
    )

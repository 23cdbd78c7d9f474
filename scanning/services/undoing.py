"""Taking a decision back. The decision stays in the history; what it changed is restored."""

from django.db import transaction

from foundation.localized import localized
from scanning.enums import CandidateStatus, DecisionAction
from scanning.exceptions import NotUndoable
from scanning.models import Candidate, Decision
from scanning.services.review import change, decide, held
from surveys.enums import TechnologyStatus
from surveys.services.technologies import set_technology_status

ANY = tuple(CandidateStatus)
NEVER_UNDONE = (DecisionAction.UNDO, DecisionAction.EVIDENCE)


def last_decision(candidate: Candidate) -> Decision | None:
    """The latest decision that still stands."""
    standing = candidate.decisions.filter(undone_by=None).exclude(action__in=NEVER_UNDONE)
    return standing.order_by("-at", "-pk").first()


@transaction.atomic
def undo(
    *, candidate: Candidate, actor, decision: Decision | None = None, seen: int | None = None
) -> Decision:
    """Take back the last decision that stands; `decision` or `seen` says which one the reviewer meant."""
    candidate = held(candidate, actor, seen)
    last = last_decision(candidate)
    if last is None or (decision is not None and last.pk != decision.pk):
        raise NotUndoable
    if last.action == DecisionAction.ADD:
        if candidate.split_from_id or candidate.merged.exists():
            raise NotUndoable
        values = {"status": CandidateStatus.REJECTED}
    else:
        values = _restored(last)
    if last.action == DecisionAction.SPLIT:
        _take_parts_back(candidate, actor)
    technology = candidate.technology if last.action == DecisionAction.PROMOTE else None
    taken_back = decide(candidate, actor, DecisionAction.UNDO, change(candidate, ANY, **values), undoes=last)
    if technology is not None:
        set_technology_status(technology=technology, actor=actor, status=TechnologyStatus.DROPPED)
    return taken_back


def _restored(decision: Decision) -> dict:
    return {
        name: localized(value) if name in ("name", "description") else value
        for name, value in decision.before.items()
    }


def _touched(part: Candidate) -> bool:
    """Whether anybody worked on a part since the split: decided, reworded, judged it, or merged others into it."""
    worked_on = part.decisions.filter(undone_by=None).exclude(action__in=(DecisionAction.ADD, *NEVER_UNDONE))
    return (
        part.status != CandidateStatus.PENDING
        or worked_on.exists()
        or part.opinions.exists()
        or part.merged.exists()
    )


def _take_parts_back(candidate: Candidate, actor) -> None:
    """Parts nobody has touched go back into the whole; otherwise people's work would be undone with it."""
    for part in candidate.parts.select_for_update(of=("self",)):
        if part.status == CandidateStatus.MERGED and part.merged_into_id == candidate.pk:
            continue
        if _touched(part):
            raise NotUndoable
        changed = change(
            part, (CandidateStatus.PENDING,), status=CandidateStatus.MERGED, merged_into=candidate
        )
        decide(part, actor, DecisionAction.UNDO, changed)

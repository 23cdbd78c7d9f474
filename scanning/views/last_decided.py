"""The reviewer's last decision, so that it can be undone from the candidate that came up next."""

from dataclasses import dataclass

from django.http import HttpRequest

from scanning.exceptions import NotUndoable
from scanning.models import Candidate, Decision
from scanning.selectors.details import find_candidate
from scanning.services.undoing import NEVER_UNDONE, last_decision
from surveys.models import Study

KEY = "scanning-last-decision"


@dataclass(frozen=True)
class LastDecided:
    candidate: Candidate
    decision: Decision


def remember(request: HttpRequest, candidate: Candidate, standing: Decision | None) -> None:
    """`standing`: the candidate's last decision before this one. A judgement that waits for a second is none."""
    made = last_decision(candidate)
    if made is not None and made != standing and made.action not in NEVER_UNDONE:
        request.session[KEY] = [candidate.study.code, candidate.code, made.pk]


def last_decided(request: HttpRequest, study: Study, shown: Candidate | None) -> LastDecided | None:
    """None where the candidate that is shown carries the button itself, and where the decision no longer stands."""
    code, candidate_code, pk = request.session.get(KEY, ("", "", 0))
    if code != study.code or (shown and shown.code == candidate_code):
        return None
    candidate = find_candidate(study, candidate_code)
    made = last_decision(candidate) if candidate else None
    return LastDecided(candidate, made) if made and made.pk == pk else None


def decision_meant(request: HttpRequest, candidate: Candidate) -> Decision | None:
    """The decision that the pressed button named; another one that came since is not undone in its place."""
    asked = request.POST.get("decision", "")
    if not asked:
        return None
    meant = next((each for each in candidate.decisions.all() if str(each.pk) == asked), None)
    if meant is None:
        raise NotUndoable
    return meant

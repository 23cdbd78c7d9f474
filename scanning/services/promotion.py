"""Accepted candidates go to the technology list, through the same service that an organiser's form calls."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from scanning.enums import CandidateStatus, DecisionAction
from scanning.exceptions import AlreadyDecided, NotSigned
from scanning.models import Candidate
from scanning.services.review import change, decide, held
from scanning.services.signing import needs_signature
from surveys.enums import Origin, TechnologyStatus
from surveys.models import Study, Technology
from surveys.services.technologies import add_technology, set_technology_status


@transaction.atomic
def promote(*, candidate: Candidate, actor, seen: int | None = None) -> Technology:
    """Put one accepted candidate on the list. Only what a person accepted gets there."""
    candidate = held(candidate, actor, seen)
    if candidate.status != CandidateStatus.ACCEPTED:
        raise AlreadyDecided(
            _("Only accepted candidates go to the technology list."), candidate=candidate.code
        )
    if candidate.technology_id:
        raise AlreadyDecided(_("This candidate is on the technology list already."), candidate=candidate.code)
    if needs_signature(candidate):
        raise NotSigned(candidate=candidate.code)
    technology = _brought_back(candidate, actor) or add_technology(
        study=candidate.study,
        actor=actor,
        name=candidate.name,
        description=candidate.description,
        field=candidate.field,
        origin=Origin.SCAN,
        source_code=candidate.code,
    )
    changed = change(candidate, (CandidateStatus.ACCEPTED,), technology=technology)
    decide(candidate, actor, DecisionAction.PROMOTE, changed)
    return technology


def _brought_back(candidate: Candidate, actor) -> Technology | None:
    """The technology that this candidate was before its promotion was undone: its key and its answers stay."""
    dropped = Technology.objects.filter(
        study=candidate.study_id,
        source_code=candidate.code,
        origin=Origin.SCAN,
        status=TechnologyStatus.DROPPED,
    )
    for technology in dropped.order_by("-pk"):
        if (technology.name, technology.description) == (candidate.name, candidate.description):
            return set_technology_status(technology=technology, actor=actor, status=TechnologyStatus.ACTIVE)
    return None


@dataclass
class Promotion:
    promoted: list[Technology] = field(default_factory=list)
    refused: list[tuple[Candidate, str]] = field(default_factory=list)


def promote_all(*, study: Study, actor) -> Promotion:
    """Promote every accepted candidate that is not on the list yet, each on its own."""
    require(actor, study.panel, Capability.EDIT_STUDY)
    result = Promotion()
    waiting = Candidate.objects.visible().filter(
        study=study, status=CandidateStatus.ACCEPTED, technology=None
    )
    for candidate in waiting.order_by("rank", "pk"):
        try:
            result.promoted.append(promote(candidate=candidate, actor=actor))
        except (InvalidInput, AlreadyDecided, NotSigned) as refusal:
            result.refused.append((candidate, str(refusal.message)))
    return result

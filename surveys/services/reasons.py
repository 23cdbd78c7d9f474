"""Reasons: given by members, shown to others without identity, after moderation where the study asks for it."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from experts.enums import Capability
from experts.models import PanelMember
from experts.permissions import require
from foundation.services.audit import record
from surveys.enums import Moderation, Stance
from surveys.exceptions import NotAssigned, WrongState
from surveys.models import Assignment, Reason, Round
from surveys.question_types.text import clean_text
from surveys.services.answers import lock_participation, touch


@dataclass(slots=True)
class ReasonOutcome:
    technology: str
    status: str
    revision: int = 0
    text: str = ""
    errors: list[str] = field(default_factory=list)

    def as_dict(self):
        return {name: getattr(self, name) for name in self.__slots__}


@transaction.atomic
def save_reason(
    *,
    round: Round,
    member: PanelMember,
    technology: str,
    text: str,
    stance: str = "",
    base_revision: int | None = None,
    language: str = "",
) -> ReasonOutcome:
    """Store, change or (empty text) take back the member's reason for one technology."""
    part = lock_participation(round, member)
    assigned = Assignment.objects.filter(round=round, member=member, technology__code=technology).first()
    if assigned is None:
        raise NotAssigned
    try:
        text, stance = clean_text(text), Stance(stance).value
    except (ValidationError, ValueError) as error:
        return ReasonOutcome(technology, "invalid", errors=list(getattr(error, "messages", [str(error)])))
    reason = Reason.objects.filter(round=round, member=member, technology_id=assigned.technology_id).first()
    revision = reason.revision if reason else 0
    if base_revision is not None and base_revision != revision:
        return ReasonOutcome(technology, "conflict", revision, reason.text if reason else "")
    if (text, stance) == ((reason.text, reason.stance) if reason else ("", "")):
        return ReasonOutcome(technology, "unchanged", revision, text)
    now = timezone.now()
    reason = reason or Reason(
        round=round, member=member, technology_id=assigned.technology_id, revision=0, created_at=now
    )
    reason.text, reason.stance, reason.language = text, stance, language
    reason.revision += 1
    reason.updated_at = now
    # A changed text was not the one that a moderator saw.
    reason.moderation = Moderation.PENDING if round.study.moderate_reasons else Moderation.APPROVED
    reason.save()
    touch(part, language)
    return ReasonOutcome(technology, "saved", reason.revision, text)


@transaction.atomic
def moderate_reason(*, reason: Reason, actor, decision: str, note: str = "", seen_revision: int) -> Reason:
    """Show a reason to others or keep it back. Refused when its author changed it after it was read."""
    study = reason.round.study
    require(actor, study.panel, Capability.MODERATE)
    changed = Reason.objects.filter(pk=reason.pk, revision=seen_revision).update(
        moderation=Moderation(decision),
        moderation_note=note[:500],
        moderated_by=actor,
        moderated_at=timezone.now(),
    )
    if not changed:
        raise WrongState
    reason.refresh_from_db()
    record(
        stream=study.stream,
        action=f"reason.{decision}",
        actor=actor,
        target=f"reason {reason.code}",
        detail={"note": note, "revision": seen_revision},
    )
    return reason

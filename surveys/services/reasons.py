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


@dataclass(frozen=True, slots=True)
class ReasonChange:
    """One reason as the member's browser sends it; an empty text takes the reason back."""

    technology: str
    text: str
    stance: str = ""
    base_revision: int | None = None


@dataclass(slots=True)
class ReasonOutcome:
    """What became of it: `saved`, `unchanged`, `conflict` or `invalid`; text and stance as stored."""

    technology: str
    status: str
    revision: int = 0
    text: str = ""
    stance: str = ""
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
    change = ReasonChange(technology, text, stance, base_revision)
    outcomes, written = store_reasons(round, member, [change], language)
    if written:
        touch(part, language)
    return outcomes[0]


def store_reasons(
    round: Round, member: PanelMember, changes: list[ReasonChange], language: str = ""
) -> tuple[list[ReasonOutcome], bool]:
    """For a caller that holds the participation's lock. The number of queries does not depend on the changes."""
    if not changes:
        return [], False
    codes = {change.technology for change in changes}
    assigned = Assignment.objects.filter(round=round, member=member, technology__code__in=codes)
    ids = dict(assigned.values_list("technology__code", "technology_id"))
    if codes - set(ids):
        raise NotAssigned
    stored = Reason.objects.filter(round=round, member=member, technology_id__in=ids.values())
    by_technology = {reason.technology_id: reason for reason in stored}
    new_state = Moderation.PENDING if round.study.moderate_reasons else Moderation.APPROVED
    outcomes, dirty = [], {}
    for change in changes:
        key = ids[change.technology]
        reason = by_technology.get(key) or Reason(
            round=round, member=member, technology_id=key, revision=0, created_at=timezone.now()
        )
        outcome = _apply(change, reason)
        if outcome.status == "saved":
            reason.language, reason.moderation = language, new_state
            by_technology[key] = dirty[key] = reason
        outcomes.append(outcome)
    _write(list(dirty.values()))
    return outcomes, bool(dirty)


def _apply(change: ReasonChange, reason: Reason) -> ReasonOutcome:
    def outcome(status: str, **more) -> ReasonOutcome:
        return ReasonOutcome(
            change.technology, status, reason.revision, reason.text, str(reason.stance), **more
        )

    try:
        text, stance = clean_text(change.text), Stance(change.stance).value
    except (ValidationError, ValueError) as error:
        return outcome("invalid", errors=list(getattr(error, "messages", [str(error)])))
    if (text, stance) == (reason.text, reason.stance):
        return outcome("unchanged")
    if change.base_revision is not None and change.base_revision != reason.revision:
        return outcome("conflict")
    reason.text, reason.stance = text, stance
    reason.revision += 1
    reason.updated_at = timezone.now()
    return outcome("saved")


def _write(reasons: list[Reason]) -> None:
    """A changed text was not the one that a moderator saw, so its moderation goes with it."""
    Reason.objects.bulk_create([reason for reason in reasons if reason.pk is None])
    if old := [reason for reason in reasons if reason.pk is not None]:
        Reason.objects.bulk_create(
            old,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["text", "stance", "language", "moderation", "revision", "updated_at"],
        )


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

"""Reasons: given by members, shown to others without identity, after moderation where the study asks for it."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from experts.models import PanelMember
from foundation.exceptions import NotAllowed
from surveys.enums import Moderation, RoundStatus, Stance
from surveys.exceptions import NotAssigned, WrongState
from surveys.models import Assignment, Reason, Round
from surveys.question_types.text import clean_text
from surveys.services.answers import lock_participation, touch
from surveys.services.moderation import moderate, state_after_edit


@dataclass(frozen=True, slots=True)
class ReasonChange:
    """One reason as the member's browser sends it; an empty text takes the reason back.

    `base_revision` and `sequence` are those of an answer's `Change`.
    """

    technology: str
    text: str
    stance: str = ""
    base_revision: int | None = None
    sequence: int = 0


@dataclass(slots=True)
class ReasonOutcome:
    """What became of it: `saved`, `unchanged`, `stale`, `conflict` or `invalid`; text and stance as stored."""

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
    outcomes, dirty, confirmed = [], {}, {}
    for change in changes:
        key = ids[change.technology]
        reason = by_technology.get(key) or Reason(
            round=round, member=member, technology_id=key, revision=0, created_at=timezone.now()
        )
        outcome = _apply(change, reason)
        if outcome.status == "saved":
            reason.moderation = state_after_edit(reason, round.study)
            reason.language = language
            by_technology[key] = dirty[key] = reason
        elif outcome.status == "unchanged" and reason.pk and change.sequence > reason.client_sequence:
            # Kept, or an older save that arrives after this one would pass for a newer one.
            reason.client_sequence = change.sequence
            confirmed[key] = reason
        outcomes.append(outcome)
    _write(list(dirty.values()))
    _note_sequences([reason for key, reason in confirmed.items() if key not in dirty])
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
    same = (text, stance) == (reason.text, reason.stance)
    if reason.revision and change.sequence and change.sequence <= reason.client_sequence:
        return outcome("unchanged" if same else "stale")
    if same:
        return outcome("unchanged")
    if change.base_revision is not None and change.base_revision != reason.revision:
        return outcome("conflict")
    reason.text, reason.stance = text, stance
    reason.revision += 1
    reason.client_sequence = max(reason.client_sequence, change.sequence)
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
            update_fields=[
                "text",
                "stance",
                "language",
                "moderation",
                "revision",
                "client_sequence",
                "updated_at",
            ],
        )


def _note_sequences(reasons: list[Reason]) -> None:
    """Without a word about the text: a moderator may be deciding on it just now."""
    if reasons:
        Reason.objects.bulk_create(
            reasons, update_conflicts=True, unique_fields=["id"], update_fields=["client_sequence"]
        )


def moderate_reason(*, reason: Reason, actor, decision: str, note: str = "", seen_revision: int) -> Reason:
    """Show a reason to others or keep it back."""
    return moderate(entry=reason, actor=actor, decision=decision, note=note, seen_revision=seen_revision)


@transaction.atomic
def withdraw_reason(*, reason: Reason, member: PanelMember) -> Reason:
    """Take back a reason of an earlier round: it is shown nowhere any more, what others replied stays.

    A reason of the open round is emptied on its page instead.
    """
    if reason.member_id != member.pk:
        raise NotAllowed
    if reason.round.status == RoundStatus.OPEN:
        raise WrongState
    Reason.objects.filter(pk=reason.pk).update(moderation=Moderation.WITHDRAWN, updated_at=timezone.now())
    reason.refresh_from_db()
    return reason

"""One save of a member's questionnaire: answers and reasons together, wholly or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from experts.models import PanelMember
from surveys.models import Participation, Round
from surveys.services.answers import Change, Outcome, lock_participation, store_answers, touch
from surveys.services.reasons import ReasonChange, ReasonOutcome, store_reasons


@dataclass(frozen=True, slots=True)
class Saved:
    answers: list[Outcome]
    reasons: list[ReasonOutcome]
    participation: Participation

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was refused."""
        return all(each.status in ("saved", "unchanged") for each in (*self.answers, *self.reasons))


@transaction.atomic
def save_response(
    *,
    round: Round,
    member: PanelMember,
    changes: list[Change],
    reasons: list[ReasonChange],
    language: str = "",
) -> Saved:
    """Store what can be stored. Raises RoundNotOpen and NotAssigned, and then nothing is stored."""
    part = lock_participation(round, member)
    answered, wrote = store_answers(round, member, changes) if changes else ([], False)
    reasoned, wrote_reasons = store_reasons(round, member, reasons, language)
    if wrote or wrote_reasons:
        touch(part, language)
    return Saved(answered, reasoned, part)

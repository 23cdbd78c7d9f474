"""Votes on others' reasons, agreement with them, and replies to them: while a round that shows them is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from experts.models import PanelMember
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.prepared import Prepared
from surveys.enums import Moderation, VoteKind
from surveys.models import Assignment, Reason, ReasonVote, Reply, Round
from surveys.question_types.text import clean_text
from surveys.services.answers import lock_participation, touch
from surveys.services.moderation import state_after_edit

LONGEST_REPLY = 2000


def shows_reasons(round: Round) -> bool:
    """Whether the protocol and the round let members read others' reasons at all."""
    return round.number > 1 and round.shows_feedback and round.study.feedback_reasons


def allows_discussion(round: Round) -> bool:
    return round.is_open and round.allows_discussion and shows_reasons(round)


@transaction.atomic
def vote(*, round: Round, member: PanelMember, reason: str, kind: str, on: bool) -> bool:
    """Set or take back one vote. Saying the same twice is saying it once. Returns how it stands now."""
    lock_participation(round, member)
    target = _target(round, member, reason)
    if kind not in VoteKind.values:
        raise InvalidInput
    mine = {"round": round, "member": member, "reason": target, "kind": kind}
    if on:
        ReasonVote.objects.get_or_create(**mine)
    else:
        ReasonVote.objects.filter(**mine).delete()
    return on


@transaction.atomic
def reply(*, round: Round, member: PanelMember, reason: str, text: str, language: str = "") -> Reply | None:
    """Write, change or (empty text) take back the member's reply to one reason in this round."""
    part = lock_participation(round, member)
    target = _target(round, member, reason)
    try:
        text = clean_text(text, LONGEST_REPLY)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], errors={"text": error.messages}) from error
    written = Reply.objects.filter(round=round, member=member, reason=target).first()
    if text == (written.text if written else ""):
        return written
    if written is None:
        written = Reply(round=round, member=member, reason=target, revision=0)
    written.text, written.language = text, language
    written.moderation = state_after_edit(written, round.study)
    written.revision += 1
    written.save()
    touch(part, language)
    return written


def _target(round: Round, member: PanelMember, code: str) -> Reason:
    """A reason that this member may react to: of an earlier round, approved, another's, on their own sheet."""
    if not allows_discussion(round):
        raise NotAllowed
    reason = Reason.objects.filter(
        code=code,
        round__study=round.study_id,
        round__number__lt=round.number,
        moderation=Moderation.APPROVED,
    ).first()
    if reason is None or reason.member_id == member.pk:
        raise NotAllowed
    asked = Assignment.objects.filter(round=round, member=member, technology=reason.technology_id)
    if not asked.exists():
        raise NotAllowed
    return reason


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A vote of the member for the reason with this code; `counts` while that reason is shown."""

    reason: str
    technology_id: int
    kind: str
    counts: bool


_VOTES = Prepared(
    lambda round, member: (
        ReasonVote.objects.filter(round=round, member=member)
        .values_list("reason__code", "reason__technology_id", "kind", "reason__moderation")
        .order_by()
    )
)


def own_votes(round: Round, member: PanelMember) -> list[OwnVote]:
    """All votes of this member in this round, with one query."""
    if not shows_reasons(round):
        return []
    votes = _VOTES.all(round=round.pk, member=member.pk)
    return [OwnVote(*rest, moderation == Moderation.APPROVED) for *rest, moderation in votes]


def agreed_among(votes: Iterable[OwnVote]) -> set[int]:
    return {each.technology_id for each in votes if each.kind == VoteKind.AGREE and each.counts}


def agreed_technologies(round: Round, member: PanelMember) -> set[int]:
    """Technologies for which another's reason, still shown, speaks for this member in this round."""
    return agreed_among(own_votes(round, member))

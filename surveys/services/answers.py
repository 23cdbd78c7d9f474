"""Saving answers. An answer is stored, refused with a reason, or reported as a conflict: never lost in silence.

Concurrency: the member's `Participation` row is locked, so one person's saves are in order; the closing of a
round takes all these rows after it has changed the round, so a save is wholly before or wholly after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from experts.models import PanelMember
from foundation.prepared import Prepared
from surveys.enums import AskedPer, ChangeCause, ParticipationStatus, RoundStatus
from surveys.exceptions import ConsentRequired, NotAssigned, RoundNotOpen
from surveys.models import Answer, Assignment, Participation, Question, Round
from surveys.question_types import PARTS, Value, kind_of
from surveys.selectors.asked import questions_of
from surveys.selectors.own_answers import OwnAnswer

UPDATED = (
    *PARTS,
    "change_cause",
    "revision",
    "client_sequence",
    "saved_at",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer as the member's browser sends it.

    `base_revision` is the revision the member saw when typing (0: no answer yet, None: do not compare);
    `sequence` counts up on the member's device, so that saves arriving out of order are recognised.
    """

    question: str
    technology: str | None
    value: dict[str, Any] | None
    base_revision: int | None = None
    sequence: int = 0
    cause: str = ""


@dataclass(slots=True)
class Outcome:
    """What became of one change: `saved`, `unchanged`, `stale`, `conflict` or `invalid`."""

    question: str
    technology: str | None
    status: str
    revision: int = 0
    value: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


_LOCKED = Prepared(
    lambda round, member: Participation.objects.select_for_update().filter(round=round, member=member)
)
_STATUS = Prepared(lambda round: Round.objects.filter(pk=round).values_list("status").order_by())
_ASSIGNED = Prepared(
    lambda round, member, codes: (
        Assignment.objects.filter(round=round, member=member, technology__code__in=codes)
        .values_list("technology__code", "technology_id")
        .order_by()
    )
)


def _stored(about: Q, round, member, questions) -> QuerySet:
    rows = Answer.objects.filter(about, round=round, member=member, question__pk__in=questions)
    return rows.order_by()


_STORED = Prepared(lambda technologies, **more: _stored(Q(technology__pk__in=technologies), **more))
_STORED_OR_ONCE = Prepared(
    lambda technologies, **more: _stored(Q(technology__pk__in=technologies) | Q(technology=None), **more)
)


@transaction.atomic
def save_answers(*, round: Round, member: PanelMember, changes: list[Change], language="") -> list[Outcome]:
    """Store what can be stored of `changes`; the outcomes come in the same order.

    Raises RoundNotOpen (nothing stored) and NotAssigned. The number of queries does not depend on the changes.
    """
    part = lock_participation(round, member)
    outcomes, written = store_answers(round, member, changes)
    if written:
        touch(part, language)
    return outcomes


def store_answers(round: Round, member: PanelMember, changes: list[Change]) -> tuple[list[Outcome], bool]:
    """For a caller that holds the participation's lock: the outcomes, and whether anything was written."""
    batch = _Batch(round, member, changes)
    return [batch.apply(change) for change in changes], batch.write()


def lock_participation(round: Round, member: PanelMember) -> Participation:
    """Lock the member's row, then look whether the round is open: in this order (see the module's text).

    Raises NotAssigned, RoundNotOpen, and ConsentRequired of who has not agreed to take part.
    """
    part = _LOCKED.first(round=round.pk, member=member.pk)
    if part is None:
        raise NotAssigned
    if _STATUS.first(round=round.pk) != (RoundStatus.OPEN,):
        raise RoundNotOpen
    if part.consented_at is None:
        raise ConsentRequired
    return part


def touch(part: Participation, language: str = "") -> None:
    """Note that something was saved. A submitted response stays submitted while it is edited."""
    now = timezone.now()
    part.saved_at = now
    part.revision += 1
    part.language = language or part.language
    part.started_at = part.started_at or now
    if part.status == ParticipationStatus.NOT_STARTED:
        part.status = ParticipationStatus.STARTED
    part.save(update_fields=["saved_at", "revision", "language", "started_at", "status"])


class _Batch:
    """The changes of one save, against what is stored."""

    def __init__(self, round: Round, member: PanelMember, changes: list[Change]):
        self.round, self.member, self.now = round, member, timezone.now()
        keys = {change.question for change in changes}
        codes = {change.technology for change in changes}
        self.questions = {each.key: each for each in questions_of(round.study) if each.key in keys}
        named = [code for code in codes if code is not None]
        self.technologies = dict(_ASSIGNED.all(round=round.pk, member=member.pk, codes=named))
        stored = (_STORED_OR_ONCE if None in codes else _STORED).all(
            round=round.pk,
            member=member.pk,
            questions=[each.pk for each in self.questions.values()],
            technologies=list(self.technologies.values()),
        )
        self.stored = {(answer.technology_id, answer.question_id): answer for answer in stored}
        self.dirty: dict[tuple, Answer] = {}

    def apply(self, change: Change) -> Outcome:
        question, technology_id = self._target(change)
        answer = self.stored.get((technology_id, question.pk))
        outcome = Outcome(change.question, change.technology, "saved")
        try:
            value = kind_of(question).clean(question, change.value)
            cause = ChangeCause(change.cause).value
        except (ValidationError, ValueError) as error:
            outcome.status = "invalid"
            outcome.errors = list(getattr(error, "messages", [_("This value cannot be read.")]))
            return self._as_stored(outcome, answer)
        if answer is not None and change.sequence and change.sequence <= answer.client_sequence:
            same = value == value_of(answer)
            outcome.status = "unchanged" if same else "stale"
            return self._as_stored(outcome, answer)
        if answer is not None and value == value_of(answer) and cause == answer.change_cause:
            outcome.status = "unchanged"
            if (
                change.sequence
            ):  # kept, or an older save that arrives after this one would pass for a newer one
                answer.client_sequence = change.sequence
                self.dirty[technology_id, question.pk] = answer
            return self._as_stored(outcome, answer)
        if _conflicts(change, answer):
            outcome.status = "conflict"
            return self._as_stored(outcome, answer)
        return self._as_stored(outcome, self._store(question, technology_id, answer, value, change, cause))

    def _target(self, change: Change) -> tuple[Question, int | None]:
        question = self.questions.get(change.question)
        if question is None:
            raise NotAssigned
        if question.asked_per == AskedPer.ROUND:
            if change.technology:
                raise NotAssigned
            return question, None
        if change.technology not in self.technologies:
            raise NotAssigned
        return question, self.technologies[change.technology]

    def _store(self, question, technology_id, answer, value: Value, change: Change, cause: str) -> Answer:
        if answer is None:
            answer = Answer(
                round=self.round,
                member=self.member,
                question=question,
                technology_id=technology_id,
                revision=0,
            )
            self.stored[technology_id, question.pk] = answer
        for part in PARTS:
            setattr(answer, part, getattr(value, part))
        answer.change_cause = cause
        answer.revision += 1
        answer.client_sequence = max(answer.client_sequence, change.sequence)
        answer.saved_at = self.now
        self.dirty[technology_id, question.pk] = answer
        return answer

    @staticmethod
    def _as_stored(outcome: Outcome, answer: Answer | None) -> Outcome:
        if answer is not None:
            outcome.revision, outcome.value = answer.revision, value_of(answer).as_dict()
        return outcome

    def write(self) -> bool:
        new = [answer for answer in self.dirty.values() if answer.pk is None]
        old = [answer for answer in self.dirty.values() if answer.pk is not None]
        Answer.objects.bulk_create(new)
        if old:  # an upsert by primary key is one statement whatever the number of rows
            Answer.objects.bulk_create(
                old, update_conflicts=True, unique_fields=["id"], update_fields=list(UPDATED)
            )
        return bool(self.dirty)


def _conflicts(change: Change, answer: Answer | None) -> bool:
    """Whether somebody (another tab, another device) stored something that this member did not see."""
    if change.base_revision is None:
        return False
    return change.base_revision != (answer.revision if answer is not None else 0)


def value_of(answer: Answer | OwnAnswer) -> Value:
    return Value(answer.number, answer.low, answer.high, answer.text, answer.special, answer.parts)

"""Submitting a response: what is still missing, and the submission itself."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from experts.models import PanelMember
from foundation.prepared import Prepared
from foundation.services.audit import record
from surveys.enums import AskedPer, AskReason, ParticipationStatus, QuestionRole, RoundStatus
from surveys.exceptions import Incomplete
from surveys.hooks import MiddleHalves, middle_halves
from surveys.models import Answer, Assignment, Participation, Reason, Round
from surveys.question_types import kind_of
from surveys.question_types.base import EMPTY
from surveys.selectors.asked import questions_of
from surveys.selectors.own_answers import own_answers
from surveys.services.answers import lock_participation, value_of
from surveys.services.discussion import agreed_technologies

DEMANDING = (AskReason.OUTSIDE, AskReason.CHANGED)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something still needed: an answer (`kind="answer"`) or a reason (`outside`, `changed`)."""

    kind: str
    technology: str | None
    question: str


def previous_round(round: Round) -> Round | None:
    """The latest analysed round before this one."""
    return _PREVIOUS.first(study=round.study_id, number=round.number)


_PREVIOUS = Prepared(
    lambda study, number: Round.objects.filter(
        study=study, number__lt=number, status=RoundStatus.ANALYSED
    ).order_by("-number")[:1]
)
_ASSIGNED = Prepared(
    lambda round, member: Assignment.objects.filter(round=round, member=member).values_list(
        "technology_id", "technology__code"
    )
)
_EXPLAINED = Prepared(
    lambda round, member: (
        Reason.objects.filter(round=round, member=member)
        .exclude(text="")
        .values_list("technology_id")
        .order_by()
    )
)


def missing(*, round: Round, member: PanelMember) -> list[Missing]:
    """What the protocol still asks of this member, in the order of the list."""
    questions = list(questions_of(round.study))
    assigned = _ASSIGNED.all(round=round.pk, member=member.pk)
    answers = {(answer.technology_id, answer.question_id): answer for answer in own_answers(member, [round])}
    waived = unfamiliar_with(round.study, questions, answers)
    halves, before, given = _demands_of_earlier_rounds(round, member, questions, assigned)
    return gaps(
        questions=questions,
        assigned=assigned,
        answers=answers,
        halves=halves,
        before=before,
        reasons=given,
        waived=waived,
    )


def unfamiliar_with(study, questions, answers) -> set[int]:
    """Ids of the technologies of which the member knows too little to be held to the other questions."""
    asked = {question.pk for question in questions if question.role == QuestionRole.FAMILIARITY}
    if not study.unfamiliar_rule or study.unfamiliar_at is None:
        return set()
    return {
        technology_id
        for (technology_id, question_id), answer in answers.items()
        if question_id in asked and answer.number is not None and answer.number <= study.unfamiliar_at
    }


def gaps(*, questions, assigned, answers, halves, before, reasons, waived=frozenset()) -> list[Missing]:
    """The same from rows that were read already.

    `assigned` holds pairs of id and code, `answers` and `before` (the earlier round's) rows by technology id and
    question id, `halves` the middle halves likewise, `reasons` the ids of technologies with a reason, the member's
    own or another's that they agree with, `waived` those of which only the familiarity is required.
    """
    given = {key: answer for key, answer in answers.items() if not value_of(answer).is_empty}
    whole = _whole(questions, given)
    per_technology = [question for question in questions if question.asked_per == AskedPer.TECHNOLOGY]
    found = [
        Missing("answer", None, question.key)
        for question in questions
        if question.asked_per == AskedPer.ROUND and question.required and (None, question.pk) not in whole
    ]
    found += [
        Missing("answer", code, question.key)
        for technology_id, code in assigned
        for question in per_technology
        if question.required
        and (technology_id, question.pk) not in whole
        and (technology_id not in waived or question.role == QuestionRole.FAMILIARITY)
    ]
    return found + [
        Missing(question.ask_reason, code, question.key)
        for technology_id, code in assigned
        if technology_id not in reasons
        for question in per_technology
        if question.ask_reason in DEMANDING
        and (key := (technology_id, question.pk)) in given
        and demands_reason(question, given[key], before.get(key), halves.get(key))
    ]


def _whole(questions, given: dict) -> set[tuple]:
    """Keys of the answers that leave nothing open: a pair without its preference is no answer yet."""
    by_pk = {question.pk: question for question in questions if question.required}
    return {
        key
        for key, answer in given.items()
        if key[1] in by_pk and kind_of(by_pk[key[1]]).is_complete(by_pk[key[1]], value_of(answer))
    }


def _demands_of_earlier_rounds(round, member, questions, assigned):
    demanding = [question for question in questions if question.ask_reason in DEMANDING]
    earlier = previous_round(round) if demanding else None
    if earlier is None:
        return {}, {}, set()
    before = {(answer.technology_id, answer.question_id): answer for answer in own_answers(member, [earlier])}
    given = {technology_id for (technology_id,) in _EXPLAINED.all(round=round.pk, member=member.pk)}
    keys = {question.key: question.pk for question in questions}
    halves = shown_halves(round, earlier, [pk for pk, _code in assigned], keys)
    return halves, before, given | agreed_technologies(round, member)


def shown_halves(
    round: Round, earlier: Round | None, technology_ids: list[int], keys: dict[str, int] | None = None
) -> MiddleHalves:
    """The middle halves with which this round compares: nothing while it hides the group's answers.

    A demand for a reason, too, says on which side of the group an answer lies.
    """
    if earlier is None or not round.shows_feedback:
        return {}
    return middle_halves(earlier.pk, technology_ids, keys)


def demands_reason(question, answer, before, half) -> bool:
    """Whether the protocol wants a reason for this answer."""
    if question.ask_reason == AskReason.CHANGED:
        return before is not None and value_of(before) not in (EMPTY, value_of(answer))
    return question.ask_reason == AskReason.OUTSIDE and is_outside(answer.number, half)


def is_outside(number: float | None, half: tuple[float, float] | None) -> bool:
    return half is not None and number is not None and not half[0] <= number <= half[1]


def reopen(part: Participation) -> bool:
    """Take a submission back where something is missing again. For a caller that holds the participation's lock."""
    round = part.round
    if part.status != ParticipationStatus.SUBMITTED or not missing(round=round, member=part.member):
        return False
    part.status, part.submitted_at = ParticipationStatus.STARTED, None
    part.save(update_fields=["status", "submitted_at"])
    record(
        stream=round.study.stream,
        action="response.reopened",
        actor_label=part.member.pseudonym,
        target=f"round {round.number}",
    )
    return True


@transaction.atomic
def submit(*, round: Round, member: PanelMember) -> Participation:
    """Submit the response. Submitting twice is submitting once; editing stays possible until the round closes."""
    part = lock_participation(round, member)
    if part.status == ParticipationStatus.SUBMITTED:
        return part
    if gaps := missing(round=round, member=member):
        raise Incomplete(missing=gaps)
    now = timezone.now()
    part.status, part.submitted_at = ParticipationStatus.SUBMITTED, now
    part.started_at = part.started_at or now
    part.save(update_fields=["status", "submitted_at", "started_at"])
    record(
        stream=round.study.stream,
        action="response.submitted",
        actor_label=member.pseudonym,
        target=f"round {round.number}",
        detail={"answers": Answer.objects.filter(round=round, member=member).count()},
    )
    return part

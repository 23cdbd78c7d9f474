"""A member's whole questionnaire in memory: what is asked, answered, answered before, and missing.

Everything is read with a constant number of queries; pages, the plain form and the receipt work on this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Exists, OuterRef

from foundation.prepared import Prepared
from surveys.enums import AskedPer, AskReason, QuestionRole, Unfamiliar
from surveys.hooks import MiddleHalves
from surveys.models import Assignment, Bookmark, Question, Reason, Round, Technology
from surveys.question_types import QuestionKind, Value, kind_of
from surveys.respond.visit import Visit
from surveys.selectors.asked import questions_of
from surveys.selectors.own_answers import OwnAnswer, own_answers
from surveys.services.answers import value_of
from surveys.services.discussion import OwnVote, agreed_among, own_votes
from surveys.services.submission import (
    DEMANDING,
    Missing,
    demands_reason,
    gaps,
    is_outside,
    shown_halves,
    unfamiliar_with,
)

EMPTY = Value()


@dataclass
class Cell:
    """One question, for one technology or once per round, as this member answered it."""

    question: Question
    technology: Technology | None
    answer: OwnAnswer | None = None
    before: OwnAnswer | None = None
    half: tuple[float, float] | None = None

    @cached_property
    def kind(self) -> QuestionKind:
        return kind_of(self.question)

    @cached_property
    def value(self) -> Value:
        return value_of(self.answer) if self.answer else EMPTY

    @cached_property
    def earlier(self) -> Value:
        return value_of(self.before) if self.before else EMPTY

    @property
    def revision(self) -> int:
        return self.answer.revision if self.answer else 0

    @property
    def cause(self) -> str:
        return self.answer.change_cause if self.answer else ""

    @property
    def is_answered(self) -> bool:
        return not self.value.is_empty

    @property
    def is_changed(self) -> bool:
        return self.is_answered and not self.earlier.is_empty and self.value != self.earlier

    @property
    def is_outside(self) -> bool:
        return is_outside(self.value.number, self.half)

    @property
    def earlier_is_outside(self) -> bool:
        """Of what is not answered anew: an answer of this round speaks for itself."""
        return not self.is_answered and is_outside(self.earlier.number, self.half)

    @property
    def asks_reason(self) -> str:
        """What makes the protocol want a reason for an answer here: `outside`, `changed`, or nothing."""
        asks = self.question.ask_reason
        meets = self.half if asks == AskReason.OUTSIDE else not self.earlier.is_empty
        return asks if self.technology and asks in DEMANDING and meets else ""

    @property
    def demands_reason(self) -> bool:
        return self.is_answered and demands_reason(self.question, self.answer, self.before, self.half)


@dataclass
class Entry:
    """One technology of the list with its cells and the member's reason."""

    technology: Technology
    cells: list[Cell]
    reason: Reason | None = None
    place: int = 0
    missing: list[Missing] = field(default_factory=list)
    is_unfamiliar: bool = False
    is_skipped: bool = False
    is_flagged: bool = False
    is_agreed: bool = False

    @cached_property
    def answered(self) -> int:
        return sum(cell.is_answered for cell in self.cells)

    @cached_property
    def counted(self) -> list[Cell]:
        """What counts as asked: not what the unfamiliar are spared, unless they answered it all the same."""
        if not self.is_skipped:
            return self.cells
        return [cell for cell in self.cells if cell.is_answered or is_familiarity(cell.question)]

    @property
    def is_complete(self) -> bool:
        """Nothing that is required is missing, and something was said."""
        return bool(self.answered) and not self.missing

    @property
    def state(self) -> str:
        if not self.answered:
            return "empty"
        return "done" if self.is_complete else "partial"

    @cached_property
    def is_changed(self) -> bool:
        return any(cell.is_changed for cell in self.cells)

    @cached_property
    def is_outside(self) -> bool:
        """Whether an answer of this round lies outside the middle half of the group."""
        return any(cell.is_outside for cell in self.cells)

    @cached_property
    def earlier_is_outside(self) -> bool:
        return any(cell.earlier_is_outside for cell in self.cells)

    @property
    def can_keep(self) -> bool:
        return any(not cell.earlier.is_empty and not cell.is_answered for cell in self.cells)

    @property
    def asks_reason(self) -> bool:
        return any(cell.question.ask_reason != AskReason.NEVER for cell in self.cells)

    @cached_property
    def demands(self) -> str:
        """Keys of the questions whose answer makes the protocol want a reason, given or not."""
        return " ".join(cell.question.key for cell in self.cells if cell.demands_reason)

    @property
    def needs_reason(self) -> bool:
        return any(gap.kind != "answer" for gap in self.missing)


@dataclass
class Chapter:
    """Consecutive technologies of one field."""

    title: str
    code: str
    entries: list[Entry]

    @property
    def slug(self) -> str:
        """For addresses: technologies without a field have a chapter too."""
        return self.code or "-"

    @property
    def done(self) -> int:
        return sum(entry.is_complete for entry in self.entries)


@dataclass
class Sheet:
    visit: Visit
    round: Round
    questions: list[Question]
    entries: list[Entry]
    once: list[Cell]
    gaps: list[Missing]
    votes: list[OwnVote] = field(default_factory=list)

    @cached_property
    def by_code(self) -> dict[str, Entry]:
        return {entry.technology.code: entry for entry in self.entries}

    @cached_property
    def chapters(self) -> list[Chapter]:
        found: list[Chapter] = []
        for entry in self.entries:
            chapter = entry.technology.field
            code = chapter.code if chapter else ""
            if not found or found[-1].code != code:
                found.append(Chapter(str(chapter) if chapter else "", code, []))
            found[-1].entries.append(entry)
        return found

    @cached_property
    def cells(self) -> list[Cell]:
        return [*self.once, *(cell for entry in self.entries for cell in entry.cells)]

    @cached_property
    def counted(self) -> list[Cell]:
        return [*self.once, *(cell for entry in self.entries for cell in entry.counted)]

    @cached_property
    def answered(self) -> int:
        return sum(cell.is_answered for cell in self.counted)

    @property
    def total(self) -> int:
        return len(self.counted)

    @property
    def done(self) -> int:
        return sum(entry.is_complete for entry in self.entries)

    @property
    def once_missing(self) -> list[Missing]:
        return [gap for gap in self.gaps if gap.technology is None]

    @property
    def highest_sequence(self) -> int:
        stored = [cell.answer for cell in self.cells if cell.answer]
        stored += [entry.reason for entry in self.entries if entry.reason]
        return max((each.client_sequence for each in stored), default=0)

    def chapter_of(self, entry: Entry) -> Chapter | None:
        return next((chapter for chapter in self.chapters if entry in chapter.entries), None)

    def cell(self, technology: str | None, key: str) -> Cell | None:
        cells = self.by_code[technology].cells if technology in self.by_code else ()
        cells = cells if technology else self.once
        return next((cell for cell in cells if cell.question.key == key), None)

    def beside(self, entry: Entry) -> tuple[Entry | None, Entry | None]:
        at = entry.place - 1
        return (
            self.entries[at - 1] if at else None,
            self.entries[at + 1] if at + 1 < len(self.entries) else None,
        )

    def next_open(self, after: Entry | None = None) -> Entry | None:
        """The next technology that still wants something, from here on and then from the start."""
        at = after.place if after else 0
        order = [*self.entries[at:], *self.entries[:at]]
        return next((entry for entry in order if not entry.is_complete and entry is not after), None)


def load_sheet(visit: Visit, round: Round | None = None) -> Sheet:
    """The sheet of the open round, or of `round`. Seven queries, ten where a protocol compares with a group.

    Raises nothing for a foreign technology: it is simply not on the sheet.
    """
    round = round or visit.round
    earlier = visit.earlier if round == visit.round else None
    questions = list(questions_of(visit.study))
    technologies, flagged = _assigned(round, visit)
    answers = _answers(visit, [r for r in (round, earlier) if r])
    reasons = {r.technology_id: r for r in _REASONS.all(round=round.pk, member=visit.member.pk)}
    keys = {question.key: question.pk for question in questions}
    halves = shown_halves(round, earlier, [t.pk for t in technologies], keys) if _compares(questions) else {}
    votes = own_votes(round, visit.member) if earlier else []
    agreed = agreed_among(votes)
    waived = unfamiliar_with(visit.study, questions, answers[round.pk])
    found = gaps(
        questions=questions,
        assigned=[(technology.pk, technology.code) for technology in technologies],
        answers=answers[round.pk],
        before=answers[earlier.pk] if earlier else {},
        halves=halves,
        reasons=agreed | {key for key, reason in reasons.items() if reason.text},
        waived=waived,
    )
    build = _Builder(questions, answers[round.pk], answers[earlier.pk] if earlier else {}, halves)
    entries = [
        Entry(
            technology,
            build.cells(technology),
            reasons.get(technology.pk),
            place,
            is_unfamiliar=technology.pk in waived,
            is_skipped=technology.pk in waived and visit.study.unfamiliar_rule == Unfamiliar.SKIPPED,
            is_flagged=technology.pk in flagged,
            is_agreed=technology.pk in agreed,
        )
        for place, technology in enumerate(technologies, 1)
    ]
    by_code = {entry.technology.code: entry for entry in entries}
    for gap in found:
        if gap.technology:
            by_code[gap.technology].missing.append(gap)
    return Sheet(visit, round, questions, entries, build.cells(None), found, votes)


def is_familiarity(question: Question) -> bool:
    return question.role == QuestionRole.FAMILIARITY


def _compares(questions: list[Question]) -> bool:
    return any(question.show_feedback for question in questions)


def _assigned(round: Round, visit: Visit) -> tuple[list[Technology], set[int]]:
    """In chapters: by field, and within it in the order of the list. And the ids of those that the member flagged."""
    order = sorted(
        _ASSIGNED.all(round=round.pk, member=visit.member.pk),
        key=lambda row: (
            (field.position, field.pk) if (field := row.technology.field) else (1 << 30, 0),
            row.position,
            row.pk,
        ),
    )
    return [row.technology for row in order], {row.technology_id for row in order if row.is_flagged}


def _assignments(round, member):
    own = Bookmark.objects.filter(member=member, technology=OuterRef("technology"))
    rows = Assignment.objects.filter(round=round, member=member).annotate(is_flagged=Exists(own))
    return rows.select_related("technology__field").order_by()


_ASSIGNED = Prepared(_assignments)
_REASONS = Prepared(lambda round, member: Reason.objects.filter(round=round, member=member).order_by())


def _answers(visit: Visit, rounds: list[Round]) -> dict[int, dict[tuple, OwnAnswer]]:
    found: dict[int, dict[tuple, OwnAnswer]] = {round.pk: {} for round in rounds}
    for answer in own_answers(visit.member, rounds):
        found[answer.round_id][answer.technology_id, answer.question_id] = answer
    return found


@dataclass
class _Builder:
    questions: list[Question]
    answers: dict[tuple, OwnAnswer]
    before: dict[tuple, OwnAnswer]
    halves: MiddleHalves

    def cells(self, technology: Technology | None) -> list[Cell]:
        asked = AskedPer.TECHNOLOGY if technology else AskedPer.ROUND
        pk = technology.pk if technology else None
        return [
            Cell(
                question,
                technology,
                self.answers.get((pk, question.pk)),
                self.before.get((pk, question.pk)),
                self.halves.get((pk, question.pk)),  # type: ignore[arg-type]
            )
            for question in self.questions
            if question.asked_per == asked
        ]

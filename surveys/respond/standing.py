"""A member's own results: where they stand, how they moved, what was decided. Their own answers and frozen figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from surveys.enums import QuestionRole, VerdictKind
from surveys.hooks import group_positions, verdicts_after
from surveys.models import Question, Round, Technology
from surveys.respond.journey import Journey, Step
from surveys.respond.sheet import EMPTY, Entry, Sheet
from surveys.selectors.own_answers import own_answers
from surveys.services.answers import value_of

MAIN = (QuestionRole.IMPORTANCE, QuestionRole.AGREEMENT, QuestionRole.FEASIBILITY)


@dataclass
class Result:
    """One technology: the main question's journey, the others', and the verdict."""

    technology: Technology
    main: Journey | None
    others: list[Journey]
    verdict: str
    has_answers: bool


class Standing:
    """All results of one analysed round. Four queries beside those of the sheet."""

    def __init__(self, sheet: Sheet, rounds: list[Round]):
        self.sheet, self.rounds = sheet, rounds
        technologies = [entry.technology.pk for entry in sheet.entries]
        self.positions = group_positions([round.pk for round in rounds], technologies)
        self.verdicts = verdicts_after(sheet.round.pk)
        own = own_answers(sheet.visit.member, rounds, technology__isnull=False)
        self.answers = {(each.round_id, each.technology_id, each.question_id): each for each in own}

    @cached_property
    def main_question(self) -> Question | None:
        """The one that says most: importance before agreement before feasibility, else the first with figures."""
        compared = {question for _round, _technology, question in self.positions}
        asked = [question for question in self.sheet.questions if question.pk in compared]
        by_role = {question.role: question for question in reversed(asked)}
        return next((by_role[role] for role in MAIN if role in by_role), next(iter(asked), None))

    @cached_property
    def results(self) -> list[Result]:
        return [self._result(entry) for entry in self.sheet.entries]

    def _result(self, entry: Entry) -> Result:
        journeys = {
            cell.question.pk: self._journey(cell.question, entry.technology.pk)
            for cell in entry.cells
            if cell.question.show_feedback
        }
        main = journeys.pop(self.main_question.pk, None) if self.main_question else None
        others = [journey for journey in journeys.values() if journey.is_drawn]
        verdict = self.verdicts.get(entry.technology.pk, "")
        return Result(entry.technology, main, others, verdict, bool(entry.answered))

    def _journey(self, question: Question, technology_id: int) -> Journey:
        steps = []
        for round in self.rounds:
            key = (round.pk, technology_id, question.pk)
            answer, group = self.answers.get(key), self.positions.get(key)
            if answer or group or round == self.sheet.round:
                steps.append(Step(round.number, value_of(answer) if answer else EMPTY, group))
        return Journey(question, steps)

    @cached_property
    def summary(self) -> dict[str, int]:
        """Counts over the main question."""
        journeys = [result.main for result in self.results if result.main]
        places = Counter(journey.place for journey in journeys)
        moves = Counter(journey.move for journey in journeys)
        counted: dict[str, int] = defaultdict(int)
        return counted | {
            "answered": sum(result.has_answers for result in self.results),
            "inside": places["inside"],
            "compared": sum(count for place, count in places.items() if place),
            "moved": moves["closer"] + moves["away"] + moves["moved"],
            "closer": moves["closer"],
            "away": moves["away"],
            "paired": sum(count for move, count in moves.items() if move),
        }

    @cached_property
    def decided(self) -> list[tuple[str, int]]:
        counts = Counter(result.verdict for result in self.results if result.verdict)
        return [(str(kind), counts[kind]) for kind in VerdictKind.values if counts[kind]]

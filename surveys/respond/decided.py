"""Technologies that were decided in an earlier round, as far as the protocol lets a member know."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.enums import AskedPer
from surveys.hooks import Decided, decided_results
from surveys.models import Round, Technology
from surveys.respond.sheet import Cell
from surveys.respond.visit import Visit
from surveys.selectors.asked import questions_of
from surveys.selectors.own_answers import own_answers


@dataclass(frozen=True)
class DecidedRow:
    technology: Technology
    result: Decided

    def round_in(self, visit: Visit) -> Round:
        return next(each for each in visit.rounds if each.number == self.result.round_number)

    def cells(self, visit: Visit) -> list[Cell]:
        """Each question with the member's answer of the deciding round."""
        answers = {
            answer.question_id: answer
            for answer in own_answers(visit.member, [self.round_in(visit)], technology=self.technology)
        }
        return [
            Cell(question, self.technology, answers.get(question.pk))
            for question in questions_of(visit.study)
            if question.asked_per == AskedPer.TECHNOLOGY and question.show_feedback
        ]


def decided_for(visit: Visit) -> list[DecidedRow]:
    """What this member was asked about before and is not now, with its final verdict. Two queries.

    Nothing while the round hides the group's answers: a verdict tells what the group thinks.
    """
    round = visit.round
    if round is None or round.number == 1 or not round.shows_feedback:
        return []
    earlier = [each.pk for each in visit.rounds if each.number < round.number]
    asked = Technology.objects.filter(assignments__round__in=earlier, assignments__member=visit.member)
    now = round.assignments.filter(member=visit.member).values("technology_id")
    gone = list(asked.exclude(pk__in=now).select_related("field").distinct().order_by("position", "pk"))
    found = decided_results(round.pk, [technology.pk for technology in gone]) if gone else {}
    return [DecidedRow(technology, found[technology.pk]) for technology in gone if technology.pk in found]

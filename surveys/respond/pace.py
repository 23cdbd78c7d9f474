"""How long it will take: from the kinds of questions, and from the member's own pace once there is one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from surveys.enums import QuestionType

if TYPE_CHECKING:
    from surveys.models import Question
    from surveys.respond.sheet import Sheet
    from surveys.selectors.own_answers import OwnAnswer

READING = 12
SECONDS = {
    QuestionType.SCALE: 7,
    QuestionType.CHOICE: 8,
    QuestionType.YES_NO: 5,
    QuestionType.TEXT: 15,
    QuestionType.ESTIMATE: 25,
    QuestionType.YEAR: 11,
    QuestionType.MULTIPLE: 14,
    QuestionType.RANKING: 30,
    QuestionType.ALLOCATION: 35,
    QuestionType.PLANE: 12,
    QuestionType.CERTAINTY: 10,
    QuestionType.PAIRWISE: 30,
}
PAUSE = 180  # a longer gap between two answers was a break
PRIOR = 240  # seconds of the usual pace that a member's own pace has to weigh up against
SLOWEST, QUICKEST = 4.0, 0.25


def seconds_for(questions: Iterable[Question], technologies: int = 1) -> int:
    """At the usual pace: these questions, and reading about the technologies that they are asked of."""
    return sum(SECONDS.get(question.type, 10) for question in questions) + READING * technologies


def minutes(sheet: Sheet, *, left: bool = False) -> int:
    """Minutes for the whole sheet, or for what is left of it; at least one while anything is left."""
    cells = [cell for cell in sheet.counted if not (left and cell.is_answered)]
    entries = sum(1 for entry in sheet.entries if not (left and entry.answered))
    seconds = seconds_for((cell.question for cell in cells), entries) * own_pace(sheet)
    return max(1, math.ceil(seconds / 60)) if seconds else 0


def own_pace(sheet: Sheet) -> float:
    """The member's time over the usual time: 1 until there is something to measure.

    Measured in this round, or in the one before while nothing is answered in this one. A matrix sends several
    answers at once, so moments are compared, not single answers: what lies between two moments up to a break is
    the time that the later one's answers took.
    """
    answered = [cell.answer for cell in sheet.cells if cell.is_answered]
    earlier = [cell.before for cell in sheet.cells if cell.before]
    return _pace(answered or earlier, {question.pk: question for question in sheet.questions})


def _pace(answers: list[OwnAnswer | None], questions: dict[int, Question]) -> float:
    moments: dict[float, int] = {}
    for answer in answers:
        if answer is not None:
            at = answer.saved_at.timestamp()
            usual = SECONDS.get(questions[answer.question_id].type, 10)
            moments[at] = moments.get(at, 0) + usual
    taken = usual_time = 0.0
    times = sorted(moments)
    for before, at in pairwise(times):
        if at - before <= PAUSE:
            taken += at - before
            usual_time += moments[at]
    pace = (taken + PRIOR) / (usual_time + PRIOR)
    return min(SLOWEST, max(QUICKEST, pace))

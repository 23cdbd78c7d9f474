"""A worked example of the study's own scale, for studies that wrote none."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.enums import QuestionRole, QuestionType
from surveys.models import Question
from surveys.respond.sheet import Sheet

PREFERRED = (QuestionRole.IMPORTANCE, QuestionRole.AGREEMENT, QuestionRole.FEASIBILITY)


@dataclass(frozen=True)
class ScaleExample:
    """The scale with one point marked: two thirds of the way up, so that it is neither an end nor the middle."""

    question: Question
    low: int
    high: int

    @property
    def points(self) -> list[dict]:
        return [{"value": each, "on": each == self.marked} for each in range(self.low, self.high + 1)]

    @property
    def marked(self) -> int:
        return self.low + round((self.high - self.low) * 2 / 3)


def worked_scale(sheet: Sheet) -> ScaleExample | None:
    scales = [
        question
        for question in sheet.questions
        if question.type == QuestionType.SCALE and question.low_label and question.high_label
    ]
    best = next((q for role in PREFERRED for q in scales if q.role == role), None)
    if best is None or best.minimum is None or best.maximum is None:
        return None
    return ScaleExample(best, int(best.minimum), int(best.maximum))

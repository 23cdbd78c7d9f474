"""How long it will take: from the kinds of questions, and from the member's own pace once there is one."""

from __future__ import annotations

import math

from surveys.enums import QuestionType
from surveys.respond.sheet import Sheet

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


def minutes(sheet: Sheet, *, left: bool = False) -> int:
    """Minutes for the whole sheet, or for what is left of it; at least one while anything is left."""
    seconds = sum(
        SECONDS.get(cell.question.type, 10) for cell in sheet.cells if not (left and cell.is_answered)
    )
    seconds += sum(READING for entry in sheet.entries if not (left and entry.answered))
    return max(1, math.ceil(seconds / 60)) if seconds else 0

"""The registry of question types: one entry a type, one file a family."""

from surveys.enums import QuestionType
from surveys.question_types.allocation import Allocation
from surveys.question_types.base import PARTS, QuestionKind, Value
from surveys.question_types.certainty import Certainty
from surveys.question_types.choice import SingleChoice, YesNo
from surveys.question_types.multiple import MultipleChoice
from surveys.question_types.numbers import Estimate, Number, Percent
from surveys.question_types.pairwise import Pairwise
from surveys.question_types.plane import Plane
from surveys.question_types.ranking import Ranking
from surveys.question_types.scale import Scale
from surveys.question_types.text import FreeText
from surveys.question_types.year import Year

KINDS: dict[str, QuestionKind] = {
    QuestionType.SCALE: Scale(),
    QuestionType.CHOICE: SingleChoice(),
    QuestionType.MULTIPLE: MultipleChoice(),
    QuestionType.RANKING: Ranking(),
    QuestionType.ALLOCATION: Allocation(),
    QuestionType.NUMBER: Number(),
    QuestionType.PERCENT: Percent(),
    QuestionType.ESTIMATE: Estimate(),
    QuestionType.YEAR: Year(),
    QuestionType.YES_NO: YesNo(),
    QuestionType.CERTAINTY: Certainty(),
    QuestionType.PLANE: Plane(),
    QuestionType.PAIRWISE: Pairwise(),
    QuestionType.TEXT: FreeText(),
}


def kind_of(question) -> QuestionKind:
    return KINDS[question.type]


def can_be_answered(question, low: float, high: float) -> bool:
    """Whether an answer can lie in the band: percents typed for ratings leave every technology open."""
    kind = kind_of(question)
    categories = kind.categories(question)
    if categories is not None:
        return any(low <= value <= high for value in categories)
    lowest, highest = kind.bounds(question)
    return (lowest is None or high >= lowest) and (highest is None or low <= highest)


__all__ = ["KINDS", "PARTS", "QuestionKind", "Value", "can_be_answered", "kind_of"]

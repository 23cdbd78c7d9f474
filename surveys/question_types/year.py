from surveys.enums import Special
from surveys.question_types.base import QuestionKind


class Year(QuestionKind):
    """A calendar year, or "already", "never", "cannot say when": answers that are no year."""

    whole_numbers = True
    specials = (Special.ALREADY, Special.NEVER, Special.CANNOT_SAY)
    template = "surveys/questions/year.html"

    def bounds(self, question):
        return (
            1900 if question.minimum is None else question.minimum,
            2200 if question.maximum is None else question.maximum,
        )

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import QuestionKind, Value, as_number


class Number(QuestionKind):
    """An amount in the question's unit."""


class Percent(Number):
    """A share from 0 to 100."""

    def bounds(self, question):
        return (
            0 if question.minimum is None else question.minimum,
            100 if question.maximum is None else question.maximum,
        )

    def problems(self, question, options):
        low, high = self.bounds(question)
        if low < 0 or high > 100:
            return {"maximum": _("A percentage lies between 0 and 100.")}
        return {}


class Estimate(Number):
    """Low, best and high; the best is the value that statistics use."""

    parts = ("number", "low", "high")
    template = "surveys/questions/estimate.html"

    def value(self, question, given):
        if "number" not in given:
            raise ValidationError(_("Enter your best estimate."), code="no_best")
        numbers = {part: self.in_range(question, as_number(given[part])) for part in given}
        ordered = [numbers[part] for part in ("low", "number", "high") if part in numbers]
        if ordered != sorted(ordered):
            raise ValidationError(
                _("The lowest may not exceed the best, nor the best the highest."), code="not_ordered"
            )
        return Value(**numbers)

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import QuestionKind


class SingleChoice(QuestionKind):
    """One of the question's choices, stored by its value. The values carry no order."""

    whole_numbers = True
    is_ordered = False
    needs_options = (2, 60)
    template = "surveys/questions/choice.html"

    def in_range(self, question, number):
        if number not in self.categories(question):
            raise ValidationError(_("Choose one of the options."), code="not_an_option")
        return number

    def categories(self, question):
        return [float(choice.value) for choice in question.choices.all()]


class YesNo(SingleChoice):
    """Yes (1) or no (0)."""

    needs_options = None
    template = "surveys/questions/yes_no.html"

    def categories(self, question):
        return [0.0, 1.0]

from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import QuestionKind

MOST_POINTS = 21
MOST_POINTS_OF_PLANE = 11


class Scale(QuestionKind):
    """An ordinal rating with labelled ends: every whole number from `minimum` to `maximum`."""

    whole_numbers = True
    template = "surveys/questions/scale.html"

    def bounds(self, question):
        return (
            1 if question.minimum is None else question.minimum,
            5 if question.maximum is None else question.maximum,
        )

    def categories(self, question):
        low, high = self.bounds(question)
        return [float(value) for value in range(int(low), int(high) + 1)]

    def problems(self, question, options, most=MOST_POINTS):
        low, high = self.bounds(question)
        if low != int(low) or high != int(high):
            return {"minimum": _("The ends of a scale are whole numbers.")}
        if high <= low:
            return {"maximum": _("The highest value must be above the lowest.")}
        if high - low >= most:
            return {"maximum": _("A scale has at most %(n)d points.") % {"n": most}}
        return {}

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import Value, as_number, is_blank, plain
from surveys.question_types.choice import YesNo

CERTAINTY = "certainty"


class Certainty(YesNo):
    """Yes or no, and how certain the member is, in percent."""

    parts = ("number", "parts")
    template = "surveys/questions/certainty.html"

    def part_keys(self, question):
        return [CERTAINTY]

    def part_label(self, question, key):
        return str(_("How certain are you?"))

    def value(self, question, given):
        certainty = self._certainty(question, given.get("parts", {}))
        if "number" not in given:
            raise ValidationError(_("Choose yes or no as well."), code="no_choice")
        number = self.in_range(question, as_number(given["number"]))
        return Value(number=number, parts=None if certainty is None else {CERTAINTY: certainty})

    def certainty_bounds(self, question) -> tuple[float, float]:
        return (
            0 if question.minimum is None else question.minimum,
            100 if question.maximum is None else question.maximum,
        )

    def _certainty(self, question, parts) -> float | None:
        if not isinstance(parts, dict) or set(parts) - {CERTAINTY}:
            raise ValidationError(_("This value cannot be read."), code="malformed")
        if is_blank(parts.get(CERTAINTY)):
            return None
        number, (low, high) = as_number(parts[CERTAINTY]), self.certainty_bounds(question)
        if not low <= number <= high:
            raise ValidationError(
                _("Enter your certainty as a value from %(low)s to %(high)s percent."),
                code="out_of_range",
                params={"low": plain(low), "high": plain(high)},
            )
        return number

    def parts_needed(self, question):
        return 1

    def is_complete(self, question, value):
        return bool(value.special) or (value.number is not None and bool(value.parts))

    def words(self, question, value):
        found = (value.parts or {}).get(CERTAINTY)
        return "" if found is None else str(_("%(n)s %%") % {"n": plain(found)})

    def problems(self, question, options):
        low, high = self.certainty_bounds(question)
        if low < 0 or high > 100:
            return {"maximum": _("A percentage lies between 0 and 100.")}
        return {}

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import setting
from surveys.question_types.composite import OfOptions, pairs_of


class Pairwise(OfOptions):
    """Each pair of options: the first is preferred (1), the second (-1), or they are equal (0)."""

    settings = ("no_ties",)
    needs_options = (2, 8)
    template = "surveys/questions/pairwise.html"

    def part_keys(self, question):
        return [":".join(pair) for pair in pairs_of(question)]

    def part_label(self, question, key):
        first, second = key.split(":")
        return f"{self.option_label(question, first)} – {self.option_label(question, second)}"

    def option_label(self, question, value: str) -> str:
        return super().part_label(question, value)

    def allows_ties(self, question) -> bool:
        return not setting(question, "no_ties", False)

    def part_bounds(self, question, key):
        return -1, 1

    def part_in_range(self, question, key, number):
        found = super().part_in_range(question, key, number)
        if found == 0 and not self.allows_ties(question):
            raise ValidationError(_("Choose one of the two."), code="no_ties")
        return found

    def words(self, question, value):
        signs = {1: ">", 0: "=", -1: "<"}
        return "; ".join(
            f"{self.option_label(question, first)} {signs[int(number)]} {self.option_label(question, second)}"
            for key, number in (value.parts or {}).items()
            for first, second in [key.split(":")]
        )

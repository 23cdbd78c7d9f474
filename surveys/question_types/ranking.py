from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import Value, setting
from surveys.question_types.composite import OfOptions


class Ranking(OfOptions):
    """Places 1, 2, 3 … for all options, or for the first few of them. Each place is given once."""

    settings = ("top",)
    template = "surveys/questions/ranking.html"

    def places(self, question) -> int:
        """How many options are to be ranked."""
        every = len(self.part_keys(question))
        return min(setting(question, "top", every), every)

    def part_bounds(self, question, key):
        return 1, self.places(question)

    def composed(self, question, parts):
        seen: dict[float, str] = {}
        for key, place in parts.items():
            if place in seen:
                raise ValidationError(
                    _("Place %(place)d is given twice: %(one)s; %(other)s."),
                    code="place_twice",
                    params={
                        "place": place,
                        "one": self.part_label(question, seen[place]),
                        "other": self.part_label(question, key),
                    },
                )
            seen[place] = key
        return Value(parts=parts or None)

    def parts_needed(self, question):
        return self.places(question)

    def words(self, question, value):
        order = sorted((value.parts or {}).items(), key=lambda part: part[1])
        return "; ".join(f"{place:g}. {self.part_label(question, key)}" for key, place in order)

    def problems(self, question, options):
        found = super().problems(question, options)
        if options and setting(question, "top", 1) > options:
            found["top"] = _("There are only %(n)d options.") % {"n": options}
        return found

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import Value, plain, setting
from surveys.question_types.composite import OfOptions

TOTAL = 100


class Allocation(OfOptions):
    """A number of points, shared out among the options so that nothing is left."""

    settings = ("total",)
    template = "surveys/questions/allocation.html"

    def total(self, question) -> int:
        return setting(question, "total", TOTAL)

    def part_bounds(self, question, key):
        return 0, self.total(question)

    def composed(self, question, parts):
        if not parts:
            return Value()
        given, total = sum(parts.values()), self.total(question)
        if given != total:
            message = (
                _("The points must add up to %(total)s. They add up to %(given)s: %(rest)s left.")
                if given < total
                else _("The points must add up to %(total)s. They add up to %(given)s: %(rest)s too many.")
            )
            raise ValidationError(
                message,
                code="wrong_sum",
                params={"total": plain(total), "given": plain(given), "rest": plain(abs(total - given))},
            )
        return Value(parts={key: parts.get(key, 0) for key in self.part_keys(question)})

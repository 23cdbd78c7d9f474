from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from surveys.question_types.base import Value, setting
from surveys.question_types.composite import OfOptions
from surveys.question_types.text import clean_text

OTHER = "other"
LONGEST_OTHER = 300


class MultipleChoice(OfOptions):
    """Some of the question's choices, within limits; and "other" with a text where that is allowed."""

    parts = ("parts", "text")
    settings = ("least", "most", "other")
    template = "surveys/questions/multiple.html"

    def part_keys(self, question):
        return [*super().part_keys(question), *([OTHER] if setting(question, "other") else [])]

    def part_label(self, question, key):
        return str(_("Other")) if key == OTHER else super().part_label(question, key)

    def part_bounds(self, question, key):
        return 0, 1

    def value(self, question, given):
        chosen = {key: 1 for key, on in self.read(question, given.get("parts", {})).items() if on}
        text = clean_text(given.get("text", ""), LONGEST_OTHER)
        if text and not setting(question, "other"):
            raise ValidationError(_("This kind of question takes no such value."), code="wrong_part")
        if text:  # whoever wrote something else means it, ticked or not
            chosen[OTHER] = 1
        elif OTHER in chosen:
            raise ValidationError(_("Say in a few words what “other” is."), code="no_other_text")
        self._count(question, len(chosen))
        return Value(parts=chosen or None, text=text)

    def limits(self, question) -> tuple[int, int]:
        every = len(self.part_keys(question))
        return min(setting(question, "least", 1), every), min(setting(question, "most", every), every)

    def _count(self, question, n: int) -> None:
        least, most = self.limits(question)
        if 0 < n < least:
            raise ValidationError(
                ngettext_lazy(
                    "Choose at least %(limit)d option; %(n)d chosen.",
                    "Choose at least %(limit)d options; %(n)d chosen.",
                    "limit",
                ),
                code="too_few",
                params={"limit": least, "n": n},
            )
        if n > most:
            raise ValidationError(
                ngettext_lazy(
                    "Choose at most %(limit)d option; %(n)d chosen.",
                    "Choose at most %(limit)d options; %(n)d chosen.",
                    "limit",
                ),
                code="too_many",
                params={"limit": most, "n": n},
            )

    def parts_needed(self, question):
        return 1

    def words(self, question, value):
        return "; ".join(
            f"{self.part_label(question, key)}: {value.text}"
            if key == OTHER
            else self.part_label(question, key)
            for key in value.parts or {}
        )

    def problems(self, question, options):
        found = super().problems(question, options)
        every = options + bool(setting(question, "other"))
        least, most = setting(question, "least", 1), setting(question, "most", every)
        if least > most:
            found["most"] = _("The most may not be below the least.")
        elif options and most > every:
            found["most"] = _("There are only %(n)d options.") % {"n": every}
        return found

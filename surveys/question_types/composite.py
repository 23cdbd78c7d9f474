"""Types whose answer is a number for each of several things: options, axes, pairs."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.question_types.base import QuestionKind, Value, as_number, is_blank, plain


class Composite(QuestionKind):
    parts = ("parts",)
    is_ordered = False
    is_composite = True
    whole_numbers = True

    def value(self, question, given):
        parts = self.read(question, given["parts"])
        return self.composed(question, parts)

    def read(self, question, raw: Any) -> dict[str, float]:
        """Numbers by known key, in the question's order; blanks are left out."""
        if not isinstance(raw, Mapping):
            raise ValidationError(_("This value cannot be read."), code="malformed")
        known = self.part_keys(question)
        if set(raw) - set(known):
            raise ValidationError(_("Choose among the options."), code="not_an_option")
        return {
            key: self.part_in_range(question, key, as_number(raw[key]))
            for key in known
            if key in raw and not is_blank(raw[key])
        }

    def part_in_range(self, question, key: str, number: float) -> float:
        low, high = self.part_bounds(question, key)
        if number != int(number) or not low <= number <= high:
            raise ValidationError(
                _("%(part)s: enter a whole number from %(low)s to %(high)s."),
                code="part_out_of_range",
                params={"part": self.part_label(question, key), "low": plain(low), "high": plain(high)},
            )
        return int(number)

    def part_bounds(self, question, key: str) -> tuple[float, float]:
        raise NotImplementedError

    def composed(self, question, parts: dict[str, float]) -> Value:
        """The value of parts that are each right by themselves; refuse what is wrong together."""
        return Value(parts=parts or None)

    def is_complete(self, question, value):
        return bool(value.special) or len(value.parts or ()) >= self.parts_needed(question)

    def parts_needed(self, question):
        return len(self.part_keys(question))

    def words(self, question, value):
        return "; ".join(
            f"{self.part_label(question, key)}: {plain(number)}"
            for key, number in (value.parts or {}).items()
        )


class OfOptions(Composite):
    """One part for each of the question's options, under the option's value."""

    needs_options = (2, 40)

    def part_keys(self, question):
        return [str(choice.value) for choice in question.choices.all()]

    def part_label(self, question, key):
        return next((str(choice.label) for choice in question.choices.all() if str(choice.value) == key), key)


def pairs_of(question) -> list[tuple[str, str]]:
    """Every pair of the question's options once, in the order of the options."""
    return list(combinations([str(choice.value) for choice in question.choices.all()], 2))

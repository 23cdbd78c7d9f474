"""What a question type is: how raw input becomes a value, and which values it can take.

One validator serves the page, the API and imports: `clean(question, raw)`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.enums import Special
from surveys.models import Question

PARTS = ("number", "low", "high", "text", "special")


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one answer, as stored. Empty means that the member took the answer back."""

    number: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    special: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Value()

    def as_dict(self) -> dict[str, Any]:
        """Only the parts that are set; what the API and the questionnaire's scripts exchange."""
        return {key: part for key, part in asdict(self).items() if part not in (None, "")}


def as_number(raw: Any) -> float:
    """A finite number from what a person or a program typed; full-width digits count as digits."""
    if isinstance(raw, bool):
        raise ValidationError(_("Enter a number."), code="not_a_number")
    try:
        number = float(str(raw).strip().replace("％", "").replace("%", "").replace(",", "."))
    except ValueError as error:
        raise ValidationError(_("Enter a number."), code="not_a_number") from error
    if not math.isfinite(number):
        raise ValidationError(_("Enter a number."), code="not_a_number")
    return number


class QuestionKind:
    """Base of all types. A subclass in its own file says what differs."""

    specials: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[str, ...]] = ("number",)
    is_ordered = True  # its numbers have an order, so a median means something
    whole_numbers = False
    template = "surveys/questions/number.html"

    def clean(self, question: Question, raw: Mapping[str, Any] | None) -> Value:
        """Return the value of `raw`, a mapping with some of `PARTS`; raise ValidationError."""
        given = self._given(raw or {})
        special = given.pop("special", "")
        if special:
            return self._special(question, special, given)
        if not given:
            return Value()
        unknown = set(given) - set(self.parts)
        if unknown:
            raise ValidationError(_("This kind of question takes no such value."), code="wrong_part")
        return self.value(question, given)

    def value(self, question: Question, given: dict[str, Any]) -> Value:
        return Value(number=self.in_range(question, as_number(given["number"])))

    def in_range(self, question: Question, number: float) -> float:
        if self.whole_numbers and number != int(number):
            raise ValidationError(_("Enter a whole number."), code="not_whole")
        low, high = self.bounds(question)
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValidationError(
                _("Enter a value from %(low)s to %(high)s."),
                code="out_of_range",
                params={"low": _plain(low), "high": _plain(high)},
            )
        return number

    def bounds(self, question: Question) -> tuple[float | None, float | None]:
        return question.minimum, question.maximum

    def categories(self, question: Question) -> list[float] | None:
        """All values that can occur, ascending; None where they are not few."""
        return None

    def specials_of(self, question: Question) -> tuple[str, ...]:
        judged = (Special.CANNOT_JUDGE,) if question.allow_cannot_judge else ()
        return tuple(str(special) for special in (*self.specials, *judged))

    def _special(self, question: Question, special: str, given: dict) -> Value:
        if given:
            raise ValidationError(_("Give either a value or this answer, not both."), code="both")
        if special not in self.specials_of(question):
            raise ValidationError(_("This answer is not offered here."), code="special_not_offered")
        return Value(special=special)

    @staticmethod
    def _given(raw: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise ValidationError(_("This value cannot be read."), code="malformed")
        unknown = set(raw) - set(PARTS)
        if unknown:
            raise ValidationError(_("This value cannot be read."), code="malformed")
        return {key: part for key, part in raw.items() if part is not None and str(part).strip() != ""}


def _plain(number: float | None) -> str:
    return "…" if number is None else f"{number:g}"

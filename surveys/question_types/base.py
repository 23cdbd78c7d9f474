"""What a question type is: how raw input becomes a value, and which values it can take.

One validator serves the page, the API and imports: `clean(question, raw)`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.enums import Special
from surveys.models import Question

PARTS = ("number", "low", "high", "text", "special", "parts")
LARGEST_NUMBER = 1e15
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_PLAIN = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d{1,3})?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one answer, as stored. Empty means that the member took the answer back.

    `parts` is of composite types only: a number for each option, axis or pair that was answered.
    """

    number: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    special: str = ""
    parts: dict[str, float] | None = None

    @property
    def is_empty(self) -> bool:
        return self == EMPTY

    def as_dict(self) -> dict[str, Any]:
        """Only the parts that are set; what the API and the questionnaire's scripts exchange."""
        given = {key: part for key in PARTS if (part := getattr(self, key)) not in (None, "")}
        return given | {"parts": dict(self.parts)} if self.parts is not None else given


EMPTY = Value()


def as_number(raw: Any) -> float:
    """A finite number from what a person or a program typed: full-width digits, a comma for the point,
    commas between thousands. Lists, truth values and the like are no numbers, however they print.
    """
    if isinstance(raw, bool) or not isinstance(raw, str | int | float) or len(text := str(raw)) > 60:
        raise ValidationError(_("Enter a number."), code="not_a_number")
    text = unicodedata.normalize("NFKC", text).strip().replace("%", "").strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN.fullmatch(text):
        raise ValidationError(_("Enter a number."), code="not_a_number")
    number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise ValidationError(_("Enter a number."), code="not_a_number")
    if abs(number) > LARGEST_NUMBER:
        raise ValidationError(_("This number is too large."), code="too_large")
    return number


class QuestionKind:
    """Base of all types. A subclass in its own file says what differs."""

    specials: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[str, ...]] = ("number",)
    settings: ClassVar[tuple[str, ...]] = ()  # names of `Question.settings` that the type reads
    needs_options: ClassVar[tuple[int, int] | None] = None  # fewest and most options, where it has options
    is_ordered = True  # its numbers have an order, so a median means something
    is_composite = False  # its value is in `parts`, not in `number`
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
                params={"low": plain(low), "high": plain(high)},
            )
        return number

    def bounds(self, question: Question) -> tuple[float | None, float | None]:
        return question.minimum, question.maximum

    def categories(self, question: Question) -> list[float] | None:
        """All values that can occur, ascending; None where they are not few."""
        return None

    def fits_cell(self, question: Question) -> bool:
        """Whether one small input of a table can hold the whole answer."""
        return self.categories(question) is not None and self.parts == ("number",)

    def part_keys(self, question: Question) -> list[str]:
        """The keys that `Value.parts` may have, in the order in which they are asked."""
        return []

    def part_label(self, question: Question, key: str) -> str:
        return key

    def parts_needed(self, question: Question) -> int:
        """How many parts an answer has that leaves nothing open."""
        return 0

    def is_complete(self, question: Question, value: Value) -> bool:
        """Whether nothing of the answer is left open. What is half answered is kept but not counted."""
        return not value.is_empty

    def words(self, question: Question, value: Value) -> str:
        """The parts of a composite answer in words."""
        return ""

    def problems(self, question: Question, options: int) -> dict[str, Any]:
        """What is wrong with the question itself, by field of its form. `options`: how many it has."""
        if self.needs_options is None:
            return {}
        fewest, most = self.needs_options
        if options < fewest:
            return {"options": _("This type needs at least %(n)d options.") % {"n": fewest}}
        if options > most:
            return {"options": _("This type takes at most %(n)d options.") % {"n": most}}
        return {}

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
        if not isinstance(raw, Mapping) or set(raw) - set(PARTS):
            raise ValidationError(_("This value cannot be read."), code="malformed")
        return {key: part for key, part in raw.items() if not is_blank(part)}


def is_blank(part: Any) -> bool:
    """Nothing was given. Never prints the part: it may be nested deeper than Python can print."""
    return part is None or (isinstance(part, str) and not part.strip()) or part == {}


def setting(question: Question, name: str, default: Any = None) -> Any:
    found = question.settings.get(name)
    return default if found is None else found


def plain(number: float | None) -> str:
    return "…" if number is None else f"{number:.15g}"

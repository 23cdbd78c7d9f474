"""Values as a reader meets them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.enums import BINARY_TYPES, QuestionType, Special
from surveys.models import Question
from surveys.question_types import Value, kind_of


def short(number: float | None) -> str:
    """A number as a person types it: no trailing zeros, no exponent."""
    if number is None:
        return ""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def unit_of(question: Question) -> str:
    return "%" if question.type == QuestionType.PERCENT else str(question.unit)


def with_unit(question: Question, number: str) -> str:
    """A number as written and its unit, set as in the reader's language: 35 % in English, 35% in Chinese."""
    if question.type == QuestionType.PERCENT:
        return _("%(n)s %%") % {"n": number}
    unit = unit_of(question)
    gap = "" if unit[:1] > "\u2e80" else " "
    return f"{number}{gap}{unit}".strip()


def label_of(question: Question, number: float) -> str:
    if question.type in BINARY_TYPES:
        return str(_("Yes") if number else _("No"))
    label = next((str(each) for each in question.choices.all() if each.value == number), "")
    if question.type == QuestionType.CHOICE:
        return label or short(number)
    return with_unit(question, short(number))


def value_words(question: Question, value: Value) -> str:
    """One answer in words; empty for no answer."""
    if value.special:
        return str(Special(value.special).label)
    words = "" if value.number is None else label_of(question, value.number)
    if value.low is not None or value.high is not None:
        words += " ({} … {})".format(*(short(part) or "?" for part in (value.low, value.high)))
    if value.parts:
        composed = kind_of(question).words(question, value)
        return f"{words} ({composed})" if words else composed
    return words or value.text

"""Each type's boundaries: one validator serves form, API and import."""

import pytest
from django.core.exceptions import ValidationError

from surveys.enums import QuestionType
from surveys.models import Question
from surveys.question_types import KINDS, Value, kind_of


def question(type, **fields):
    return Question(type=type, **fields)


def clean(type, raw, **fields):
    asked = question(type, **fields)
    return kind_of(asked).clean(asked, raw)


def test_every_declared_type_has_a_kind():
    assert set(KINDS) == set(QuestionType.values)


@pytest.mark.parametrize(
    ("type", "raw", "expected"),
    [
        ("scale", {"number": 1}, Value(number=1)),
        ("scale", {"number": "5"}, Value(number=5)),
        ("scale", {"number": "５"}, Value(number=5)),
        ("percent", {"number": "12.5 %"}, Value(number=12.5)),
        ("percent", {"number": 0}, Value(number=0)),
        ("percent", {"number": 100}, Value(number=100)),
        ("year", {"number": "2031"}, Value(number=2031)),
        ("year", {"special": "never"}, Value(special="never")),
        ("estimate", {"low": 1, "number": 2, "high": 3}, Value(number=2, low=1, high=3)),
        ("estimate", {"number": 2}, Value(number=2)),
        ("yes_no", {"number": 0}, Value(number=0)),
        ("text", {"text": " two\r\nlines \x07"}, Value(text="two\nlines")),
        ("scale", {"special": "cannot_judge"}, Value(special="cannot_judge")),
        ("scale", {}, Value()),
        ("scale", None, Value()),
        ("scale", {"number": None}, Value()),
        ("text", {"text": "   "}, Value()),
    ],
)
def test_accepts(type, raw, expected):
    assert clean(type, raw) == expected


@pytest.mark.parametrize(
    ("type", "raw", "code"),
    [
        ("scale", {"number": 0}, "out_of_range"),
        ("scale", {"number": 6}, "out_of_range"),
        ("scale", {"number": 2.5}, "not_whole"),
        ("scale", {"number": "many"}, "not_a_number"),
        ("scale", {"number": True}, "not_a_number"),
        ("scale", {"number": "nan"}, "not_a_number"),
        ("scale", {"number": "1e999"}, "not_a_number"),
        ("scale", {"text": "5"}, "wrong_part"),
        ("scale", {"number": 3, "special": "cannot_judge"}, "both"),
        ("scale", {"special": "never"}, "special_not_offered"),
        ("scale", {"is_open": True}, "malformed"),
        ("scale", [1], "malformed"),
        ("percent", {"number": 100.5}, "out_of_range"),
        ("year", {"number": 1899}, "out_of_range"),
        ("year", {"number": 2030.5}, "not_whole"),
        ("estimate", {"low": 5, "number": 2}, "not_ordered"),
        ("estimate", {"low": 1, "high": 2}, "no_best"),
        ("yes_no", {"number": 2}, "not_an_option"),
        ("text", {"text": "x" * 4001}, "too_long"),
    ],
)
def test_refuses(type, raw, code):
    with pytest.raises(ValidationError) as refused:
        clean(type, raw)
    assert refused.value.code == code


def test_cannot_judge_only_where_the_organiser_allows_it():
    with pytest.raises(ValidationError):
        clean("scale", {"special": "cannot_judge"}, allow_cannot_judge=False)

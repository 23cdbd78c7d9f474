"""Composite types: every boundary, the wrong types, and what belongs to another question."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from surveys.models import Question
from surveys.question_types import Value, kind_of

LABELS = ("One", "Two", "Three", "Four")


def question(type, options=3, **fields):
    """A question in memory, its options as if they had been prefetched."""
    asked = Question(type=type, pk=1, **fields)
    choices = [SimpleNamespace(value=n, label=LABELS[n - 1]) for n in range(1, options + 1)]
    asked._prefetched_objects_cache = {"choices": choices}
    return asked


def clean(type, raw, **fields):
    asked = question(type, **fields)
    return kind_of(asked).clean(asked, raw)


def nested(depth):
    inner = {}
    for _each in range(depth):
        inner = {"1": inner}
    return inner


LIMITED = {"settings": {"least": 2, "most": 2}}
OPEN = {"settings": {"other": True}}
TOP = {"settings": {"top": 2}}
STRICT = {"settings": {"no_ties": True}}


@pytest.mark.parametrize(
    ("type", "fields", "raw", "expected"),
    [
        ("multiple", {}, {"parts": {"1": 1, "3": "1"}}, Value(parts={"1": 1, "3": 1})),
        ("multiple", {}, {"parts": {"1": 0, "2": None, "3": " "}}, Value()),
        ("multiple", LIMITED, {"parts": {"1": 1, "2": 1}}, Value(parts={"1": 1, "2": 1})),
        ("multiple", OPEN, {"parts": {"other": 1}, "text": " x "}, Value(parts={"other": 1}, text="x")),
        ("multiple", OPEN, {"text": "x"}, Value(parts={"other": 1}, text="x")),
        ("multiple", OPEN, {"text": "x" * 300}, Value(parts={"other": 1}, text="x" * 300)),
        ("ranking", {}, {"parts": {"2": "１", "1": 3, "3": 2}}, Value(parts={"1": 3, "2": 1, "3": 2})),
        ("ranking", {}, {"parts": {"2": 1}}, Value(parts={"2": 1})),
        ("ranking", TOP, {"parts": {"3": 2, "1": 1}}, Value(parts={"1": 1, "3": 2})),
        ("allocation", {}, {"parts": {"1": 100}}, Value(parts={"1": 100, "2": 0, "3": 0})),
        ("allocation", {}, {"parts": {"1": "33", "2": 33.0, "3": 34}}, Value(parts={"1": 33, "2": 33, "3": 34})),
        ("allocation", {"settings": {"total": 10}}, {"parts": {"1": 10}}, Value(parts={"1": 10, "2": 0, "3": 0})),
        ("plane", {}, {"parts": {"x": 1, "y": 5}}, Value(parts={"x": 1, "y": 5})),
        ("plane", {"minimum": -2, "maximum": 2}, {"parts": {"x": "-2"}}, Value(parts={"x": -2})),
        ("pairwise", {}, {"parts": {"1:2": 1, "1:3": 0, "2:3": "-1"}}, Value(parts={"1:2": 1, "1:3": 0, "2:3": -1})),
        ("certainty", {}, {"number": 1, "parts": {"certainty": "100 %"}}, Value(number=1, parts={"certainty": 100})),
        ("certainty", {}, {"number": 0, "parts": {"certainty": 0}}, Value(number=0, parts={"certainty": 0})),
        ("certainty", {}, {"number": 0}, Value(number=0)),
        ("ranking", {}, {"special": "cannot_judge"}, Value(special="cannot_judge")),
        ("plane", {}, {"parts": {}}, Value()),
        ("pairwise", {}, {"parts": None}, Value()),
        ("number", {}, {"number": "1,000"}, Value(number=1000)),
        ("number", {}, {"number": "1,250,000.5"}, Value(number=1250000.5)),
        ("number", {}, {"number": "0,125"}, Value(number=0.125)),
        ("number", {}, {"number": "2,5"}, Value(number=2.5)),
        ("number", {}, {"number": "１２．５"}, Value(number=12.5)),
    ],
)  # fmt: skip
def test_accepts(type, fields, raw, expected):
    assert clean(type, raw, **fields) == expected


@pytest.mark.parametrize(
    ("type", "fields", "raw", "code"),
    [
        ("multiple", {}, {"parts": {"4": 1}}, "not_an_option"),
        ("multiple", {}, {"parts": {"other": 1}}, "not_an_option"),
        ("multiple", {}, {"parts": {"1": 2}}, "part_out_of_range"),
        ("multiple", {}, {"parts": {"1": True}}, "not_a_number"),
        ("multiple", {}, {"text": "x"}, "wrong_part"),
        ("multiple", OPEN, {"parts": {"other": 1}}, "no_other_text"),
        ("multiple", OPEN, {"parts": {"other": 1}, "text": "x" * 301}, "too_long"),
        ("multiple", OPEN, {"text": "x" * 1_000_000}, "too_long"),
        ("multiple", OPEN, {"text": ["x"]}, "malformed"),
        ("multiple", LIMITED, {"parts": {"1": 1}}, "too_few"),
        ("multiple", LIMITED, {"parts": {"1": 1, "2": 1, "3": 1}}, "too_many"),
        ("ranking", {}, {"parts": {"1": 1, "2": 1}}, "place_twice"),
        ("ranking", {}, {"parts": {"1": 0}}, "part_out_of_range"),
        ("ranking", {}, {"parts": {"1": 4}}, "part_out_of_range"),
        ("ranking", TOP, {"parts": {"1": 3}}, "part_out_of_range"),
        ("ranking", {}, {"parts": {"1": 1.5}}, "part_out_of_range"),
        ("ranking", {}, {"parts": {"9": 1}}, "not_an_option"),
        ("allocation", {}, {"parts": {"1": 99}}, "wrong_sum"),
        ("allocation", {}, {"parts": {"1": 50, "2": 51}}, "wrong_sum"),
        ("allocation", {}, {"parts": {"1": 101}}, "part_out_of_range"),
        ("allocation", {}, {"parts": {"1": 101, "2": -1}}, "part_out_of_range"),
        ("allocation", {}, {"parts": {"1": "NaN"}}, "not_a_number"),
        ("allocation", {}, {"parts": {"1": float("nan")}}, "not_a_number"),
        ("allocation", {}, {"parts": {"1": float("inf")}}, "not_a_number"),
        ("allocation", {}, {"parts": {"1": "1_00"}}, "not_a_number"),
        ("allocation", {}, {"parts": {"1": "9" * 5000}}, "not_a_number"),
        ("plane", {}, {"parts": {"x": 0}}, "part_out_of_range"),
        ("plane", {}, {"parts": {"z": 1}}, "not_an_option"),
        ("plane", {}, {"parts": {"x": nested(5000)}}, "not_a_number"),
        ("plane", {}, {"parts": [1, 2]}, "malformed"),
        ("plane", {}, {"number": 1}, "wrong_part"),
        ("pairwise", {}, {"parts": {"1:2": 2}}, "part_out_of_range"),
        ("pairwise", {}, {"parts": {"2:1": 1}}, "not_an_option"),
        ("pairwise", STRICT, {"parts": {"1:2": 0}}, "no_ties"),
        ("certainty", {}, {"parts": {"certainty": 50}}, "no_choice"),
        ("certainty", {}, {"number": 1, "parts": {"certainty": 100.1}}, "out_of_range"),
        ("certainty", {}, {"number": 1, "parts": {"certainty": -1}}, "out_of_range"),
        ("certainty", {"minimum": 50}, {"number": 1, "parts": {"certainty": 49}}, "out_of_range"),
        ("certainty", {}, {"number": 2, "parts": {"certainty": 50}}, "not_an_option"),
        ("certainty", {}, {"number": 1, "parts": {"sure": 50}}, "malformed"),
        ("ranking", {}, {"parts": {"1": 1}, "special": "cannot_judge"}, "both"),
        ("ranking", {}, {"special": {"a": 1}}, "special_not_offered"),
        ("scale", {}, {"parts": {"1": 1}}, "wrong_part"),
        ("scale", {}, {"number": nested(5000)}, "not_a_number"),
        ("number", {}, {"number": 1e300}, "too_large"),
        ("number", {}, {"number": "0x10"}, "not_a_number"),
        ("text", {}, {"text": nested(5000)}, "malformed"),
    ],
)  # fmt: skip
def test_refuses(type, fields, raw, code):
    with pytest.raises(ValidationError) as refused:
        clean(type, raw, **fields)
    assert refused.value.code == code
    assert "%(" not in str(refused.value.messages)  # the message has its figures


def test_the_message_says_which_part_is_wrong_and_what_is_left():
    said = []
    for raw in ({"parts": {"1": 50, "2": 30}}, {"parts": {"1": 150}}):
        with pytest.raises(ValidationError) as refused:
            clean("allocation", raw)
        said += refused.value.messages
    assert said == [
        "The points must add up to 100. They add up to 80: 20 left.",
        "One: enter a whole number from 0 to 100.",
    ]


@pytest.mark.parametrize(
    ("type", "fields", "half", "whole"),
    [
        ("ranking", {}, {"1": 1, "2": 2}, {"1": 1, "2": 2, "3": 3}),
        ("ranking", TOP, {"1": 1}, {"1": 1, "2": 2}),
        ("plane", {}, {"x": 1}, {"x": 1, "y": 1}),
        ("pairwise", {}, {"1:2": 1}, {"1:2": 1, "1:3": 1, "2:3": 1}),
    ],
)
def test_a_half_answer_is_kept_but_is_not_complete(type, fields, half, whole):
    asked = question(type, **fields)
    kind = kind_of(asked)
    complete = [kind.is_complete(asked, kind.clean(asked, {"parts": parts})) for parts in (half, whole)]
    assert complete == [False, True]


def test_certainty_is_complete_with_both_halves():
    asked = question("certainty")
    kind = kind_of(asked)
    given = ({"number": 1}, {"number": 1, "parts": {"certainty": 60}}, {"special": "cannot_judge"})
    assert [kind.is_complete(asked, kind.clean(asked, raw)) for raw in given] == [False, True, True]


@pytest.mark.parametrize(
    ("type", "options", "fields", "places"),
    [
        ("multiple", 1, {}, ["options"]),
        ("multiple", 3, {"settings": {"least": 3, "most": 2}}, ["most"]),
        ("multiple", 3, {"settings": {"most": 4}}, ["most"]),
        ("multiple", 3, {"settings": {"most": 4, "other": True}}, []),
        ("ranking", 3, {"settings": {"top": 4}}, ["top"]),
        ("pairwise", 9, {}, ["options"]),
        ("plane", 0, {"settings": {"x": {"label": {"en": "X"}}}}, ["y_label"]),
        ("plane", 0, {"minimum": 1, "maximum": 12}, ["maximum", "x_label", "y_label"]),
        ("scale", 0, {"minimum": 1, "maximum": 1_000_000_000}, ["maximum"]),
        ("scale", 0, {"minimum": 0.5, "maximum": 4}, ["minimum"]),
        ("percent", 0, {"maximum": 120}, ["maximum"]),
        ("certainty", 0, {"minimum": -5}, ["maximum"]),
        ("scale", 0, {"minimum": -2, "maximum": 2}, []),
    ],
)
def test_a_question_that_its_type_cannot_ask_is_refused(type, options, fields, places):
    asked = question(type, **fields)
    assert sorted(kind_of(asked).problems(asked, options)) == places

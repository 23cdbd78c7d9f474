from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.charts.bins import bins, round_width, short
from consensus.charts.histogram import Marks, binned_histogram, choice_histogram, scale_histogram

NASTY = "<script>alert(1)</script>\"'&"


def parsed(svg):
    return ElementTree.fromstring(svg)


def bars(svg):
    return [node for node in parsed(svg).iter("rect") if "bar" in node.get("class").split()]


@given(
    st.dictionaries(st.integers(1900, 2200), st.integers(1, 50), min_size=1, max_size=40),
    st.booleans(),
)
def test_every_answer_is_in_one_class_and_classes_are_few(answers, whole):
    found = bins(list(answers), list(answers.values()), whole=whole)
    assert sum(entry.n for entry in found) == sum(answers.values())
    assert 1 <= len(found) <= 13
    for value, count in answers.items():
        holders = [
            entry
            for entry in found
            if entry.low <= value < entry.high or value == found[-1].high == entry.high
        ]
        assert len(holders) == 1
        assert holders[0].n >= count


def test_percents_are_put_into_tenths_of_the_whole_axis():
    found = bins([0, 9.5, 10, 100], [1, 1, 1, 1], whole=False, low=0, high=100)
    assert [(entry.low, entry.high, entry.n) for entry in found][:2] == [(0, 10, 2), (10, 20, 1)]
    assert (len(found), found[-1].n) == (10, 1)


def test_classes_have_round_widths():
    assert [round_width(span, 12, whole=True) for span in (3, 13, 30, 70, 130)] == [1, 2, 5, 10, 20]
    assert next(entry.label(whole=True) for entry in bins([2030, 2049], [1, 1], whole=True)) == "2030–2031"


def test_a_scale_has_a_bar_for_every_answered_point_in_proportion():
    svg = scale_histogram([1, 2, 3, 4, 5], [0, 2, 0, 4, 1], Marks(median=4, q1=2, q3=4), "label")
    heights = [float(bar.get("height")) for bar in bars(svg)]
    assert len(heights) == 3
    assert heights[1] == pytest.approx(2 * heights[0], rel=0.01)
    texts = [node.text for node in parsed(svg).iter("text")]
    assert texts[-5:] == ["1", "2", "3", "4", "5"]


def test_the_own_earlier_answer_is_marked_at_its_place():
    svg = scale_histogram([1, 2, 3, 4, 5], [1, 2, 3, 4, 1], Marks(previous=4))
    circle = parsed(svg).find("circle")
    own = [bar for bar in bars(svg) if "is-own" in bar.get("class")]
    assert len(own) == 1
    assert float(circle.get("cx")) == pytest.approx(
        float(own[0].get("x")) + float(own[0].get("width")) / 2, abs=0.2
    )


def test_an_own_year_outside_the_others_is_still_on_the_picture():
    svg = binned_histogram([2030, 2031], [3, 4], Marks(previous=2080, median=2031), whole=True)
    assert 18 <= float(parsed(svg).find("circle").get("cx")) <= 342


@given(st.dictionaries(st.floats(-1e6, 1e6), st.integers(1, 9), max_size=30), st.booleans())
def test_any_axis_can_be_drawn(answers, whole):
    keys = sorted({float(round(value)) if whole else value for value in answers})
    svg = binned_histogram(keys, [1] * len(keys), Marks(), "x", whole=whole)
    for bar in bars(svg):
        assert -1 <= float(bar.get("x")) <= 361


def test_texts_are_escaped_and_nothing_is_styled_inline():
    svg = choice_histogram([NASTY, "b"], [3, 1], 0, NASTY)
    tree = parsed(svg)
    assert tree.get("aria-label") == NASTY
    assert tree.find("text").text == NASTY
    for form in (svg, scale_histogram([1, 2], [1, 1], Marks(1.5, 1, 2, 1, 2), NASTY)):
        assert "style" not in form
        assert "<script" not in form


def test_no_answers_draw_an_empty_picture():
    for svg in (scale_histogram([], []), binned_histogram([], []), choice_histogram([], [])):
        assert bars(svg) == []


@pytest.mark.parametrize(
    ("value", "text"), [(7.0, "7"), (6.5, "6.5"), (2032.25, "2032.25"), (1e7, "10000000"), (-0.0, "0")]
)
def test_numbers_are_written_as_people_write_them(value, text):
    assert short(value) == text

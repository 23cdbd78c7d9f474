"""McNemar's test asks who entered or left one band, the same for the stability rule and on the page of movements."""

from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from consensus.analysis.battery import Band
from consensus.analysis.panel import classed
from consensus.analysis.round import Analysis
from consensus.counting.answers import PAIR
from consensus.counting.frame import frame_of
from consensus.verdicts.judging import verdicts_of
from surveys.enums import CriterionKind
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round

pytestmark = pytest.mark.django_db

IN, OUT, STABILITY = CriterionKind.CONSENSUS_IN, CriterionKind.CONSENSUS_OUT, CriterionKind.STABILITY
HIGH = {"kind": "share", "band": [7, 9], "threshold": 0.75}
LOW = {"kind": "share", "band": [1, 3], "threshold": 0.75}
UNMOVED = {"kind": "mcnemar", "threshold": 0.05}
FROM_END_TO_END = ([2] * 10 + [5, 5], [8] * 10 + [5, 5])  # ten of twelve joined 7-9, and left 1-3
WITHIN = ([7, 8, 9] * 4, [9, 7, 8] * 4)  # all moved, and nobody entered or left a band


def two_rounds(answers, **rules):
    """Analysis of the second round of a 1-9 question, one technology for each (earlier, later) pair."""
    study = make_panel_study((6, 6), template="foresight", technologies=len(answers))
    for number in (1, 2):
        round = make_round(study, number)
        for technology, values in zip(study.technologies.order_by("position"), answers, strict=True):
            answer_all(round, "importance", technology, values[number - 1])
        close(round)
    analysis = Analysis(frame_of(round), 1)
    criteria = {}
    for kind, rule in rules.items():
        criteria[kind] = copy(analysis.frame.criteria[kind])
        criteria[kind].expression = rule
    analysis.frame = replace(analysis.frame, criteria=criteria)
    return analysis


def on_the_page(analysis):
    question = next(one for one in analysis.frame.questions if one.key == "importance")
    return [moved["mcnemar"]["p_value"] for _place, _n, moved in analysis.question(question).movements]


def in_the_rule(analysis):
    found = verdicts_of(analysis)
    p_values = [one["measured"] for row in found for one in row.figures if one["kind"] == "mcnemar"]
    return p_values, [row.is_stable for row in found]


@pytest.mark.parametrize(
    "rules",
    [
        {IN: HIGH, OUT: LOW},
        {IN: HIGH},
        {OUT: LOW},
        {IN: {"all": [{"kind": "iqr", "threshold": 2}, HIGH]}, OUT: LOW},
        {IN: {"kind": "median", "low": 7}, OUT: LOW},
        {IN: HIGH | {"band": [7, 8, 9]}, OUT: LOW},
        {IN: {"kind": "comet", "verdict": "in"}, OUT: {"kind": "comet", "verdict": "out"}},
    ],
    ids=["both", "in", "out", "in a tree", "in without a band", "spelled out", "comet"],
)
def test_who_went_from_one_end_to_the_other_moved(rules):
    analysis = two_rounds([FROM_END_TO_END, WITHIN], **rules, **{STABILITY: UNMOVED})
    p_values, stable = in_the_rule(analysis)
    assert p_values == pytest.approx([2 / 2**10, 1])
    assert stable == [False, True]
    assert on_the_page(analysis) == p_values


def test_the_band_is_that_of_the_test_on_the_same_question():
    """A rule of two questions has a band for each of them."""
    other = {"kind": "share", "question": "feasibility", "band": [1, 9], "threshold": 0.75}
    analysis = two_rounds([FROM_END_TO_END], **{IN: {"all": [other, HIGH]}, STABILITY: UNMOVED})
    assert in_the_rule(analysis) == (pytest.approx([2 / 2**10]), [False])
    assert on_the_page(analysis) == pytest.approx([2 / 2**10])


def test_a_band_that_nobody_ever_was_in_was_not_left_either():
    analysis = two_rounds([([4] * 6 + [5] * 6, [5] * 6 + [4] * 6)], **{IN: HIGH, STABILITY: UNMOVED})
    assert in_the_rule(analysis) == ([1], [True])
    assert on_the_page(analysis) == [1]


def test_without_a_band_there_is_nothing_to_enter():
    analysis = two_rounds([FROM_END_TO_END], **{IN: {"kind": "median", "low": 7}, STABILITY: UNMOVED})
    assert in_the_rule(analysis) == ([None], [None])
    assert on_the_page(analysis) == [None]


@pytest.mark.parametrize("ends", [(60, 100), (0, 40), (49.9, 50.1), (33, 33), (200, 300)])
@pytest.mark.parametrize("size", [1, 60, 5000])
def test_classes_of_many_amounts_do_not_cross_the_ends_of_the_band(ends, size):
    """Else the page, which makes its own classes, would count other members as in the band than the rule."""
    draw, band = np.random.default_rng(1), Band(*ends, "criterion")
    rows = np.zeros(1500, dtype=PAIR)
    rows["earlier"], rows["later"] = draw.uniform(0, 100, 1500).round(3), draw.uniform(0, 100, 1500).round(3)
    rows["earlier"][:4], rows["n"] = [*ends, *ends], 1
    found = classed(rows, None, size, band)
    assert len(np.unique([found["earlier"], found["later"]])) < 402
    for name in ("earlier", "later"):
        inside = (rows[name] >= band.low) & (rows[name] <= band.high)
        assert ((found[name] >= band.low) & (found[name] <= band.high)).tolist() == inside.tolist()

"""Consensus rules as data, and verdicts by two gates."""

from __future__ import annotations

import json

import numpy as np
import pytest

from consensus import stats
from consensus.stats import Figures, Tally, evaluate, judge, stability, validate_criteria, validate_rule

AGREE = {"kind": "share", "band": [7, 8, 9], "threshold": 0.75}
DISAGREE = {"kind": "share", "band": [1, 2, 3], "threshold": 0.75}
ITEMS = np.array(
    [
        [0, 0, 0, 0, 3, 2, 5, 5, 5],  # 15 of 20 in 7-9: exactly 75 %
        [0, 0, 0, 0, 3, 3, 5, 5, 4],  # 14 of 20
        [9, 8, 3, 0, 0, 0, 0, 0, 0],
        [9, 1, 0, 0, 0, 0, 0, 1, 9],  # split
        [0, 0, 0, 0, 0, 0, 0, 1, 1],  # two answers
        [0] * 9,
    ]
)


def passed(rule, counts=ITEMS, **options):
    found = evaluate(rule, Figures(Tally(counts), **options))
    return [found.item(i)["passed"] for i in range(len(found))]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (AGREE, [True, False, False, False, True, None]),
        (AGREE | {"op": ">"}, [False, False, False, False, True, None]),
        (DISAGREE, [False, False, True, False, False, None]),
        ({"kind": "median", "low": 6.5}, [True, True, False, False, True, None]),
        ({"kind": "median", "high": 3.5}, [False, False, True, False, False, None]),
        ({"kind": "median", "low": 4, "high": 7}, [False, True, False, True, False, None]),
        ({"kind": "iqr", "threshold": 2}, [True, True, True, False, True, None]),
        ({"kind": "cv", "threshold": 0.25}, [True, True, False, False, True, None]),
        ({"kind": "mean", "threshold": 5}, [True, True, False, True, True, None]),
        (
            {"kind": "rand_ucla", "region": "high", "disagreement": False},
            [True, True, False, False, True, None],
        ),
        ({"kind": "rand_ucla", "disagreement": True}, [False, False, False, True, False, None]),
        (
            {"kind": "rand_ucla", "disagreement": True, "rule": "classic"},
            [False, False, False, True, False, None],
        ),
        ({"kind": "comet", "verdict": "in"}, [True, True, False, False, True, None]),
        ({"kind": "comet", "verdict": "out"}, [False, False, True, False, False, None]),
        (
            {"kind": "disagreement", "measure": "polarisation", "threshold": 0.6},
            [False, False, False, True, False, None],
        ),
        (
            {"kind": "disagreement", "measure": "agreement_a", "op": "<", "threshold": 0},
            [False, False, False, True, False, None],
        ),
        ({"kind": "minimum_n", "threshold": 5}, [True, True, True, True, False, False]),
        ({"not": AGREE}, [False, True, True, True, False, None]),
        ({"any": [AGREE, DISAGREE]}, [True, False, True, False, True, None]),
        ({"all": [AGREE, {"kind": "minimum_n", "threshold": 5}]}, [True, False, False, False, False, False]),
        ({"any": [{"kind": "minimum_n", "threshold": 0}, AGREE]}, [True] * 6),
    ],
)
def test_each_kind_of_rule(rule, expected):
    assert passed(json.loads(json.dumps(rule))) == expected


def test_mean_rank_comes_from_the_caller():
    assert passed({"kind": "mean_rank", "threshold": 3}, ITEMS[:3], mean_rank=[1.5, 3.0, 3.5]) == [
        True,
        True,
        False,
    ]
    assert passed({"kind": "mean_rank", "threshold": 3}, ITEMS[:2]) == [None, None]


def test_the_figures_that_led_to_a_verdict_are_data():
    found = evaluate({"all": [AGREE, {"kind": "iqr", "threshold": 2}]}, Figures(Tally(ITEMS))).item(0)
    share, iqr = found["findings"]
    assert share["path"] == "rule.all[0]"
    assert (share["kind"], share["measured"], share["op"], share["needed"]) == ("share", 0.75, ">=", 0.75)
    assert share["interval"] == pytest.approx([0.5313, 0.8881], abs=1e-4)
    assert (share["n"], share["passed"], share["band"]) == (20.0, True, [7, 8, 9])
    assert (iqr["measured"], iqr["needed"], iqr["interval"]) == (1.5, 2, None)
    json.dumps(found, allow_nan=False)


def test_comet_by_stakeholder_group_needs_every_group_or_any():
    groups = {
        ("importance", None): Figures(Tally(ITEMS[:2])),
        ("importance", "patients"): Figures(Tally(ITEMS[:2])),
        ("importance", "clinicians"): Figures(Tally(ITEMS[[0, 2]])),
    }
    rule = {"kind": "comet", "verdict": "in", "groups": ["patients", "clinicians"], "question": "importance"}
    found = evaluate(rule, groups)
    assert [found.item(i)["passed"] for i in (0, 1)] == [True, False]
    assert [f["group"] for f in found.item(1)["findings"]] == ["patients", "clinicians"]
    anyone = evaluate(rule | {"require": "any"}, groups)
    assert [anyone.item(i)["passed"] for i in (0, 1)] == [True, True]


def test_a_group_without_figures_is_undefined_not_an_error():
    figures = {(None, None): Figures(Tally(ITEMS[:2]))}
    found = evaluate(AGREE | {"group": "industry"}, figures).item(0)
    assert found["passed"] is None
    assert found["findings"][0]["reason"] == "no_answers"


def test_weighted_rules_use_weighted_counts():
    weighted = Tally(np.array([[0.2, 0, 0, 0, 0, 0, 0, 0, 1.8]]), n_answers=2)
    figures = Figures(Tally(np.array([[1, 0, 0, 0, 0, 0, 0, 0, 1]])), weighted=weighted)
    assert evaluate(AGREE, figures).item(0)["passed"] is False
    assert evaluate(AGREE | {"weighted": True}, figures).item(0)["passed"] is True
    with pytest.raises(ValueError, match="weighted counts"):
        evaluate(AGREE | {"weighted": True}, Figures(Tally(ITEMS)))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ([], r"^rule: must be an object"),
        ({}, r"^rule: needs all, any, not or kind"),
        ({"kind": "magic"}, r"^rule\.kind: must be one of share"),
        ({"all": []}, r"^rule\.all: must be a list"),
        ({"all": [AGREE], "any": [AGREE]}, r"^rule: must have exactly one"),
        ({"all": [AGREE, {"kind": "iqr"}]}, r"^rule\.all\[1\]\.threshold: must be a number"),
        ({"not": {"kind": "share", "band": [], "threshold": 0.5}}, r"^rule\.not\.band: must be a list"),
        (AGREE | {"threshold": 75}, r"^rule\.threshold: must lie between 0 and 1"),
        (AGREE | {"op": "=="}, r"^rule\.op: must be one of"),
        (AGREE | {"thresholds": 1}, r"^rule: unknown keys thresholds"),
        (AGREE | {"weighted": "yes"}, r"^rule\.weighted: must be true or false"),
        (AGREE | {"question": "other"}, r"^rule\.question: no question 'other'"),
        (AGREE | {"group": "nobody"}, r"^rule\.group: no group 'nobody'"),
        ({"kind": "median"}, r"^rule: needs low or high"),
        ({"kind": "median", "low": 7, "high": 3}, r"^rule: low must not exceed high"),
        ({"kind": "rand_ucla"}, r"^rule: needs region or disagreement"),
        ({"kind": "comet", "verdict": "maybe"}, r"^rule\.verdict: must be in, out or none"),
        ({"kind": "iqr", "threshold": True}, r"^rule\.threshold: must be a number"),
        ({"kind": "iqr", "threshold": float("nan")}, r"^rule\.threshold: must be a number"),
        ({"kind": "unchanged", "threshold": 0.5}, r"^rule\.kind: must be one of share"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_path(rule, message):
    with pytest.raises(ValueError, match=message):
        validate_rule(rule, questions=["importance"], groups=["industry"])


def test_deep_nesting_is_refused():
    rule = AGREE
    for _ in range(30):
        rule = {"not": rule}
    with pytest.raises(ValueError, match="nested deeper"):
        validate_rule(rule)


STILL = np.diag([0, 0, 0, 0, 3, 2, 5, 5, 5])
SPLIT = np.diag([9, 1, 0, 0, 0, 0, 0, 1, 9])
MOVED = np.roll(STILL, 3, axis=1)
CRITERIA = {
    "minimum_n": 5,
    "consensus_in": AGREE,
    "consensus_out": DISAGREE,
    "stability": {"kind": "unchanged", "threshold": 0.7},
}


def verdicts(criteria, counts=ITEMS, tables=None, **options):
    found = judge(
        criteria, Figures(Tally(counts)), None if tables is None else stability(np.array(tables)), **options
    )
    return found.verdicts.tolist(), found


def test_stability_is_tested_before_consensus():
    tables = [STILL, STILL, np.diag([9, 8, 3, 0, 0, 0, 0, 0, 0]), SPLIT, np.zeros((9, 9)), np.zeros((9, 9))]
    found, whole = verdicts(CRITERIA, tables=tables)
    assert found == [
        "consensus_in", "open", "consensus_out", "stable_disagreement",
        "too_few_answers", "too_few_answers",
    ]  # fmt: skip
    assert whole.open_because.tolist() == ["", "undivided", "", "", "", ""]
    assert whole.stable.tolist() == [True, True, True, True, None, None]
    moved, after = verdicts(CRITERIA, ITEMS[:1], [MOVED])
    assert (moved, after.stable.tolist()) == (["open"], [False])
    item = after.item(0)
    assert item["stability"]["passed"] is False
    assert item["consensus_in"]["passed"] is True, "the gates are reported apart"
    json.dumps(item, allow_nan=False)


def test_in_round_one_nothing_is_stable_yet():
    found, whole = verdicts(CRITERIA)
    assert found[:4] == ["open"] * 4
    assert whole.stable.tolist() == [None] * 6
    free, _ = verdicts(CRITERIA | {"consensus_needs_stability": False})
    assert free[:4] == ["consensus_in", "open", "consensus_out", "open"]


def test_without_a_stability_rule_no_disagreement_is_called_stable():
    found, whole = verdicts({"minimum_n": 5, "consensus_in": AGREE, "consensus_out": DISAGREE})
    assert found == ["consensus_in", "open", "consensus_out", "open", "too_few_answers", "too_few_answers"]
    assert whole.stability is None


def test_a_disagreement_rule_decides_what_stable_disagreement_is():
    criteria = CRITERIA | {"disagreement": {"kind": "rand_ucla", "disagreement": True}}
    found, _ = verdicts(criteria, ITEMS[[1, 3]], [STILL, SPLIT])
    assert found == ["open", "stable_disagreement"]


def test_contradicting_rules_leave_an_item_open():
    found, _ = verdicts({"consensus_in": AGREE, "consensus_out": {"kind": "mean", "threshold": 5}}, ITEMS[:1])
    assert found == ["open"]


@pytest.mark.parametrize("kind", stats.STABILITY_KINDS)
def test_an_item_that_everybody_left_unchanged_and_unanimous_is_stable_by_any_rule(kind):
    unanimous = np.diag([0, 0, 0, 0, 0, 0, 0, 0, 20])
    threshold = {"minimum_n": 5, "individual_chi2": 0.05, "cv_change": 0.1, "convergence_rate": 0.2}.get(
        kind, 0.5
    )
    found = evaluate({"kind": kind, "threshold": threshold}, stability(unanimous[None]), "stability").item(0)
    assert found["passed"] is True, found


def test_the_two_chi_squares_read_in_opposite_directions():
    s = stability(np.array([[[26, 0, 0], [7, 62, 2], [0, 0, 25]]]))
    group = evaluate({"kind": "group_chi2", "threshold": 0.05}, s, "stability").item(0)
    own = evaluate({"kind": "individual_chi2", "threshold": 0.05}, s, "stability").item(0)
    assert (group["findings"][0]["op"], group["findings"][0]["stable_when"]) == (">=", "not significant")
    assert (own["findings"][0]["op"], own["findings"][0]["stable_when"]) == ("<", "significant")
    assert group["passed"] is own["passed"] is True


def test_a_what_if_is_labelled():
    _, found = verdicts(CRITERIA, exploratory=True)
    assert found.exploratory is True
    assert found.item(0)["exploratory"] is True


@pytest.mark.parametrize("name", stats.CRITERIA_PRESETS)
def test_presets_are_valid_and_judge(name):
    criteria = json.loads(json.dumps(stats.CRITERIA_PRESETS[name]))
    validate_criteria(criteria)
    found, _ = verdicts(criteria, tables=[STILL] * 6)
    assert set(found) <= set(stats.VERDICTS)


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ({}, "needs consensus_in or consensus_out"),
        (CRITERIA | {"minimum_n": 0}, r"criteria\.minimum_n"),
        (CRITERIA | {"stability": AGREE}, r"criteria\.stability\.kind"),
        (CRITERIA | {"consensus_in": {"all": [1]}}, r"criteria\.consensus_in\.all\[0\]: must be an object"),
        (CRITERIA | {"extra": 1}, "unknown keys extra"),
    ],
)
def test_wrong_criteria_are_refused_with_their_path(criteria, message):
    with pytest.raises(ValueError, match=message):
        validate_criteria(criteria)


def test_one_item_is_judged_like_many():
    found = judge({"consensus_in": AGREE}, Figures(Tally(ITEMS[0])))
    assert found.verdicts.tolist() == ["consensus_in"]

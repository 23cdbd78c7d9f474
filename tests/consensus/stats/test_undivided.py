"""A stable panel that agrees on what no rule names does not disagree: RAND/UCLA's "uncertain, without disagreement"."""

from __future__ import annotations

import json

import numpy as np
import pytest

from consensus.stats import Figures, Tally, judge, stability
from consensus.stats.verdicts import OPEN_BECAUSE

HIGH = {"kind": "share", "band": [7, 8, 9], "threshold": 0.75}
LOW = {"kind": "share", "band": [1, 2, 3], "threshold": 0.75}
SHARES = {"consensus_in": HIGH, "consensus_out": LOW}
COMET = {
    "consensus_in": {"kind": "comet", "verdict": "in"},
    "consensus_out": {"kind": "comet", "verdict": "out"},
}


def rand(**more):
    return {
        "consensus_in": {"kind": "rand_ucla", "region": "high", "disagreement": False} | more,
        "consensus_out": {"kind": "rand_ucla", "region": "low", "disagreement": False} | more,
    }


def judged(criteria, counts, values=None, **options):
    """Of one item on which everybody kept their answer."""
    tally = Tally([counts], values)
    kept = stability(np.diag(counts)[None], tally.values)
    rule = {"minimum_n": 5, "stability": {"kind": "unchanged", "threshold": 0.7}}
    found = judge(rule | criteria, Figures(tally, **options), kept)
    return found.verdicts.tolist()[0], found.open_because.tolist()[0], found


MIDDLE = [0, 0, 0, 3, 6, 3, 0, 0, 0]
ENDS = [6, 0, 0, 0, 0, 0, 0, 0, 6]
THREE_CAMPS = [0, 3, 0, 0, 6, 0, 0, 3, 0]
SPREAD = [2, 1, 1, 1, 2, 1, 1, 1, 2]
NEAR_MISS = [0, 0, 0, 0, 0, 4, 2, 4, 4]  # 71 % at 7-9, the others next to them
UNDIVIDED, APART = ("open", "undivided"), ("stable_disagreement", "")


@pytest.mark.parametrize(
    ("criteria", "counts", "expected"),
    [
        (SHARES, MIDDLE, UNDIVIDED),
        (COMET, MIDDLE, UNDIVIDED),
        (rand(), MIDDLE, UNDIVIDED),
        (rand(rule="classic"), MIDDLE, UNDIVIDED),
        (SHARES, [0, 0, 0, 0, 12, 0, 0, 0, 0], UNDIVIDED),
        (SHARES, NEAR_MISS, UNDIVIDED),
        (SHARES, ENDS, APART),
        (COMET, ENDS, APART),
        (rand(), ENDS, APART),
        (rand(rule="classic"), ENDS, APART),
        (SHARES, SPREAD, APART),
        (rand(), SPREAD, APART),
        (SHARES, THREE_CAMPS, APART),  # the index is 0, and half the panel is not in the middle
        (rand(), THREE_CAMPS, UNDIVIDED),  # a protocol by RAND/UCLA calls this no disagreement
        ({"consensus_in": HIGH}, [12, 0, 0, 0, 0, 0, 0, 0, 0], UNDIVIDED),  # unanimous, and no rule for it
    ],
)
def test_disagreement_is_said_of_those_who_disagree(criteria, counts, expected):
    assert judged(criteria, counts)[:2] == expected


def test_half_for_and_half_against_are_apart_on_a_scale_without_a_middle():
    four = [1, 2, 3, 4]
    rules = {
        "consensus_in": {"kind": "share", "band": [3, 4], "threshold": 0.75},
        "consensus_out": {"kind": "share", "band": [1, 2], "threshold": 0.75},
    }
    assert judged(rules, [0, 6, 6, 0], four)[:2] == APART
    five = {
        "consensus_in": {"kind": "share", "band": [4, 5], "threshold": 0.75},
        "consensus_out": {"kind": "share", "band": [1, 2], "threshold": 0.75},
    }
    assert judged(five, [0, 1, 10, 1, 0], [1, 2, 3, 4, 5])[:2] == UNDIVIDED


def test_without_ends_of_the_scale_only_unanimity_is_of_one_mind():
    rules = {"consensus_in": {"kind": "mean", "threshold": 1000}}
    assert judged(rules, [0, 6, 6, 0], [10, 50, 51, 90], ends_known=False)[:2] == APART
    assert judged(rules, [0, 6, 6, 0], [10, 50, 51, 90])[:2] == UNDIVIDED
    verdict, why, found = judged(rules, [0, 12, 0, 0], [10, 50, 51, 90], ends_known=False)
    assert (verdict, why) == UNDIVIDED
    assert found.item(0)["undivided"]["region"] is None


def of_groups(small, large, **options):
    groups = {"patients": small, "doctors": large}
    panel = (np.array(small) + np.array(large)).tolist()
    figures = {("q", name): Figures(Tally([counts])) for name, counts in {None: panel, **groups}.items()}
    rules = {name: rule | {"groups": list(groups)} for name, rule in COMET.items()}
    rules |= {"minimum_n": 5, "stability": {"kind": "unchanged", "threshold": 0.7}}
    found = judge(rules | options, figures, {("q", None): stability(np.diag(panel)[None])}, question="q")
    return found.verdicts[0], found.open_because[0]


def test_a_group_that_a_rule_names_may_be_of_another_mind_than_the_panel():
    """Six patients against twenty doctors: a quarter of the panel, and all of the patients."""
    against, for_it = [6, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 20]
    assert of_groups(against, for_it) == APART
    assert of_groups([3, 0, 0, 0, 0, 0, 0, 0, 3], for_it) == APART
    assert of_groups([0, 0, 0, 0, 6, 0, 0, 0, 0], [0, 0, 0, 5, 10, 5, 0, 0, 0]) == UNDIVIDED
    assert (
        of_groups([0, 0, 0, 0, 2, 0, 0, 0, 4], for_it) == APART
    )  # not the patients' rule, and not their mind
    assert of_groups([0, 0, 0, 0, 6, 0, 0, 0, 0], for_it) == APART  # in another third than the rest


def test_further_questions_of_the_rules_must_be_undivided_too():
    both = {"all": [HIGH | {"question": "q"}, HIGH | {"question": "feasible"}]}
    high = [0, 0, 0, 0, 0, 0, 0, 0, 12]
    for feasible, expected in ((MIDDLE, UNDIVIDED), (ENDS, APART)):
        figures = {("q", None): Figures(Tally([high])), ("feasible", None): Figures(Tally([feasible]))}
        kept = {("q", None): stability(np.diag(high)[None])}
        rules = {"consensus_in": both, "stability": {"kind": "unchanged", "threshold": 0.7}}
        found = judge(rules, figures, kept, question="q")
        assert (found.verdicts[0], found.open_because[0]) == expected


def test_what_was_found_is_told_as_plain_data():
    told = judged(SHARES, MIDDLE)[2].item(0)
    json.dumps(told, allow_nan=False)
    assert (told["undivided"]["median"], told["undivided"]["region"]) == (5.0, "middle")
    assert told["undivided"]["measured"] < 1
    assert judged(SHARES, ENDS)[2].item(0)["undivided"] is None


def test_a_rule_for_disagreement_decides_alone():
    rule = SHARES | {"disagreement": {"kind": "sd", "op": ">=", "threshold": 2}}
    assert judged(rule, MIDDLE)[:2] == UNDIVIDED
    assert judged(rule, ENDS)[:2] == APART
    assert judged(rule | {"disagreement": {"kind": "sd", "op": ">=", "threshold": 0.1}}, MIDDLE)[:2] == APART


def test_every_open_item_says_why():
    still, moved = np.diag(MIDDLE)[None], np.roll(np.diag(MIDDLE), 3, axis=1)[None]
    rule = SHARES | {"minimum_n": 5, "stability": {"kind": "unchanged", "threshold": 0.7}}
    both = {
        "consensus_in": {"kind": "mean", "threshold": 1},
        "consensus_out": {"kind": "sd", "threshold": 9},
    }
    undefined = {"consensus_in": {"kind": "cv", "threshold": 0.2, "group": "nobody"}}
    figures = Figures(Tally([MIDDLE]))
    found = [
        judge(rule, figures),
        judge(rule, figures, stability(still // 3)),
        judge(rule, figures, stability(moved)),
        judge(both, figures),
        judge(undefined, {(None, None): figures}),
        judge(rule, figures, stability(still)),
        judge(SHARES, figures),
    ]
    assert [each.verdicts[0] for each in found] == ["open"] * 7
    assert [each.open_because[0] for each in found] == list(OPEN_BECAUSE)

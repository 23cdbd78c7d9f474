"""Rules whose figures are undefined, and figures that lie exactly at a limit."""

from __future__ import annotations

import numpy as np
import pytest

from consensus.stats import STABILITY_KINDS, Figures, Tally, describe, evaluate, judge, stability

AGREE = {"kind": "share", "band": [7, 8, 9], "threshold": 0.75}
DISAGREE = {"kind": "share", "band": [1, 2, 3], "threshold": 0.75}
UNCHANGED = {"kind": "unchanged", "threshold": 0.7}
HIGH, NOBODY = [0] * 8 + [12], [0] * 9
DIVIDED = [6, 0, 0, 0, 0, 0, 0, 0, 6]


def verdict(counts, group=NOBODY, **criteria):
    """Of one item on which everybody kept their answer; ``group``: the answers of one part of the panel."""
    figures = {("q", None): Figures(Tally([counts])), ("q", "part"): Figures(Tally([group]))}
    kept = {("q", None): stability(np.diag(counts)[None])}
    found = judge({"minimum_n": 5, "stability": UNCHANGED} | criteria, figures, kept, question="q")
    return found.verdicts.tolist()[0]


PART = AGREE | {"group": "part"}


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"consensus_in": {"all": [AGREE, PART]}}, "open"),
        ({"consensus_in": {"any": [AGREE, PART]}}, "consensus_in"),
        ({"consensus_in": PART}, "open"),
        ({"consensus_in": {"not": PART}}, "open"),
        ({"consensus_in": DISAGREE, "consensus_out": PART}, "open"),
        ({"consensus_in": AGREE, "consensus_out": PART}, "consensus_in"),
        ({"consensus_in": DISAGREE, "disagreement": PART}, "open"),
        ({"consensus_in": DISAGREE, "disagreement": {"not": PART}}, "open"),
    ],
)
def test_nobody_disagrees_because_a_figure_is_undefined(criteria, expected):
    """Nobody in the part answered, so its share is no share: neither reached nor missed."""
    assert verdict(HIGH, **criteria) == expected


def test_what_fails_whatever_the_part_says_is_no_want_of_answers():
    for criteria in (
        {"consensus_in": {"all": [DISAGREE, PART]}},
        {"consensus_in": DISAGREE, "consensus_out": {"all": [DISAGREE, PART]}},
    ):
        assert verdict(DIVIDED, **criteria) == "stable_disagreement"


def test_a_part_that_answered_settles_it():
    assert verdict(HIGH, group=[0] * 8 + [5], consensus_in={"all": [AGREE, PART]}) == "consensus_in"
    assert verdict(DIVIDED, group=[5] + [0] * 8, consensus_in={"all": [AGREE, PART]}) == "stable_disagreement"


OPPOSITE = {">=": "<", "<=": ">", "<": ">=", ">": "<="}


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("kind", sorted(set(STABILITY_KINDS) - {"minimum_n"}))
def test_who_kept_their_answer_is_stable_by_a_rule_said_the_other_way_round(kind, depth):
    """ "not (significant)" is "not significant": both hold where everybody kept the same answer."""
    rule = {"kind": kind, "threshold": 0.5, "op": STABILITY_KINDS[kind].op}
    for _turn in range(depth):
        rule = {"not": rule}
    if depth % 2:
        leaf = rule
        while "not" in leaf:
            leaf = leaf["not"]
        leaf["op"] = OPPOSITE[leaf["op"]]
    found = evaluate(rule, stability(np.diag(HIGH)[None]), "stability")
    assert found.item(0)["passed"] is True, rule
    assert found.item(0)["findings"][0]["passed"] is (depth % 2 == 0)


def test_a_share_exactly_at_its_limit_is_reached_whatever_the_binary_fraction():
    for n in range(1, 61):
        for k in range(n + 1):
            counts, share = [n - k, 0, 0, 0, 0, 0, 0, 0, k], round(k / n, 15)
            if round(share * 100, 6) != round(share * 100):
                continue
            rule = AGREE | {"threshold": round(share * 100) / 100}
            found = evaluate(
                {"any": [rule, rule | {"op": ">"}, rule | {"op": "<"}]}, Figures(Tally([counts]))
            )
            assert [leaf["passed"] for leaf in found.item(0)["findings"]] == [True, False, False], (k, n)


def test_three_of_four_are_75_percent_and_seven_tenths_of_ten_are_seven():
    assert evaluate(AGREE, Figures(Tally([[1, 0, 0, 0, 0, 0, 1, 1, 1]]))).item(0)["passed"] is True
    seven = Figures(Tally([[3, 0, 0, 0, 0, 0, 0, 0, 7]]))
    assert evaluate(AGREE | {"threshold": 0.7}, seven).item(0)["passed"] is True
    weighted = Tally([[0.3] * 1 + [0] * 7 + [0.1 * 7]], n_answers=10)
    both = Figures(Tally([[3, 0, 0, 0, 0, 0, 0, 0, 7]]), weighted=weighted)
    rule = AGREE | {"threshold": 0.7, "weighted": True}
    assert evaluate(rule, both).item(0)["passed"] is True
    comet = {"kind": "comet", "verdict": "in", "weighted": True}
    found = Figures(
        Tally([[0] * 9]), weighted=Tally([[0.3 * 0.5, 0, 0, 0, 0.15, 0, 0, 0, 0.7]], n_answers=20)
    )
    assert evaluate(comet, found).item(0)["passed"] is False  # 15 % are not below 15 %


@pytest.mark.parametrize(
    "rule", [{"region": "low"}, {"region": "high"}, {"disagreement": False}, {"disagreement": True}]
)
def test_a_scale_of_one_value_has_no_thirds(rule):
    one_value = Figures(Tally([[7]], [40.0]))
    assert evaluate({"kind": "rand_ucla"} | rule, one_value).item(0)["passed"] is None


def test_a_part_of_fewer_than_the_minimum_decides_nothing():
    """The minimum of the whole panel holds for every figure of a rule, so that no single member decides."""
    four, five = [0] * 8 + [4], [0] * 8 + [5]
    enough = {"kind": "minimum_n", "threshold": 6, "group": "part"}
    assert verdict(HIGH, group=four, consensus_in={"all": [AGREE, PART]}) == "open"
    assert verdict(HIGH, group=five, consensus_in={"all": [AGREE, PART]}) == "consensus_in"
    assert verdict(HIGH, group=five, consensus_in={"all": [AGREE, PART, enough]}) == "open"
    assert verdict(DIVIDED, group=five, consensus_in={"all": [DISAGREE, enough]}) == "stable_disagreement"
    assert verdict(DIVIDED, group=five, consensus_in=DISAGREE, consensus_out=enough) == "open"
    six = [0] * 8 + [6]
    assert verdict(HIGH, group=six, consensus_in={"all": [AGREE, PART, enough]}) == "consensus_in"
    assert verdict(DIVIDED, group=six, consensus_in={"not": enough}) == "stable_disagreement"
    assert verdict(DIVIDED, group=six, consensus_in=enough | {"op": "<"}) == "stable_disagreement"


@pytest.mark.parametrize("kind", sorted(set(STABILITY_KINDS) - {"minimum_n"}))
def test_fewer_than_the_minimum_who_answered_twice_make_nothing_stable(kind):
    figures, threshold = Figures(Tally([HIGH])), {"kappa": 0.6}.get(kind, 0.05)
    for pairs, stable in ((1, None), (4, None), (5, True)):
        kept = stability(np.diag([0] * 8 + [pairs])[None])
        rule = {"kind": kind, "threshold": threshold}
        found = judge({"minimum_n": 5, "consensus_in": AGREE, "stability": rule}, figures, kept)
        assert found.stable.tolist() == [stable], (kind, pairs)
        assert found.open_because.tolist() == ["" if stable else "stability_unknown"]
        told = found.item(0)["stability"]["findings"][0]
        assert told.get("too_few_for") == (None if stable else 5)


def test_weighted_answers_are_told_as_many_as_they_are():
    """Weights that are no binary fractions sum to a hair less than 19."""
    weighted = Tally([[1.8, 0, 0, 0, 2.4, 0, 0, 0, 5.2]], n_answers=19)
    rule = AGREE | {"weighted": True}
    told = evaluate(rule, Figures(Tally([[9] + [0] * 7 + [10]]), weighted=weighted)).item(0)["findings"][0]
    assert (told["n"], describe(weighted).n_used.tolist()) == (19, [19])


def test_a_weighted_figure_of_few_weights_decides_nothing():
    figures = Figures(Tally([HIGH]), weighted=Tally([[0] * 8 + [4.0]], n_answers=4))
    found = judge({"minimum_n": 5, "consensus_in": AGREE | {"weighted": True}}, figures)
    assert found.verdicts.tolist() == ["open"]
    assert found.open_because.tolist() == ["undefined"]

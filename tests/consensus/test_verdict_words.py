import pytest
from django.utils import translation

from consensus.stats import Figures, Tally, evaluate, stability
from consensus.stats.rule_leaves import CONSENSUS_KINDS, STABILITY_KINDS
from consensus.verdicts.words import sentences, words_of

RAND_HIGH = {"kind": "rand_ucla", "region": "high"}
SHARE = {
    "kind": "share", "op": ">=", "needed": 0.75, "measured": 10 / 13, "interval": [0.4974, 0.9182],
    "band": [7, 8, 9], "passed": True,
}  # fmt: skip


def test_a_share_is_said_with_band_interval_and_threshold():
    with translation.override("en"):
        assert words_of(SHARE) == "77 % rated 7–9, 95 % interval 50–92 %; needed: at least 75 %."


def test_a_figure_that_cannot_be_measured_is_said_to_be_so():
    with translation.override("en"):
        text = words_of({"kind": "net_change", "op": "<", "needed": 0.15, "measured": None, "passed": None})
    assert text == "No member answered in both rounds, so change cannot be measured."


def test_a_share_is_said_in_chinese_too():
    with translation.override("zh-hans"):
        assert words_of(SHARE) == "77%的作答位于7–9，95%区间为50–92%；要求不低于75%。"


def test_a_panel_group_is_called_by_its_name_and_by_its_key_only_where_it_has_none():
    finding = SHARE | {"group": "academia", "weighted": True}
    with translation.override("en"):
        said = words_of(finding, {"academia": "Universities"})
        assert said.startswith("Panel group Universities: 77 % rated")
        assert words_of(finding).startswith("Panel group academia: 77 % rated")


@pytest.mark.parametrize("kind", sorted({*CONSENSUS_KINDS, *STABILITY_KINDS}))
@pytest.mark.parametrize("measured", [0.4, None])
def test_every_kind_of_test_has_words(kind, measured):
    finding = {
        "kind": kind, "op": "<", "needed": 0.5, "measured": measured, "passed": None, "band": [1], "share_out": 0.1,
        "median": 4.0, "region": "middle", "stable_when": "not significant",
    }  # fmt: skip
    if kind == "median":
        finding |= {"op": "in", "needed": [None, 3]}
    text = words_of(finding)
    assert text.endswith(".")
    assert "None" not in text
    assert "%(" not in text


def test_a_figure_never_reads_as_on_the_other_side_of_its_limit():
    """50 of 67 are 74.6 %: as 75 % they would seem to reach the three quarters that they miss."""
    missed = SHARE | {"measured": 50 / 67, "interval": None, "passed": False}
    above = {"kind": "cv", "op": "<=", "needed": 0.25, "measured": 0.2504, "passed": False}
    test = {"kind": "wilcoxon", "needed": 0.05, "measured": 0.0496, "stable_when": "not significant"}
    index = {"kind": "rand_ucla", "median": 7.0, "region": "high", "measured": 1.001}
    with translation.override("en"):
        assert words_of(missed) == "74.6 % rated 7–9; needed: at least 75 %."
        assert words_of(SHARE | {"measured": 0.75, "interval": None}).startswith("75 % rated")
        assert "is 0.2504; needed: at most 0.25." in words_of(above)
        assert "p = 0.0496; stable when not significant at 0.05." in words_of(test)
        assert "index 1.001 (" in words_of(index)


@pytest.mark.parametrize(
    ("op", "measured", "said"),
    [("<", 0.246, "24"), ("<", 0.254, "25"), ("<=", 0.254, "26"), ("<", 0.125, "13"), (">=", 0.246, "24")],
)
def test_movement_is_a_whole_percent_on_its_own_side(op, measured, said):
    finding = {"kind": "net_change", "op": op, "needed": 0.25, "measured": measured, "passed": None}
    with translation.override("en"):
        assert words_of(finding).startswith(f"{said} % of the answers moved on balance")


def test_a_limit_is_said_as_it_was_set():
    finding = SHARE | {"needed": 2 / 3, "measured": 0.66, "interval": None}
    with translation.override("en"):
        assert words_of(finding) == "66 % rated 7–9; needed: at least 66.67 %."


@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_movement_exactly_at_its_limit_is_said_to_be_there(op):
    """7 % as a part of 1 is a hair more than 7 as a hundred times itself, and 58 % a hair less."""
    with translation.override("en"):
        for whole in range(1, 100):
            finding = {"kind": "net_change", "op": op, "needed": whole / 100, "measured": whole / 100}
            assert words_of(finding).startswith(f"{whole} % of the answers moved on balance"), op


RAND = {
    "kind": "rand_ucla", "median": 7.0, "region": "high", "measured": 0.9, "classic": "disagreement",
    "needed": {"region": "high", "disagreement": False, "rule": "classic"}, "passed": False,
}  # fmt: skip


def test_the_classic_rand_ucla_rule_is_said_where_it_decided():
    """The index may see no disagreement where the classic rule does."""
    with translation.override("en"):
        assert words_of(RAND) == "Median 7, in the upper third; by the classic rule: disagreement."
        by_region = RAND | {"needed": {"region": "high", "disagreement": None, "rule": "classic"}}
        assert "disagreement index 0.9 " in words_of(by_region)
    with translation.override("zh-hans"):
        assert words_of(RAND) == "中位数7，位于量表的高三分段；按经典规则：分歧。"


def test_the_median_of_a_rand_ucla_rule_is_in_the_scales_own_unit():
    found = evaluate(RAND_HIGH, Figures(Tally([[0, 0, 0, 6, 2]]))).item(0)["findings"][0]
    with translation.override("en"):
        assert words_of(found).startswith("Median 4, in the upper third;")


def test_a_share_of_the_comet_rule_stays_on_its_side_of_both_limits():
    counts = [[301, 0, 0, 300, 0, 0, 1399, 0, 0], [1399, 0, 0, 302, 0, 0, 299, 0, 0]]
    rules = [{"kind": "comet", "verdict": verdict} for verdict in ("in", "out")]
    with translation.override("en"):
        missed, out = (
            words_of(evaluate(rule, Figures(Tally([row]))).item(0)["findings"][0])
            for rule, row in zip(rules, counts, strict=True)
        )
    assert missed == "69.95 % in the upper band and 15.1 % in the lower one."
    assert out == "14.95 % in the upper band and 69.95 % in the lower one."


@pytest.mark.parametrize(("op", "reading"), [("<", "significant"), (">=", "not significant")])
@pytest.mark.parametrize("kind", ["group_chi2", "individual_chi2"])
def test_a_test_is_read_as_the_rule_reads_it(kind, op, reading):
    rule = {"kind": kind, "op": op, "threshold": 0.001}
    found = evaluate(rule, stability([[[9, 1], [2, 8]]]), "stability").item(0)["findings"][0]
    with translation.override("en"):
        assert words_of(found).endswith(f"; stable when {reading} at 0.001.")


def test_a_limit_of_three_decimals_is_not_shortened():
    above = {"kind": "cv", "op": "<=", "needed": 0.125, "measured": 0.125, "passed": True}
    with translation.override("en"):
        assert words_of(above).endswith("is 0.125; needed: at most 0.125.")


@pytest.mark.parametrize(
    ("turns", "counts", "passed", "met"),
    [
        (1, [3, 0, 0, 0, 7], True, False),
        (1, [1, 0, 0, 0, 9], False, True),
        (2, [3, 0, 0, 0, 7], True, True),
        (1, [0] * 5, None, None),
    ],
)
def test_a_test_under_not_is_met_where_it_fails(turns, counts, passed, met):
    rule = {"kind": "share", "band": [1, 2], "threshold": 0.25}
    for _turn in range(turns):
        rule = {"not": rule}
    found = evaluate({"all": [rule]}, Figures(Tally([counts]))).item(0)
    assert found["passed"] is met
    (finding,) = found["findings"]
    assert finding["passed"] is passed
    with translation.override("en"):
        (said,) = sentences([{"gate": "consensus_in"} | finding])
        assert said["passed"] is met
        assert said["text"].endswith("The rule asks for the opposite.") == bool(turns % 2)

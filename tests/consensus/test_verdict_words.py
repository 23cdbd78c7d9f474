import pytest
from django.utils import translation

from consensus.stats.rule_leaves import CONSENSUS_KINDS, STABILITY_KINDS
from consensus.verdicts.words import words_of

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

import pytest

from consensus.verdicts.rule_check import check_rule
from consensus.verdicts.rule_words import words_of_rule
from foundation.exceptions import InvalidInput
from surveys.study_templates import TEMPLATES, rules


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (rules.share_at_least(7, 9, 0.75), "at least 75 % of the answers at 7–9"),
        (
            rules.net_change_below(0.15),
            "less than 15 % of the answers moved on balance since the round before",
        ),
        (
            {"all": [rules.share_at_least(4, 5, 0.7), {"not": {"kind": "iqr", "op": ">", "threshold": 2}}]},
            "at least 70 % of the answers at 4–5 and (not: interquartile range more than 2)",
        ),
    ],
)
def test_a_rule_is_said_in_words(rule, words):
    assert words_of_rule(rule) == words


@pytest.mark.parametrize("limit", ["0.125", "0.001", "2034.5", "1250000", "20345.67"])
def test_a_limit_is_said_as_it_was_set(limit):
    """Amounts of money are no powers of ten."""
    said = [
        words_of_rule({"kind": "median", "low": float(limit), "high": None}),
        words_of_rule({"kind": "mean", "threshold": float(limit)}),
        words_of_rule({"kind": "disagreement", "measure": "index", "threshold": float(limit)}),
        words_of_rule({"kind": "wilcoxon", "threshold": float(limit)}),
    ]
    assert all(words.endswith(f" {limit}") for words in said), said


def test_panel_groups_of_a_rule_are_called_by_name():
    names = {"academia": "Universities", "industry": "Firms"}
    share = rules.share_at_least(7, 9, 0.75) | {"group": "academia"}
    assert words_of_rule({"any": [{"not": share}, share]}, names) == (
        "(not: in panel group Universities: at least 75 % of the answers at 7–9)"
        " or in panel group Universities: at least 75 % of the answers at 7–9"
    )
    comet = {"kind": "comet", "verdict": "in", "groups": ["academia", "industry", "gone"]}
    assert words_of_rule(comet, names).startswith("in each of the panel groups Universities, Firms, gone: ")


def test_every_template_brings_rules_that_can_be_evaluated():
    for plan in TEMPLATES.values():
        for kind, (_question, rule) in plan.criteria.items():
            check_rule(kind, rule)
            assert words_of_rule(rule)


def test_a_rule_that_cannot_be_evaluated_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        check_rule("consensus_in", {"kind": "gut_feeling"})
    assert "kind" in refusal.value.said

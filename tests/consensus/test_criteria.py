"""Every kind of rule as a study's criterion: stored in the protocol, judged from counts, said in words."""

from copy import copy
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import translation

from consensus.analysis.round import Analysis
from consensus.counting.frame import frame_of
from consensus.stats import CONSENSUS_KINDS, STABILITY_KINDS
from consensus.verdicts.judging import verdicts_of
from consensus.verdicts.rule_check import check_rule
from consensus.verdicts.rule_words import words_of_rule
from consensus.verdicts.words import words_of
from surveys.enums import CriterionKind, VerdictKind
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round

pytestmark = pytest.mark.django_db

BAND = {"kind": "share", "band": [7, 9], "threshold": 0.75}
NARROW = {"kind": "iqr", "threshold": 1}
FIRST, SECOND = "academia", "industry"
# Members 1-6 are of the first group, 7-12 of the second.
UNITED = [8, 9, 8, 8, 9, 8, 8, 8, 9, 8, 8, 9]
FIRST_ONLY = [8, 9, 8, 8, 9, 8, 2, 1, 2, 2, 1, 2]
AGAINST = [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
LISTED = (UNITED, FIRST_ONLY, AGAINST)
IN, OUT, OPEN = VerdictKind.CONSENSUS_IN, VerdictKind.CONSENSUS_OUT, VerdictKind.OPEN

CONSENSUS_RULES = {
    "share": (BAND, [True, False, False]),
    "share of one group": (BAND | {"group": FIRST}, [True, True, False]),
    "share, weighted": (BAND | {"weighted": True}, [True, False, False]),
    "share of another question": (BAND | {"question": "feasibility"}, [False, False, True]),
    "median": ({"kind": "median", "low": 7, "high": None}, [True, False, False]),
    "mean": ({"kind": "mean", "threshold": 5}, [True, True, False]),
    "iqr": (NARROW, [True, False, True]),
    "sd": ({"kind": "sd", "threshold": 1}, [True, False, True]),
    "cv": ({"kind": "cv", "threshold": 0.25}, [True, False, False]),
    "cv of one group": ({"kind": "cv", "threshold": 0.25, "group": SECOND}, [True, False, False]),
    "rand_ucla": ({"kind": "rand_ucla", "region": "high", "disagreement": False}, [True, False, False]),
    "rand_ucla, classic": (
        {"kind": "rand_ucla", "disagreement": True, "rule": "classic"},
        [False, True, False],
    ),
    "comet": ({"kind": "comet", "verdict": "in"}, [True, False, False]),
    "comet by group": ({"kind": "comet", "verdict": "in", "groups": [FIRST, SECOND]}, [True, False, False]),
    "comet in any group": (
        {"kind": "comet", "verdict": "in", "groups": [FIRST, SECOND], "require": "any"},
        [True, True, False],
    ),
    "mean_rank": ({"kind": "mean_rank", "op": ">=", "threshold": 2.2}, [True, False, False]),
    "mean_rank of one group": (
        {"kind": "mean_rank", "op": ">=", "threshold": 2.2, "group": FIRST},
        [True, True, False],
    ),
    "disagreement": ({"kind": "disagreement", "measure": "agreement_a", "threshold": 0.5}, [True, False, True]),
    "minimum_n": ({"kind": "minimum_n", "threshold": 12}, [True, True, True]),
    "and, or, not": (
        {"all": [{"any": [BAND, BAND | {"group": FIRST}]}, {"not": NARROW}]},
        [False, True, False],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One foresight study after two rounds, read by every test of this module, and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Analysis(two_rounds_alike(), 1)
        transaction.set_rollback(True)


def two_rounds_alike():
    study = make_panel_study((6, 6), template="foresight", technologies=3)
    members = study.panel.members.order_by("pseudonym")
    assert [member.group.key for member in members] == [FIRST] * 6 + [SECOND] * 6
    for number in (1, 2):
        round = make_round(study, number)
        listed = study.technologies.order_by("position")
        for technology, values, other in zip(listed, LISTED, reversed(LISTED), strict=True):
            answer_all(round, "familiarity", technology, [3, 4] * 6)
            answer_all(round, "importance", technology, values)
            answer_all(round, "feasibility", technology, other)
        close(round)
    return frame_of(round)


def judged(analysis, kind, rule):
    """Verdicts when the protocol holds this rule of this kind; a stability rule beside its consensus rule."""
    check_rule(kind, rule)
    criteria = dict(analysis.frame.criteria)
    needed = {kind, CriterionKind.CONSENSUS_IN} if kind == CriterionKind.STABILITY else {kind}
    held = {name: copy(criteria[name]) for name in needed}
    held[kind].expression = rule
    return verdicts_of(with_criteria(analysis, held))


def with_criteria(analysis, criteria):
    """The same counts under another protocol."""
    found = copy(analysis)
    found.frame = replace(analysis.frame, criteria=criteria)
    return found


def assert_said(found, rule):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = [words_of_rule(rule), *(words_of(finding) for one in found for finding in one.figures)]
        for text in said:
            assert text
            assert "%(" not in text
            assert "None" not in text
            assert not any(kind in text for kind in (*CONSENSUS_KINDS, *STABILITY_KINDS) if "_" in kind)


@pytest.mark.parametrize("name", CONSENSUS_RULES)
def test_a_consensus_rule_decides_and_is_said_in_words(world, name):
    rule, passes = CONSENSUS_RULES[name]
    found = judged(world, CriterionKind.CONSENSUS_IN, rule)
    assert [one.verdict for one in found] == [IN if passed else OPEN for passed in passes]
    assert all(one.figures for one in found)
    assert_said(found, rule)
    out = judged(world, CriterionKind.CONSENSUS_OUT, rule)
    assert [one.verdict for one in out] == [OUT if passed else OPEN for passed in passes]


@pytest.mark.parametrize("kind", sorted(STABILITY_KINDS))
def test_a_stability_rule_decides_and_is_said_in_words(world, kind):
    threshold = {"unchanged": 0.75, "net_change": 0.15, "kappa": 0.6, "spearman": 0.7, "lambda": 0.5,
                 "cv_change": 0.1, "convergence_rate": 0.1, "minimum_n": 12}.get(kind, 0.05)  # fmt: skip
    rule = {"kind": kind, "threshold": threshold}
    found = judged(world, CriterionKind.STABILITY, rule)
    assert [one.is_stable for one in found] == [True, True, True]  # everybody kept their answers
    assert [one.verdict for one in found][:2] == [IN, VerdictKind.STABLE_DISAGREEMENT]
    assert_said(found, rule)


def test_every_kind_of_rule_is_tried_here():
    tried = {leaf for rule, _ in CONSENSUS_RULES.values() for leaf in kinds(rule)}
    assert tried == set(CONSENSUS_KINDS)


def kinds(rule):
    if "kind" in rule:
        yield rule["kind"]
    for part in [*rule.get("all", ()), *rule.get("any", ()), *([rule["not"]] if "not" in rule else ())]:
        yield from kinds(part)

"""The fewest answers for a verdict hold for every figure of a rule, and the verdict says where there were fewer."""

import numpy as np
import pytest
from django.utils import translation

from consensus.dashboard.technology import history
from consensus.exports.results import result_tables
from consensus.models import Verdict
from consensus.report.content import report_of
from consensus.selectors.results import StudyResults
from consensus.services.compute import compute_round
from consensus.stats import evaluate, stability
from delphi_platform.api.reading import results_of
from surveys.study_templates import rules
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round

pytestmark = pytest.mark.django_db
UNITED, MIDDLE = [8, 9, 8, 8, 9, 8] * 2, [5, 4, 6, 5, 5, 5] * 2


def two_rounds(columns, *, sizes=(6, 6), second=None, **criteria):
    """A study of 1-9 ratings after two computed rounds; `second` where the second differs from the first."""
    study = make_panel_study(sizes, template="foresight", technologies=len(columns))
    for kind, rule in criteria.items():
        study.criteria.filter(kind=kind).update(expression=rule)
    for number, answers in ((1, columns), (2, second or columns)):
        round = make_round(study, number)
        for technology, values in zip(study.technologies.order_by("position"), answers, strict=True):
            answer_all(round, "importance", technology, values)
        computation = compute_round(round_id=close(round).pk)
    return study, computation


def judged(computation):
    rows = computation.verdicts.order_by("technology__position")
    return [(row.verdict, row.open_because) for row in rows]


def told(study, computation):
    """The sentences of the latest verdict on the first technology, on its page and in the file."""
    with translation.override("en"):
        page = history(StudyResults(study), study.technologies.order_by("position").first())[0]
        table = next(table for table in result_tables(study) if table.name == "verdicts")
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    file = next(row["figures"] for row in rows if row["round"] == computation.round.number)
    return [sentence["text"] for sentence in page.sentences], file


def test_one_member_who_returns_makes_nothing_stable():
    before, now = [UNITED[:6] + [None] * 6], [[None] * 5 + UNITED[5:]]
    study, computation = two_rounds(before, second=now)
    assert judged(computation) == [("open", "stability_unknown")]
    page, file = told(study, computation)
    said = "Fewer than 5 members answered in both rounds, so the rule on stability says nothing."
    assert said in page
    assert said in file


def test_a_group_of_one_carries_no_core_outcome():
    named = ["academia", "industry"]
    rule = {"consensus_in": rules.comet("in", named), "consensus_out": rules.comet("out", named)}
    study, computation = two_rounds([UNITED[:9]], sizes=(8, 1), **rule)
    assert judged(computation) == [("open", "undefined")]
    page, file = told(study, computation)
    assert "Panel group Industry: Fewer than 5 answers, so the rule says nothing." in page
    assert "Fewer than 5 answers, so the rule says nothing." in file
    (verdict,) = results_of(study, computation)["verdicts"]
    few = [each for each in verdict["figures"] if each.get("too_few_for")]
    assert {each["group"] for each in few} == {"industry"}
    assert all(each["n"] is None and each["measured"] is None for each in few)


def test_a_group_that_nobody_is_in_is_named():
    rule = {"consensus_in": rules.comet("in", ["academia", "government"])}
    study, computation = two_rounds([UNITED], **rule)
    assert judged(computation) == [("open", "undefined")]
    said = "Panel group Government: Nobody is in this panel group, so the rule says nothing."
    assert said in told(study, computation)[0]


def test_stability_of_one_group_is_said_not_to_be_measured():
    """Rules of before are evaluated as they are; new ones of the kind are refused."""
    rule = rules.net_change_below(0.15) | {"group": "academia"}
    study, computation = two_rounds([UNITED], stability=rule)
    assert judged(computation) == [("open", "stability_unknown")]
    verdict = Verdict.objects.get(computation=computation)
    (finding,) = [each for each in verdict.figures if each["gate"] == "stability"]
    assert finding["passed"] is None
    assert (
        "Panel group Academia: Stability is measured in the whole panel, so the rule says nothing."
        in told(study, computation)[0]
    )


def test_a_locked_rule_out_of_reach_is_evaluated_all_the_same():
    _study, computation = two_rounds([UNITED, MIDDLE], stability=rules.net_change_below(15))
    assert judged(computation) == [("consensus_in", ""), ("open", "undivided")]


def test_agreement_on_the_middle_is_told_everywhere():
    study, computation = two_rounds([MIDDLE, [1] * 6 + [9] * 6])
    assert judged(computation) == [("open", "undivided"), ("stable_disagreement", "")]
    page, file = told(study, computation)
    said = "Stable and agreed as uncertain: median 5, in the middle third of the scale"
    assert any(text.startswith(said) for text in page)
    assert said in file
    first, _second = results_of(study, computation)["verdicts"]
    assert first["open_because"] == "undivided"
    with translation.override("en"):
        report = "\n".join(str(vars(block)) for block in report_of(study))
    assert "Open (Stable and undivided)" in report
    assert "members do not disagree on these entries" in report


def test_a_panel_that_falls_apart_has_not_converged():
    """The middle half went from 1 point to 6: a rate of -5, which is no small change."""
    table = np.zeros((1, 9, 9))
    table[0, 4, [1, 2, 7, 8]] = 2
    table[0, 5, [1, 2, 7, 8]] = 2
    found = evaluate({"kind": "convergence_rate", "threshold": 0.1}, stability(table), "stability").item(0)
    assert (found["passed"], found["findings"][0]["measured"] > 1) == (False, True)

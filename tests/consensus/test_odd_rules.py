"""Rules that fit their question badly: they decide what they can, leave the rest open, and stop nothing."""

from copy import copy

import pytest
from django.utils import translation

from consensus.analysis.round import Analysis
from consensus.counting.frame import frame_of
from consensus.models import Computation, Verdict
from consensus.selectors.findings import behind_verdicts, shown_findings
from consensus.services.compute import compute_round
from consensus.verdicts.judging import verdicts_of
from consensus.verdicts.rule_words import words_of_rule
from consensus.verdicts.words import words_of
from surveys.enums import AskedPer, CriterionKind, VerdictKind
from surveys.models import Criterion
from tests.consensus.worlds import answer, answer_all, close, make_panel_study, make_round
from tests.factories import make_study

pytestmark = pytest.mark.django_db

IN, STABILITY = CriterionKind.CONSENSUS_IN, CriterionKind.STABILITY
SHARE = {"kind": "share", "band": [7, 9], "threshold": 0.75}
UNITED = [8] * 12
ON_TOP = [8, 8, 8, 9, 7, 8, 8, 8, 8, 9, 7, 8]


def judged(rule, columns=(UNITED,), *, kind=IN, familiar=None):
    """Verdicts after two rounds alike; without a stability rule unless `rule` is one."""
    study = make_panel_study((6, 6), template="foresight", technologies=len(columns))
    study.criteria.exclude(kind__in={IN, kind}).delete()
    study.criteria.filter(kind=kind).update(expression=rule)
    for number in (1, 2):
        round = make_round(study, number)
        for technology, values in zip(study.technologies.order_by("position"), columns, strict=True):
            answer_all(round, "importance", technology, values)
            if familiar:
                answer_all(round, "familiarity", technology, familiar)
        close(round)
    return verdicts_of(Analysis(frame_of(round), 1))


def only(found):
    (one,) = found
    return one.verdict, one.figures[0]


@pytest.mark.parametrize("band", [[20, 30], [7.2, 7.8], [70, 100]])
def test_a_band_beside_the_scale_leaves_everything_open(band):
    """Somebody typed percents for ratings: the round is analysed all the same, and nothing is settled by it."""
    verdict, finding = only(judged(SHARE | {"band": band}))
    assert (verdict, finding["passed"], finding["measured"]) == (VerdictKind.OPEN, None, None)
    with translation.override("en"):
        assert words_of(finding) == "The scale has no value in the band, so the rule says nothing."
    with translation.override("zh-hans"):
        assert "量表" in words_of(finding)


def test_a_round_is_analysed_whatever_the_rule():
    study = make_panel_study((6, 6), template="agreement", technologies=1)
    Criterion.objects.filter(study=study, kind=IN).update(expression=SHARE)
    Criterion.objects.filter(study=study, kind="consensus_out").update(
        expression={"kind": "comet", "verdict": "out"}
    )
    round = make_round(study)
    answer_all(round, "agreement", study.technologies.get(), [5] * 12)
    compute_round(round_id=close(round).pk)
    assert Computation.objects.get(round=round).status == "current"
    assert Verdict.objects.get().verdict == VerdictKind.OPEN


def test_the_bands_of_comet_run_from_end_to_end_as_they_are_said():
    rule = {"kind": "comet", "verdict": "in", "high": [7, 9], "low": [1, 3]}
    verdict, finding = only(judged(rule))
    with translation.override("en"):
        assert "at 7–9" in words_of_rule(rule)
    assert (verdict, finding["measured"]) == (VerdictKind.CONSENSUS_IN, 1)


def test_a_rule_on_a_question_that_nobody_knows_is_undefined():
    verdict, finding = only(judged(SHARE | {"question": "gone"}))
    assert (verdict, finding["passed"]) == (VerdictKind.OPEN, None)


def test_a_question_that_is_asked_once_a_round_says_nothing_of_the_first_technology():
    study = make_panel_study((6, 6), template="foresight", technologies=2)
    study.questions.filter(key="importance").update(asked_per=AskedPer.ROUND)
    round = make_round(study)
    for member in study.panel.members.all():
        answer(round, member, "importance", None, 8)
    close(round)
    found = verdicts_of(Analysis(frame_of(round), 1))
    assert [one.verdict for one in found] == [VerdictKind.TOO_FEW] * 2


def test_thirds_of_a_percentage_are_thirds_of_a_hundred():
    """58 is in the middle of 0-100, though it is near the highest answer."""
    study = make_study(template="estimate", technologies=1, members=12)
    study.criteria.exclude(kind=IN).delete()
    study.criteria.update(expression={"kind": "rand_ucla", "region": "high"})
    round = make_round(study)
    answer_all(round, "probability", study.technologies.get(), [40, 60, 58] * 4)
    close(round)
    verdict, finding = only(verdicts_of(Analysis(frame_of(round), 1)))
    assert (verdict, finding["region"], finding["median"]) == (VerdictKind.OPEN, "middle", 58)


# Weights


def test_a_group_may_be_weighted_too():
    """Those of the group who know the field say 8; the three who do not are outweighed."""
    familiar, ratings = [5, 5, 5, 1, 1, 1] + [3] * 6, [8, 8, 8, 2, 2, 2] + [2] * 6
    rule = SHARE | {"group": "academia", "weighted": True}
    verdict, finding = only(judged(rule, (ratings,), familiar=familiar))
    unweighted, plain = only(judged(rule | {"weighted": False}, (ratings,), familiar=familiar))
    assert (verdict, unweighted) == (VerdictKind.CONSENSUS_IN, VerdictKind.OPEN)
    assert (plain["measured"], finding["n"]) == (0.5, 6)
    assert finding["measured"] > 0.8


def test_weighted_figures_of_a_group_are_shown_to_nobody():
    study = make_panel_study((6, 6), template="foresight", technologies=1)
    rules = [SHARE | {"group": "academia", "weighted": weighted} for weighted in (True, False)]
    study.criteria.filter(kind=IN).update(expression={"all": rules})
    round = make_round(study)
    answer_all(round, "importance", study.technologies.get(), UNITED)
    answer_all(round, "familiarity", study.technologies.get(), [3] * 12)
    computation = compute_round(round_id=close(round).pk)
    verdict = computation.verdicts.get()
    assert [finding["weighted"] for finding in verdict.figures if finding["group"]] == [True, False]
    groups = {group.key: group.pk for group in study.panel.groups.all()}
    found = shown_findings(verdict, behind_verdicts(study, [computation]), groups, 1)
    assert [finding["weighted"] for finding in found if finding["group"]] == [False]


def test_stability_is_not_said_to_be_weighted():
    rule = {"kind": "net_change", "threshold": 0.15, "weighted": True}
    _verdict, finding = only(judged(rule, kind=STABILITY))
    assert finding["gate"] == "stability"
    with translation.override("en"):
        assert "weighted" not in words_of(finding) + words_of_rule(rule)
        assert "weighted" in words_of_rule(SHARE | {"weighted": True})


def test_a_mean_rank_is_of_those_who_ranked_everything():
    """Eleven rated the first technology, three both: the mean rank is of three, and shown as such."""
    columns = ([8] * 11 + [None], [2] * 3 + [None] * 8 + [2])
    rule = {"kind": "mean_rank", "op": ">=", "threshold": 1.5}
    found = judged(rule, columns)
    assert [(one.figures[0]["measured"], one.figures[0]["n"]) for one in found] == [(2.0, 3.0), (1.0, 3.0)]
    found = judged(rule | {"weighted": True}, columns)
    assert [one.figures[0]["passed"] for one in found] == [None, None]


def test_a_question_of_the_other_technologies_changes_nothing_here():
    """What one technology's answers are judged by does not depend on the answers to another."""
    rule = {"all": [copy(SHARE), {"kind": "disagreement", "measure": "consensus", "threshold": 0.7}]}
    alone, beside = judged(rule, (ON_TOP,)), judged(rule, (ON_TOP, [1] * 12))
    assert [finding["measured"] for finding in alone[0].figures] == [
        finding["measured"] for finding in beside[0].figures
    ]

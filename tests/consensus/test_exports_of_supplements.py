"""Indicators, attrition and what-if outcomes as they leave: the same figures as on the pages, the same held back."""

import pytest

from consensus.enums import ExportKind, SupplementKind
from consensus.exports.what_if import CONSENSUS_PRESETS
from consensus.models import Computation, Supplement
from consensus.selectors.results import StudyResults
from consensus.selectors.supplements import authority_of
from consensus.services.compute import compute_round
from consensus.services.supplements import write_supplements
from consensus.whatif.rules import Preset
from tests.consensus.test_attrition import GONE, LEAVE, STAY
from tests.consensus.test_authority import bases, foresight
from tests.consensus.test_exports import _own_files, dicts, tables  # noqa: F401
from tests.consensus.test_what_if import SPREAD, UNITED, studied
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round

pytestmark = pytest.mark.django_db


def finish(round):
    computation = compute_round(round_id=close(round).pk)
    write_supplements(computation_id=computation.pk)
    return computation


def judged(sizes=(7, 6, 2), few=3):
    """One round: the first technology judged by all, the second by `few`; groups of 7, 6 and 2."""
    study = foresight(sizes, technologies=2)
    first, second = study.technologies.order_by("position")
    members = list(study.panel.members.order_by("pseudonym"))
    round = make_round(study)
    bases(round, members, (3, 3, 3, 3))
    answer_all(round, "familiarity", first, [5] * len(members))
    answer_all(round, "familiarity", second, [5] * few)
    finish(round)
    return study


def test_indicators_leave_for_the_panel_and_the_groups_that_may_be_shown():
    study = judged()
    rows = {row["panel_group"]: row for row in dicts(tables(study, ExportKind.RESULTS)["indicators"])}
    assert set(rows) == {"all", "academia"}  # the two of the third group would follow from the second
    panel = rows["all"]
    assert (panel["round"], panel["sent"], panel["returned"], panel["positivity"]) == (1, 15, 15, 1)
    assert (panel["ca"], panel["cs"], panel["cr"]) == (1, 1, 1)
    assert (panel["n_familiarity"], panel["n_basis"]) == (15, 15)


def test_authority_of_a_technology_that_few_judged_is_suppressed():
    study = judged()
    first, second = study.technologies.order_by("position")
    rows = {row["technology"]: row for row in dicts(tables(study, ExportKind.RESULTS)["authority"])}
    assert (rows[first.key]["cr"], rows[first.key]["note"]) == (1, None)
    hidden = rows[second.key]
    assert hidden.pop("note") == "suppressed"
    assert {hidden[name] for name in ("ca", "cs", "cr", "n_basis", "n_familiarity")} == {None}


def test_of_a_small_panel_no_coefficient_leaves():
    rows = dicts(tables(judged((4,)), ExportKind.RESULTS)["indicators"])
    assert [(row["panel_group"], row["cr"], row["ca"], row["note"]) for row in rows] == [
        ("all", None, None, "suppressed")
    ]


def test_a_study_without_the_questions_says_so():
    found = tables(left(), ExportKind.RESULTS)
    assert {row["note"] for row in dicts(found["indicators"])} == {"no_basis, no_familiarity"}
    assert dicts(found["authority"]) == []


def left(first=STAY + LEAVE, second=STAY + GONE, sizes=(6, 6)):
    study = make_panel_study(sizes, technologies=2)
    technologies = list(study.technologies.order_by("position"))
    for number, values in ((1, first), (2, second)):
        round = make_round(study, number)
        answer_all(round, "agreement", technologies[0], values)
        answer_all(round, "agreement", technologies[1], values[:3])
        finish(round)
    return study


def test_attrition_leaves_with_response_and_comparison():
    study = left()
    found = tables(study, ExportKind.RESULTS)
    response = {row["panel_group"]: row for row in dicts(found["attrition"])}
    assert (response["all"]["round"], response["all"]["previous_round"]) == (2, 1)
    assert (response["all"]["n_before"], response["all"]["came_back"], response["all"]["newcomers"]) == (
        12,
        6,
        0,
    )
    together, single = dicts(found["dropouts"])
    stored = Supplement.objects.get(kind=SupplementKind.ATTRITION).figures["questions"]["agreement"]
    assert together["technology"] is None
    assert (together["n_completers"], together["n_dropouts"]) == (6, 6)
    (key,) = stored["items"]
    assert single["technology"] == key
    for name in ("mean_completers", "mean_dropouts", "difference", "p_value", "p_adjusted"):
        assert single[name] == stored["items"][key][name]


def test_fault_23_drop_outs_fewer_than_the_minimum_are_in_no_sheet():
    found = tables(left(second=STAY + LEAVE[:4] + [None] * 2), ExportKind.RESULTS)
    assert dicts(found["dropouts"]) == []
    (row,) = dicts(found["completers"])  # of the later round alone, in which nobody is left out
    assert (row["compared_round"], row["n_everyone"], row["n_completers"]) == (2, 10, 10)


def test_verdicts_of_completers_stand_beside_the_official_ones():
    study = left()
    rows = dicts(tables(study, ExportKind.RESULTS)["completers"])
    first = study.technologies.order_by("position").first()
    by_round = {row["compared_round"]: row for row in rows if row["technology"] == first.key}
    assert (by_round[1]["n_everyone"], by_round[1]["n_completers"]) == (12, 6)
    assert by_round[1]["verdict_everyone"] != by_round[1]["verdict_completers"] == "consensus_in"
    official = Computation.objects.get(round__number=2).verdicts.get(technology=first).verdict
    assert by_round[2]["verdict_everyone"] == official


def test_usual_rules_are_tried_on_every_analysed_round_and_marked_as_exploratory():
    study = studied()
    rows = dicts(tables(study, ExportKind.RESULTS)["what_if"])
    assert {row["preset"] for row in rows} == set(CONSENSUS_PRESETS) == set(Preset)
    assert {row["status"] for row in rows} == {"exploratory"}
    assert len(rows) == 3 * len(Preset)
    comet = {row["technology"]: row for row in rows if row["preset"] == Preset.COMET}
    united, split, _spread = study.technologies.order_by("position")
    assert (comet[united.key]["outcome"], comet[split.key]["outcome"]) == ("consensus_in", "open")
    assert comet[united.key]["rule"].startswith("Consensus in: at least 70")
    for row in rows:
        verdict = Computation.objects.get().verdicts.get(technology__key=row["technology"]).verdict
        assert row["changed"] == (row["outcome"] != verdict)


def test_what_few_answered_has_no_outcome():
    study = studied(answers=(UNITED, [5, 5, 5], SPREAD))
    few = study.technologies.order_by("position")[1]
    rows = [row for row in dicts(tables(study, "results")["what_if"]) if row["technology"] == few.key]
    assert {(row["outcome"], row["n"], row["changed"], row["note"]) for row in rows} == {
        (None, None, None, "suppressed")
    }


def test_where_no_rule_can_be_tried_the_sheet_is_empty():
    study = make_panel_study((6,), template="foresight", technologies=1)
    round = make_round(study)
    answer_all(round, "year_lab", study.technologies.get(), [2030] * 6)
    study.criteria.all().delete()
    study.questions.exclude(key="year_lab").exclude(answers__isnull=False).delete()
    finish(round)
    assert dicts(tables(study, "results")["what_if"]) == []


def test_the_sheets_hold_what_the_page_shows():
    study = judged()
    (shown,) = authority_of(StudyResults(study)).values()
    rows = dicts(tables(study, ExportKind.RESULTS)["authority"])
    assert {row["technology"] for row in rows if row["note"] is None} == set(shown["technologies"])

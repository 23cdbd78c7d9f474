"""Intervals in the results' export, and questions asked once per round in it."""

import pytest

from consensus.enums import ExportKind
from consensus.models import Computation, ItemResult
from consensus.services.compute import compute_round
from surveys.enums import AskedPer, QuestionType
from surveys.models import Question
from tests.consensus.test_exports import _own_files, analysed_study, dicts, tables
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round

__all__ = ["_own_files"]  # a fixture: files are written to a folder of the test
pytestmark = pytest.mark.django_db


def results(study, question) -> list[dict]:
    found = tables(study, ExportKind.RESULTS)
    return [row for row in dicts(found["results"]) if row["question"] == question]


def test_every_interval_of_the_panel_is_exported_with_method_draws_and_seed():
    study = analysed_study()
    rows = [row for row in results(study, "importance") if row["panel_group"] == "all"]
    assert len(rows) == 4
    for row in rows:
        computation = Computation.objects.get(round__number=row["round"])
        item = ItemResult.objects.get(
            computation=computation, technology__key=row["technology"], question__key="importance", group=None
        )
        held = item.statistics
        assert [row["iqr_low"], row["iqr_high"]] == held["describe"]["iqr_ci"]
        assert [row["median_low"], row["median_high"]] == held["describe"]["median_ci"]
        assert [row["mean_low"], row["mean_high"]] == held["describe"]["mean_ci"]
        for column, name in (
            ("agreement_a", "agreement"),
            ("consensus_cns", "consensus"),
            ("disagreement_index", "rand_ucla"),
        ):
            assert row[f"{column}_low"] == held[name]["ci_low"] is not None
            assert row[f"{column}_high"] == held[name]["ci_high"] is not None
        assert (row["interval_draws"], row["interval_seed"]) == (400, computation.seed)
        assert {key: value for key, value in row.items() if key.endswith("_interval")} == {
            "median_interval": "order statistics",
            "mean_interval": "student t",
            "iqr_interval": "percentile",
            "agreement_a_interval": "bca",
            "consensus_cns_interval": "bca",
            "disagreement_index_interval": "percentile",
        }


def test_panel_groups_have_the_intervals_that_need_no_draws():
    study = analysed_study()
    rows = [row for row in results(study, "importance") if row["panel_group"] == "academia"]
    assert rows
    for row in rows:
        assert row["median_low"] <= row["median"] <= row["median_high"]
        drawn = ("iqr", "agreement_a", "consensus_cns", "disagreement_index")
        assert {row[f"{name}_{end}"] for name in drawn for end in ("low", "high", "interval")} == {None}
        assert (row["interval_draws"], row["interval_seed"]) == (None, None)


def test_suppressed_results_have_no_interval():
    study = make_panel_study((8,), technologies=2)
    round = make_round(study)
    few, many = study.technologies.all()
    answer_all(round, "agreement", few, [1, 2, 5, 5])
    answer_all(round, "agreement", many, [1, 2, 5, 5, 5])
    compute_round(round_id=close(round).pk)
    by_key = {row["technology"]: row for row in results(study, "agreement") if row["panel_group"] == "all"}
    columns = [
        name for name in by_key[few.key] if name.endswith(("_low", "_high", "_interval", "_draws", "_seed"))
    ]
    assert len(columns) == 24
    assert {by_key[few.key][name] for name in columns} == {None}
    assert by_key[many.key]["consensus_cns_low"] is not None


def test_results_of_an_older_version_have_the_intervals_that_they_hold():
    study = analysed_study()
    for computation in Computation.objects.all():
        computation.method = {"quantile_type": 7}
        computation.save()
    ItemResult.objects.update(statistics={"describe": {"value": 5.0, "mean": 5.0}})
    rows = [row for row in results(study, "importance") if row["panel_group"] == "all"]
    assert {(row["median_low"], row["iqr_low"], row["interval_seed"]) for row in rows} == {(None, None, None)}


def test_questions_asked_once_per_round_are_in_the_results_and_their_distributions():
    study = make_panel_study((5, 4))
    Question.objects.create(
        study=study,
        key="confidence",
        type=QuestionType.SCALE,
        asked_per=AskedPer.ROUND,
        minimum=1,
        maximum=5,
        text={"en": "How confident are you?", "zh-hans": "您有多大把握？"},
        position=99,
    )
    round = make_round(study)
    answer_all(round, "confidence", None, [2, 3, 3, 5, 5, 5, "cannot_judge", "cannot_judge"])
    compute_round(round_id=close(round).pk)
    found = tables(study, ExportKind.RESULTS)
    (row,) = [row for row in dicts(found["results"]) if row["question"] == "confidence"]
    shown = {
        name: row[name]
        for name in ("technology", "panel_group", "n", "n_cannot_judge", "n_missing", "median")
    }
    assert shown == {
        "technology": None,
        "panel_group": "all",
        "n": 6,
        "n_cannot_judge": 2,
        "n_missing": 1,
        "median": 4.0,
    }
    assert row["interval_draws"] == 400
    counts = {r["value"]: r["n"] for r in dicts(found["distributions"]) if r["question"] == "confidence"}
    assert counts == {1.0: 0, 2.0: 1, 3.0: 2, 4.0: 0, 5.0: 3}

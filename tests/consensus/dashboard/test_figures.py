"""The figures on pages and in files are the stored ones, and these are what the answers say."""

import csv
import io

import numpy as np
import pytest
from scipy import stats as scipy_stats

from consensus import stats
from consensus.dashboard.asked import read_asked
from consensus.dashboard.attrition import Attrition
from consensus.dashboard.figures import MAKERS
from consensus.dashboard.indicators import Indicators
from consensus.dashboard.realisation import realised
from consensus.dashboard.weighting import weighted_rows
from consensus.models import ItemResult, PanelResult, StabilityResult
from consensus.selectors.results import StudyResults
from surveys.models import Answer
from tests.consensus.dashboard.conftest import LEFT

pytestmark = pytest.mark.django_db


@pytest.fixture
def results(world, db) -> StudyResults:
    return StudyResults(world.study)


def made(results, name, query=None, technology=None):
    return MAKERS[name].make(results, read_asked(results, query or {}), technology)


def rows_of_file(client, world, address) -> list[dict]:
    body = client.get(world.url(address)).content.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(body))
    return [dict(zip(header, row, strict=True)) for row in rows]


def stored(world, technology, question, round_number=2, group=None) -> ItemResult:
    return ItemResult.objects.get(
        computation=world.computations[round_number - 1],
        technology=technology,
        question__key=question,
        group=group,
    )


def test_ranges_are_the_stored_quartiles_of_each_round(world, results):
    rows = made(results, "ranges", {"question": "importance"}).rows
    expected = []
    for technology in world.technologies:
        for number in (1, 2):
            row = stored(world, technology, "importance", number)
            expected.append(
                [technology.key, str(technology.name), f"Round {number}"]
                + [round(value, 2) for value in (row.q1, row.median, row.q3)]
                + [row.n]
            )
    assert rows == expected


def test_ranges_of_a_group_are_that_groups_and_a_hidden_one_has_none(world, results):
    academia, industry, small = world.study.panel.groups.all()[:3]
    shown = made(results, "ranges", {"question": "importance", "group": academia.key}).rows
    first = stored(world, world.technologies[0], "importance", 1, academia)
    assert shown[0][3:] == [first.q1, first.median, first.q3, first.n]
    # Two people of the third group would follow from the total and the other two.
    for hidden in (industry, small):
        assert ItemResult.objects.filter(group=hidden).exists()
        assert made(results, "ranges", {"question": "importance", "group": hidden.key}).rows == []


def test_coefficients_are_the_stored_ones(world, results):
    rows = made(results, "coefficients", {"question": "importance"}).rows
    panel = PanelResult.objects.get(computation=world.computations[1], question__key="importance").statistics
    said = {row[1]: row[2] for row in rows if row[0] == "Round 2"}
    assert said["Krippendorff's alpha"] == round(panel["alpha"]["value"], 3)
    assert said["Kendall's W"] == round(panel["kendall_w"]["value"], 3)


def test_stability_is_the_stored_share_of_those_who_kept_their_answer(world, results):
    rows = made(results, "stability", {"question": "importance"}).rows
    for row, technology in zip(rows, world.technologies, strict=True):
        kept = StabilityResult.objects.get(
            computation=world.computations[1], technology=technology, question__key="importance"
        )
        assert row[2:] == [
            round(100 * kept.unchanged, 1),
            round(100 * kept.statistics["net_change"]["value"], 1),
            kept.n_pairs,
        ]


def test_weighted_figures_stand_beside_the_unweighted_ones(world, results):
    rows = weighted_rows(results, read_asked(results, {"question": "importance"}), world.technologies)
    assert len(rows) == 3
    for row in rows:
        answers = world.values(2, "importance", row.technology)
        weights = np.array(world.values(2, "familiarity", row.technology)) / 5
        assert row.plain.mean == pytest.approx(np.mean(answers))
        assert row.weighted.mean == pytest.approx(np.average(answers, weights=weights))
        high = np.array(answers) >= 7
        assert row.weighted.share == pytest.approx((weights * high).sum() / weights.sum())
        assert row.plain.share == pytest.approx(high.mean())
        assert row.plain.median == stored(world, row.technology, "importance").median
        assert row.crosses == ((row.plain.share >= 0.75) != (row.weighted.share >= 0.75))


def test_the_file_of_weighted_figures_has_every_technology_with_both(world, analyst_client):
    rows = rows_of_file(analyst_client, world, "data/weighting.csv?question=importance")
    assert [row[""] for row in rows] == [technology.key for technology in world.technologies]
    described = stored(world, world.technologies[0], "importance").statistics
    assert float(rows[0]["unweighted: mean"]) == round(described["describe"]["mean"], 2)
    assert float(rows[0]["weighted: mean"]) == round(described["weighted"]["describe"]["mean"], 2)


def test_realisation_time_keeps_years_and_other_answers_apart(world, results):
    for row in realised(results, world.technologies):
        for stage, key in zip(row.stages, ("year_lab", "year_society"), strict=True):
            years = world.values(2, key, row.technology)
            given = Answer.objects.filter(round__number=2, question__key=key, technology=row.technology)
            given = given.filter(round__study=world.study)
            assert stage.years.n == len(years)
            assert stage.n_answered == given.count() == 12
            assert [stage.years.q1, stage.years.median, stage.years.q3] == pytest.approx(
                list(np.quantile(years, (0.25, 0.5, 0.75)))
            )
            assert stage.share("never") == pytest.approx(given.filter(special="never").count() / 12)
            assert sum(stage.shares) == pytest.approx(1)
            weighted = stored(world, row.technology, key).statistics["weighted"]
            if weighted["n_effective"] >= 5:
                assert stage.weighted.median == weighted["describe"]["median"]
            else:  # five people, of whom some weigh much more than others
                assert stage.weighted is None
        first, second = row.stages
        assert row.gap == second.years.median - first.years.median


def test_the_timing_chart_draws_weighted_quartiles_on_request(world, results):
    plain, weighted = (made(results, "timing", query) for query in ({}, {"weights": "familiarity"}))
    assert sorted(map(str, plain.rows)) == sorted(map(str, weighted.rows))  # the table has both
    drawn = [trace["x"] for trace in weighted.figure["data"] if trace["mode"] == "markers"]
    stages = [stage for row in realised(results, world.technologies) for stage in row.stages]
    medians = {stage.weighted.median for stage in stages if stage.weighted}
    assert len(medians) > 2
    assert {value for trace in drawn for value in trace} == medians


def test_shares_of_answers_add_up_to_everybody(world, results):
    chart = made(results, "answers_society")
    assert [row[-1] for row in chart.rows] == [12, 12, 12]
    assert all(sum(row[2:-1]) == pytest.approx(100, abs=0.3) for row in chart.rows)


def test_indicators_of_a_technology_follow_from_its_answers(world, results):
    asked = read_asked(results, {"question": "importance"})
    for row in Indicators(results).technology_rows(asked, world.technologies):
        answers = np.array(world.values(2, "importance", row.technology))
        assert (row.n, row.mean) == (12, pytest.approx(answers.mean()))
        assert row.cv == pytest.approx(answers.std(ddof=1) / answers.mean())
        assert row.full_score == pytest.approx((answers == 9).mean())
        assert row.importance == pytest.approx(100 * ((answers - 1) / 8).mean())
        assert row.years[0] == stored(world, row.technology, "year_lab").median
        cs = np.array(world.values(2, "familiarity", row.technology)).mean() / 5
        assert row.authority["cs"] == pytest.approx(cs)
        assert row.authority["value"] == pytest.approx((row.authority["ca"] + cs) / 2)


def test_coordination_is_kendalls_w_with_its_test(world, results):
    found = [row for row in Indicators(results).coordination() if row.question.key == "importance"]
    assert [row.round.number for row in found] == [1, 2]
    matrix = np.array([world.values(2, "importance", technology) for technology in world.technologies]).T
    expected = stats.kendall_w(matrix)
    assert not found[1].has_gaps
    assert found[1].w["value"] == pytest.approx(expected.value)
    assert found[1].chi2 == pytest.approx(scipy_stats.friedmanchisquare(*matrix.T).statistic)


def test_panel_rows_show_only_groups_that_hide_nobody(world, results):
    rows = Indicators(results).panel_rows()
    shown = {(row.round.number, row.name) for row in rows if row.authority}
    assert shown == {(1, ""), (2, ""), (1, "Academia"), (2, "Academia")}
    whole = next(row for row in rows if row.round.number == 2 and not row.name)
    assert (whole.positivity["returned"], whole.positivity["sent"]) == (12, 17)
    assert whole.positivity["value"] == pytest.approx(12 / 17)


def test_attrition_compares_the_earlier_answers_of_both_sides(world, results):
    found = Attrition(results, read_asked(results, {"question": "importance"}))
    response = found.figures["response"]
    assert (response["n"], response["came_back"]) == (17, 12)
    left = np.isin(np.arange(17), LEFT)
    for row in found.items:
        answers = np.array(world.values(1, "importance", row.technology))
        assert (row.figures["n_completers"], row.figures["n_dropouts"]) == (12, 5)
        assert row.figures["mean_dropouts"] == pytest.approx(answers[left].mean())
        assert row.figures["p_value"] == pytest.approx(
            stats.mann_whitney(answers[~left], answers[left]).p_value
        )
    assert len(found.items) == 3
    adjusted = scipy_stats.false_discovery_control([row.figures["p_value"] for row in found.items])
    assert [row.figures["p_adjusted"] for row in found.items] == pytest.approx(list(adjusted))


def test_official_verdicts_are_the_stored_ones(world, results):
    found = Attrition(results, read_asked(results, {}))
    verdicts = results.verdicts[world.computations[1].pk]
    assert {pair.technology.pk: pair.official for pair in found.now} == {
        pk: verdict.verdict for pk, verdict in verdicts.items()
    }
    assert found.everyone_stayed  # nobody joined in round 2

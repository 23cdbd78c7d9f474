"""Intervals on a technology's page: what the closing of a round stored, for the whole panel, never for too few."""

import re

import pytest

from consensus.charts.bins import short
from consensus.feedback.intervals import Estimate
from consensus.models import ItemResult
from tests.consensus.dashboard.conftest import analyse
from tests.consensus.worlds import answer_all, make_panel_study, make_round
from tests.factories import owner_of

pytestmark = pytest.mark.django_db
TITLE = "How sure the figures are"


def page(client, world, technology, query="?question=importance") -> str:
    return client.get(world.url(f"technologies/{technology.code}/{query}")).content.decode()


def lines(body: str) -> dict[str, list[str]]:
    """The rows of the table by their first cell."""
    table = body.split('id="sureness-title"', 1)[1].split("</table>", 1)[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)]
    return {row[0]: row[1:] for row in rows}


def test_every_stored_interval_of_the_panel_is_on_the_page(world, analyst_client):
    technology = world.technologies[0]
    found = lines(page(analyst_client, world, technology))
    assert found["Figure"] == ["Round 1", "95% interval", "Round 2", "95% interval", "Method"]
    assert {name: row[-1] for name, row in found.items() if name != "Figure"} == {
        "Median": "order statistics",
        "Mean": "Student&#x27;s t",
        "Share in the agreement band": "Wilson",
        "Interquartile range": "bootstrap, percentile",
        "Agreement A (van der Eijk)": "bootstrap, BCa",
        "Consensus (Tastle and Wierman)": "bootstrap, BCa",
        "Disagreement index (RAND/UCLA)": "bootstrap, percentile",
    }
    stored = ItemResult.objects.get(
        computation=world.computations[1], technology=technology, question__key="importance", group=None
    ).statistics
    low, high = stored["describe"]["iqr_ci"]
    assert found["Interquartile range"][2:4] == [
        short(stored["describe"]["iqr"]),
        f"{short(low)}–{short(high)}",
    ]
    low, high = stored["consensus"]["ci_low"], stored["consensus"]["ci_high"]
    assert found["Consensus (Tastle and Wierman)"][3] == f"{short(low)}–{short(high)}"
    low, high = stored["share"]["ci_low"], stored["share"]["ci_high"]
    assert found["Share in the agreement band"][3] == f"{round(100 * low)}–{round(100 * high)} %"


def test_a_negative_end_is_not_read_as_a_dash():
    assert Estimate("agreement_a", -0.1, -0.25, 0.5, "bca").interval_words == "−0.25 to 0.5"
    assert Estimate("agreement_a", 0.1, 0.0, 0.5, "bca").interval_words == "0–0.5"


def test_draws_and_seed_are_said_so_that_the_intervals_can_be_drawn_again(world, analyst_client):
    body = page(analyst_client, world, world.technologies[0])
    for computation in world.computations:
        said = f"400 draws, seed {computation.seed}, computation {computation.code}"
        assert f"{computation.round}: {said}" in body


def test_a_year_has_intervals_without_draws(world, analyst_client):
    body = page(analyst_client, world, world.technologies[0], "?question=year_lab")
    assert set(lines(body)) == {"Figure", "Median", "Mean"}
    assert "draws, seed" not in body


def test_too_few_answers_have_no_interval_on_the_page(client):
    study = make_panel_study((4, 4), template="foresight")
    few, many = study.technologies.order_by("position")
    round = make_round(study)
    answer_all(round, "importance", few, [1, 5, 9, 9])
    answer_all(round, "importance", many, [1, 5, 9, 9, 9])
    analyse(round)
    stored = ItemResult.objects.get(technology=few, question__key="importance", group=None).statistics
    assert stored["consensus"]["ci_low"] is not None
    client.force_login(owner_of(study))
    bodies = {
        technology: client.get(
            f"/studies/{study.code}/results/technologies/{technology.code}/"
        ).content.decode()
        for technology in (few, many)
    }
    assert (TITLE in bodies[few], TITLE in bodies[many]) == (False, True)

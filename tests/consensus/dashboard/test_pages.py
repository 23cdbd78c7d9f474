"""Every page of a study's results: who may see it, when it is empty, what it costs, that it speaks Chinese."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consensus.dashboard.figures import MAKERS
from consensus.models import Computation
from experts.enums import Role
from surveys.enums import RoundStatus
from surveys.models import Round
from tests.consensus.dashboard.conftest import analyse, build
from tests.consensus.worlds import answer_all, make_panel_study, make_round
from tests.factories import give_role, make_user, owner_of

pytestmark = pytest.mark.django_db
PAGES = ("", "evolution/", "map/", "timing/", "weighting/", "indicators/", "agreement/", "attrition/")
OF_TECHNOLOGY = ("distributions", "groups", "realisation", "constraints")
OF_STUDY = tuple(name for name in MAKERS if name not in OF_TECHNOLOGY)
SOLITARY = 3987.0  # an answer that only one person gives


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_an_analyst_alone(world, client, page):
    client.force_login(give_role(world.study, Role.ANALYST))
    response = client.get(world.url(page))
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    client.force_login(make_user("outsider"))
    assert client.get(world.url(page)).status_code == 404
    assert Client().get(world.url(page)).status_code == 302  # to the sign-in


def test_files_are_whole_tables_for_analysts_and_404_for_others(world, client):
    client.force_login(give_role(world.study, Role.ANALYST))
    for name in OF_STUDY:
        response = client.get(world.url(f"data/{name}.csv"))
        assert response.status_code == 200, name
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert len(response.content.decode("utf-8-sig").splitlines()) > 1, name
    client.force_login(make_user("outsider"))
    assert {client.get(world.url(f"data/{name}.csv")).status_code for name in OF_STUDY} == {404}


def test_the_technology_page_and_its_files_open(world, analyst_client):
    address = world.url(f"technologies/{world.technologies[0].code}/")
    assert analyst_client.get(address).status_code == 200
    for name in OF_TECHNOLOGY:
        assert analyst_client.get(f"{address}data/{name}.csv").status_code == 200, name
    assert analyst_client.get(f"{address}data/no-such-chart.csv").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_page_speaks_chinese(world, analyst_client, page):
    analyst_client.cookies["django_language"] = "zh-hans"
    body = analyst_client.get(world.url(page)).content.decode()
    assert '<html lang="zh-hans"' in body.lower()
    assert "结果" in body
    assert "Results" not in body


@pytest.fixture(scope="module")
def small(world, django_db_blocker):
    with django_db_blocker.unblock():
        return build(technologies=1, owner=world.owner)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_with_one_technology_and_with_three(world, small, analyst_client, page):
    costs = []
    for each in (small, world):
        analyst_client.get(each.url(page))
        with CaptureQueriesContext(connection) as seen:
            assert analyst_client.get(each.url(page)).status_code == 200
        costs.append(len(seen))
    # One technology has no order, so that no coordination is computed: never more than with three.
    assert costs[0] == costs[1] < 40


def test_before_the_first_analysis_every_page_says_so(client):
    study = make_panel_study((6,), template="foresight")
    round = make_round(study)
    answer_all(round, "importance", study.technologies.first(), [9, 9, 9, 9, 9, 9])
    client.force_login(owner_of(study))
    for status in (RoundStatus.OPEN, RoundStatus.CLOSED):
        Round.objects.filter(pk=round.pk).update(status=status)
        for page in PAGES:
            response = client.get(f"/studies/{study.code}/results/{page}")
            assert "No round has been analysed yet" in response.content.decode(), page
    assert client.get(f"/studies/{study.code}/results/data/ranges.csv").status_code == 404


def test_a_computation_of_a_round_that_is_not_analysed_is_not_shown(client):
    """No peeking: statistics may exist, the round's state decides."""
    study = make_panel_study((6,), template="foresight")
    first = make_round(study)
    answer_all(first, "importance", study.technologies.first(), [5, 5, 5, 5, 5, 5])
    analyse(first)
    second = make_round(study, 2)
    answer_all(second, "importance", study.technologies.first(), [9, 9, 9, 9, 9, 9])
    analyse(second)
    Round.objects.filter(pk=second.pk).update(status=RoundStatus.CLOSED)
    client.force_login(owner_of(study))
    body = client.get(f"/studies/{study.code}/results/data/ranges.csv?question=importance").content.decode()
    assert "Round 1" in body
    assert "Round 2" not in body
    page = client.get(f"/studies/{study.code}/results/attrition/").content.decode()
    assert "Attrition needs two analysed rounds" in page


def test_pages_of_a_plain_study_open(client):
    """One question about agreement: no familiarity, no years, no map."""
    study = make_panel_study((6,), technologies=1)
    round = make_round(study)
    answer_all(round, "agreement", study.technologies.first(), [5, 5, 5, 5, 5, 5])
    analyse(round)
    client.force_login(owner_of(study))
    for page in PAGES:
        expected = 404 if page in ("map/", "timing/") else 200
        assert client.get(f"/studies/{study.code}/results/{page}").status_code == expected, page


def test_an_analysed_round_without_any_answer_breaks_no_page(client):
    study = make_panel_study((6,), template="foresight")
    for number in (1, 2):
        analyse(make_round(study, number))
    client.force_login(owner_of(study))
    for page in PAGES:
        assert client.get(f"/studies/{study.code}/results/{page}").status_code == 200, page
    for name in OF_STUDY:
        assert client.get(f"/studies/{study.code}/results/data/{name}.csv").status_code in (200, 404), name


def test_stale_or_odd_parameters_open_the_page_all_the_same(world, analyst_client):
    odd = "question=x&field=x&verdict=x&group=x&part=999999&round=99&weights=x&sort=--x&page=99&q=%22"
    for page in PAGES:
        assert analyst_client.get(f"{world.url(page)}?{odd}").status_code == 200, page


def test_fault_23_small_panels_and_groups_are_on_no_page_and_in_no_file(client):
    """Four answer, with a value nobody else could have given; the minimum is five."""
    study = make_panel_study((4, 4), template="foresight", extras=["judgement_basis"])
    shy, open_ = study.technologies.order_by("position")
    for number in (1, 2):
        round = make_round(study, number)
        answer_all(round, "year_lab", shy, [SOLITARY] * 4)
        answer_all(round, "year_lab", open_, [2030] * 8)
        answer_all(round, "familiarity", open_, [5] * 8)
        analyse(round)
    assert Computation.objects.filter(
        item_results__median=SOLITARY
    ).exists()  # stored, for a later larger panel
    client.force_login(owner_of(study))
    secret = str(int(SOLITARY))
    for page in PAGES:
        for query in ("?question=year_lab", "?question=year_lab&weights=familiarity"):
            assert secret not in client.get(f"/studies/{study.code}/results/{page}{query}").content.decode()
    address = f"/studies/{study.code}/results/technologies/{shy.code}/"
    assert secret not in client.get(f"{address}?question=year_lab").content.decode()
    for name in OF_STUDY:
        response = client.get(f"/studies/{study.code}/results/data/{name}.csv?question=year_lab")
        assert secret not in response.content.decode(), name


def test_texts_that_look_like_formulas_are_quoted_in_files(client):
    study = make_panel_study((6,), technologies=1)
    study.technologies.update(name={"en": "=1+1"})
    round = make_round(study)
    answer_all(round, "agreement", study.technologies.first(), [5, 4, 5, 4, 5, 4])
    analyse(round)
    client.force_login(owner_of(study))
    body = client.get(f"/studies/{study.code}/results/data/technology_indicators.csv").content.decode()
    assert "'=1+1" in body
    assert ",=1+1" not in body

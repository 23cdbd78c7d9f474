"""A round whose results failed: the organiser sees it on the round's page and asks again."""

import pytest
from django.urls import reverse

from consensus import jobs
from consensus.models import Computation
from experts.enums import Role
from foundation.enums import JobStatus
from foundation.models import AuditEntry, Job
from surveys.enums import RoundStatus
from surveys.services.rounds import close_round
from tests.factories import give_role, make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def failed(monkeypatch, django_capture_on_commit_callbacks):
    """A closed round whose computation broke."""

    def breaks(**_):
        raise RuntimeError("out of memory")

    round = make_open_round(make_study(members=3))
    monkeypatch.setattr(jobs, "compute_round", breaks)
    with django_capture_on_commit_callbacks(execute=True):
        close_round(round=round, actor=owner_of(round.study))
    monkeypatch.undo()
    round.refresh_from_db()
    assert (round.status, Job.objects.get(kind=jobs.COMPUTE_ROUND).status) == (
        RoundStatus.CLOSED,
        JobStatus.FAILED,
    )
    return round


def page(round):
    return reverse("surveys:round", args=[round.study.code, round.number])


def test_the_round_page_shows_the_failure_and_computes_again(
    client, failed, django_capture_on_commit_callbacks
):
    client.force_login(owner_of(failed.study))
    shown = client.get(page(failed)).content.decode()
    again = reverse("consensus:compute_again", args=[failed.study.code, failed.number])
    assert "out of memory" in shown
    assert again in shown
    assert "every 2s" not in shown.split('id="analysis"')[1].split(">")[0]
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(again, follow=True)
    failed.refresh_from_db()
    assert failed.status == RoundStatus.ANALYSED
    assert "being computed again" in response.content.decode()
    assert AuditEntry.objects.filter(action="round.computation_requested").count() == 1


def test_the_page_asks_for_progress_and_loads_anew_when_the_results_are_there(client):
    round = make_open_round()
    client.force_login(owner_of(round.study))
    close_round(round=round)  # on_commit never comes in this test: the job is not asked for yet
    job = jobs.request_computation(round_id=round.pk)
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, done=1, total=4)
    part = client.get(page(round), {"part": "analysis"}, headers=HTMX)
    assert 'hx-trigger="every 2s"' in part.content.decode()
    assert 'value="1" max="4"' in part.content.decode()
    type(round).objects.filter(pk=round.pk).update(status=RoundStatus.ANALYSED)
    assert client.get(page(round), {"part": "analysis"}, headers=HTMX)["HX-Refresh"] == "true"


def test_a_round_that_nobody_answered_is_analysed(client, django_capture_on_commit_callbacks):
    round = make_open_round()
    with django_capture_on_commit_callbacks(execute=True):
        close_round(round=round)
    round.refresh_from_db()
    assert round.status == RoundStatus.ANALYSED
    client.force_login(owner_of(round.study))
    assert client.get(page(round)).status_code == 200


def test_computing_again_after_somebody_left_keeps_the_earlier_results(
    client, django_capture_on_commit_callbacks
):
    round = make_open_round()
    with django_capture_on_commit_callbacks(execute=True):
        close_round(round=round)
    client.force_login(owner_of(round.study))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("consensus:compute_again", args=[round.study.code, 1]))
    assert sorted(Computation.objects.values_list("status", flat=True)) == ["current", "superseded"]


def test_an_open_round_is_not_computed(client):
    round = make_open_round()
    client.force_login(owner_of(round.study))
    client.post(reverse("consensus:compute_again", args=[round.study.code, 1]))
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR])
def test_who_may_not_run_rounds_may_not_compute(client, failed, role):
    client.force_login(give_role(failed.study, role))
    again = reverse("consensus:compute_again", args=[failed.study.code, failed.number])
    assert client.post(again).status_code == 404
    assert again not in client.get(page(failed)).content.decode()

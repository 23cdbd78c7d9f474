"""Rounds that somebody changes while somebody else does: nothing is taken back, nothing done twice."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.exceptions import InvalidInput
from surveys.enums import RoundStatus, StudyStatus
from surveys.exceptions import RoundNotReady, WrongState
from surveys.models import Round
from surveys.services import rounds as services
from surveys.services.rounds import close_round, edit_round, open_round, plan_round, run_schedule
from tests.factories import make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


def test_editing_a_round_that_was_closed_meanwhile_does_not_open_it_again():
    round = make_open_round()
    seen = Round.objects.select_related("study__panel").get(pk=round.pk)
    close_round(round=round, actor=owner_of(round.study))
    with pytest.raises(WrongState):
        edit_round(round=seen, actor=owner_of(round.study), message={"en": "More time"})
    round.refresh_from_db()
    assert round.status == RoundStatus.CLOSED
    assert not round.message


def test_editing_a_plan_that_was_opened_meanwhile_leaves_it_open():
    study = make_study()
    owner = owner_of(study)
    round = plan_round(study=study, actor=owner)
    seen = Round.objects.select_related("study__panel").get(pk=round.pk)
    open_round(round=round, actor=owner)
    with pytest.raises(InvalidInput):
        edit_round(round=seen, actor=owner, opens_at=timezone.now() + timedelta(days=1))
    round.refresh_from_db()
    assert (round.status, round.opens_at) == (RoundStatus.OPEN, None)
    assert round.opened_at is not None


def test_planning_twice_plans_one_round():
    study = make_study()
    plan_round(study=study, actor=owner_of(study))
    with pytest.raises(InvalidInput):
        plan_round(study=study, actor=owner_of(study))
    assert study.rounds.count() == 1


def test_a_round_whose_closing_time_was_put_off_meanwhile_stays_open():
    now = timezone.now()
    round = make_open_round(closes_at=now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    edit_round(round=round, actor=owner_of(round.study), closes_at=now + timedelta(hours=5))
    with pytest.raises(WrongState):
        close_round(round=round, due=later)
    assert run_schedule(later) == {"opened": 0, "closed": 0}
    assert run_schedule(now + timedelta(hours=6)) == {"opened": 0, "closed": 1}


def test_a_round_whose_opening_time_was_put_off_meanwhile_stays_planned():
    study, now = make_study(), timezone.now()
    round = plan_round(study=study, actor=owner_of(study), opens_at=now + timedelta(hours=5))
    with pytest.raises(WrongState):
        open_round(round=round, due=now + timedelta(hours=1))
    assert run_schedule(now + timedelta(hours=6)) == {"opened": 1, "closed": 0}


def test_one_round_that_fails_does_not_hold_up_the_others(monkeypatch, caplog):
    now = timezone.now()
    broken, sound = (make_open_round(closes_at=now + timedelta(hours=1)) for _ in range(2))
    real = services.close_round

    def close(*, round, **more):
        if round.pk == broken.pk:
            raise RuntimeError("broken")
        return real(round=round, **more)

    monkeypatch.setattr(services, "close_round", close)
    assert run_schedule(now + timedelta(hours=2)) == {"opened": 0, "closed": 1}
    sound.refresh_from_db()
    assert sound.status == RoundStatus.CLOSED
    assert broken.code in caplog.text


def test_a_round_opened_before_its_time_can_close_before_it():
    study, now = make_study(), timezone.now()
    owner = owner_of(study)
    round = plan_round(
        study=study, actor=owner, opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=4)
    )
    open_round(round=round, actor=owner)
    edit_round(round=round, actor=owner, closes_at=now + timedelta(days=1))
    round.refresh_from_db()
    assert round.closes_at == now + timedelta(days=1)


def test_a_finished_study_opens_no_round(client):
    study = make_study()
    owner = owner_of(study)
    round = plan_round(study=study, actor=owner, opens_at=timezone.now() + timedelta(hours=1))
    study.status = StudyStatus.FINISHED
    study.save()
    assert run_schedule(timezone.now() + timedelta(hours=2)) == {"opened": 0, "closed": 0}
    with pytest.raises(RoundNotReady):
        open_round(round=round, actor=owner)
    with pytest.raises(InvalidInput):
        plan_round(study=study, actor=owner)


@pytest.mark.parametrize(
    "times",
    [
        {"opens_at": "2001-01-01T00:00"},
        {"closes_at": "2001-01-01T00:00"},
        {"opens_at": "9998-01-02T00:00", "closes_at": "9998-01-01T00:00"},
        {"opens_at": "0001-01-01T00:00", "closes_at": "9999-12-31T23:59"},
        {"closes_at": "tomorrow"},
    ],
)
def test_times_that_cannot_be_are_said_beside_the_form(client, times):
    study = make_study()
    client.force_login(owner_of(study))
    response = client.post(reverse("surveys:plan_round", args=[study.code]), times)
    assert response.status_code == 400
    assert response.context["form"].errors
    assert not study.rounds.exists()


def test_the_form_says_in_which_time_zone_its_times_are(client, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    study = make_study()
    client.force_login(owner_of(study))
    assert "Asia/Shanghai" in client.get(reverse("surveys:plan_round", args=[study.code])).content.decode()

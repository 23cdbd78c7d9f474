"""A monitor's turns: the same time of day through the year, without drift, and none lost or doubled by the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.exceptions import Refusal
from foundation.models import OutboxMail
from scanning.models import Corpus, Monitor
from scanning.monitors.calendar import next_turn
from scanning.recipe import Recipe
from scanning.services import monitoring
from scanning.services.removal import remove_corpus
from scanning.tasks import run_due_monitors
from tests.scanning.test_monitors import SURGE, due

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def at(zone, *parts):
    return datetime(*parts, tzinfo=zone)


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


@pytest.mark.parametrize(
    ("schedule", "began", "now", "expected"),
    [
        ("daily", at(BERLIN, 2026, 3, 1, 9), at(BERLIN, 2026, 3, 28, 9, 4), at(BERLIN, 2026, 3, 29, 9)),
        ("daily", at(BERLIN, 2026, 3, 1, 9), at(BERLIN, 2026, 10, 24, 9, 4), at(BERLIN, 2026, 10, 25, 9)),
        ("daily", at(BERLIN, 2026, 3, 1, 9), at(BERLIN, 2026, 6, 1, 8), at(BERLIN, 2026, 6, 1, 9)),
        ("weekly", at(BERLIN, 2026, 3, 25, 9), at(BERLIN, 2026, 3, 25, 9), at(BERLIN, 2026, 4, 1, 9)),
        ("weekly", at(SHANGHAI, 2026, 3, 2, 1), at(SHANGHAI, 2026, 5, 20, 0), at(SHANGHAI, 2026, 5, 25, 1)),
        ("monthly", at(BERLIN, 2026, 1, 31, 9), at(BERLIN, 2026, 2, 1, 9), at(BERLIN, 2026, 2, 28, 9)),
        ("monthly", at(BERLIN, 2026, 1, 31, 9), at(BERLIN, 2026, 2, 28, 9), at(BERLIN, 2026, 3, 31, 9)),
        ("monthly", at(BERLIN, 2026, 1, 31, 9), at(BERLIN, 2027, 12, 31, 9), at(BERLIN, 2028, 1, 31, 9)),
        ("never", at(BERLIN, 2026, 1, 31, 9), at(BERLIN, 2027, 12, 31, 9), None),
    ],
)
def test_the_next_turn_is_at_the_same_time_of_day(schedule, began, now, expected):
    assert next_turn(schedule, began, now, began.tzinfo) == expected


@pytest.mark.parametrize("clock", [(2, 30), (0, 0), (3, 0), (1, 59)])
@pytest.mark.parametrize("start", [at(BERLIN, 2026, 3, 20), at(BERLIN, 2026, 10, 20)])
def test_no_day_is_left_out_or_comes_twice_when_the_clocks_change(clock, start):
    began = start.replace(hour=clock[0], minute=clock[1])
    now, days = began.astimezone(UTC), []
    for _turn in range(14):
        now = next_turn("daily", began, now, BERLIN)
        days.append(now.astimezone(BERLIN).date())
    assert days == [(began + timedelta(days=n)).date() for n in range(1, 15)]


@pytest.mark.django_db
def test_turns_do_not_drift_with_a_late_scheduler_and_missed_ones_do_not_pile_up(watch):
    monitor = watch(schedule="daily")
    began = monitor.created_at
    assert monitoring.run_due(began + timedelta(days=1, minutes=7)) == 0  # nothing new: the turn is left out
    monitor.refresh_from_db()
    assert monitor.next_run_at == began + timedelta(days=2)
    monitoring.run_due(began + timedelta(days=9, hours=5))
    monitor.refresh_from_db()
    assert monitor.next_run_at == began + timedelta(days=10)


@pytest.mark.django_db
def test_a_corpus_that_was_removed_is_not_watched_again(corpus, owner, upload):
    monitor = monitoring.create_monitor(
        corpus=corpus, actor=owner, name="M", recipe=Recipe(), schedule="daily"
    )
    monitoring.remove_monitor(monitor=monitor, actor=owner)
    remove_corpus(corpus=corpus, actor=owner)
    for act in (monitoring.bring_back_monitor, monitoring.run_now):
        with pytest.raises(Refusal):
            act(monitor=Monitor.objects.get(pk=monitor.pk), actor=owner)
    with pytest.raises(Refusal):
        monitoring.create_monitor(
            corpus=Corpus.objects.get(), actor=owner, name="N", recipe=Recipe(), schedule="daily"
        )
    Monitor.objects.update(active=True, removed_at=None)
    due(monitor)
    assert run_due_monitors() == 0


@pytest.mark.django_db
def test_a_run_that_failed_in_its_conclusion_is_shown_as_failed_and_alerts_come_once(
    page,
    study,
    watch,
    upload,
    monkeypatch,
    owner,
    commit,
):
    monitor = watch(on_upload=True)
    with monkeypatch.context() as patch:
        patch.setattr(monitoring, "findings_of", lambda run: 1 / 0)
        upload(SURGE)
    run = monitor.runs.get(number=2)
    assert (run.concluded_at, run.scan.finished_at is not None) == (None, True)
    text = page.get(reverse("scanning:monitor", args=[study.code, monitor.code])).content.decode()
    assert "The last run failed." in text
    assert "ZeroDivisionError" in text
    assert "Failed" in page.get(reverse("scanning:monitors", args=[study.code])).content.decode()
    OutboxMail.objects.all().delete()
    for _press in range(2):
        with commit():
            monitoring.run_now(monitor=monitor, actor=owner)
    third, fourth = monitor.runs.filter(number__gt=2).order_by("number")
    assert [each["kind"] for each in third.alerts] == ["surge"]
    assert fourth.alerts == []
    assert OutboxMail.objects.filter(kind="monitor_alerts").count() == 1
    assert (
        "The last run failed."
        not in page.get(reverse("scanning:monitor", args=[study.code, monitor.code])).content.decode()
    )
    assert timezone.now() > third.concluded_at

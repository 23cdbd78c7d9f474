"""Monitors: when they run, what they hold back, what they tell and to whom, what a crash leaves."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed, Refusal
from foundation.models import AuditEntry, Job, OutboxMail
from foundation.services import jobs
from scanning.enums import RunTrigger
from scanning.models import Candidate, Evidence, Monitor
from scanning.recipe import Recipe
from scanning.selectors.board import progress, scans_of
from scanning.services import monitoring
from scanning.services.corpora import create_corpus
from scanning.services.policies import set_policy
from scanning.tasks import run_due_monitors
from surveys.enums import StudyStatus
from tests.factories import give_role
from tests.scanning.conftest import CALM, rows
from tests.scanning.test_imports import Killed, revive

pytestmark = pytest.mark.django_db
SURGE = [
    {
        "id": f"s{n}",
        "title": f"Notes on the perovskite solar cell in town {n}",
        "abstract": "We build a perovskite solar cell.",
        "year": 2020,
    }
    for n in range(30)
]


def due(monitor):
    Monitor.objects.filter(pk=monitor.pk).update(next_run_at=timezone.now() - timedelta(minutes=1))


def test_a_new_monitor_runs_at_once_and_holds_its_candidates_back(watch, study):
    monitor = watch()
    run = monitor.runs.get()
    assert (run.number, run.trigger, run.concluded_at is not None) == (1, RunTrigger.HAND, True)
    assert run.scan.candidates.exists()
    assert not run.scan.candidates.filter(held=False).exists()
    assert progress(study)["all"] == 0
    assert not scans_of(study).exists()


def test_a_person_puts_what_a_monitor_found_on_the_review_board(watch, study, owner):
    run = watch().runs.get()
    codes = list(run.scan.candidates.values_list("code", flat=True)[:2])
    assert monitoring.put_on_board(run=run, actor=owner, codes=[*codes, "nothing"]) == 2
    assert monitoring.put_on_board(run=run, actor=owner, codes=codes) == 0
    assert progress(study)["pending"] == 2


def test_new_documents_start_a_run_and_a_surge_is_mailed_in_each_readers_language(
    watch, study, owner, upload
):
    chinese = give_role(study, Role.MODERATOR)
    chinese.language = "zh-hans"
    chinese.save()
    give_role(study, Role.ANALYST)
    monitor = watch(on_upload=True)
    OutboxMail.objects.all().delete()
    upload(SURGE)
    second = monitor.runs.get(number=2)
    assert second.trigger == RunTrigger.UPLOAD
    (alert,) = [each for each in second.alerts if each["kind"] == "surge"]
    assert (alert["name"], alert["added"]) == ("perovskite solar cell", 30)
    mails = OutboxMail.objects.filter(kind="monitor_alerts").order_by("language")
    assert [(mail.to_address, mail.language) for mail in mails] == [
        (owner.email, "en"),
        (chinese.email, "zh-hans"),
    ]
    assert "Rising now: 30 new documents mention it" in mails[0].text
    assert reverse("scanning:monitor_run", args=[study.code, monitor.code, 2]) in mails[0].text
    assert "will" not in mails[0].text.split()


def test_an_import_that_brings_nothing_new_starts_no_run(watch, upload):
    monitor = watch(on_upload=True)
    upload(CALM)
    assert monitor.runs.count() == 1


def test_a_monitor_that_does_not_mail_only_shows_its_alerts(watch, upload):
    monitor = watch(on_upload=True, mail=False)
    upload(SURGE)
    assert monitor.runs.get(number=2).alerts
    assert not OutboxMail.objects.filter(kind="monitor_alerts").exists()


def test_the_calendar_starts_what_is_due_once(watch, upload, commit):
    monitor = watch(schedule="daily")
    upload([{"id": "x", "title": "One more on flow cells"}])
    assert run_due_monitors() == 0
    due(monitor)
    with commit():
        assert run_due_monitors() == 1
        assert run_due_monitors() == 0
    monitor.refresh_from_db()
    assert monitor.runs.get(number=2).trigger == RunTrigger.SCHEDULE
    assert timedelta(hours=23) < monitor.next_run_at - timezone.now() <= timedelta(days=1)


def test_a_turn_without_new_documents_is_left_out_and_said(watch):
    monitor = watch()
    due(monitor)
    assert run_due_monitors() == 0
    monitor.refresh_from_db()
    assert monitor.runs.count() == 1
    assert monitor.idle_since is not None
    assert monitor.next_run_at > timezone.now()


@pytest.mark.parametrize("status", [StudyStatus.FINISHED, StudyStatus.ARCHIVED])
def test_monitors_of_a_finished_study_rest(watch, upload, study, status):
    monitor = watch(on_upload=True)
    study.status = status
    study.save()
    due(monitor)
    upload(SURGE)
    assert run_due_monitors() == 0
    assert monitor.runs.count() == 1


def test_pausing_resuming_removing_and_bringing_back(watch, owner, upload):
    monitor = watch(on_upload=True)
    monitoring.pause_monitor(monitor=monitor, actor=owner)
    due(monitor)
    upload(SURGE)
    assert (run_due_monitors(), monitor.runs.count()) == (0, 1)
    monitoring.resume_monitor(monitor=monitor, actor=owner)
    assert monitor.next_run_at > timezone.now()
    monitoring.remove_monitor(monitor=monitor, actor=owner)
    assert not Monitor.objects.kept().exists()
    with pytest.raises(Refusal):
        monitoring.run_now(monitor=monitor, actor=owner)
    monitoring.bring_back_monitor(monitor=monitor, actor=owner)
    assert (Monitor.objects.kept().get().active, monitor.runs.count()) == (False, 1)
    actions = AuditEntry.objects.filter(action__startswith="monitor.").values_list("action", flat=True)
    assert {"monitor.created", "monitor.paused", "monitor.removed", "monitor.brought_back"} <= set(actions)


def test_asked_twice_while_one_is_under_way_it_runs_once(watch, owner):
    monitor = watch()
    first = monitoring.run_now(monitor=monitor, actor=owner)  # nothing committed: the job waits
    assert monitoring.run_now(monitor=monitor, actor=owner).number == first.number == 2


def test_documents_that_come_in_during_a_run_make_it_run_again_soon(watch, owner, corpus):
    monitor = watch(on_upload=True, schedule="never")
    monitoring.run_now(monitor=monitor, actor=owner)
    monitoring.corpus_grew(corpus)
    monitor.refresh_from_db()
    assert monitor.next_run_at <= timezone.now()
    assert run_due_monitors() == 0  # still under way


def test_a_run_killed_before_its_conclusion_ends_the_same(watch, owner, monkeypatch):
    monitor = watch()
    run = monitoring.run_now(monitor=monitor, actor=owner)
    with monkeypatch.context() as patch:
        patch.setattr(monitoring, "conclude", lambda *args: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            jobs.run(run.scan.job_id)
    run.refresh_from_db()
    assert run.concluded_at is None
    revive(Job.objects.get(pk=run.scan.job_id))
    run.refresh_from_db()
    assert run.changes == {"new": 0, "gone": 0, "moved": 0}
    assert run.alerts == []
    first = monitor.runs.get(number=1)
    run.scan.refresh_from_db()
    assert run.scan.summary["hash"] == first.scan.summary["hash"]


def test_strangers_and_analysts_may_do_nothing(watch, study, corpus):
    monitor = watch()
    analyst = give_role(study, Role.ANALYST)
    for service in (
        monitoring.pause_monitor,
        monitoring.resume_monitor,
        monitoring.remove_monitor,
        monitoring.bring_back_monitor,
        monitoring.run_now,
    ):
        with pytest.raises(NotAllowed):
            service(monitor=monitor, actor=analyst)
    with pytest.raises(NotAllowed):
        monitoring.put_on_board(run=monitor.runs.get(), actor=analyst, codes=[])
    with pytest.raises(NotAllowed):
        monitoring.create_monitor(corpus=corpus, actor=analyst, name="x", recipe=Recipe(), schedule="daily")


def test_a_monitor_needs_a_name_and_a_known_schedule(corpus, owner):
    with pytest.raises(InvalidInput) as refused:
        monitoring.create_monitor(corpus=corpus, actor=owner, name=" ", recipe=Recipe(), schedule="hourly")
    assert set(refused.value.errors) == {"name", "schedule"}


# --- Pages ---


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def address(name, study, *codes):
    return reverse(f"scanning:{name}", args=[study.code, *codes])


def test_a_monitor_is_made_on_its_page_with_a_recipe(page, study, corpus, upload, commit):
    upload(rows())
    path = address("new_monitor", study, corpus.code)
    assert page.get(path).status_code == 200
    assert page.post(path, {"name": "x", "schedule": "weekly"}).status_code == 400
    values = {"name": "Watch", "schedule": "monthly", "language": "en", "ranking": "rising", "limit": 5}
    with commit():
        response = page.post(path, values | {"min_documents": 2, "on_upload": "on"})
    monitor = Monitor.objects.get()
    assert response.url == address("monitor", study, monitor.code)
    assert (monitor.recipe["ranking"], monitor.on_upload, monitor.mail) == ("rising", True, False)
    assert monitor.runs.get().concluded_at
    assert "Watch" in page.get(address("monitors", study)).content.decode()


def test_the_report_exists_in_both_languages_and_as_word(page, study, watch, upload):
    monitor = watch(on_upload=True)
    upload(SURGE)
    path = address("monitor_run", study, monitor.code, 2)
    english = page.get(path, {"language": "en"}).content.decode()
    assert "Rising now: 30 new documents mention it" in english
    assert "It does not forecast" in english
    assert monitor.runs.get(number=2).scan.summary["hash"] in english
    chinese = page.get(path, {"language": "zh-hans"})
    assert 'lang="zh-hans"' in chinese.content.decode()
    for language in ("en", "zh-hans"):
        response = page.get(address("monitor_report", study, monitor.code, 2), {"language": language})
        assert response["Cache-Control"] == "no-store"
        with zipfile.ZipFile(BytesIO(response.content)) as archive:
            text = archive.read("word/document.xml").decode()
        assert "perovskite solar cell" in text
        assert monitor.runs.get(number=2).scan.summary["hash"] in text


def test_two_runs_are_compared_whichever_is_named_first(page, study, watch, upload):
    monitor = watch(on_upload=True)
    path = f"{address('compare', study)}?monitor={monitor.code}"
    assert "nothing to compare yet" in page.get(path).content.decode()
    upload([row | {"id": f"e{n}", "title": f"An electrolyser stack of type {n}", "abstract": "The electrolyser stack."}
            for n, row in enumerate(rows(12))])  # fmt: skip
    first, second = (run.scan.code for run in monitor.runs.order_by("number"))
    new = [
        page.get(f"{path}{query}").context["compared"].lists.new[0].name
        for query in (
            "",
            f"&earlier={first}&later={second}",
            f"&earlier={second}&later={first}",
            f"&later={second}",
        )
    ]
    assert new == ["electrolyser stack"] * 4
    assert page.get(f"{path}&earlier=x").status_code == 404
    assert page.get(f"{address('compare', study)}?monitor=x").status_code == 404


def test_a_run_that_repeats_an_earlier_one_is_compared_first(page, study, scanned, owner):
    again = [scanned(), scanned()]
    scanned(into=create_corpus(study=study, actor=owner, name="Another"))
    found = page.get(address("compare", study)).context["compared"]
    assert [found.earlier, found.later] == again


def test_a_run_of_a_monitor_is_compared_with_a_scan_and_held_candidates_are_no_links(
    page, study, watch, scanned
):
    run = watch().runs.get()
    scan = scanned()
    response = page.get(address("compare", study), {"earlier": run.scan.code, "later": scan.code})
    found = response.context["compared"]
    assert (found.lists.new, found.lists.gone) == ([], [])
    held, shown = run.scan.candidates.first(), scan.candidates.first()
    assert held.code not in found.linked
    assert shown.code in found.linked


def test_candidates_are_chosen_on_the_report(page, study, watch):
    run = watch().runs.get()
    code = run.scan.candidates.first().code
    path = address("put_on_board", study, run.monitor.code, 1)
    assert page.post(path, {"candidate": [code, "x"]}).status_code == 302
    assert Candidate.objects.visible().get().code == code
    report = page.get(address("monitor_run", study, run.monitor.code, 1)).content.decode()
    assert f'value="{code}"' not in report


def test_old_runs_keep_lists_and_reports_but_only_the_passages_that_a_person_may_judge(
    page, study, watch, owner, commit, settings
):
    settings.MONITOR_RUNS_KEPT = 1
    monitor = watch()
    first = monitor.runs.get()
    shown = first.scan.candidates.first()
    monitoring.put_on_board(run=first, actor=owner, codes=[shown.code])
    passages = shown.evidence.count()
    listed = list(first.scan.candidates.order_by("rank").values_list("mined_name", "rank", "n_documents"))
    path = address("monitor_run", study, monitor.code, 1)
    lines = page.get(path).context["report"].top
    with commit():
        monitoring.run_now(monitor=monitor, actor=owner)
    assert shown.evidence.count() == passages
    assert not Evidence.objects.filter(candidate__scan=first.scan, candidate__held=True).exists()
    newest = monitor.runs.get(number=2)
    assert Evidence.objects.filter(candidate__scan=newest.scan, candidate__held=True).exists()
    assert (
        list(first.scan.candidates.order_by("rank").values_list("mined_name", "rank", "n_documents"))
        == listed
    )
    report = page.get(path)
    assert report.context["report"].top == lines
    assert "no longer kept" in report.content.decode()
    assert 'name="candidate"' not in report.content.decode()
    held = first.scan.candidates.filter(held=True)
    assert (
        monitoring.put_on_board(run=first, actor=owner, codes=list(held.values_list("code", flat=True))) == 0
    )
    assert "no longer kept" not in page.get(address("monitor_run", study, monitor.code, 2)).content.decode()


def test_all_passages_are_kept_where_that_is_asked(watch, owner, commit, settings):
    settings.MONITOR_RUNS_KEPT = 0
    monitor = watch()
    before = Evidence.objects.count()
    with commit():
        monitoring.run_now(monitor=monitor, actor=owner)
    assert Evidence.objects.count() == 2 * before


def test_removal_says_what_will_happen_and_can_be_undone(page, study, watch):
    monitor = watch()
    assert "can be brought back" in page.get(address("remove_monitor", study, monitor.code)).content.decode()
    page.post(address("remove_monitor", study, monitor.code))
    assert "Bring it back" in page.get(address("monitor", study, monitor.code)).content.decode()
    page.post(address("monitor_action", study, monitor.code), {"do": "bring_back"})
    assert Monitor.objects.kept().exists()
    assert page.post(address("monitor_action", study, monitor.code), {"do": "erase"}).status_code == 404


def test_a_run_under_way_is_polled(page, study, watch, owner):
    monitor = watch()
    monitoring.run_now(monitor=monitor, actor=owner)
    part = page.get(address("monitor", study, monitor.code), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part
    assert page.get(address("monitor_run", study, monitor.code, 2)).status_code == 302
    assert page.get(address("monitor_report", study, monitor.code, 2)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_however_many_monitors_and_runs(
    page, study, corpus, owner, watch, commit, count, django_assert_max_num_queries
):
    monitor = watch()
    for n in range(count):
        with commit():
            monitoring.run_now(monitor=monitor, actor=owner)
        monitoring.create_monitor(
            corpus=corpus, actor=owner, name=f"M{n}", recipe=Recipe(min_documents=2), schedule="never"
        )
    for path in (
        address("monitor", study, monitor.code),
        address("monitors", study),
        address("sources", study),
    ):
        page.get(path)
        with django_assert_max_num_queries(22):
            page.get(path)


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_fault_25_hostile_names_are_inert_in_pages_mail_and_word(page, study, watch, upload, owner):
    monitor = watch(on_upload=True, name=HOSTILE)
    upload(SURGE)
    run = monitor.runs.get(number=2)
    run.alerts = [run.alerts[0] | {"name": HOSTILE}]
    run.save()
    run.scan.candidates.update(mined_name=HOSTILE)
    for name, codes in (
        ("monitors", []),
        ("monitor", [monitor.code]),
        ("monitor_run", [monitor.code, 2]),
        ("compare", []),
        ("remove_monitor", [monitor.code]),
        ("sources", []),
    ):
        text = page.get(address(name, study, *codes)).content.decode()
        assert "<script>alert" not in text, name
        assert "<img src=x" not in text, name
    word = page.get(address("monitor_report", study, monitor.code, 2))
    with zipfile.ZipFile(BytesIO(word.content)) as archive:
        assert b"<script>" not in archive.read("word/document.xml")
    mail = OutboxMail.objects.filter(kind="monitor_alerts").first()
    assert "<script>" not in mail.html


def test_a_run_leaves_out_the_methods_that_were_switched_off_since(watch, owner, study, commit):
    monitor = watch()
    used = set(monitor.runs.get().scan.candidates.values_list("method", flat=True))
    assert used
    set_policy(study=study, actor=owner, methods_off=sorted(used))
    with commit():
        run = monitoring.run_now(monitor=monitor, actor=owner)
    run.refresh_from_db()
    assert run.scan.recipe["without"] == sorted(used)
    assert not run.scan.candidates.filter(method__in=used).exists()
    assert [alert for alert in run.alerts if alert["kind"] == "first"] == []

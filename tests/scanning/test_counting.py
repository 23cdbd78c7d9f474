"""Counts are kept between scans and shared among workers; the result never depends on who counted."""

import gc
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.models import Job
from foundation.services import jobs
from scanning.exceptions import CorpusChanged
from scanning.models import CountedChunk, Document
from scanning.recipe import Recipe
from scanning.services import counting, scans
from scanning.services.collector import uncollected
from scanning.services.corpora import create_corpus
from scanning.services.counting import COUNT, Todo
from scanning.services.scans import start_scan
from tests.scanning.conftest import rows
from tests.scanning.test_scans import content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(counting, "CHUNK", 5)


def more(count=5):
    return [row | {"id": "n" + row["id"], "title": "New: " + row["title"]} for row in rows(count)]


def test_a_second_scan_counts_only_what_is_new(scanned, upload, corpus, study, owner):
    first = scanned()
    counted = set(CountedChunk.objects.values_list("pk", "counted_at"))
    assert (first.summary["documents_kept"], len(counted)) == (0, 6)
    second = scanned(more())
    assert (second.summary["documents"], second.summary["documents_kept"]) == (35, 30)
    assert counted < set(CountedChunk.objects.values_list("pk", "counted_at"))
    other = create_corpus(study=study, actor=owner, name="Other")
    upload(rows(), into=other)
    afresh = scanned(more(), into=other)
    assert afresh.summary["documents_kept"] == 0
    assert afresh.summary["hash"] == second.summary["hash"]
    assert content(afresh) == content(second)


def test_another_dictionary_is_counted_anew(scanned):
    scanned()
    assert scanned(dictionary=["cell number"]).summary["documents_kept"] == 0
    assert scanned(limit=3).summary["documents_kept"] == 30


def test_helpers_share_a_scan_and_the_result_is_the_same(scanned, corpus, owner, monkeypatch):
    clean = scanned()
    CountedChunk.objects.all().delete()
    scan = start_scan(corpus=corpus, actor=owner, recipe=Recipe(min_documents=2))
    count, helped = counting._count, []

    def count_then_be_helped(*args):
        count(*args)
        if not helped:
            helped.append(None)
            jobs.run(Job.objects.filter(kind=COUNT, params={"scan": scan.pk}).first().pk)

    monkeypatch.setattr(counting, "_count", count_then_be_helped)
    jobs.run(scan.job_id)
    helper = Job.objects.filter(kind=COUNT, params={"scan": scan.pk}).first()
    assert helper.result == {"documents": 25}
    scan.refresh_from_db()
    assert scan.summary["hash"] == clean.summary["hash"]
    assert content(scan) == content(clean)


def test_what_helpers_counted_is_part_of_the_progress(scanned, corpus, owner, monkeypatch):
    scanned()
    CountedChunk.objects.all().delete()
    scan = start_scan(corpus=corpus, actor=owner, recipe=Recipe(min_documents=2))
    reached, count = [], counting._count
    reach = scans.Tick.reach

    def count_all_once_asked(*args):
        count(*args)
        helper = Job.objects.filter(kind=COUNT, params={"scan": scan.pk}, status="queued").first()
        if helper:
            jobs.run(helper.pk)

    monkeypatch.setattr(counting, "_count", count_all_once_asked)
    monkeypatch.setattr(scans.Tick, "reach", lambda tick, done: (reached.append(done), reach(tick, done)))
    jobs.run(scan.job_id)
    assert reached[-1] == 30
    assert sorted(reached) == reached


def test_a_helper_leaves_a_scan_that_was_stopped(scanned, corpus, owner, monkeypatch):
    scanned()
    CountedChunk.objects.all().delete()
    scan = start_scan(corpus=corpus, actor=owner, recipe=Recipe(min_documents=2))
    count, helped = counting._count, []

    def stop_and_be_helped(*args):
        count(*args)
        if not helped:
            Job.objects.filter(pk=scan.job_id).update(cancel_requested=True)
            helped.append(Job.objects.get(kind=COUNT, params={"scan": scan.pk}))
            jobs.run(helped[0].pk)

    monkeypatch.setattr(counting, "_count", stop_and_be_helped)
    jobs.run(scan.job_id)
    helped[0].refresh_from_db()
    assert helped[0].result == {"documents": 0}


def test_a_helper_that_comes_late_does_nothing(scanned, corpus, owner):
    scan = scanned()
    job = jobs.request_job(kind=COUNT, params={"scan": scan.pk}, total=6)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.result == {"documents": 0}


def test_only_one_takes_a_chunk_and_a_silent_one_loses_it(scanned, corpus):
    scan = scanned()
    CountedChunk.objects.filter(pk=CountedChunk.objects.first().pk).update(counted_at=None, data=b"")
    mine, other = (Todo(scan, Recipe(), holder) for holder in ("1.1.1.elsewhere", "2.2.2.elsewhere"))
    (seen,), (also_seen,) = mine.missing(), other.missing()
    assert mine._take(seen)
    assert not other._take(also_seen)
    (held,) = other.missing()
    assert not other._free(held)
    CountedChunk.objects.filter(pk=held.pk).update(held_at=timezone.now() - timedelta(hours=1))
    (silent,) = other.missing()
    assert other._free(silent)
    assert other._take(silent)


def test_a_document_changed_while_it_is_read_is_read_again(scanned, corpus, owner, monkeypatch):
    scanned()
    CountedChunk.objects.all().delete()
    scan = start_scan(corpus=corpus, actor=owner, recipe=Recipe(min_documents=2))
    count, calls = counting._count, []

    def change_first(*args):
        calls.append(None)
        if len(calls) == 1:
            Document.objects.filter(external_id="d0").update(
                abstract="The tidal turbine. A tidal turbine turns."
            )
            Document.objects.filter(external_id="d9").update(abstract="One tidal turbine.")
        count(*args)

    monkeypatch.setattr(counting, "_count", change_first)
    jobs.run(scan.job_id)
    monkeypatch.undo()
    scan.refresh_from_db()
    assert scan.finished_at
    assert "tidal turbine" in set(scan.candidates.values_list("mined_name", flat=True))


def test_a_corpus_that_never_rests_is_refused(corpus, upload, owner, monkeypatch):
    upload(rows())
    scan = start_scan(corpus=corpus, actor=owner, recipe=Recipe())

    def never(*args):
        raise CorpusChanged

    monkeypatch.setattr(counting, "_count", never)
    jobs.run(scan.job_id)
    scan.refresh_from_db()
    assert scan.finished_at is None
    assert CountedChunk.objects.filter(holder="").count() == 6


def test_counts_unused_for_a_month_are_dropped(scanned):
    scanned()
    old = CountedChunk.objects.first()
    CountedChunk.objects.exclude(pk=old.pk).update(used_at=timezone.now() - timedelta(days=31))
    scanned(
        limit=3, language="zh", documents=[{"id": "z", "title": "固态电池", "abstract": "固态电池的研究。"}]
    )
    assert CountedChunk.objects.filter(pk=old.pk).exists()
    assert CountedChunk.objects.count() == 2


def test_a_worker_loads_large_libraries_once_before_it_divides_itself():
    code = (
        "import sys, django; django.setup()\n"
        "from delphi_platform.celery import app\n"
        "app.loader.import_default_modules()\n"
        "from celery.signals import worker_init\n"
        "before = 'sklearn.cluster' in sys.modules\n"
        "worker_init.send(sender=None)\n"
        "print(before, 'sklearn.cluster' in sys.modules, 'scipy.sparse' in sys.modules)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True", "True"]


@pytest.mark.parametrize("running", [True, False])
def test_the_collector_of_garbage_is_as_it_was_after_a_computation(running):
    was = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() is running
    finally:
        (gc.enable if was else gc.disable)()

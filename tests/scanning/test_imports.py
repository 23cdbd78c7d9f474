"""Imports as jobs: whole or not at all, the same after a killed worker, duplicates and updates."""

import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.enums import JobStatus
from foundation.exceptions import Refusal
from foundation.models import AuditEntry, Job
from foundation.services import jobs
from scanning.enums import ImportStatus
from scanning.models import Corpus, CorpusFile, Document
from scanning.services import imports, intake
from scanning.services.corpora import request_import
from tests.scanning.conftest import json_lines, rows

pytestmark = pytest.mark.django_db


def stored(corpus):
    fields = ("external_id", "title", "abstract", "year", "language", "kind", "fingerprint")
    return sorted(Document.objects.filter(corpus=corpus).visible().values_list(*fields))


class Killed(BaseException):
    """What SIGKILL does to a worker, as far as Python can show it: nothing is tidied up."""


def kill_in_batch(monkeypatch, number):
    """Let the run die when it has written `number` batches; the process leaves no handler a chance."""
    insert, seen = intake.insert_new, []

    def dying(corpus_file, batch):
        if len(seen) == number:
            raise Killed
        seen.append(batch)
        return insert(corpus_file, batch)

    monkeypatch.setattr(intake, "insert_new", dying)
    monkeypatch.setattr(intake, "give_turn_back", lambda corpus, lease: None)


def revive(job):
    """What the reaper sees later: a running job whose heart stopped."""
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    jobs.run(job.pk)


def test_a_file_is_imported_with_counts_language_and_audit(upload, corpus):
    received = upload(
        [*rows(3), {"id": "zh", "title": "固态电池的研究进展", "abstract": "本文综述固态电池。"}]
    )
    assert (received.status, received.format) == (ImportStatus.IMPORTED, "jsonl")
    assert (received.n_read, received.n_new, received.n_updated, received.n_duplicates) == (4, 4, 0, 0)
    assert received.job.status == JobStatus.DONE
    assert [row[4] for row in stored(corpus)] == ["en", "en", "en", "zh"]
    actions = list(AuditEntry.objects.filter(action__startswith="corpus").values_list("action", flat=True))
    assert actions == ["corpus.created", "corpus.file_received", "corpus.file_imported"]


def test_a_malformed_file_leaves_nothing_and_says_where(upload, corpus):
    content = json_lines(rows(2500)) + b'{"title": "cut\n' + json_lines(rows(3)) + b"[1]\n"
    received = upload(content)
    assert received.status == ImportStatus.REFUSED
    assert [(fault["line"], fault["code"]) for fault in received.errors] == [
        (2501, "not_json"),
        (2505, "not_object"),
    ]
    assert received.job.status == JobStatus.FAILED
    assert not Document.objects.filter(corpus=corpus).exists()


def test_one_unreadable_date_keeps_the_file_and_the_record_and_is_counted(upload, corpus):
    content = [*rows(3), {"title": "Cells of a day that is none", "date": "soon"}, {"year": 2020}]
    received = upload(content)
    assert received.status == ImportStatus.IMPORTED
    assert (received.n_read, received.n_new, received.n_gaps, received.n_left_out) == (4, 4, 1, 1)
    assert [(fault["line"], fault["code"]) for fault in received.errors] == [(4, "bad_date"), (5, "no_text")]
    kept = Document.objects.get(corpus=corpus, title__startswith="Cells of a day")
    assert (kept.year, kept.date) == (None, None)
    assert received.job.result["gaps"] == 1


def test_a_thousand_records_without_text_in_a_row_do_not_end_the_import(upload, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 10)
    received = upload([*rows(5), *({"id": f"e{n}"} for n in range(150)), *rows(30)[5:]])
    assert (received.n_new, received.n_left_out, len(received.errors)) == (30, 150, 100)


def test_a_file_of_which_nothing_can_be_used_is_refused(upload, corpus):
    received = upload([{"id": "a"}, {"id": "b"}])
    assert received.status == ImportStatus.REFUSED
    assert [fault["code"] for fault in received.errors] == ["no_text", "no_text"]


def test_an_unreadable_date_takes_no_known_date_away(upload, corpus):
    upload([{"id": "d", "title": "Flow cells", "date": "2020-05-03"}])
    again = upload([{"id": "d", "title": "Flow cells", "date": "soon"}])
    assert again.n_gaps == 1
    assert Document.objects.get(corpus=corpus).date.isoformat() == "2020-05-03"


def test_an_imported_file_is_not_imported_once_more_by_a_stale_page(upload, corpus, owner):
    received = upload(rows(3))
    with pytest.raises(Refusal):
        request_import(corpus_file=received, actor=owner)
    received.refresh_from_db()
    assert received.status == ImportStatus.IMPORTED
    assert len(stored(corpus)) == 3


def test_reported_faults_are_bounded(upload):
    received = upload(b"[1]\n" * 5000, format="jsonl")
    assert len(received.errors) == 101
    assert received.errors[-1]["code"] == "more"


def test_an_uploaded_name_never_becomes_a_path(upload):
    received = upload(rows(1), name="../../etc/passwd.jsonl")
    assert received.name == "passwd.jsonl"
    assert os.path.basename(received.file.name) == f"{received.code}.data"


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_killed_import_picked_up_again_gives_the_same_result(
    upload, corpus, study, owner, monkeypatch, batches
):
    from scanning.services.corpora import create_corpus

    clean = create_corpus(study=study, actor=owner, name="Clean")
    monkeypatch.setattr(imports, "BATCH", 50)
    documents = rows(120) + rows(20)
    calm = upload(documents, into=clean)
    received = upload(documents, run=False)
    with monkeypatch.context() as patch:
        kill_in_batch(patch, batches)
        with pytest.raises(Killed):
            jobs.run(received.job_id)
    assert stored(corpus) == []  # what the dead run wrote is not visible
    assert Document.objects.filter(corpus=corpus).count() == 50 * batches
    revive(received.job)
    received.refresh_from_db()
    assert stored(corpus) == stored(clean)
    assert [received.n_read, received.n_new, received.n_duplicates] == [
        calm.n_read,
        calm.n_new,
        calm.n_duplicates,
    ]
    assert received.n_new == 120


def test_an_import_killed_between_showing_and_updating_is_finished_by_the_next_run(
    upload, corpus, monkeypatch
):
    upload(rows(3))
    changed = [row | {"abstract": "Rewritten."} for row in rows(3)]
    received = upload(changed, run=False)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "update_changed", lambda *args: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            jobs.run(received.job_id)
    revive(received.job)
    received.refresh_from_db()
    assert (received.n_new, received.n_updated) == (0, 3)
    assert {row[2] for row in stored(corpus)} == {"Rewritten."}


def test_a_run_that_was_replaced_writes_nothing_more(upload, corpus, monkeypatch):
    received = upload(rows(100), run=False)
    monkeypatch.setattr(imports, "BATCH", 40)
    insert = intake.insert_new

    def slow(corpus_file, batch):
        Job.objects.filter(pk=received.job_id).update(lease="another run")
        return insert(corpus_file, batch)

    monkeypatch.setattr(intake, "insert_new", slow)
    jobs.run(received.job_id)
    received.refresh_from_db()
    assert received.status == ImportStatus.WAITING
    assert (
        Document.objects.filter(corpus=corpus).count() == 40
    )  # its first batch; invisible, and removed later
    assert stored(corpus) == []


def test_a_cancelled_import_keeps_nothing(upload, corpus, monkeypatch):
    received = upload(rows(200), run=False)
    monkeypatch.setattr(imports, "BATCH", 50)
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0)
    insert = intake.insert_new

    def cancelling(corpus_file, batch):
        Job.objects.filter(pk=received.job_id).update(cancel_requested=True)
        return insert(corpus_file, batch)

    monkeypatch.setattr(intake, "insert_new", cancelling)
    jobs.run(received.job_id)
    received.refresh_from_db()
    assert received.job.status == JobStatus.CANCELLED
    assert not Document.objects.filter(corpus=corpus).exists()
    assert Corpus.objects.get(pk=corpus.pk).import_turn == ""


def test_a_second_import_waits_for_the_first_and_not_for_a_dead_one(upload, corpus):
    dead = Job.objects.create(
        kind="x", status=JobStatus.RUNNING, lease="dead", heartbeat_at=timezone.now() - timedelta(minutes=5)
    )
    Corpus.objects.filter(pk=corpus.pk).update(import_turn=dead.lease)
    started = time.monotonic()
    received = upload(rows(2))
    assert received.n_new == 2
    assert time.monotonic() - started < 5


def test_reimport_updates_what_changed_and_nothing_else(upload, corpus):
    upload(rows(5))
    documents = rows(6)
    documents[1] |= {"abstract": "New words about the same work."}
    received = upload(documents)
    assert (received.n_new, received.n_updated, received.n_duplicates) == (1, 1, 4)
    assert Document.objects.get(external_id="d1").abstract == "New words about the same work."
    again = upload(documents)
    assert (again.n_new, again.n_updated, again.n_duplicates) == (0, 0, 6)


def test_the_same_title_in_another_spelling_is_one_document(upload):
    received = upload(
        [
            {"id": "a", "title": "Solid-State Batteries for Electric Aviation", "abstract": "x"},
            {"id": "b", "title": "Solid state batteries for electric aviation.", "abstract": "y"},
            {"id": "c", "title": "Editorial", "abstract": "one"},
            {"id": "d", "title": "Editorial", "abstract": "two"},
        ]
    )
    assert (received.n_new, received.n_duplicates) == (3, 1)


@pytest.mark.slow
def test_fault_27_a_hundred_thousand_identical_records_are_one_document(upload, corpus):
    line = json_lines([{"title": "The same title again and again", "abstract": "text"}])
    received = upload(line * 100_000)
    assert (received.n_read, received.n_new, received.n_duplicates) == (100_000, 1, 99_999)


def test_queries_of_an_import_grow_with_batches_not_with_documents(
    upload, django_assert_max_num_queries, monkeypatch
):
    received = upload(rows(900), run=False)
    with django_assert_max_num_queries(60):
        jobs.run(received.job_id)
    assert CorpusFile.objects.get(pk=received.pk).n_new == 900


def test_fault_25_scripts_in_imported_text_are_gone_before_they_are_stored(upload):
    upload(
        [
            {
                "id": "x",
                "title": "<script>alert(1)</script>Cells",
                "abstract": "<img src=x onerror=alert(1)>Text",
            }
        ]
    )
    document = Document.objects.get(external_id="x")
    assert (document.title, document.abstract) == ("Cells", "Text")


def test_a_dangerous_address_is_not_kept(upload):
    upload([{"id": "x", "title": "Cells", "url": "javascript:alert(1)"}])
    assert Document.objects.get(external_id="x").url == ""


def test_a_later_export_without_abstracts_takes_none_away(upload, corpus):
    full = {"doi": "10.5555/a", "title": "Solid-state batteries", "abstract": "We review solid electrolytes.",
            "date": "2020-05-03", "countries": ["CH"], "source": "Journal of Cells"}  # fmt: skip
    upload([full])
    bare = {"doi": "10.5555/a", "title": "Solid-state batteries", "year": 2020, "source": "J. Cells"}
    assert upload([bare]).n_updated == 1
    document = Document.objects.get()
    assert (document.abstract, document.countries) == (full["abstract"], ["CH"])
    assert (document.date.isoformat(), document.source) == ("2020-05-03", "J. Cells")
    assert upload([bare]).n_updated == 0


@pytest.mark.parametrize("mark", ["{}", "Smith201{}", "müller-200{}a"])
def test_row_numbers_and_keys_of_two_files_are_no_identifiers(upload, corpus, mark):
    one = [
        {"id": mark.format(n), "title": f"Perovskite cells of kind {n}", "abstract": "A"} for n in range(3)
    ]
    two = [
        {"id": mark.format(n), "title": f"Membranes that clean water in villages, part {n}", "abstract": "B"}
        for n in range(3)
    ]
    upload(one)
    received = upload(two)
    assert (received.n_new, received.n_updated) == (3, 0)
    again = upload([row | {"abstract": "C"} for row in two])
    assert (again.n_new, again.n_updated) == (0, 3)
    corrected = upload([{"id": mark.format(0), "title": "Perovskite solar cells of kind 0", "abstract": "A"}])
    assert (corrected.n_new, corrected.n_updated) == (0, 1)
    assert Document.objects.count() == 6


def test_passages_are_found_again_in_a_text_that_was_changed(scanned, upload, corpus):
    scan = scanned()
    candidate = scan.candidates.get(mined_name="solid-state battery")
    row = candidate.evidence.filter(document__external_id="d0").get()
    upload([rows(1)[0] | {"abstract": "At last: the solid-state battery is here. Long live."}])
    row.refresh_from_db()
    words = [getattr(row.document, part)[start:end].lower() for part, start, end in row.passages]
    assert words == ["solid-state battery"] * 2
    upload([rows(1)[0] | {"title": "Nothing", "abstract": "Gone."}])
    row.refresh_from_db()
    assert (row.passages, row.end) == ([], 0)

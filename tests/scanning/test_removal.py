"""A file or a corpus is taken away where no list rests on it, and can be brought back."""

import pytest
from django.urls import reverse

from foundation.exceptions import Refusal
from foundation.models import AuditEntry
from scanning.enums import ImportStatus
from scanning.exceptions import ListsRest
from scanning.models import Document
from scanning.recipe import Recipe
from scanning.selectors.sources import corpora_of
from scanning.services import removal
from scanning.services.monitoring import create_monitor, remove_monitor
from scanning.services.reading import documents_of
from scanning.services.review import add_by_hand
from tests.scanning.conftest import rows

pytestmark = pytest.mark.django_db


def others(count=6):
    return [row | {"id": "o" + row["id"], "title": "Other: " + row["title"]} for row in rows(count)]


def seen(corpus) -> int:
    return documents_of(corpus, Recipe()).count()


def actions(study):
    return list(AuditEntry.objects.filter(stream=study.stream).values_list("action", flat=True))


def test_a_file_leaves_and_comes_back(corpus, owner, study, upload, commit):
    upload(rows())
    second = upload(others())
    removal.remove_file(corpus_file=second, actor=owner)
    assert seen(corpus) == 30
    assert [each.name for each in corpora_of(study)[0].files.all()] == ["corpus.jsonl"]
    removal.bring_back_file(corpus_file=second, actor=owner)
    assert seen(corpus) == 36
    assert {"corpus.file_removed", "corpus.file_brought_back"} <= set(actions(study))


def test_what_an_import_deleted_meanwhile_is_imported_again(corpus, owner, upload, commit):
    first = upload(rows())
    removal.remove_file(corpus_file=first, actor=owner)
    upload(others())
    assert Document.objects.filter(source_file=first).count() == 0
    with commit():
        removal.bring_back_file(corpus_file=first, actor=owner)
    first.refresh_from_db()
    assert (first.status, seen(corpus)) == (ImportStatus.IMPORTED, 36)


def test_a_file_uploaded_anew_after_its_removal_is_new(corpus, owner, upload):
    removal.remove_file(corpus_file=upload(rows()), actor=owner)
    assert upload(rows()).n_new == 30


def test_a_file_that_a_list_rests_on_stays(scanned, corpus, owner, upload):
    scan = scanned()
    first = corpus.files.get()
    with pytest.raises(ListsRest):
        removal.remove_file(corpus_file=first, actor=owner)
    assert list(removal.lists_on_file(first)) == [scan]
    later = upload(others())
    removal.remove_file(corpus_file=later, actor=owner)
    assert seen(corpus) == 30
    with pytest.raises(ListsRest):
        removal.remove_corpus(corpus=corpus, actor=owner)


def test_evidence_that_a_person_fetched_keeps_its_file(corpus, owner, study, upload):
    from scanning.services.more_evidence import fetch_evidence

    file = upload(rows())
    candidate = add_by_hand(study=study, actor=owner, name={"en": "perovskite solar cell"})
    fetch_evidence(candidate=candidate, actor=owner)
    with pytest.raises(ListsRest):
        removal.remove_file(corpus_file=file, actor=owner)


def test_a_corpus_leaves_with_its_files_and_comes_back(corpus, owner, study, upload):
    first, gone = upload(rows()), upload(others())
    removal.remove_file(corpus_file=gone, actor=owner)
    removal.remove_corpus(corpus=corpus, actor=owner)
    assert (seen(corpus), list(corpora_of(study))) == (0, [])
    corpus.refresh_from_db()
    with pytest.raises(Refusal):
        upload(others())
    removal.bring_back_corpus(corpus=corpus, actor=owner)
    assert seen(corpus) == first.n_new
    gone.refresh_from_db()
    assert gone.removed_at is not None
    assert {"corpus.removed", "corpus.brought_back"} <= set(actions(study))


def test_a_watched_corpus_stays(corpus, owner, upload):
    monitor = create_monitor(corpus=corpus, actor=owner, name="M", recipe=Recipe(), schedule="weekly")
    with pytest.raises(Refusal):
        removal.remove_corpus(corpus=corpus, actor=owner)
    remove_monitor(monitor=monitor, actor=owner)
    removal.remove_corpus(corpus=corpus, actor=owner)


def test_the_pages_ask_before_and_say_what_stands_against_it(scanned, corpus, owner, study, upload, client):
    client.force_login(owner)
    scan = scanned()
    file = corpus.files.get()
    page = client.get(reverse("scanning:remove_file", args=[study.code, file.code])).content.decode()
    assert "It cannot be removed" in page
    assert reverse("scanning:scan", args=[study.code, scan.code]) in page
    later = upload(others())
    address = reverse("scanning:remove_file", args=[study.code, later.code])
    assert "6 documents leave the corpus" in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    assert reverse("scanning:bring_back_file", args=[study.code, later.code]) in page
    client.post(reverse("scanning:bring_back_file", args=[study.code, later.code]))
    assert seen(corpus) == 36


def test_the_pages_of_a_corpus(corpus, owner, study, upload, client):
    client.force_login(owner)
    upload(rows())
    address = reverse("scanning:remove_corpus", args=[study.code, corpus.code])
    assert address in client.get(reverse("scanning:sources", args=[study.code])).content.decode()
    assert "with its 1 file" in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    back = reverse("scanning:bring_back_corpus", args=[study.code, corpus.code])
    assert back in page
    assert client.get(back).status_code == 405
    client.post(back)
    assert seen(corpus) == 30

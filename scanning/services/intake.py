"""Entries become documents: who is new, who is known, who repeats another; one corpus, one import at a time."""

import re
import time
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.enums import JobStatus
from foundation.models import Job
from foundation.services.jobs import STALE_AFTER, JobLost, Progress
from scanning.enums import ImportStatus
from scanning.formats import Entry
from scanning.formats.text import fingerprint, unlike
from scanning.models import Corpus, CorpusFile, Document
from scanning.services.more_evidence import find_places_again
from scanning.textmining.language import detect_language

CONTENT = (
    "kind",
    "source",
    "database",
    "title",
    "abstract",
    "language",
    "year",
    "date",
    "url",
    "countries",
    "organisations",
    "fingerprint",
)
REMOVE = 1000
_WEAK = re.compile(r"\d+|[^\W\d_]{3,}[-_:]?\d{4}[a-z]?")


@dataclass
class Counts:
    read: int = 0
    new: int = 0
    updated: int = 0
    duplicates: int = 0

    def __iadd__(self, other: "Counts") -> "Counts":
        for name in ("read", "new", "updated", "duplicates"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def columns(self) -> dict[str, int]:
        return {
            "n_read": self.read,
            "n_new": self.new,
            "n_updated": self.updated,
            "n_duplicates": self.duplicates,
        }


def wait_for_turn(corpus: Corpus, progress: Progress) -> None:
    """Take the corpus for this import. A run that fell silent loses its turn: its rows are removed anyway."""
    while True:
        holder = Corpus.objects.values_list("import_turn", flat=True).get(pk=corpus.pk)
        alive = Job.objects.filter(
            lease=holder, status=JobStatus.RUNNING, heartbeat_at__gt=timezone.now() - STALE_AFTER
        )
        if not holder or holder == progress.job.lease or not alive.exists():
            taken = Corpus.objects.filter(pk=corpus.pk, import_turn=holder)
            if taken.update(import_turn=progress.job.lease):
                return
        time.sleep(1)
        progress.update(progress.job.done, message="waiting")


def give_turn_back(corpus: Corpus, lease: str) -> None:
    Corpus.objects.filter(pk=corpus.pk, import_turn=lease).update(import_turn="")


def hold_turn(corpus: Corpus, progress: Progress) -> None:
    """Inside a transaction: go on only while it is this run's turn. Locks the corpus until the batch is in."""
    turn = Corpus.objects.select_for_update().filter(pk=corpus.pk, import_turn=progress.job.lease)
    if not turn.exists():
        raise JobLost


def remove_invisible(corpus: Corpus) -> None:
    """Delete what an unfinished import left and what belongs to removed files, in small steps."""
    unseen = Q(source_file__status__in=_UNFINISHED) | Q(source_file__removed_at__isnull=False)
    left = Document.objects.filter(unseen, corpus=corpus)
    while keys := list(left.values_list("pk", flat=True)[:REMOVE]):
        with transaction.atomic():
            Document.objects.filter(pk__in=keys)._raw_delete("default")


_UNFINISHED = [status for status in ImportStatus if status != ImportStatus.IMPORTED]


def insert_new(corpus_file: CorpusFile, batch: list[Entry]) -> Counts:
    """Insert the entries that the corpus does not have; count the rest as updates or duplicates."""
    documents, known = _read(corpus_file, batch)
    prints = {row.fingerprint for row in known.values()} | _known_prints(corpus_file, documents)
    counts, fresh = Counts(read=len(batch)), []
    for document in documents:
        _renumber(document, known)
        earlier = known.get(document.external_id)
        if earlier is None and document.fingerprint not in prints:
            fresh.append(document)
            counts.new += 1
        elif earlier is not None and earlier.source_file_id != corpus_file.pk and _news(document, earlier):
            counts.updated += 1
        else:
            counts.duplicates += 1
        known.setdefault(document.external_id, document)
        prints.add(document.fingerprint)
    Document.objects.bulk_create(fresh)
    return counts


def update_changed(corpus_file: CorpusFile, batch: list[Entry]) -> None:
    reworded: list[Document] = []
    (documents, known), changed = _read(corpus_file, batch), []
    for document in documents:
        earlier = known.pop(document.external_id, None)  # popped: the first of two in a file wins
        if earlier is None or earlier.source_file_id == corpus_file.pk:
            continue
        if news := _news(document, earlier):
            for name, value in news.items():
                setattr(earlier, name, value)
            changed.append(earlier)
            if {"title", "abstract"} & set(news):
                reworded.append(earlier)
    Document.objects.bulk_update(changed, CONTENT, batch_size=100)
    find_places_again(reworded)


def _read(corpus_file: CorpusFile, batch: list[Entry]) -> tuple[list[Document], dict[str, Document]]:
    """Entries as documents, and those of the corpus that have the same identifiers."""
    documents = [_document(corpus_file, entry) for entry in batch]
    known = _known(corpus_file, documents)
    if renumbered := [document for document in documents if _renumber(document, known)]:
        known |= _known(corpus_file, renumbered)
    return documents, known


def _renumber(document: Document, known: dict[str, Document]) -> bool:
    """Tables count their rows from 1, and libraries make keys of names and years ("smith2020"): where another work has
    it already, such a mark identifies nothing."""
    earlier = known.get(document.external_id)
    weak = _WEAK.fullmatch(document.external_id)
    if earlier is None or not weak or not unlike(document.title, earlier.title):
        return False
    document.external_id = f"title:{document.fingerprint[:32]}"
    return True


def _known(corpus_file: CorpusFile, documents: list[Document]) -> dict[str, Document]:
    rows = Document.objects.filter(
        corpus=corpus_file.corpus_id, external_id__in={document.external_id for document in documents}
    )
    return {row.external_id: row for row in rows}


def _known_prints(corpus_file: CorpusFile, documents: list[Document]) -> set[str]:
    rows = Document.objects.filter(
        corpus=corpus_file.corpus_id, fingerprint__in={document.fingerprint for document in documents}
    )
    return set(rows.values_list("fingerprint", flat=True))


def _news(document: Document, earlier: Document) -> dict:
    """What a later record changes. A field that it leaves empty says nothing: exports of another database, or without
    abstracts, take away nothing that is known."""
    values = {name: value for name in CONTENT if (value := getattr(document, name)) not in ("", None, [])}
    if not document.abstract and earlier.abstract:  # told from the title alone, these would be worse
        values["language"] = earlier.language
        values["fingerprint"] = fingerprint(document.title or earlier.title, earlier.abstract)
    if document.date is None and document.year and earlier.date and earlier.date.year != document.year:
        values["date"] = None
    return {name: value for name, value in values.items() if value != getattr(earlier, name)}


def _document(corpus_file: CorpusFile, entry: Entry) -> Document:
    mark = fingerprint(entry.title, entry.abstract)
    return Document(
        corpus_id=corpus_file.corpus_id,
        source_file=corpus_file,
        external_id=entry.external_id or f"title:{mark[:32]}",
        kind=entry.kind or corpus_file.kind,
        source=entry.source,
        database=entry.database,
        title=entry.title,
        abstract=entry.abstract,
        language=entry.language or detect_language(f"{entry.title} {entry.abstract}"),
        year=entry.year,
        date=entry.day,
        url=entry.url,
        countries=entry.countries,
        organisations=entry.organisations,
        fingerprint=mark,
    )

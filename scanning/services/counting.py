"""Counting a corpus in chunks whose counts are kept: a later scan counts only what is new, and many workers share
one scan.

The scan plans its chunks (a row each, keyed by content) and asks helpers to come; scan and helpers take chunks by
compare-and-set until none is left. The scan itself can do all the work, so that a busy queue only makes it slower.
A chunk that its holder did not finish in time is taken again: counting twice gives the same bytes. The result
depends on the documents' order alone, not on who counted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from operator import attrgetter

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.broker.owners import holder_is_dead
from foundation.enums import ACTIVE_JOBS
from foundation.services import jobs
from foundation.services.jobs import Progress, job_kind
from scanning.exceptions import CorpusChanged
from scanning.models import CountedChunk, Scan
from scanning.recipe import Recipe
from scanning.services.collector import uncollected
from scanning.services.reading import documents_of, pages
from scanning.textmining.counting import Counter
from scanning.textmining.counts import Partial
from scanning.textmining.records import Record
from scanning.textmining.settings import TermSettings
from scanning.textmining.storage import from_bytes, program, to_bytes

COUNT = "scanning.count"
CHUNK = 1000
CHUNKS_PER_HELPER = 4
MOST_HELPERS = 8
PATIENCE = timedelta(seconds=90)
KEPT_UNUSED = timedelta(days=30)
PLANS = 5
WAIT = 0.2

Told = Callable[[list[CountedChunk]], None]


class ScanLeft(Exception):
    """The scan that was to be helped was stopped, failed or came to its end."""


@dataclass(frozen=True)
class Chunk:
    key: str
    first: int
    last: int
    size: int


def count_corpus(scan: Scan, recipe: Recipe, progress: Progress, tick) -> list[Partial]:
    """The counts of all documents that the recipe reads, in their order; `tick` is told how many are counted, by
    whomever."""
    for _attempt in range(PLANS):
        chunks = _plan(scan, recipe, tick)
        _enter(scan, chunks)
        todo = Todo(scan, recipe, progress.job.lease, frozenset(chunk.key for chunk in chunks))
        _call_helpers(scan, todo, len(chunks))
        whole = sum(chunk.size for chunk in chunks)
        tick.start(whole - _size(todo.missing()))
        try:
            todo.work(lambda missing, whole=whole: tick.reach(whole - _size(missing)), wait=True)
            return _counts(scan, chunks)
        except CorpusChanged:
            continue  # documents were updated while they were read: look again at what there is
    raise CorpusChanged


def _size(chunks: Iterable[CountedChunk]) -> int:
    return sum(chunk.size for chunk in chunks)


def _plan(scan: Scan, recipe: Recipe, tick) -> list[Chunk]:
    settings, chunks = recipe.term_settings(), []
    for first, last, records in pages(documents_of(scan.corpus, recipe), CHUNK):
        chunks.append(Chunk(key_of(records, settings), first, last, len(records)))
        tick.reach(tick.done)
    return chunks


def key_of(records: list[Record], settings: TermSettings) -> str:
    """Hash of everything that a chunk's counts depend on."""
    rules = [settings.max_words, settings.max_characters, list(settings.dictionary), program()]
    digest = hashlib.sha256(json.dumps(rules).encode())
    for record in records:
        digest.update(repr(_values(record)).encode("utf-8", "replace"))
    return digest.hexdigest()


_values = attrgetter(
    *Record.__slots__
)  # asdict() copies deeply, which took longer than reading from the database


def _enter(scan: Scan, chunks: list[Chunk]) -> None:
    """A row for each chunk; those that another scan planned and nobody counted wait for this one from now on."""
    now = timezone.now()
    with transaction.atomic():
        CountedChunk.objects.bulk_create(
            [
                CountedChunk(
                    corpus=scan.corpus,
                    key=c.key,
                    scan=scan,
                    first=c.first,
                    last=c.last,
                    size=c.size,
                    used_at=now,
                )
                for c in chunks
            ],
            update_conflicts=True,
            unique_fields=["corpus", "key"],
            update_fields=["scan", "first", "last", "used_at"],
        )


def _call_helpers(scan: Scan, todo: Todo, chunks: int) -> None:
    for number in range(min(MOST_HELPERS, len(todo.missing()) // CHUNKS_PER_HELPER)):
        jobs.request_job(
            kind=COUNT,
            params={"scan": scan.pk},
            label=scan.corpus.name,
            stream=scan.corpus.study.stream,
            dedupe_key=f"count:{scan.code}:{number}",
            total=chunks,
        )


@job_kind(COUNT, _("Help with a scan"))
def help_counting(progress: Progress) -> dict:
    scan = Scan.objects.select_related("corpus").filter(pk=progress.params["scan"], finished_at=None).first()
    if scan is None:
        return {"documents": 0}

    def told(missing: list[CountedChunk]) -> None:
        if not _goes_on(scan):
            raise ScanLeft
        progress.update(max(progress.job.total - len(missing) - 1, 0), progress.job.total)

    todo = Todo(scan, Recipe(**scan.recipe), progress.job.lease)
    with contextlib.suppress(CorpusChanged, ScanLeft):  # what changed the scan sees too, and plans anew
        todo.work(told, wait=False)
    return {"documents": sum(todo.counted)}


def _goes_on(scan: Scan) -> bool:
    same = Scan.objects.filter(pk=scan.pk, finished_at=None)
    return same.filter(job__status__in=ACTIVE_JOBS, job__cancel_requested=False).exists()


@dataclass(frozen=True)
class Todo:
    """The chunks that a scan still needs; for a helper, those that wait for its scan."""

    scan: Scan
    recipe: Recipe
    holder: str
    keys: frozenset[str] | None = None
    counted: list[int] = field(default_factory=list)  # sizes of the chunks that were counted here

    def missing(self) -> list[CountedChunk]:
        rows = (
            CountedChunk.objects.filter(corpus=self.scan.corpus, counted_at=None)
            .defer("data")
            .order_by("first")
        )
        if self.keys is None:
            return list(rows.filter(scan=self.scan))
        return [row for row in rows if row.key in self.keys]

    def work(self, told: Told, wait: bool) -> None:
        """Count free chunks until none is left; with `wait`, until all are counted by whomever. `told` hears what is
        missing before each, and when nothing is."""
        counter = Counter(self.recipe.term_settings())
        documents = documents_of(self.scan.corpus, self.recipe)
        while True:
            told(missing := self.missing())
            if not missing:
                return
            chunk = next((row for row in missing if self._free(row) and self._take(row)), None)
            if chunk is not None:
                try:
                    _count(chunk, documents, counter)
                except BaseException:
                    CountedChunk.objects.filter(pk=chunk.pk, holder=self.holder).update(
                        holder="", held_at=None
                    )
                    raise
                self.counted.append(chunk.size)
            elif wait:
                time.sleep(WAIT)
            else:
                return

    def _free(self, row: CountedChunk) -> bool:
        """Nobody counts it, or who did died or was silent too long."""
        if not row.holder or row.holder == self.holder or row.held_at is None:
            return True
        return row.held_at < timezone.now() - PATIENCE or holder_is_dead(row.holder)

    def _take(self, row: CountedChunk) -> bool:
        same = CountedChunk.objects.filter(pk=row.pk, counted_at=None, holder=row.holder, held_at=row.held_at)
        return bool(same.update(holder=self.holder, held_at=timezone.now()))


def _count(chunk: CountedChunk, documents, counter: Counter) -> None:
    inside = documents.filter(pk__gte=chunk.first, pk__lte=chunk.last)
    records = [record for _first, _last, page in pages(inside, CHUNK) for record in page]
    if key_of(records, counter.settings) != chunk.key:
        CountedChunk.objects.filter(pk=chunk.pk, counted_at=None).delete()
        raise CorpusChanged
    done = {
        "data": to_bytes(counter.count(records)),
        "counted_at": timezone.now(),
        "holder": "",
        "held_at": None,
    }
    CountedChunk.objects.filter(pk=chunk.pk).update(**done)


def _counts(scan: Scan, chunks: list[Chunk]) -> list[Partial]:
    """In the order of the plan, read one by one: the packed bytes of all would stand beside the counts."""
    rows = CountedChunk.objects.filter(corpus=scan.corpus).exclude(counted_at=None)
    found = []
    for chunk in chunks:
        data = rows.filter(key=chunk.key).values_list("data", flat=True).first()
        if data is None:
            raise CorpusChanged
        with uncollected():
            found.append(from_bytes(bytes(data)))
    return found


def forget_unused(scan: Scan) -> None:
    """Drop counts of this corpus that no scan has used for a month."""
    CountedChunk.objects.filter(corpus=scan.corpus, used_at__lt=timezone.now() - KEPT_UNUSED).delete()

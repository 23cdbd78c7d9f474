"""A scan: read a corpus by a recipe, mine it, propose candidates with their evidence.

What is written stays invisible until the scan's row says that it is finished; a run that died is begun anew.
"""

import resource
import time
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.services import jobs
from foundation.services.audit import canonical_json, record, sha256
from foundation.services.jobs import JobCancelled, Progress, job_kind
from scanning.exceptions import CorpusEmpty
from scanning.models import Candidate, Corpus, Document, Evidence, Scan, Topic
from scanning.recipe import Recipe
from scanning.services.collector import uncollected
from scanning.services.counting import count_corpus, forget_unused
from scanning.services.describing import describe
from scanning.services.fence import hold
from scanning.services.findings import Findings, Found, candidate_from, evidence_from, find
from scanning.services.found_again import join_open
from scanning.services.policies import policy_of
from scanning.services.ranking import apply_formula
from scanning.services.reading import documents_of, lock_for_reading
from scanning.services.topics import network_as_dict, write_topics

SCAN = "scanning.scan"
READ = 1000
WRITE = 500


@transaction.atomic
def start_scan(*, corpus: Corpus, actor, recipe: Recipe) -> Scan:
    study = corpus.study
    require(actor, study.panel, Capability.REVIEW)
    lock_for_reading(corpus)
    if not documents_of(corpus, recipe).exists():
        raise CorpusEmpty
    recipe = replace(recipe, without=policy_of(study).methods_off)
    scan = Scan.objects.create(corpus=corpus, recipe=recipe.as_dict(), created_by=actor)
    record(
        stream=study.stream, action="scan.started", actor=actor, target=corpus.name, detail=recipe.as_dict()
    )
    ask_for(scan, kind=SCAN, actor=actor)
    return scan


def ask_for(scan: Scan, *, kind: str, actor=None) -> None:
    """Request the job that does this scan."""
    job = jobs.request_job(
        kind=kind,
        params={"scan": scan.pk},
        label=scan.corpus.name,
        stream=scan.corpus.study.stream,
        dedupe_key=f"scan:{scan.code}",
        actor=actor,
    )
    Scan.objects.filter(pk=scan.pk).update(job=job)
    scan.refresh_from_db()


def cancel_scan(*, scan: Scan, actor) -> None:
    require(actor, scan.corpus.study.panel, Capability.REVIEW)
    if scan.job:
        jobs.cancel(job=scan.job)


@job_kind(SCAN, _("Scan of a corpus"))
def run_scan(progress: Progress) -> dict:
    scan = Scan.objects.select_related("corpus__study").get(pk=progress.params["scan"])
    if scan.finished_at:
        return scan.summary
    try:
        _remove_candidates(scan, progress)
        recipe, started = Recipe(**scan.recipe), time.monotonic()
        documents = documents_of(scan.corpus, recipe)
        size = documents.count()
        total = size + size // 2 + 1  # reading is about two thirds of the work
        tick = Tick(progress, total)
        parts = count_corpus(scan, recipe, progress, tick)
        counted = time.monotonic()
        with uncollected():
            findings = find(parts, recipe)
            described = describe(findings.found, scan.corpus)
        progress.update(size + size // 4, total)
        summary = _write(scan, findings, described, progress) | findings.summary
    except JobCancelled:
        _remove_candidates(scan, None)
        raise
    summary |= {
        "documents": size,
        "candidates": len(findings.found),
        "seconds": round(time.monotonic() - started, 1),
        "seconds_counting": round(counted - started, 1),
        "documents_kept": tick.kept,
        "memory_mb": peak_memory_mb(),
    }
    _finish(scan, summary, progress)
    forget_unused(scan)
    return summary


class Tick:
    """How many documents are counted, beginning with those whose counts were kept from before."""

    def __init__(self, progress: Progress, total: int):
        self.progress, self.total = progress, total
        self.done, self.kept = 0, 0

    def start(self, kept: int) -> None:
        self.kept = kept
        self.reach(kept)

    def reach(self, done: int) -> None:
        self.done = done
        self.progress.update(min(self.done, self.total - 1), self.total)


def peak_memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _write(scan: Scan, findings: Findings, found: list[Found], progress: Progress) -> dict:
    """Insert topics, candidates and evidence in small transactions; return the hash of what was written."""
    digest = sha256(canonical_json([each.canonical() for each in found]))
    with transaction.atomic():
        hold(progress)
        topics = write_topics(scan, findings)
        Scan.objects.filter(pk=scan.pk).update(network=network_as_dict(findings))
    for start in range(0, len(found), WRITE):
        block = found[start : start + WRITE]
        with transaction.atomic():
            hold(progress)
            built = [candidate_from(scan, each, start + n) for n, each in enumerate(block, 1)]
            for candidate, each in zip(built, block, strict=True):
                candidate.topic = topics.get(each.term.key)
            candidates = Candidate.objects.bulk_create(built)
        keys = _document_keys(scan.corpus, block)
        rows = [
            row
            for candidate, each in zip(candidates, block, strict=True)
            for row in evidence_from(candidate, each, keys)
        ]
        for first in range(0, len(rows), 2 * WRITE):
            with transaction.atomic():
                hold(progress)
                Evidence.objects.bulk_create(rows[first : first + 2 * WRITE])
    return {"hash": digest}


def _document_keys(corpus: Corpus, block: list[Found]) -> dict[str, int]:
    """External identifier -> key of the documents that support these findings."""
    wanted = sorted({support.document for each in block for support in each.term.support})
    keys: dict[str, int] = {}
    for start in range(0, len(wanted), READ):
        rows = Document.objects.filter(corpus=corpus, external_id__in=wanted[start : start + READ])
        keys |= dict(rows.values_list("external_id", "pk"))
    return keys


def _finish(scan: Scan, summary: dict, progress: Progress) -> None:
    with transaction.atomic():
        hold(progress)
        scan.summary, scan.method, scan.finished_at = summary, summary["method"], timezone.now()
        scan.save(update_fields=["summary", "method", "finished_at"])
        apply_formula(scan)
        if not scan.watching:
            summary["found_again"] = join_open(scan.candidates.filter(held=False))
            Scan.objects.filter(pk=scan.pk).update(summary=summary)
        record(
            stream=scan.corpus.study.stream,
            action="scan.finished",
            actor=progress.job.requested_by,
            target=scan.corpus.name,
            detail={"scan": scan.code, "candidates": summary["candidates"], "hash": summary["hash"]},
        )


def _remove_candidates(scan: Scan, progress: Progress | None) -> None:
    """Remove what an earlier run of this unfinished scan wrote; nobody has seen it."""
    left = Candidate.objects.filter(scan=scan, scan__finished_at=None)
    while keys := list(left.values_list("pk", flat=True)[:WRITE]):
        with transaction.atomic():
            if progress:
                hold(progress)
            Candidate.objects.filter(pk__in=keys).delete()
    with transaction.atomic():
        if progress:
            hold(progress)
        Topic.objects.filter(scan=scan, scan__finished_at=None).delete()

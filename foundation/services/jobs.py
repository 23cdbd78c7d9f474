"""Jobs: request, run, report progress, cancel, pick up again.

A job's work is a function registered under its kind: `@job_kind("scan.import")`. The queue only carries the
job's id; a lost message, a killed worker or a doubled delivery changes nothing about the outcome.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from foundation.broker.owners import holder_is_dead, holder_tag
from foundation.enums import ACTIVE_JOBS, JobStatus
from foundation.exceptions import Refusal
from foundation.job_titles import TITLES
from foundation.models import Job
from foundation.services.heartbeat import heartbeat

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=45)
MAX_ATTEMPTS = 8
HEARTBEAT_SECONDS = 1.0

Work = Callable[["Progress"], dict | None]
_KINDS: dict[str, Work] = {}


class JobCancelled(Exception):
    """Raised inside the work when somebody asked for the job to stop."""


class JobLost(Exception):
    """Another run took the job over; this one must leave without writing."""


def job_kind(kind: str, title: str | Promise = "") -> Callable[[Work], Work]:
    """Register the function that does the work of `kind`; it receives a `Progress`."""

    def register(work: Work) -> Work:
        _KINDS[kind] = work
        TITLES[kind] = title or kind
        return work

    return register


class Progress:
    """What a running job may do with its own row."""

    def __init__(self, job: Job):
        self.job = job
        self._last_write = 0.0

    @property
    def params(self) -> dict:
        return self.job.params

    def update(self, done: int, total: int | None = None, message: str = "") -> None:
        """Note how far the work is. Writes at most once a second; raises when cancelled or taken over."""
        finished = total is not None and done >= total
        if time.monotonic() - self._last_write < HEARTBEAT_SECONDS and not finished and not message:
            return
        self._last_write = time.monotonic()
        fields = {"done": done, "heartbeat_at": timezone.now()}
        if total is not None:
            fields["total"] = total
        if message:
            fields["message"] = message[:300]
        self._write(fields)

    def _write(self, fields: dict) -> None:
        mine = Job.objects.filter(pk=self.job.pk, lease=self.job.lease, status=JobStatus.RUNNING)
        if not mine.filter(cancel_requested=False).update(**fields):
            if mine.exists():
                raise JobCancelled
            raise JobLost


def request_job(
    *, kind: str, params: dict, label="", stream="", dedupe_key="", actor=None, total: int = 0
) -> Job:
    """Create a job row and enqueue it on commit. An active job with the same key is returned instead."""
    if kind not in _KINDS:
        raise ValueError(f"unknown job kind: {kind}")
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                params=params,
                label=str(label)[:200],
                stream=stream,
                dedupe_key=dedupe_key,
                total=total,
                requested_by=actor if getattr(actor, "pk", None) else None,
            )
    except IntegrityError:
        return Job.objects.get(kind=kind, dedupe_key=dedupe_key, status__in=ACTIVE_JOBS)
    enqueue(job)
    return job


def enqueue(job: Job) -> None:
    from foundation.tasks import run_job

    run_job.delay_on_commit(job.pk)


def _lost(now: datetime) -> Q:
    return Q(status=JobStatus.RUNNING) & (Q(heartbeat_at__lt=now - STALE_AFTER) | Q(heartbeat_at=None))


def claim(job_id: int) -> Job | None:
    """Take a queued job, or one whose run died or was silent too long. None when there is nothing to do."""
    now = timezone.now()
    free = Q(status=JobStatus.QUEUED) | _lost(now)
    holder = Job.objects.filter(pk=job_id, status=JobStatus.RUNNING).values_list("lease", flat=True).first()
    if holder and holder_is_dead(holder):
        free |= Q(status=JobStatus.RUNNING, lease=holder)
    taken = Job.objects.filter(free, pk=job_id).update(
        status=JobStatus.RUNNING, lease=holder_tag(), heartbeat_at=now, done=0, error=""
    )
    if not taken:
        return None
    job = Job.objects.get(pk=job_id)
    job.attempts += 1
    job.started_at = job.started_at or now
    job.save(update_fields=["attempts", "started_at"])
    return job


def run(job_id: int) -> None:
    """Do the work of one job, whatever became of earlier runs."""
    job = claim(job_id)
    if job is None:
        return
    try:
        if job.cancel_requested:
            raise JobCancelled
        with heartbeat(job):
            result = _KINDS[job.kind](Progress(job)) or {}
    except JobLost:
        log.warning("job %s was taken over by another run", job.code)
    except JobCancelled:
        _finish(job, status=JobStatus.CANCELLED)
    except Refusal as refusal:
        _finish(
            job,
            status=JobStatus.FAILED,
            error=str(refusal.message),
            result={"errors": getattr(refusal, "errors", {}) or {}},
        )
    except Exception as error:
        log.exception("job %s failed", job.code)
        _finish(
            job,
            status=JobStatus.FAILED,
            error=f"{type(error).__name__}: {error}",
            result={"traceback": traceback.format_exc(limit=-6)},
        )
    else:
        _finish(job, status=JobStatus.DONE, result=result)


def _finish(job: Job, *, status: str, error: str = "", result: dict | None = None) -> None:
    fields = {"status": status, "error": error, "result": result or {}, "finished_at": timezone.now()}
    if status == JobStatus.DONE:
        total = Job.objects.values_list("total", flat=True).get(pk=job.pk)
        fields |= {"done": total or 1, "total": total or 1}
    Job.objects.filter(pk=job.pk, lease=job.lease, status=JobStatus.RUNNING).update(**fields)


def cancel(*, job: Job) -> None:
    """Ask a job to stop: at once when it waits, at its next progress note when it runs."""
    now = timezone.now()
    if not Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED).update(
        status=JobStatus.CANCELLED, finished_at=now
    ):
        Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(cancel_requested=True)


def reap() -> int:
    """Put back jobs whose worker died, and re-send queued ones whose message was lost. Returns how many."""
    now = timezone.now()
    running = Job.objects.filter(status=JobStatus.RUNNING)
    dead = [pk for pk, lease in running.values_list("pk", "lease") if holder_is_dead(lease)]
    silent = Job.objects.filter(_lost(now) | Q(status=JobStatus.RUNNING, pk__in=dead))
    silent.filter(attempts__gte=MAX_ATTEMPTS).update(
        status=JobStatus.FAILED, finished_at=now, error=f"given up after {MAX_ATTEMPTS} attempts"
    )
    quiet = Q(heartbeat_at__lt=now - STALE_AFTER) | Q(heartbeat_at=None, created_at__lt=now - STALE_AFTER)
    forgotten = Job.objects.filter(quiet, status=JobStatus.QUEUED)
    waiting = list(silent) + list(forgotten)
    for job in waiting:
        enqueue(job)
    # A queued job's heartbeat says when it was last sent, so that a long queue is not flooded.
    Job.objects.filter(pk__in=[job.pk for job in waiting], status=JobStatus.QUEUED).update(heartbeat_at=now)
    return len(waiting)

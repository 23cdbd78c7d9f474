"""A running job's sign of life, given by a thread: the work itself may be silent for minutes."""

import contextlib
import logging
import threading
from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.utils import timezone

from foundation.enums import JobStatus
from foundation.models import Job

log = logging.getLogger(__name__)
BEAT_SECONDS = 10.0


@contextlib.contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    """Beat until the block ends. Not inside a transaction: the row would be locked by ourselves."""
    if connection.in_atomic_block:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(job.pk, job.lease, ended), name="job-heartbeat", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(job_id: int, lease: str, ended: threading.Event) -> None:
    while not ended.wait(BEAT_SECONDS):
        try:
            Job.objects.filter(pk=job_id, lease=lease, status=JobStatus.RUNNING).update(
                heartbeat_at=timezone.now()
            )
        except DatabaseError:
            log.exception("a job's heartbeat could not be written; trying again")
        finally:
            connection.close()  # this thread's own

"""A run that was taken for dead and replaced must not write any more: every batch checks that it still holds."""

from foundation.enums import JobStatus
from foundation.models import Job
from foundation.services.jobs import JobLost, Progress


def hold(progress: Progress) -> None:
    """Inside a transaction: go on only while this run holds its job. Locks the row, so that a takeover waits."""
    mine = Job.objects.select_for_update().filter(
        pk=progress.job.pk, lease=progress.job.lease, status=JobStatus.RUNNING
    )
    if not mine.exists():
        raise JobLost

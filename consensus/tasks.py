from celery import shared_task

from consensus.jobs import request_missing_computations
from consensus.services.exports import purge_exports


@shared_task(ignore_result=True)
def request_computations() -> None:
    """Runs every minute; asks for the statistics of closed rounds that were forgotten."""
    request_missing_computations()


@shared_task(ignore_result=True)
def remove_expired_exports() -> None:
    """Runs every hour."""
    purge_exports()

"""Work of this app is done by jobs: importing these modules registers their kinds with the worker."""

from celery import shared_task

from scanning import warm
from scanning.services import (
    backtests,
    counting,
    grouping,
    imports,
    monitoring,
    reason_summaries,
    scans,
    suggesting,
)

__all__ = [
    "backtests",
    "counting",
    "grouping",
    "imports",
    "monitoring",
    "reason_summaries",
    "run_due_monitors",
    "scans",
    "suggesting",
    "warm",
]


@shared_task(ignore_result=True)
def run_due_monitors() -> int:
    """Runs every few minutes; begins the monitors whose time has come."""
    return monitoring.run_due()

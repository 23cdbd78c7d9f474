"""Passages of old runs of a monitor that nobody looked into are dropped; their lists and reports stay.

What a person put on the review board keeps everything that it rests on, whatever the age of its run.
"""

from django.conf import settings
from django.db import transaction

from scanning.models import Candidate, Evidence, Monitor, Scan

BATCH = 50  # candidates at a time: on SQLite other writers wait for as long as one batch takes


def prune_old_runs(monitor: Monitor) -> None:
    """Begun again after a crash, it ends the same."""
    if not settings.MONITOR_RUNS_KEPT:
        return
    concluded = monitor.runs.filter(concluded_at__isnull=False).order_by("-number")
    old = list(concluded.values_list("scan_id", flat=True)[settings.MONITOR_RUNS_KEPT :])
    with_evidence = Candidate.objects.filter(
        scan__in=old, held=True, opinions=None, decisions=None, evidence__isnull=False
    )
    while some := list(with_evidence.distinct().values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            # Locked: whoever puts one on the board now keeps its evidence.
            held = Candidate.objects.select_for_update().filter(pk__in=some, held=True)
            Evidence.objects.filter(candidate__in=list(held.values_list("pk", flat=True))).delete()
    Scan.objects.filter(pk__in=old).exclude(network={}).update(network={})

"""Two runs side by side, of a scan or of a monitor: what is new, gone and moved, and what differs in the recipe."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from scanning.models import Candidate, Monitor, Scan
from scanning.monitors.compare import Comparison, compare
from scanning.monitors.reading import seen_in
from scanning.recipe import LABELS, in_words
from surveys.models import Study

MOST_RUNS = 200


@dataclass(frozen=True)
class Compared:
    """`linked`: codes of those that a reviewer can open; what a monitor holds back is on no board."""

    earlier: Scan
    later: Scan
    lists: Comparison
    differing: list[tuple[str, str, str]]
    linked: frozenset[str]


def comparable_runs(study: Study, monitor: Monitor | None = None) -> list[Scan]:
    """Runs that came to an end, the newest first; of one monitor alone where one is given."""
    done = Q(monitor_run__concluded_at__isnull=False)
    done = done & Q(monitor_run__monitor=monitor) if monitor else done | Q(watching=False)
    rows = Scan.objects.filter(done, corpus__study=study, finished_at__isnull=False)
    rows = rows.select_related("corpus", "monitor_run__monitor")
    return list(rows.order_by("-created_at", "-pk")[:MOST_RUNS])


def like_it(runs: list[Scan], later: Scan) -> Scan | None:
    """The run before this one: of the same monitor, else of the same corpus, else any."""
    older = runs[runs.index(later) + 1 :]
    same = [run for run in older if _series(run) == _series(later)]
    kin = [run for run in older if run.corpus_id == later.corpus_id]
    return next(iter(same or kin or older), None)


def again(runs: list[Scan]) -> list[Scan]:
    """Runs that repeat an earlier one; where none does, all."""
    seen = [_series(run) for run in runs]
    return [run for place, run in enumerate(runs) if seen[place] in seen[place + 1 :]] or runs


def _series(run: Scan) -> tuple[int, int | None]:
    return run.corpus_id, run.monitor_run.monitor_id if run.watching else None


def compared(earlier: Scan, later: Scan) -> Compared:
    if (earlier.created_at, earlier.pk) > (later.created_at, later.pk):
        earlier, later = later, earlier
    scans = (earlier, later)
    open_ones = Candidate.objects.filter(scan__in=scans, scan__finished_at__isnull=False, held=False)
    return Compared(
        earlier,
        later,
        compare(seen_in(earlier), seen_in(later)),
        [
            (
                str(LABELS[name]),
                in_words(name, earlier.recipe.get(name)),
                in_words(name, later.recipe.get(name)),
            )
            for name in LABELS
            if earlier.recipe.get(name) != later.recipe.get(name)
        ],
        frozenset(open_ones.values_list("code", flat=True)),
    )

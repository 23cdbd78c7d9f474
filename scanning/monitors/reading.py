"""What runs of a scan or a monitor found, as plain data."""

from django.db.models import Count, Exists, F, OuterRef, Q

from scanning.models import Candidate, Evidence, MonitorRun, Scan
from scanning.monitors.compare import Seen, key_of


def seen_in(scan: Scan) -> list[Seen]:
    """As the machine listed them, whatever formula or decisions came later; parts of a split are left out."""
    rows = Candidate.objects.filter(scan=scan, split_from=None).order_by("rank", "pk")
    columns = (
        "code",
        "mined_name",
        "language",
        "rank",
        "how__mined_place",
        "n_documents",
        "growth",
        "signals",
        "variants",
    )
    found = [
        Seen(
            code=code,
            name=name,
            language=language,
            rank=mined or rank,
            documents=documents,
            growth=growth,
            first_year=signals.get("first_year"),
            bursting=bool(signals.get("bursting")),
            variants=tuple(variants),
        )
        for code, name, language, rank, mined, documents, growth, signals, variants in rows.values_list(
            *columns
        )
    ]
    return sorted(found, key=lambda each: each.rank)


def board_states(run: MonitorRun) -> dict[str, set[str]]:
    """Codes of candidates that can be put on the board, that are on it, and whose passages are no longer kept."""
    has_evidence = Exists(Evidence.objects.filter(candidate=OuterRef("pk")))
    rows = Candidate.objects.filter(scan=run.scan_id).annotate(known=has_evidence)
    states: dict[str, set[str]] = {"held": set(), "boarded": set(), "pruned": set()}
    for code, held, known in rows.values_list("code", "held", "known"):
        states["boarded" if not held else "held" if known else "pruned"].add(code)
    return states


def concluded_runs(run: MonitorRun):
    """Earlier runs of the same monitor that came to an end, the latest first."""
    return (
        MonitorRun.objects.filter(monitor=run.monitor_id, number__lt=run.number, concluded_at__isnull=False)
        .select_related("scan")
        .order_by("-number")
    )


def run_before(run: MonitorRun) -> MonitorRun | None:
    return concluded_runs(run).first()


def names_ever_seen(run: MonitorRun) -> set[str]:
    """Names and spellings that an earlier run listed."""
    rows = Candidate.objects.filter(scan__monitor_run__in=concluded_runs(run).values("pk")).order_by()
    keys: set[str] = set()
    for name, variants in rows.values_list("mined_name", "variants").iterator():
        keys.update(map(key_of, (name, *variants)))
    return keys


def last_year_of(scan: Scan) -> int | None:
    """The last year of which the scan read documents."""
    totals = scan.summary.get("yearly_total") or {}
    years = [int(year) for by_year in totals.values() for year, count in by_year.items() if count]
    return max(years, default=None)


def arrivals_in(run: MonitorRun, before: MonitorRun, codes: list[str]) -> dict[str, int]:
    """How many documents of these candidates came in since the run before.

    Only where all documents of a candidate are kept as its evidence: of frequent terms it holds the best alone.
    """
    last_file = int(before.corpus_mark.split(":")[0] or 0)
    rows = Candidate.objects.filter(scan=run.scan_id, code__in=codes).order_by()
    counted = rows.annotate(
        kept=Count("evidence"),
        fresh=Count("evidence", filter=Q(evidence__document__source_file__gt=last_file)),
    )
    return dict(counted.filter(kept=F("n_documents")).values_list("code", "fresh"))

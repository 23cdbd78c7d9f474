"""Monitors: a recipe that reads a corpus again by the calendar, on new documents, or when asked."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput, Refusal
from foundation.services.audit import record
from foundation.services.jobs import Progress, job_kind
from scanning.enums import ImportStatus, MonitorSchedule, RunTrigger
from scanning.models import Candidate, Corpus, Evidence, Monitor, MonitorRun, Scan
from scanning.monitors.calendar import next_turn
from scanning.monitors.compare import Alert, Comparison, alerts_between, alerts_of_first_run, compare
from scanning.monitors.reading import arrivals_in, last_year_of, names_ever_seen, run_before, seen_in
from scanning.recipe import Recipe
from scanning.services.alert_mail import mail_alerts
from scanning.services.fence import hold
from scanning.services.found_again import join_open
from scanning.services.policies import policy_of
from scanning.services.pruning import prune_old_runs
from scanning.services.reading import lock_for_reading
from scanning.services.scans import ask_for, documents_of, run_scan
from surveys.enums import StudyStatus

MONITOR = "scanning.monitor"


@transaction.atomic
def create_monitor(
    *,
    corpus: Corpus,
    actor,
    name: str,
    recipe: Recipe,
    schedule: str,
    on_upload: bool = False,
    mail: bool = True,
) -> Monitor:
    """Keep a recipe that runs again. Its first run begins at once, so that later ones have something to compare."""
    require(actor, corpus.study.panel, Capability.REVIEW)
    _refuse_removed(corpus)
    name = " ".join(str(name).split())[:200]
    errors = {}
    if not name:
        errors["name"] = [_("Give the monitor a name.")]
    if schedule not in MonitorSchedule.values:
        errors["schedule"] = [_("Choose how often it runs.")]
    if errors:
        raise InvalidInput(errors=errors)
    monitor = Monitor.objects.create(
        corpus=corpus,
        name=name,
        recipe=recipe.as_dict(),
        schedule=schedule,
        on_upload=on_upload,
        mail=mail,
        created_by=actor,
    )
    monitor.next_run_at = _next(monitor, monitor.created_at)
    monitor.save(update_fields=["next_run_at"])
    _record(monitor, "monitor.created", actor, {"schedule": schedule, "on_upload": on_upload})
    if documents_of(corpus, recipe).exists():
        _begin(monitor, RunTrigger.HAND, actor)
    return monitor


@transaction.atomic
def pause_monitor(*, monitor: Monitor, actor) -> None:
    _change(monitor, actor, "monitor.paused", active=False)


@transaction.atomic
def resume_monitor(*, monitor: Monitor, actor) -> None:
    _change(monitor, actor, "monitor.resumed", active=True, next_run_at=_next(monitor, timezone.now()))


@transaction.atomic
def remove_monitor(*, monitor: Monitor, actor) -> None:
    """It stops and leaves the pages; its runs stay, so that it can be brought back."""
    _change(monitor, actor, "monitor.removed", active=False, removed_at=timezone.now())


@transaction.atomic
def bring_back_monitor(*, monitor: Monitor, actor) -> None:
    """Undo the removal. It comes back paused."""
    _refuse_removed(monitor.corpus)
    _change(monitor, actor, "monitor.brought_back", removed_at=None)


def run_now(*, monitor: Monitor, actor) -> MonitorRun:
    require(actor, monitor.corpus.study.panel, Capability.REVIEW)
    if monitor.removed_at:
        raise Refusal(_("This monitor was removed. Bring it back first."))
    _refuse_removed(monitor.corpus)
    if not documents_of(monitor.corpus, Recipe(**monitor.recipe)).exists():
        raise Refusal(_("The corpus has no document that this monitor would read."))
    return _begin(monitor, RunTrigger.HAND, actor)


@transaction.atomic
def put_on_board(*, run: MonitorRun, actor, codes: list[str]) -> int:
    """Hand candidates that a monitor found to the reviewers; returns how many were not there yet."""
    require(actor, run.monitor.corpus.study.panel, Capability.REVIEW)
    chosen = Candidate.objects.select_for_update(of=("self",)).filter(
        scan=run.scan_id, scan__finished_at__isnull=False, code__in=codes, held=True
    )
    # What old runs no longer have passages for cannot be judged: a later run has it, if it still is on the list.
    found = dict(
        chosen.filter(Exists(Evidence.objects.filter(candidate=OuterRef("pk")))).values_list(
            "pk", "mined_name"
        )
    )
    Candidate.objects.filter(pk__in=found).update(held=False)
    join_open(Candidate.objects.filter(pk__in=found).order_by("rank", "pk"))
    if names := list(found.values()):
        _record(run.monitor, "monitor.put_on_board", actor, {"run": run.number, "names": names[:100]})
    return len(names)


def run_due(now: datetime | None = None) -> int:
    """Begin the monitors whose time has come; returns how many. One whose last run is still under way waits."""
    now = now or timezone.now()
    begun = 0
    due = _awake().filter(next_run_at__lte=now)
    for monitor in due.select_related("corpus__study__panel").order_by("next_run_at"):
        begun += _take_turn(monitor, now)
    return begun


def _awake():
    """Monitors that may run: of kept corpora in studies that go on."""
    rows = Monitor.objects.kept().filter(active=True, corpus__removed_at=None)
    return rows.exclude(corpus__study__status__in=(StudyStatus.FINISHED, StudyStatus.ARCHIVED))


def _refuse_removed(corpus: Corpus) -> None:
    if Corpus.objects.filter(pk=corpus.pk, removed_at__isnull=False).exists():
        raise Refusal(_("This corpus was removed. Bring it back first."))


@transaction.atomic
def _take_turn(monitor: Monitor, now: datetime) -> bool:
    if _under_way(monitor):
        return False
    # Compare-and-set: of two schedulers one gets the turn.
    mine = Monitor.objects.filter(pk=monitor.pk, active=True, next_run_at=monitor.next_run_at)
    if not mine.update(next_run_at=_next(monitor, now)):
        return False
    if not _has_news(monitor):
        Monitor.objects.filter(pk=monitor.pk, idle_since=None).update(idle_since=now)
        return False
    _begin(monitor, RunTrigger.SCHEDULE, None)
    return True


def corpus_grew(corpus: Corpus) -> None:
    """Called when an import has brought something in."""
    watching = _awake().filter(corpus=corpus, on_upload=True)
    for monitor in watching.select_related("corpus__study__panel"):
        with transaction.atomic():
            if _under_way(monitor):  # it may have read past the new documents: once more, soon
                Monitor.objects.filter(pk=monitor.pk).update(next_run_at=timezone.now())
            elif _has_news(monitor):
                _begin(monitor, RunTrigger.UPLOAD, None)


@transaction.atomic
def _begin(monitor: Monitor, trigger: str, actor) -> MonitorRun:
    # Locked, so that runs are numbered one after another.
    monitor = (
        Monitor.objects.select_for_update(of=("self",)).select_related("corpus__study").get(pk=monitor.pk)
    )
    if current := _under_way(monitor):
        return current
    lock_for_reading(monitor.corpus)
    number = (monitor.runs.aggregate(last=Max("number"))["last"] or 0) + 1
    scan = Scan.objects.create(
        corpus=monitor.corpus,
        recipe=monitor.recipe | {"without": policy_of(monitor.corpus.study).methods_off},
        watching=True,
        created_by=actor or monitor.created_by,
    )
    run = MonitorRun.objects.create(
        monitor=monitor, scan=scan, number=number, trigger=trigger, corpus_mark=corpus_mark(monitor.corpus)
    )
    Monitor.objects.filter(pk=monitor.pk).update(idle_since=None)
    _record(monitor, "monitor.run_begun", actor, {"run": number, "trigger": str(trigger)})
    ask_for(scan, kind=MONITOR, actor=actor)
    return run


@job_kind(MONITOR, _("Run of a monitor"))
def run_monitor(progress: Progress) -> dict:
    """The scan, then what it found new. Begun again after a crash, it ends the same."""
    summary = run_scan(progress)
    run = (
        MonitorRun.objects.select_related("monitor__corpus__study__panel", "scan")
        .filter(scan=progress.params["scan"])
        .first()
    )
    if run is not None and run.concluded_at is None:
        conclude(run, progress)
    if run is not None:
        prune_old_runs(run.monitor)
    return summary


def conclude(run: MonitorRun, progress: Progress) -> None:
    comparison, alerts = findings_of(run)
    with transaction.atomic():
        hold(progress)
        run.alerts = [asdict(alert) for alert in alerts]
        run.changes = {
            "new": len(comparison.new),
            "gone": len(comparison.gone),
            "moved": len(comparison.moved),
        }
        run.concluded_at = timezone.now()
        run.save(update_fields=["alerts", "changes", "concluded_at"])
        _record(
            run.monitor,
            "monitor.run_concluded",
            None,
            run.changes | {"run": run.number, "alerts": len(alerts)},
        )
        if alerts and run.monitor.mail and run.monitor.removed_at is None:
            mail_alerts(run=run)


def findings_of(run: MonitorRun) -> tuple[Comparison, list[Alert]]:
    now, last = seen_in(run.scan), last_year_of(run.scan)
    before = run_before(run)
    if before is None:
        return Comparison(), alerts_of_first_run(now, last_year=last)
    comparison = compare(seen_in(before.scan), now)
    return comparison, alerts_between(
        comparison,
        docs_before=before.scan.summary.get("documents", 0),
        docs_now=run.scan.summary.get("documents", 0),
        ever=names_ever_seen(run),
        last_year=last,
        arrived=arrivals_in(run, before, [each.code for each in comparison.new]),
    )


def corpus_mark(corpus: Corpus) -> str:
    """Changes whenever an import brought something in."""
    done = corpus.files.kept().filter(status=ImportStatus.IMPORTED)
    sums = done.aggregate(last=Max("pk"), new=Sum("n_new"), updated=Sum("n_updated"))
    return ":".join(str(sums[name] or 0) for name in ("last", "new", "updated"))


def _has_news(monitor: Monitor) -> bool:
    if not documents_of(monitor.corpus, Recipe(**monitor.recipe)).exists():
        return False
    last = monitor.runs.filter(concluded_at__isnull=False).order_by("-number").first()
    return last is None or last.corpus_mark != corpus_mark(monitor.corpus)


def _under_way(monitor: Monitor) -> MonitorRun | None:
    last = monitor.runs.select_related("scan__job").order_by("-number").first()
    return last if last and last.scan.job and last.scan.job.is_active else None


def _next(monitor: Monitor, now: datetime) -> datetime | None:
    return next_turn(monitor.schedule, monitor.created_at, now, timezone.get_default_timezone())


def _change(monitor: Monitor, actor, action: str, **fields) -> None:
    require(actor, monitor.corpus.study.panel, Capability.REVIEW)
    for name, value in fields.items():
        setattr(monitor, name, value)
    monitor.save(update_fields=list(fields))
    _record(monitor, action, actor, {})


def _record(monitor: Monitor, action: str, actor, detail: dict) -> None:
    record(
        stream=monitor.corpus.study.stream,
        action=action,
        actor=actor,
        target=monitor.name,
        detail={"monitor": monitor.code, **detail},
    )

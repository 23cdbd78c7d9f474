"""Two runs side by side, whether a person or a monitor began them."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from experts.enums import Capability
from scanning.models import Monitor, Scan
from scanning.selectors.comparing import again, comparable_runs, compared, like_it
from surveys.access import study_for

SHOWN = 100


def compare_runs(request, code):
    study = study_for(request, code, Capability.REVIEW)
    monitor = None
    if asked := request.GET.get("monitor"):
        monitor = get_object_or_404(Monitor, corpus__study=study, code=asked)
    runs = comparable_runs(study, monitor)
    earlier, later = (_run(runs, request.GET.get(name, "")) for name in ("earlier", "later"))
    if later is None:
        later = (
            next(iter(again(runs)), None)
            if earlier is None
            else next((r for r in runs if r != earlier), None)
        )
    if later is not None and earlier is None:
        earlier = like_it(runs, later)
    context = {
        "study": study,
        "section": "scan",
        "monitor": monitor,
        "groups": _groups(runs),
        "earlier": earlier,
        "later": later,
        "most": SHOWN,
    }
    if earlier and later:
        context["compared"] = compared(earlier, later)
    return render(request, "scanning/compare.html", context)


def _run(runs: list[Scan], code: str) -> Scan | None:
    if not code:
        return None
    found = next((run for run in runs if run.code == code), None)
    if found is None:
        raise Http404
    return found


def _groups(runs: list[Scan]) -> list[tuple[str, list[tuple[Scan, str]]]]:
    """The choices, under the names of their corpus or monitor."""
    named = sorted(((_series(run), run) for run in runs), key=lambda pair: pair[0])  # stable: newest first
    return [
        (label, [(run, _label(run)) for _name, run in members])
        for (_watching, label, _pk), members in groupby(named, key=lambda pair: pair[0])
    ]


def _series(run: Scan) -> tuple[bool, str, int]:
    if not run.watching:
        return False, run.corpus.name, run.corpus_id
    monitor = run.monitor_run.monitor
    return True, _("Monitor: %(name)s") % {"name": monitor.name}, monitor.pk


def _label(run: Scan) -> str:
    at = date_format(localtime(run.created_at), "SHORT_DATETIME_FORMAT")
    return _("Run %(number)s, %(at)s") % {"number": run.monitor_run.number, "at": at} if run.watching else at

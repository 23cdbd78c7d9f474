"""Monitors: make one, watch what it finds, pause, run now, remove; reports of its runs."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import Refusal
from foundation.localized import LANGUAGES
from scanning.charts import yearly_bars
from scanning.forms import MonitorForm
from scanning.models import Corpus, Monitor, MonitorRun
from scanning.monitors.docx_report import docx_of
from scanning.monitors.reading import board_states
from scanning.monitors.report import method_notes, report_of
from scanning.monitors.words import alert_sentence
from scanning.selectors.sources import corpora_of, monitors_of
from scanning.services import monitoring
from surveys.access import study_for

RUNS = 25
SHOWN = 50
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def monitors(request, code):
    study = study_for(request, code, Capability.REVIEW)
    return render(
        request,
        "scanning/monitors.html",
        {
            "study": study,
            "section": "scan",
            "monitors": monitors_of(study),
            "corpora": [corpus for corpus in corpora_of(study) if corpus.n_documents],
        },
    )


def new_monitor(request, code, corpus_code):
    study = study_for(request, code, Capability.REVIEW)
    corpus = get_object_or_404(corpora_of(study), code=corpus_code)
    form = MonitorForm(request.POST or None, initial={"name": corpus.name, "ranking": "balanced"})
    if request.method == "POST" and form.is_valid():
        chosen = Corpus.objects.select_related("study__panel").get(pk=corpus.pk)
        try:
            monitor = monitoring.create_monitor(
                corpus=chosen, actor=request.user, recipe=form.recipe(), **form.monitor()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("scanning:monitor", study.code, monitor.code)
    return render(
        request,
        "scanning/monitor_new.html",
        {"study": study, "section": "scan", "form": form, "corpus": corpus},
        status=400 if form.errors else 200,
    )


def _monitor(study, monitor_code) -> Monitor:
    rows = Monitor.objects.select_related("corpus__study__panel", "created_by")
    return get_object_or_404(rows, corpus__study=study, code=monitor_code)


def _run(study, monitor_code, number) -> MonitorRun:
    rows = MonitorRun.objects.select_related("monitor__corpus__study__panel", "scan__corpus", "scan__job")
    return get_object_or_404(rows, monitor__corpus__study=study, monitor__code=monitor_code, number=number)


def monitor(request, code, monitor_code):
    study = study_for(request, code, Capability.REVIEW)
    shown = _monitor(study, monitor_code)
    runs = shown.runs.select_related("scan__job").order_by("-number")
    page = Paginator(runs, RUNS).get_page(request.GET.get("page"))
    concluded = [run for run in page.object_list if run.concluded_at]
    latest = page.object_list[0] if page.object_list else None
    job = latest.scan.job if latest else None
    return render(
        request,
        "scanning/parts/monitor.html" if request.htmx else "scanning/monitor.html",
        {
            "study": study,
            "section": "scan",
            "monitor": shown,
            "page": page,
            "runs": page.object_list,
            "latest": latest,
            "job": job if job and job.is_active else None,
            "concluded": concluded,
            "kept": settings.MONITOR_RUNS_KEPT,
            "alerts": [(run, each, alert_sentence(each)) for run in concluded for each in run.alerts][:SHOWN],
        },
    )


@require_POST
def monitor_action(request, code, monitor_code):
    study = study_for(request, code, Capability.REVIEW)
    chosen = _monitor(study, monitor_code)
    actions = {
        "pause": (monitoring.pause_monitor, _("The monitor is paused.")),
        "resume": (monitoring.resume_monitor, _("The monitor runs again.")),
        "run": (monitoring.run_now, _("A run was asked for.")),
        "bring_back": (monitoring.bring_back_monitor, _("The monitor is back. It is paused.")),
    }
    if request.POST.get("do") not in actions:
        raise Http404
    service, text = actions[request.POST["do"]]
    service(monitor=chosen, actor=request.user)
    messages.success(request, text)
    return redirect("scanning:monitor", study.code, chosen.code)


def remove_monitor(request, code, monitor_code):
    """Says what will happen, then does it."""
    study = study_for(request, code, Capability.REVIEW)
    chosen = _monitor(study, monitor_code)
    if request.method == "POST":
        monitoring.remove_monitor(monitor=chosen, actor=request.user)
        return redirect("scanning:monitor", study.code, chosen.code)
    return render(
        request, "scanning/monitor_remove.html", {"study": study, "section": "scan", "monitor": chosen}
    )


def monitor_run(request, code, monitor_code, run_number):
    """The report of a run, in the language asked for."""
    study = study_for(request, code, Capability.REVIEW)
    run = _run(study, monitor_code, run_number)
    if not run.concluded_at:
        return redirect("scanning:monitor", study.code, monitor_code)
    with override(_language(request)):
        report = report_of(run)
        context = {
            "study": study,
            "section": "scan",
            "monitor": run.monitor,
            "run": run,
            "report": report,
            "bars": yearly_bars(report.years),
            "notes": method_notes(),
            **board_states(run),
            "languages": [
                {"label": label, "url": f"?language={key}", "current": key == get_language()}
                for key, label in (("en", "English"), ("zh-hans", "中文"))
            ],
        }
        return render(request, "scanning/monitor_run.html", context)


def monitor_report(request, code, monitor_code, run_number):
    """The report as a Word document."""
    study = study_for(request, code, Capability.REVIEW)
    run = _run(study, monitor_code, run_number)
    if not run.concluded_at:
        raise Http404
    language = _language(request)
    with override(language):
        content = docx_of(report_of(run))
    name = f"monitor-{run.monitor.code}-{run.number}.{language}.docx"
    return HttpResponse(
        content,
        content_type=WORD,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@require_POST
def put_on_board(request, code, monitor_code, run_number):
    study = study_for(request, code, Capability.REVIEW)
    run = _run(study, monitor_code, run_number)
    number = monitoring.put_on_board(
        run=run, actor=request.user, codes=request.POST.getlist("candidate")[:1000]
    )
    if number:
        messages.success(request, _("Candidates put on the review board: %(number)d") % {"number": number})
    else:
        messages.info(request, _("Choose at least one candidate that is not on the review board yet."))
    return redirect("scanning:monitor_run", study.code, monitor_code, run_number)


def _language(request) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else (get_language() or LANGUAGES[0])

"""The exports of a study: asked for, watched, downloaded."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consensus.exports.registry import WRITERS
from consensus.forms import ExportForm, ReportForm
from consensus.models import ExportFile
from consensus.services.exports import download_name, open_export, request_export
from experts.enums import Capability
from surveys.access import study_for

SHOWN = 50


@never_cache
def exports(request, code):
    study = study_for(request, code, Capability.EXPORT)
    form, report = _forms(request)
    if form.is_bound and form.is_valid():
        request_export(study=study, actor=request.user, **form.cleaned_data)
        return redirect("consensus:exports", study.code)
    if report.is_bound and report.is_valid():
        request_export(study=study, actor=request.user, **report.wanted)
        return redirect("consensus:exports", study.code)
    context = {
        "study": study,
        "section": "exports",
        "form": form,
        "report_form": report,
        "exports": _listed(study),
    }
    return render(
        request, "consensus/exports.html", context, status=400 if form.errors or report.errors else 200
    )


def _forms(request) -> tuple[ExportForm, ReportForm]:
    """Two forms on one page; the button that was pressed says which one was sent."""
    initial, sent = {"language": get_language()}, request.POST or None
    wants_report = "report" in request.POST
    return (
        ExportForm(None if wants_report else sent, initial=initial),
        ReportForm(sent if wants_report else None, initial=initial, auto_id="id_report_%s"),
    )


@never_cache
@require_safe
def export_row(request, code, export_code):
    """One line of the list, which asks for itself while its job runs."""
    study = study_for(request, code, Capability.EXPORT)
    export = get_object_or_404(_listed(study, limit=None), code=export_code)
    return render(request, "consensus/parts/export_row.html", {"study": study, "export": export})


@require_safe
def download(request, code, export_code):
    study = study_for(request, code, Capability.EXPORT)
    export = get_object_or_404(
        ExportFile.objects.select_related("study__panel"), study=study, code=export_code
    )
    file = open_export(export=export, actor=request.user)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=download_name(export),
        content_type=WRITERS[export.format]().media_type,
    )
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _listed(study, limit=SHOWN):
    rows = study.exports.select_related("job", "requested_by").filter(expires_at__gt=timezone.now())
    return rows[:limit] if limit else rows

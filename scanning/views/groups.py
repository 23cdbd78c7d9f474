"""Groups: a dendrogram that is cut where the reader wants it, and groups named into the study's fields."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from experts.enums import Capability
from foundation.exceptions import InvalidInput
from foundation.models import Job
from scanning.selectors import groups as reading
from scanning.services.grouping import WRITE_GROUPS, start_writing
from surveys.access import study_for

USUAL = 30


def groups(request, code):
    study = study_for(request, code, Capability.REVIEW)
    of, clusters = _asked(request.GET, study)
    if request.method == "POST":
        study_for(request, code, Capability.EDIT_STUDY)
        return _write(request, study, of, clusters)
    drawn = reading.drawing(study, of, clusters)
    job = Job.objects.filter(kind=WRITE_GROUPS, stream=study.stream).order_by("-pk").first()
    context = {"study": study, "section": "scan", "tab": "groups", "of": of, "drawing": drawn, "job": job}
    part = request.htmx and request.GET.get("part") == "job"
    return render(request, "scanning/parts/groups_job.html" if part else "scanning/groups.html", context)


def _asked(data, study) -> tuple[str, int]:
    of = data.get("of")
    if of not in (reading.LIST, reading.CANDIDATES):
        of = reading.LIST if study.technologies.count() >= reading.FEWEST else reading.CANDIDATES
    wanted = data.get("clusters", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 5:
        return of, min(max(int(wanted), 2), reading.MOST_CLUSTERS)
    n = len(reading.items_of(study, of))
    return of, min(USUAL, max(2, round(n / 4)))


def _write(request, study, of, clusters):
    drawn = reading.drawing(study, of, clusters)
    address = f"{reverse('scanning:groups', args=[study.code])}?{urlencode({'of': of, 'clusters': clusters})}"
    by_signature = {row.signature: row for row in drawn.rows} if drawn else {}
    chosen = []
    for signature in request.POST.getlist("group")[: reading.MOST_CLUSTERS]:
        if signature not in by_signature:
            messages.error(request, _("The list has changed in the meantime. Look at the groups again."))
            return redirect(address)
        members = list(by_signature[signature].cluster.members)
        chosen.append((request.POST.get(f"name_{signature}", ""), members))
    try:
        start_writing(study=study, actor=request.user, of=of, groups=chosen)
    except InvalidInput as refusal:
        messages.error(request, refusal.said)
    else:
        messages.success(request, _("The groups are being written to the study's fields."))
    return redirect(address)

"""The audit trail."""

from django.core.paginator import Paginator
from django.shortcuts import render

from experts.enums import Capability
from foundation.models import AuditEntry
from foundation.services.audit import broken_links
from surveys.access import study_for


def audit(request, code):
    """The study's audit trail, newest first, and whether its chain is whole."""
    study = study_for(request, code, Capability.SEE_AUDIT)
    entries = AuditEntry.objects.filter(stream=study.stream).select_related("actor").order_by("-sequence")
    return render(
        request,
        "surveys/audit.html",
        {
            "study": study,
            "section": "audit",
            "page": Paginator(entries, 50).get_page(request.GET.get("page")),
            "broken": broken_links(study.stream),
        },
    )

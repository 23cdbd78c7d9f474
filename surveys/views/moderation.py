"""Moderation of reasons, and the audit trail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import Refusal
from foundation.models import AuditEntry
from foundation.services.audit import broken_links
from surveys.access import study_for
from surveys.enums import Moderation
from surveys.models import Reason
from surveys.services.reasons import moderate_reason


def moderation(request, code):
    """Reasons to be read, oldest code first: the order says nothing about who wrote or when."""
    study = study_for(request, code, Capability.MODERATE)
    status = request.GET.get("status", Moderation.PENDING)
    status = status if status in Moderation.values else Moderation.PENDING
    every = Reason.objects.filter(round__study=study).exclude(text="")
    shown = every.filter(moderation=status).select_related("technology", "round").order_by("code")
    return render(
        request,
        "surveys/moderation.html",
        {
            "study": study,
            "section": "moderation",
            "status": status,
            "page": Paginator(shown, 25).get_page(request.GET.get("page")),
            "tabs": [
                {
                    "label": label,
                    "url": f"?status={value}",
                    "current": value == status,
                    "count": every.filter(moderation=value).count(),
                }
                for value, label in Moderation.choices
            ],
        },
    )


def _whole(raw) -> int:
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


@require_POST
def moderate(request, code, reason_code):
    study = study_for(request, code, Capability.MODERATE)
    reason = get_object_or_404(Reason, round__study=study, code=reason_code)
    decision = request.POST.get("decision", "")
    if decision not in Moderation.values:
        return redirect("surveys:moderation", study.code)
    try:
        moderate_reason(
            reason=reason,
            actor=request.user,
            decision=decision,
            note=request.POST.get("note", "").replace("\0", ""),
            seen_revision=_whole(request.POST.get("revision")),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Decision noted."))
    return redirect("surveys:moderation", study.code)


def audit(request, code):
    """The study's audit trail, newest first, and whether its chain is whole."""
    study = study_for(request, code, Capability.SEE_AUDIT)
    entries = AuditEntry.objects.filter(stream=study.stream).order_by("-sequence")
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

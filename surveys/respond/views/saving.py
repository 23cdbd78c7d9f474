"""Autosave: the questionnaire's scripts send what changed, and are told what became of each item."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from surveys.respond.plain import require_round
from surveys.respond.reading import read_save
from surveys.respond.visit import Visit, respondent_page
from surveys.services.response import save_response


@require_POST
@respondent_page
def save(request: HttpRequest, visit: Visit) -> JsonResponse:
    number, changes, reasons = read_save(request)
    require_round(visit, number)
    saved = save_response(
        round=visit.round,
        member=visit.member,
        changes=changes,
        reasons=reasons,
        language=get_language() or "",
    )
    return JsonResponse(
        {
            "answers": [outcome.as_dict() for outcome in saved.answers],
            "reasons": [outcome.as_dict() for outcome in saved.reasons],
            "saved_at": timezone.localtime(saved.participation.saved_at or timezone.now()).isoformat(),
            "status": saved.participation.status,
        }
    )

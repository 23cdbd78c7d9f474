"""Autosave: the questionnaire's scripts send what changed, and are told what became of each item."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from experts.headers import private_page
from surveys.exceptions import RoundNotOpen
from surveys.respond.reading import read_save
from surveys.respond.visit import asked_here, visit_for
from surveys.services.response import save_response


@require_POST
@private_page
def save(request: HttpRequest, code: str) -> JsonResponse:
    asked = asked_here(request, code)
    if asked is None:
        visit_for(request, code)  # refuses whom no link of this study was opened for
    number, changes, reasons = read_save(request)
    if asked is None or number != asked[0].number:
        raise RoundNotOpen
    round, member = asked
    saved = save_response(
        round=round,
        member=member,
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

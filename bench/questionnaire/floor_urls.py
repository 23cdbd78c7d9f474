"""One address: the bare save."""

import hashlib
import json
import time

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

from experts.models import Invitation
from foundation.models import AuditEntry
from surveys.models import Answer, Question, Round, Technology


@transaction.atomic
def save(request):
    given = json.loads(request.body)
    hashed = hashlib.sha256(request.headers["X-CSRFToken"].encode()).hexdigest()
    member = Invitation.objects.values_list("member_id", flat=True).filter(token_hash=hashed).first()
    round = Round.objects.filter(number=given["round"], status="open").first()
    if member is None or round is None:
        return HttpResponse(status=403)
    codes = {each["technology"] for each in given["answers"]}
    keys = {each["question"] for each in given["answers"]}
    technologies = dict(Technology.objects.filter(code__in=codes).values_list("code", "pk"))
    questions = dict(Question.objects.filter(study=round.study_id, key__in=keys).values_list("key", "pk"))
    stored = {
        (technology, question): pk
        for pk, technology, question in Answer.objects.filter(
            round=round, member=member, question__in=questions.values()
        ).values_list("pk", "technology_id", "question_id")
    }
    now = timezone.now()
    rows = []
    for each in given["answers"]:
        key = technologies[each["technology"]], questions[each["question"]]
        rows.append(
            Answer(
                pk=stored.get(key),
                round=round,
                member_id=member,
                technology_id=key[0],
                question_id=key[1],
                number=each["value"]["number"],
                revision=each["base_revision"] + 1,
                client_sequence=each["sequence"],
                saved_at=now,
            )
        )
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["number", "revision", "client_sequence", "saved_at"],
    )
    AuditEntry.objects.create(
        stream=f"floor:{member}",
        sequence=time.monotonic_ns() // 1000 % 2**31,
        at=now,
        action="saved",
        hash="",
    )
    return JsonResponse(
        {"answers": [{"status": "saved", "revision": row.revision} for row in rows], "reasons": []}
    )


urlpatterns = [path("floor/", save)]

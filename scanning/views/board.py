"""The review board: a queue on the left, what is being judged on the right."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from experts.enums import Capability
from scanning.charts import spark_points
from scanning.enums import CandidateStatus, RejectReason
from scanning.forms import RejectForm, WordingForm
from scanning.selectors import board as reading
from scanning.selectors.details import detail, find_candidate
from scanning.selectors.topics import find_topic
from scanning.services.policies import policy_of
from scanning.views.last_decided import last_decided
from surveys.access import study_for

WORDING = ("name", "description", "field")


def board(request, code, candidate_code=""):
    study = study_for(request, code, Capability.REVIEW)
    chosen = reading.Filter.of(request.GET)
    codes = list(reading.queue(study, chosen, request.user).values_list("code", flat=True))
    current = candidate_code or (codes[0] if codes else "")
    candidate = find_candidate(study, current) if current else None
    if candidate_code and candidate is None:
        raise Http404
    return render(request, "scanning/board.html", _context(request, study, chosen, codes, candidate))


def _context(request, study, chosen, codes, candidate) -> dict:
    place = codes.index(candidate.code) if candidate and candidate.code in codes else -1
    paginator = Paginator(codes, reading.PAGE)
    page = paginator.get_page(request.GET.get("page") or place // reading.PAGE + 1)
    rows = {row.code: row for row in reading.candidates_of(study).filter(code__in=list(page.object_list))}
    for row in rows.values():
        row.spark = spark_points(row.yearly)
    query = urlencode(chosen.as_query())
    return {
        "study": study,
        "section": "scan",
        "tab": "board",
        "filter": chosen,
        "query": f"?{query}" if query else "",
        "page": page,
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "rows": [rows[each] for each in page.object_list if each in rows],
        "candidate": candidate,
        "detail": detail(candidate, request.user) if candidate else None,
        "last": last_decided(request, study, candidate),
        "before": codes[place - 1] if place > 0 else "",
        "after": codes[place + 1] if 0 <= place < len(codes) - 1 else "",
        "progress": reading.progress(study),
        "policy": policy_of(study),
        "statuses": _statuses(),
        "topic": find_topic(study, chosen.topic) if chosen.topic else None,
        "scans": reading.scans_of(study).filter(finished_at__isnull=False)[:50],
        "wording": wording_form(study, candidate) if candidate else None,
        "reject_form": RejectForm(auto_id="reject_%s"),
        "reject_reasons": RejectReason.choices,
        "targets": reading.merge_targets(candidate, "") if candidate else [],
    }


def wording_form(study, candidate, data=None) -> WordingForm:
    initial = {name: getattr(candidate, name) for name in WORDING}
    initial["field"] = candidate.field.code if candidate.field else None
    return WordingForm(data, study=study, initial=initial)


def _statuses() -> list[tuple[str, str]]:
    return [
        *CandidateStatus.choices,
        (reading.CONFLICT, _("Judged differently")),
        (reading.TO_SIGN, _("To be signed")),
        ("promoted", _("On the technology list")),
        ("all", _("All")),
    ]


def targets(request, code, candidate_code):
    """Candidates to merge into, as the reviewer types."""
    study = study_for(request, code, Capability.REVIEW)
    candidate = find_candidate(study, candidate_code)
    if candidate is None:
        raise Http404
    words = request.GET.get("words", "").strip()[:100].replace("\0", "")
    return render(
        request,
        "scanning/parts/targets.html",
        {"study": study, "candidate": candidate, "targets": reading.merge_targets(candidate, words)},
    )


def address(study, candidate_code: str, data) -> str:
    """The board at a candidate, with the reviewer's filter kept."""
    path = (
        reverse("scanning:candidate", args=[study.code, candidate_code])
        if candidate_code
        else reverse("scanning:board", args=[study.code])
    )
    query = urlencode(reading.Filter.of(data).as_query())
    return f"{path}?{query}" if query else path

"""After answering: the receipt, a member's own answers as page and file, and their place in the group."""

from __future__ import annotations

import json

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from foundation.exceptions import NotAllowed
from foundation.spreadsheet import csv_response
from surveys.enums import RoundStatus
from surveys.respond.own import columns, own_groups, own_rows
from surveys.respond.results import shown_results
from surveys.respond.sheet import load_sheet
from surveys.respond.standing import Standing
from surveys.respond.views.pages import page_context
from surveys.respond.visit import Visit, answering_page, respondent_page


@require_safe
@answering_page
def receipt(request: HttpRequest, visit: Visit) -> HttpResponse:
    if not visit.is_submitted:
        return redirect("respond:overview", code=visit.study.code)
    sheet = load_sheet(visit)
    return render(request, "respond/receipt.html", page_context(visit, sheet=sheet))


RESULTS_PAGE = 20


def _own_sheet(visit: Visit):
    """Of the open round, or of the last one that asked this member."""
    if visit.latest_answered is None:
        raise NotAllowed
    return load_sheet(visit, visit.latest_answered)


@require_safe
@respondent_page
def own_answers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All that the member answered, to read or print."""
    sheet = _own_sheet(visit)
    context = page_context(
        visit, sheet=sheet, groups=own_groups(sheet), answered_in=visit.participations[sheet.round.pk]
    )
    return render(request, "respond/own_answers.html", context)


@require_safe
@respondent_page
def own_answers_file(request: HttpRequest, visit: Visit, format: str) -> HttpResponse:
    sheet = _own_sheet(visit)
    name = f"my-answers-round-{sheet.round.number}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if format == "json":
        body = {
            "study": str(visit.study),
            "round": sheet.round.number,
            "answers": [row.as_dict() for row in own_rows(sheet)],
        }
        text = json.dumps(body, ensure_ascii=False, indent=1)
        return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)
    return csv_response([columns(), *(row.as_dict().values() for row in own_rows(sheet))], file_name=name)


@require_safe
@respondent_page
def results(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The member's own position beside the group's, once a round is analysed and where the protocol shows it."""
    analysed = shown_results(visit)
    if analysed is None:
        return redirect("respond:welcome", code=visit.study.code)
    sheet = load_sheet(visit, analysed)
    over = [r for r in visit.rounds if r.number <= analysed.number and r.status == RoundStatus.ANALYSED]
    standing = Standing(sheet, over)
    page = Paginator(standing.results, RESULTS_PAGE).get_page(request.GET.get("page"))
    context = page_context(visit, sheet=sheet, analysed=analysed, standing=standing, page=page)
    return render(request, "respond/results.html", context)

"""Dashboards: what the panel agreed on, how that evolved, one technology whole. Analysed rounds only."""

import csv
from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from consensus.dashboard.asked import MOST_IN_CHART, Asked, portion, read_asked
from consensus.dashboard.figures import MAKERS
from consensus.dashboard.table import spark, spark_label, table
from consensus.exports.csv import neutral
from consensus.selectors.results import StudyResults, shown_findings
from consensus.selectors.transitions import transitions
from consensus.verdict_words import sentences
from surveys.access import study_for
from surveys.enums import Moderation, ParticipationStatus, VerdictKind
from surveys.models import Participation, Reason

EVOLUTION = ("verdicts", "ranges", "coefficients", "stability")
OUTLOOK = ("map", "timing")
SINGLE = ("distributions", "groups", "realisation", "constraints")
PAGE = 50


def _page(request, study, results: StudyResults, asked: Asked, tab: str, template: str, **context):
    return render(
        request,
        template,
        {
            "study": study,
            "section": "results",
            "tab": tab,
            "results": results,
            "asked": asked,
            "sort": ("-" if asked.descending else "") + asked.sort,
            "verdict_choices": VerdictKind.choices,
            "method": method_of(results),
        }
        | context,
    )


def method_of(results: StudyResults) -> dict | None:
    """What another analyst needs to recompute a figure."""
    latest = results.latest
    if latest is None:
        return None
    return {
        "quantiles": results.study.get_quantile_type_display(),
        "protocol": results.study.protocol_hash,
        "computation": latest.code,
        "result": latest.result_hash,
        "n": latest.n_participants,
        "at": latest.finished_at,
    }


def _charts(names, results: StudyResults, asked: Asked, technology=None) -> list[dict]:
    """The charts that have something to show, each with its data as figure and as table."""
    made = ((name, MAKERS[name], MAKERS[name].make(results, asked, technology)) for name in names)
    return [
        {
            "name": name,
            "title": entry.title(),
            "chart": chart,
            "id": f"chart-{name}",
            "data_id": f"chart-{name}-data",
        }
        for name, entry, chart in made
        if chart is not None and not chart.is_empty
    ]


def overview(request, code):
    study = study_for(request, code)
    results = StudyResults(study)
    asked = read_asked(results, request.GET)
    if results.latest is None:
        return _page(request, study, results, asked, "overview", "results/empty.html")
    page = Paginator(table(results, asked), PAGE).get_page(request.GET.get("page"))
    page.object_list = [
        replace(row, drawing=spark(row.row, asked.question, spark_label(row.row))) if row.row else row
        for row in page.object_list
    ]
    return _page(
        request,
        study,
        results,
        asked,
        "overview",
        "results/overview.html",
        page=page,
        tiles=_tiles(results),
        charts=_charts(["verdicts"], results, asked),
    )


def _tiles(results: StudyResults) -> list[dict]:
    verdicts = [found.verdict for found in results.latest_verdicts.values()]
    parts = Participation.objects.filter(round=results.latest.round)
    asked = parts.count()
    submitted = parts.filter(status=ParticipationStatus.SUBMITTED).count()
    rate = f"{round(100 * submitted / asked)}" if asked else "–"
    tiles = [
        {"label": _("Rounds analysed"), "value": len(results.computations)},
        {"label": _("Response in the latest round"), "value": rate, "unit": "%"},
    ]
    return tiles + [{"label": label, "value": verdicts.count(value)} for value, label in VerdictKind.choices]


def evolution(request, code):
    study = study_for(request, code)
    results = StudyResults(study)
    asked = read_asked(results, request.GET)
    if results.latest is None:
        return _page(request, study, results, asked, "evolution", "results/empty.html")
    return _chart_page(request, study, results, asked, "evolution", EVOLUTION)


def outlook(request, code):
    study = study_for(request, code)
    results = StudyResults(study)
    asked = read_asked(results, request.GET)
    if results.latest is None:
        return _page(request, study, results, asked, "outlook", "results/empty.html")
    return _chart_page(request, study, results, asked, "outlook", OUTLOOK)


def _chart_page(request, study, results, asked, tab, names):
    _shown, parts = portion(results, asked)
    return _page(
        request,
        study,
        results,
        asked,
        tab,
        "results/charts.html",
        charts=_charts(names, results, asked),
        parts=range(1, parts + 1) if parts > 1 else [],
        most=MOST_IN_CHART,
    )


def technology(request, code, technology_code):
    study = study_for(request, code)
    results = StudyResults(study)
    entry = get_object_or_404(study.technologies.select_related("field"), code=technology_code)
    if entry.pk not in results.technologies:
        raise Http404
    asked = read_asked(results, request.GET)
    return _page(
        request,
        study,
        results,
        asked,
        "technology",
        "results/technology.html",
        technology=entry,
        charts=_charts(SINGLE, results, asked, entry),
        history=_history(results, entry),
        moves=_moves(results, asked, entry),
        reasons=_reasons(results, entry),
    )


def _history(results: StudyResults, technology) -> list[dict]:
    """Its verdict after each round, latest first, with the figures behind it in words."""
    groups = {group.key: group.pk for group in results.groups}
    items = results.items(technologies=[technology.pk])
    history = []
    for computation in reversed(results.computations):
        verdict = results.verdicts[computation.pk].get(technology.pk)
        if verdict is None:
            continue
        shown = {
            question.key: items[key]
            for question in results.questions
            if (key := (computation.pk, technology.pk, question.pk)) in items
        }
        found = sentences(shown_findings(verdict, shown, groups))
        history.append({"round": computation.round, "verdict": verdict, "findings": found})
    return history


def _moves(results: StudyResults, asked: Asked, technology):
    """How members moved between the last two rounds that asked about it."""
    rated = [c for c in results.computations if technology.pk in results.verdicts[c.pk]]
    if len(rated) < 2 or asked.question is None:
        return None
    before, after = rated[-2], rated[-1]
    items = results.items(technologies=[technology.pk], questions=[asked.question])
    found = transitions(
        technology,
        asked.question,
        (before.round, after.round),
        items.get((before.pk, technology.pk, asked.question.pk)),
        items.get((after.pk, technology.pk, asked.question.pk)),
        results.study.minimum_group,
    )
    if found is None:
        return None
    rows = [{"value": value, "cells": cells} for value, cells in zip(found.values, found.cells, strict=False)]
    return {"found": found, "rows": rows}


def _reasons(results: StudyResults, technology) -> list[Reason]:
    """Approved reasons of analysed rounds, in an order that says nothing about who or when."""
    return list(
        Reason.objects.filter(technology=technology, round__in=results.rounds, moderation=Moderation.APPROVED)
        .exclude(text="")
        .only("code", "text", "stance", "language")
        .order_by("stance", "code")
    )


def chart_csv(request, code, name):
    """The data of one chart as it is shown, under the same filters."""
    study = study_for(request, code)
    results = StudyResults(study)
    if name not in MAKERS or results.latest is None:
        raise Http404
    wanted = request.GET.get("technology", "")
    entry = get_object_or_404(study.technologies, code=wanted) if wanted else None
    if (entry is None) == (name in SINGLE) or (entry and entry.pk not in results.technologies):
        raise Http404
    chart = MAKERS[name].make(results, read_asked(results, request.GET), entry)
    if chart is None:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{study.code}.csv"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")  # spreadsheet programs take UTF-8 for granted only with this mark
    writer = csv.writer(response)
    writer.writerow([neutral(column) for column in chart.columns])
    writer.writerows([neutral(cell) for cell in row] for row in chart.rows)
    return response

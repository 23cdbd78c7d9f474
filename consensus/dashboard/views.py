"""Pages of a study's results. Anyone who may see the study may read them; nobody sees a round before its analysis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from consensus.charts.figure import Chart
from consensus.composite.cards import cards
from consensus.dashboard import technology as parts
from consensus.dashboard.asked import MOST_IN_CHART, Asked, chosen, portion, read_asked
from consensus.dashboard.figures import MAKERS, item_word, items_word, map_questions, timing_questions
from consensus.dashboard.figures.timing import answer_names
from consensus.dashboard.once import once_cards
from consensus.dashboard.overview import stat_tiles, verdict_tiles
from consensus.dashboard.realisation import realised
from consensus.dashboard.sureness import sureness
from consensus.dashboard.table import spark, table
from consensus.selectors.results import StudyResults
from experts.enums import Capability
from foundation.sorting import headers
from foundation.spreadsheet import csv_response
from surveys.access import study_for
from surveys.enums import VerdictKind
from surveys.models import Technology

PAGE = 50


@dataclass(frozen=True)
class Shown:
    """A chart on a page, with its table twin and the address of its data."""

    name: str
    title: str
    chart: Chart
    data_url: str
    method: str

    @property
    def script_id(self) -> str:
        return f"chart-{self.name}"


def _results(request: HttpRequest, code: str) -> tuple[StudyResults, Asked]:
    results = StudyResults(study_for(request, code))
    return results, read_asked(results, request.GET)


def show(request, results: StudyResults, asked: Asked, name: str, technology: Technology | None = None):
    """The chart of this name, or None where there is nothing to draw."""
    made = MAKERS[name].make(results, asked, technology)
    if made is None or made.is_empty:
        return None
    arguments = [results.study.code, *([technology.code] if technology else []), name]
    url = reverse("results:technology_data" if technology else "results:data", args=arguments)
    query = request.GET.urlencode()
    return Shown(name, MAKERS[name].title(), made, f"{url}?{query}" if query else url, method_line(results))


def method_line(results: StudyResults) -> str:
    """What another analyst needs to make the figures again."""
    latest = results.latest
    return _(
        "Quantiles: type %(type)s. Groups under %(minimum)d people are not shown."
        " Protocol %(protocol)s. Computation %(code)s."
    ) % {
        "type": latest.method.get("quantile_type", results.study.quantile_type),
        "minimum": results.study.minimum_group,
        "protocol": results.study.protocol_hash[:12] or "–",
        "code": latest.code,
    }


def _page(request, template: str, results: StudyResults, asked: Asked, **context: Any) -> HttpResponse:
    """Results never stay in a shared cache; without an analysed round every page says so."""
    if results.latest is None:
        template = "results/none.html"
    context |= {
        "study": results.study,
        "section": "results",
        "results": results,
        "asked": asked,
        "tabs": tabs(request, results),
        "verdict_choices": VerdictKind.choices,
        "item_word": item_word(results),
        "items_word": items_word(results),
    }
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


def tabs(request, results: StudyResults) -> list[dict]:
    names = [("overview", _("Overview")), ("evolution", _("How consensus evolved"))]
    if map_questions(results):
        names.append(("map", _("Importance and feasibility")))
    if timing_questions(results):
        names.append(("timing", _("Realisation time")))
    names += [
        ("weighting", _("Weighting")),
        ("indicators", _("Expert indicators")),
        ("agreement", _("Rater agreement")),
    ]
    if len(results.computations) > 1:
        names.append(("attrition", _("Attrition")))
    if getattr(results.study, "may", {}).get(Capability.EXPORT):
        names.append(("what_if", _("What if")))
    urls = [(reverse(f"results:{name}", args=[results.study.code]), label) for name, label in names]
    return [{"label": label, "url": url, "current": request.path == url} for url, label in urls]


@require_safe
def overview(request, code):
    results, asked = _results(request, code)
    if results.latest is None:
        return _page(request, "results/none.html", results, asked)
    page = Paginator(table(results, asked), PAGE).get_page(request.GET.get("page"))
    why = parts.reasons_of_verdicts(results, [row.technology for row in page])
    rows = [(row, spark(row.row, asked.question), why.get(row.technology.pk, [])) for row in page]
    return _page(
        request,
        "results/overview.html",
        results,
        asked,
        page=page,
        rows=rows,
        tiles=stat_tiles(results),
        verdict_tiles=verdict_tiles(results),
        charts=[show(request, results, asked, "verdicts")],
        columns=_columns(request, asked),
        composites=once_cards(results),
    )


def _columns(request, asked: Asked) -> list[dict]:
    """Headers that sort: first upwards, then downwards."""
    names = [
        ("name", pgettext("thing", "Name"), ""),
        ("verdict", _("Verdict"), ""),
        ("median", _("Median"), "num"),
        ("iqr", _("IQR"), "num"),
        ("share", _("Agreement"), "num"),
        ("n", "n", "num"),
        ("change", _("Change"), "num"),
    ]
    return headers(request.GET, names, asked.sort, asked.descending)


@require_safe
def evolution(request, code):
    results, asked = _results(request, code)
    names = ("ranges", "coefficients", "stability")
    return _charts_page(request, results, asked, names, "results/evolution.html")


@require_safe
def importance(request, code):
    results, asked = _results(request, code)
    if not map_questions(results):
        raise Http404
    return _charts_page(request, results, asked, ("map",), "results/map.html")


@require_safe
def timing(request, code):
    results, asked = _results(request, code)
    if not timing_questions(results):
        raise Http404
    names = ("timing", "answers_lab", "answers_society")
    return _charts_page(
        request,
        results,
        asked,
        names,
        "results/timing.html",
        rows=realised(results, portion(results, asked)[0]) if results.latest else [],
        stages=timing_questions(results),
        answers=answer_names()[1:],
    )


def _charts_page(request, results, asked, names, template, **context: Any) -> HttpResponse:
    if results.latest is None:
        return _page(request, template, results, asked)
    charts = {name: show(request, results, asked, name) for name in names}
    _shown, count = portion(results, asked)
    return _page(
        request,
        template,
        results,
        asked,
        charts=charts,
        found=len(chosen(results, asked)),
        portions=Paginator(range(count), 1).get_page(asked.part) if count > 1 else None,
        most=MOST_IN_CHART,
        **context,
    )


@require_safe
def technology(request, code, technology_code):
    results, asked = _results(request, code)
    found = get_object_or_404(Technology, code=technology_code, pk__in=results.technologies)
    names = ("distributions", "groups", "realisation", "constraints")
    charts = {name: show(request, results, asked, name, found) for name in names}
    return _page(
        request,
        "results/technology.html",
        results,
        asked,
        technology=found,
        charts=charts,
        history=parts.history(results, found),
        moves=parts.moves(results, asked, found),
        sureness=sureness(results, asked, found),
        reasons=parts.approved_reasons(results, found),
        neighbours=parts.neighbours(results, found),
        composites=cards(results, found),
    )


@require_safe
def data(request, code, name, technology_code=None):
    """The table twin of a chart as a CSV file: of all that the filters leave, where the page shows a part."""
    results, asked = _results(request, code)
    if name not in MAKERS or results.latest is None:
        raise Http404
    of = None
    if technology_code is not None:
        of = get_object_or_404(Technology, code=technology_code, pk__in=results.technologies)
    made = MAKERS[name].make(results, replace(asked, whole=True), of)
    if made is None:
        raise Http404
    stem = f"{results.study.code}-{name}" + (f"-{of.code}" if of else "")
    return csv_response([made.columns, *made.rows], file_name=f"{stem}.csv")

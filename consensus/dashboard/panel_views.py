"""Pages that analysts of a panel expect: weighting, expert indicators, agreement among raters, attrition."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consensus.counting.expert_weights import weight_table
from consensus.dashboard.agreement import COEFFICIENTS, agreements
from consensus.dashboard.asked import MOST_IN_CHART, chosen, chosen_round, portion
from consensus.dashboard.attrition import Attrition
from consensus.dashboard.figures import timing_questions
from consensus.dashboard.figures.agreement import coefficient_names
from consensus.dashboard.indicators import Indicators
from consensus.dashboard.views import PAGE, _page, _results, method_line, show
from consensus.dashboard.weighting import share_threshold, weighted_rows
from consensus.jobs import request_supplements
from experts.enums import Capability
from surveys.access import study_for
from surveys.enums import QuestionRole


def file_url(request, results, name: str) -> str:
    """The address of a table's file, with the filters of the page."""
    url = reverse("results:data", args=[results.study.code, name])
    query = request.GET.urlencode()
    return f"{url}?{query}" if query else url


def sees_members(results) -> bool:
    """Whether the panel's pages tell this reader of every member who answered: small differences hide nothing."""
    return bool(results.study.may.get(Capability.MANAGE_PANEL))


@require_safe
def weighting(request, code):
    results, asked = _results(request, code)
    if results.latest is None:
        return _page(request, "results/none.html", results, asked)
    shown, count = portion(results, asked)
    return _page(
        request,
        "results/weighting.html",
        results,
        asked,
        charts={"weighting": show(request, results, asked, "weighting")},
        rows=weighted_rows(results, asked, shown),
        asks_familiarity=results.question_of_role(QuestionRole.FAMILIARITY) is not None,
        is_familiarity=asked.question is not None and asked.question.role == QuestionRole.FAMILIARITY,
        threshold=asked.question and share_threshold(results, asked.question),
        weights=results.latest.method.get("familiarity_weights"),
        found=len(chosen(results, asked)),
        portions=Paginator(range(count), 1).get_page(asked.part) if count > 1 else None,
        most=MOST_IN_CHART,
    )


@require_safe
def indicators(request, code):
    results, asked = _results(request, code)
    if results.latest is None:
        return _page(request, "results/none.html", results, asked)
    found = Indicators(results, of_groups=sees_members(results))
    page = Paginator(chosen(results, asked), PAGE).get_page(request.GET.get("page"))
    return _page(
        request,
        "results/indicators.html",
        results,
        asked,
        page=page,
        found=found,
        panel_rows=found.panel_rows(),
        coordination=found.coordination(),
        rows=found.technology_rows(asked, list(page)),
        lacks=found.lacks,
        years=timing_questions(results),
        table=weight_table(results.study),
        method=method_line(results),
        files={
            name: file_url(request, results, name)
            for name in ("panel_indicators", "coordination", "technology_indicators")
        },
    )


@require_safe
def agreement(request, code):
    results, asked = _results(request, code)
    if results.latest is None:
        return _page(request, "results/none.html", results, asked)
    computation = chosen_round(results, asked)
    names = coefficient_names()
    return _page(
        request,
        "results/agreement.html",
        results,
        asked,
        computation=computation,
        rows=agreements(results, computation),
        names=[names[name] for name in COEFFICIENTS],
        charts={"coefficients": show(request, results, asked, "coefficients")},
        method=method_line(results),
        file=file_url(request, results, "agreement"),
    )


@require_safe
def attrition(request, code):
    results, asked = _results(request, code)
    if results.latest is None:
        return _page(request, "results/none.html", results, asked)
    found = Attrition(results, asked, of_groups=sees_members(results))
    return _page(
        request,
        "results/attrition.html",
        results,
        asked,
        found=found,
        charts={"dropouts": show(request, results, asked, "dropouts")},
        method=method_line(results),
        files={name: file_url(request, results, name) for name in ("attrition_response", "completers")},
    )


@require_POST
def supplements(request, code):
    """Ask for what these pages show of rounds that were analysed before it was computed with the round."""
    study = study_for(request, code, Capability.EXPORT)
    request_supplements(study=study, actor=request.user)
    messages.success(request, _("The figures are being computed. Reload the page in a moment."))
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("results:indicators", args=[study.code])
    return redirect(back)

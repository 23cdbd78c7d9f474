"""The page that tries another rule on a round's counts, and the same as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consensus.dashboard.figures import item_word
from consensus.dashboard.views import method_line, tabs
from consensus.selectors.results import StudyResults
from consensus.verdicts.words import verdict_words
from consensus.whatif.evaluate import WhatIf
from consensus.whatif.forms import WhatIfForm, usable_questions
from consensus.whatif.trying import rules_in_words, tried
from experts.enums import Capability
from foundation.spreadsheet import csv_response
from surveys.access import study_for

PAGE = 50


def _results(request: HttpRequest, code: str) -> StudyResults:
    """Organisers and analysts: those who may take results away may also try rules on them."""
    return StudyResults(study_for(request, code, Capability.EXPORT))


@require_safe
def page(request, code):
    results = _results(request, code)
    context: dict[str, Any] = {
        "study": results.study,
        "section": "results",
        "results": results,
        "tabs": tabs(request, results),
        "item_word": item_word(results),
    }
    if results.latest is None or not usable_questions(results):
        return _private(render(request, "results/none.html", context))
    form = WhatIfForm(results, request.GET)
    found = tried(form) if form.is_valid() else None
    context |= {"form": form, "found": found, "method": method_line(results)}
    if found:
        only_changes = request.GET.get("show") != "all"
        lines = found.changes if only_changes else found.lines
        address = reverse("results:what_if_data", args=[results.study.code])
        context |= {
            "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
            "only_changes": only_changes,
            "rules": rules_in_words(found),
            "data_url": f"{address}?{_query(form)}",
        }
    return _private(render(request, "results/what_if.html", context))


def _query(form: WhatIfForm) -> str:
    return urlencode({name: value for name, value in form.data.items() if value != ""})


@require_safe
def data(request, code):
    """Every technology as CSV. Each row says that it is exploratory, so that none is taken for a verdict alone."""
    results = _results(request, code)
    if results.latest is None or not usable_questions(results):
        raise Http404
    form = WhatIfForm(results, request.GET)
    found = tried(form) if form.is_valid() else None
    if found is None:
        raise Http404
    name = f"{results.study.code}-round-{form.computation.round.number}-what-if-exploratory.csv"
    return csv_response(_rows(found, form), file_name=name)


def _rows(found: WhatIf, form: WhatIfForm):
    rule = "; ".join(f"{part['label']}: {part['text']}" for part in rules_in_words(found))
    rule += "; " + (
        _("the protocol's stability rule kept") if form.keeps_stability else _("without a stability rule")
    )
    note = _("exploratory, not a verdict of the protocol")
    yield [
        _("Key"), _("Name"), _("Round"), _("Answers"), _("Verdict of the protocol"), _("What-if outcome"),
        _("Changed"), _("Figures"), _("Rule tried"), _("Status"),
    ]  # fmt: skip
    for line in found.lines:
        shown = line.verdict is not None
        yield [
            line.technology.key,
            str(line.technology),
            form.computation.round.number,
            line.n if shown else "",
            verdict_words(line.protocol.verdict, line.protocol.open_because) if line.protocol else "",
            line.label if shown else _("Too few answers to be shown"),
            (_("yes") if line.is_changed else _("no")) if shown else "",
            " ".join(line.sentences),
            rule,
            note,
        ]


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response

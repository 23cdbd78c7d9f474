"""Supervision of the machine: how its proposals fared, and backtests."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import Refusal
from scanning.board_forms import BacktestForm
from scanning.charts import spark_points
from scanning.models import Backtest, Corpus
from scanning.selectors import supervision as reading
from scanning.selectors.agreement import reviewer_agreement
from scanning.selectors.backtests import reached
from scanning.selectors.comparing import comparable_runs
from scanning.selectors.model_record import by_model
from scanning.selectors.sources import corpora_of, scanned_corpora
from scanning.services.backtests import start_backtest, years_of
from scanning.services.policies import policy_of, set_policy
from surveys.access import study_for
from surveys.enums import VerdictKind


def supervision(request, code):
    study = study_for(request, code, Capability.REVIEW)
    backtests = Backtest.objects.filter(corpus__study=study).select_related("corpus", "job")
    context = {
        "study": study,
        "section": "scan",
        "tab": "supervision",
        "methods": reading.by_method(study),
        "models": by_model(study),
        "precision": reading.precision(study),
        "agreement": reviewer_agreement(study),
        "origins": reading.by_origin(study),
        "verdicts": VerdictKind.choices,
        "backtests": [(row, reached(row)) for row in backtests[:20]],
        "corpora": [each for each in corpora_of(study) if each.first_year],
        "scanned": scanned_corpora(study),
        "comparable": len(comparable_runs(study)) > 1,
    }
    return render(request, "scanning/supervision.html", context)


@require_POST
def switch_method(request, code):
    """Switch a method off, or on again. Nothing is deleted: what waits of it leaves the queue and can come back."""
    study = study_for(request, code, Capability.EDIT_STUDY)
    method = request.POST.get("method", "")[:60]
    off = set(policy_of(study).methods_off)
    # The page says which way, so that a second press, or one on an old page, does not switch back.
    on = request.POST.get("to") == "on" if "to" in request.POST else method in off
    off = off - {method} if on else off | {method}
    try:
        set_policy(study=study, actor=request.user, methods_off=sorted(off))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("scanning:supervision", study.code)


def backtest_new(request, code, corpus_code):
    study = study_for(request, code, Capability.REVIEW)
    corpus = get_object_or_404(Corpus.objects.select_related("study__panel"), study=study, code=corpus_code)
    years = years_of(corpus)
    form = BacktestForm(request.POST or None, years=list(years))
    if request.method == "POST" and form.is_valid():
        try:
            made = start_backtest(corpus=corpus, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("scanning:backtest", study.code, made.code)
    context = {"study": study, "section": "scan", "form": form, "corpus": corpus, "years": years}
    return render(request, "scanning/backtest_new.html", context, status=400 if form.errors else 200)


def backtest(request, code, backtest_code):
    study = study_for(request, code, Capability.REVIEW)
    rows = Backtest.objects.select_related("corpus", "job", "created_by")
    shown = get_object_or_404(rows, corpus__study=study, code=backtest_code)
    result = shown.result
    flagged = [
        row | {"spark": spark_points(dict(zip(map(str, result["years"]), row["counts"], strict=False)))}
        for row in result.get("flagged", [])
    ]
    context = {
        "study": study,
        "section": "scan",
        "backtest": shown,
        "job": shown.job,
        "flagged": flagged,
        "reached": reached(shown),
    }
    part = "scanning/parts/backtest.html"
    return render(request, part if request.htmx else "scanning/backtest.html", context)

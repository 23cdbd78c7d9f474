"""Scans: the recipe, the progress, what came of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import Refusal
from scanning.forms import RecipeForm
from scanning.formula_words import stored_in_words
from scanning.models import Corpus, Scan
from scanning.recipe import LANGUAGES, RANKINGS
from scanning.selectors.sources import corpora_of
from scanning.services.scans import cancel_scan, start_scan
from surveys.access import study_for


def start(request, code, corpus_code):
    study = study_for(request, code, Capability.REVIEW)
    corpus = get_object_or_404(corpora_of(study), code=corpus_code)
    form = RecipeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = Corpus.objects.select_related("study__panel").get(pk=corpus.pk)
            scan = start_scan(corpus=chosen, actor=request.user, recipe=form.recipe())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("scanning:scan", study.code, scan.code)
    return render(
        request,
        "scanning/start.html",
        {"study": study, "section": "scan", "form": form, "corpus": corpus},
        status=400 if form.errors else 200,
    )


def _scan(study, scan_code) -> Scan:
    rows = Scan.objects.select_related("corpus__study__panel", "job", "created_by")
    return get_object_or_404(rows, corpus__study=study, code=scan_code)


def scan(request, code, scan_code):
    study = study_for(request, code, Capability.REVIEW)
    shown = _scan(study, scan_code)
    return render(
        request,
        "scanning/parts/scan.html" if request.htmx else "scanning/scan.html",
        {
            "study": study,
            "section": "scan",
            "scan": shown,
            "job": shown.job,
            "language": LANGUAGES.get(shown.recipe.get("language"), ""),
            "ranking": RANKINGS.get(shown.recipe.get("ranking"), ""),
            "formula": stored_in_words(shown.summary.get("formula", "")),
            "top": shown.candidates.order_by("rank")[:10] if shown.finished_at else [],
        },
    )


@require_POST
def scan_action(request, code, scan_code):
    study = study_for(request, code, Capability.REVIEW)
    if request.POST.get("do") != "cancel":
        raise Http404
    chosen = _scan(study, scan_code)
    cancel_scan(scan=chosen, actor=request.user)
    messages.info(request, _("The scan will stop. Nothing of it is kept."))
    return redirect("scanning:scan", study.code, chosen.code)

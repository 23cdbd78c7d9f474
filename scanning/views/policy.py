"""How candidates are reviewed, and the formula that orders them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experts.enums import Capability
from foundation.exceptions import InvalidInput
from scanning.board_forms import FormulaForm, PolicyForm
from scanning.formula_words import formula_in_words
from scanning.models import Candidate, Corpus
from scanning.selectors.sources import scanned_corpora
from scanning.services.policies import policy_of, set_policy
from scanning.services.ranking import PARTS, order_by, set_formula, shown_formula
from surveys.access import study_for

PREVIEW = 25


def policy(request, code):
    study = study_for(request, code, Capability.EDIT_STUDY)
    form = PolicyForm(request.POST or None, instance=policy_of(study))
    if request.method == "POST" and form.is_valid():
        set_policy(study=study, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("scanning:policy", study.code)
    context = {"study": study, "section": "scan", "form": form, "corpora": scanned_corpora(study)}
    return render(request, "scanning/policy.html", context)


def formula(request, code, corpus_code):
    """Weights with the order they would give. To try them changes nothing."""
    study = study_for(request, code, Capability.REVIEW)
    corpus = get_object_or_404(Corpus.objects.select_related("study__panel"), study=study, code=corpus_code)
    saved = shown_formula(corpus)
    form = FormulaForm(request.POST or None, formula=saved)
    tried = saved
    if form.is_bound and form.is_valid():
        try:
            tried = form.formula()
        except InvalidInput as refusal:
            _show_errors(form, refusal)
    if request.POST.get("do") == "save" and not form.errors:
        moved = set_formula(corpus=corpus, actor=request.user, formula=tried)
        messages.success(
            request,
            ngettext("Saved. %(n)d candidate moved.", "Saved. %(n)d candidates moved.", moved) % {"n": moved},
        )
        return redirect("scanning:formula", study.code, corpus.code)
    scan = corpus.scans.filter(watching=False).exclude(finished_at=None).order_by("-finished_at").first()
    context = {
        "study": study,
        "section": "scan",
        "corpus": corpus,
        "form": form,
        "text": formula_in_words(tried),
        "trying": form.is_bound and not form.errors,
        "scan": scan,
        "preview": _preview(scan, tried) if scan else [],
    }
    return render(request, "scanning/formula.html", context, status=400 if form.errors else 200)


def _show_errors(form: FormulaForm, refusal: InvalidInput) -> None:
    for name, texts in refusal.errors.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])


def _preview(scan, chosen) -> list[dict]:
    candidates = list(Candidate.objects.filter(scan=scan).select_related("field", "topic"))
    return [
        {
            "candidate": candidate,
            "place": place.place,
            "by": candidate.rank - place.place,
            "score": place.score,
            "penalty": place.penalty,
            "parts": [round(100 * place.parts.get(name, 0)) for name in PARTS],
        }
        for candidate, place in order_by(candidates, chosen)[:PREVIEW]
    ]

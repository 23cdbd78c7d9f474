"""Removing a file or a corpus: a page that says what will happen or what stands against it, and the act."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from scanning.models import Corpus
from scanning.services import removal
from scanning.views.sources import file_of
from surveys.access import study_for

SHOWN = 20


def remove_file(request, code, file_code):
    study = study_for(request, code, Capability.REVIEW)
    chosen = file_of(study, file_code)
    if request.method == "POST":
        removal.remove_file(corpus_file=chosen, actor=request.user)
        messages.success(request, _("The file was removed."))
        return redirect("scanning:file", study.code, chosen.code)
    context = {
        "file": chosen,
        "corpus": chosen.corpus,
        "lists": removal.lists_on_file(chosen)[:SHOWN],
        "cited": removal.cited_by(Q(document__source_file=chosen))[:SHOWN],
        "busy": bool(chosen.job and chosen.job.is_active),
    }
    return render(request, "scanning/remove.html", {"study": study, "section": "scan", **context})


def remove_corpus(request, code, corpus_code):
    study = study_for(request, code, Capability.REVIEW)
    chosen = _corpus(study, corpus_code)
    if request.method == "POST":
        removal.remove_corpus(corpus=chosen, actor=request.user)
        messages.success(request, _("The corpus was removed. It can be brought back below."))
        return redirect("scanning:sources", study.code)
    files = chosen.files.kept().select_related("job")
    context = {
        "corpus": chosen,
        "files": files,
        "lists": removal.lists_on_corpus(chosen)[:SHOWN],
        "watching": removal.watched_by(chosen)[:SHOWN],
        "cited": removal.cited_by(Q(document__corpus=chosen))[:SHOWN],
        "busy": any(each.job and each.job.is_active for each in files),
    }
    return render(request, "scanning/remove.html", {"study": study, "section": "scan", **context})


@require_POST
def bring_back_file(request, code, file_code):
    study = study_for(request, code, Capability.REVIEW)
    chosen = file_of(study, file_code)
    removal.bring_back_file(corpus_file=chosen, actor=request.user)
    messages.success(request, _("The file is back."))
    return redirect("scanning:file", study.code, chosen.code)


@require_POST
def bring_back_corpus(request, code, corpus_code):
    study = study_for(request, code, Capability.REVIEW)
    removal.bring_back_corpus(corpus=_corpus(study, corpus_code), actor=request.user)
    messages.success(request, _("The corpus is back."))
    return redirect("scanning:sources", study.code)


def _corpus(study, corpus_code) -> Corpus:
    return get_object_or_404(Corpus.objects.select_related("study__panel"), study=study, code=corpus_code)

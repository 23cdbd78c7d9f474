"""Corpora and their files."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import InvalidInput
from scanning.enums import DocumentKind, ImportStatus
from scanning.formats.reasons import reason
from scanning.forms import UploadForm
from scanning.models import CorpusFile
from scanning.selectors import board
from scanning.selectors.preview import preview_of
from scanning.selectors.sources import corpora_of, corpus_to_fill, empty_corpora, monitors_of, removed_corpora
from scanning.selectors.volume import volume_of
from scanning.services.corpora import cancel_import, create_corpus, receive_file, request_import
from surveys.access import study_for


def sources(request, code):
    study = study_for(request, code, Capability.REVIEW)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        study=study,
        initial={"corpus": request.GET.get("into", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            received = _receive(study, request.user, form.cleaned_data)
        except InvalidInput as refusal:
            for name, texts in refusal.errors.items():
                form.add_error(name if name in form.fields else None, list(texts))
        else:
            return redirect("scanning:file", study.code, received.code)
    corpora = list(corpora_of(study))
    shown, empty = _shown(request.GET, corpora), empty_corpora(corpora)
    return render(
        request,
        "scanning/sources.html",
        {
            "study": study,
            "section": "scan",
            "form": form,
            "corpora": [each for each in corpora if each not in empty],
            "empty": empty,
            "removed": removed_corpora(study),
            "shown": shown,
            "kinds": DocumentKind.choices,
            "volume": volume_of(study, **shown),
            "monitors": monitors_of(study)[:20],
            "scans": list(board.scans_of(study)[:20]),
            "progress": board.progress(study),
            "most_mb": settings.UPLOAD_MAX_BYTES // 1024**2,
        },
        status=400 if form.errors else 200,
    )


def _shown(data, corpora) -> dict[str, str]:
    """Which part of the volume is asked for; anything unknown means all."""
    corpus, kind = data.get("corpus", ""), data.get("kind", "")
    return {
        "corpus": corpus if any(each.code == corpus for each in corpora) else "",
        "kind": kind if kind in DocumentKind.values else "",
    }


def _receive(study, actor, data) -> CorpusFile:
    corpus = data["corpus"] or corpus_to_fill(study, data["name"])
    if corpus is None:
        corpus = create_corpus(study=study, actor=actor, name=data["name"])
    return receive_file(
        corpus=corpus, actor=actor, file=data["file"], kind=data["kind"], format=data["format"]
    )


def file_of(study, file_code) -> CorpusFile:
    rows = CorpusFile.objects.select_related("corpus__study__panel", "job")
    return get_object_or_404(rows, corpus__study=study, code=file_code)


def file(request, code, file_code):
    """One file: how far its import is, what came of it, or the lines that kept it out."""
    study = study_for(request, code, Capability.REVIEW)
    shown = file_of(study, file_code)
    faults = [fault | {"reason": reason(fault["code"])} for fault in shown.errors]
    return render(
        request,
        "scanning/parts/file.html" if request.htmx else "scanning/file.html",
        {
            "study": study,
            "section": "scan",
            "file": shown,
            "job": shown.job,
            "faults": faults,
            "mappable": _may_be_mapped(shown),
            "sample": shown.documents.order_by("pk")[:5] if shown.status == ImportStatus.IMPORTED else [],
        },
    )


def _may_be_mapped(shown: CorpusFile) -> bool:
    """Whether it was refused only because nobody said yet what its columns mean."""
    codes = {fault["code"] for fault in shown.errors}
    return bool(codes & {"header_missing", "unknown_format"}) and preview_of(shown) is not None


@require_POST
def file_action(request, code, file_code):
    study = study_for(request, code, Capability.REVIEW)
    chosen = file_of(study, file_code)
    match request.POST.get("do"):
        case "cancel":
            cancel_import(corpus_file=chosen, actor=request.user)
            messages.info(request, _("The import will stop. Nothing of the file is kept."))
        case "again":
            request_import(corpus_file=chosen, actor=request.user)
        case _:
            raise Http404
    return redirect("scanning:file", study.code, chosen.code)

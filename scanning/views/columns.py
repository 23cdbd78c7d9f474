"""What the columns of a table mean, said by a person and remembered for the corpus."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from experts.enums import Capability
from foundation.exceptions import InvalidInput
from scanning.enums import ImportStatus
from scanning.forms import ColumnsForm
from scanning.selectors.preview import preview_of
from scanning.services.corpora import map_columns
from scanning.views.sources import file_of
from surveys.access import study_for


def columns(request, code, file_code):
    study = study_for(request, code, Capability.REVIEW)
    shown = file_of(study, file_code)
    preview = preview_of(shown) if shown.status != ImportStatus.IMPORTED else None
    if preview is None:
        raise Http404
    form = ColumnsForm(request.POST or None, preview=preview, mapping=shown.corpus.column_map)
    if request.method == "POST" and form.is_valid():
        try:
            map_columns(corpus_file=shown, actor=request.user, mapping=form.mapping())
        except InvalidInput as refusal:
            form.add_error(None, [text for texts in refusal.errors.values() for text in texts])
        else:
            messages.success(
                request, _("The columns are remembered for this corpus. The file is read again.")
            )
            return redirect("scanning:file", study.code, shown.code)
    return render(
        request,
        "scanning/columns.html",
        {"study": study, "section": "scan", "file": shown, "form": form, "preview": preview},
        status=400 if form.errors else 200,
    )

"""Members from a file: upload, look at what would happen, confirm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from experts.forms import ImportForm
from experts.importing.reading import MAX_BYTES
from experts.importing.rows import MemberRow
from experts.models import LANGUAGE_CHOICES, FinishedImport, MemberImport
from experts.panel_nav import panel_context
from experts.services.import_undo import brought_by, undo_import
from experts.services.member_import import confirm_import, keep_for_confirmation, preview, read_members
from experts.views.common import one_of, panel_for, panel_page, signed_in
from foundation.exceptions import InvalidInput

SHOWN = 100


@signed_in
def upload(request: HttpRequest, code: str) -> HttpResponse:
    panel = panel_for(request, code)
    form = ImportForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = read_members(panel=panel, content=file.read(MAX_BYTES + 1))
            pending = keep_for_confirmation(panel=panel, rows=rows, file_name=file.name, actor=request.user)
        except InvalidInput as refused:
            refusal = refused
        else:
            return redirect("experts:import_preview", code, pending.code)
    return panel_page(request, "experts/import.html", panel, "import", form=form, refusal=refusal)


def _pending(request: HttpRequest, panel, import_code: str) -> MemberImport:
    mine = MemberImport.objects.filter(panel=panel, actor=request.user).select_related("panel")
    return one_of(mine, code=import_code)


@signed_in
def import_preview(request: HttpRequest, code: str, import_code: str) -> HttpResponse:
    panel = panel_for(request, code)
    pending = _pending(request, panel, import_code)
    rows = [MemberRow(**row) for row in pending.rows]
    plan = preview(panel=panel, rows=rows)
    lines = {row.line for row in plan.already_members}
    known = {row.line for row in plan.known_experts}
    language = panel_context(panel)["language"]
    return panel_page(
        request,
        "experts/import_preview.html",
        panel,
        "import",
        pending=pending,
        plan=plan,
        shown=[(row, _becomes(row, lines, known)) for row in rows[:SHOWN]],
        hidden=max(0, len(rows) - SHOWN),
        n_silent=sum(not row.language for row in plan.new_experts),
        language=dict(LANGUAGE_CHOICES)[language],
    )


def _becomes(row: MemberRow, members: set[int], known: set[int]) -> str:
    if row.line in members:
        return "member"
    return "known" if row.line in known else "new"


@signed_in
@require_POST
def import_confirm(request: HttpRequest, code: str, import_code: str) -> HttpResponse:
    panel = panel_for(request, code)
    added = confirm_import(pending=_pending(request, panel, import_code), actor=request.user)
    text = ngettext("%(count)d member was added.", "%(count)d members were added.", len(added))
    messages.success(request, text % {"count": len(added)})
    return redirect("experts:panel", code)


@signed_in
def undo(request: HttpRequest, code: str, import_code: str) -> HttpResponse:
    """GET says who would leave again and who stays; POST does it."""
    panel = panel_for(request, code)
    done = one_of(FinishedImport.objects.filter(panel=panel).select_related("panel"), code=import_code)
    if request.method != "POST":
        brought = brought_by(done)
        return panel_page(request, "experts/import_undo.html", panel, "import", done=done, brought=brought)
    taken = undo_import(done=done, actor=request.user)
    text = ngettext(
        "%(count)d member was taken out again.", "%(count)d members were taken out again.", taken.n
    )
    messages.success(request, text % {"count": taken.n})
    if taken.staying:
        messages.warning(request, _("Those who were invited or take part already stay in the panel."))
    return redirect("experts:panel", code)

"""Members and groups of one panel."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.forms import GroupForm, MemberFilter, MemberForm, PersonForm, told
from experts.panel_nav import panel_context
from experts.selectors.members import counts, dress, in_state, members_of, search
from experts.services import panels as services
from experts.services.import_undo import recent_imports
from experts.services.people import add_person
from experts.views.common import one_of, page_of, panel_for, panel_page, signed_in
from foundation.exceptions import InvalidInput, Refusal


@signed_in
def members(request: HttpRequest, code: str) -> HttpResponse:
    panel = panel_for(request, code)
    form = MemberFilter(request.GET, panel=panel)
    page = page_of(request, _filtered(panel, form))
    dress(page.object_list)
    context = {"page": page, "filter": form, "filtered": any(request.GET.get(name) for name in form.fields)}
    if request.htmx and not request.htmx.boosted:
        context |= {"panel": panel, "about": panel_context(panel)}
        return render(request, "experts/parts/members.html", context)
    context |= {"counts": counts(panel), "imports": recent_imports(panel)}
    return panel_page(request, "experts/members.html", panel, "members", **context)


def _filtered(panel, form: MemberFilter):
    rows = members_of(panel)
    form.is_valid()
    chosen = form.cleaned_data
    rows = search(rows, chosen.get("q", ""))
    if chosen.get("group"):
        rows = rows.filter(group=chosen["group"])
    if chosen.get("status"):
        rows = rows.filter(status=chosen["status"])
    return in_state(rows, chosen["state"]) if chosen.get("state") else rows


@signed_in
def add_member(request: HttpRequest, code: str) -> HttpResponse:
    panel = panel_for(request, code)
    form = PersonForm(
        request.POST or None, panel=panel, initial={"language": panel_context(panel)["language"]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            member = add_person(panel=panel, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("%(name)s is in the panel.") % {"name": member.expert.name})
            return redirect("experts:panel", code)
    return panel_page(request, "experts/member_new.html", panel, "members", form=form)


@signed_in
def member(request: HttpRequest, code: str, member_code: str) -> HttpResponse:
    panel = panel_for(request, code)
    found = dress([one_of(members_of(panel), code=member_code)])[0]
    found.panel = panel
    initial = {"group": found.group_id, "language": found.language}
    form = MemberForm(request.POST or None, panel=panel, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.edit_member(member=found, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("experts:panel", code)
    return panel_page(request, "experts/member.html", panel, "members", form=form, member=found)


@signed_in
@require_POST
def withdraw(request: HttpRequest, code: str, member_code: str) -> HttpResponse:
    panel = panel_for(request, code)
    found = one_of(members_of(panel), code=member_code)
    services.withdraw_member(member=found, actor=request.user)
    messages.success(
        request, _("The member was withdrawn. Their link no longer works; you can undo this here.")
    )
    return redirect("experts:member", code, member_code)


@signed_in
@require_POST
def restore(request: HttpRequest, code: str, member_code: str) -> HttpResponse:
    panel = panel_for(request, code)
    services.restore_member(member=one_of(members_of(panel), code=member_code), actor=request.user)
    messages.success(request, _("The member is active again. Send a new link from here."))
    return redirect("experts:member", code, member_code)


@signed_in
def groups(request: HttpRequest, code: str) -> HttpResponse:
    panel = panel_for(request, code)
    form = GroupForm(request.POST or None, locked=panel_context(panel).get("locked", False))
    if request.method == "POST" and form.is_valid():
        try:
            services.create_group(panel=panel, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("The group was added."))
            return redirect("experts:groups", code)
    rows = panel.groups.annotate(n_members=Count("members"))
    return panel_page(request, "experts/groups.html", panel, "groups", form=form, groups=rows)


@signed_in
def group(request: HttpRequest, code: str, group_code: str) -> HttpResponse:
    panel = panel_for(request, code)
    found = one_of(panel.groups.all(), code=group_code)
    locked = panel_context(panel).get("locked", False)
    form = GroupForm(request.POST or None, initial={"name": found.name}, locked=locked)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_group(group=found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("experts:groups", code)
    context = {"form": form, "group": found, "n_members": found.members.count()}
    return panel_page(request, "experts/group.html", panel, "groups", **context)


@signed_in
@require_POST
def remove_group(request: HttpRequest, code: str, group_code: str) -> HttpResponse:
    panel = panel_for(request, code)
    found = one_of(panel.groups.all(), code=group_code)
    try:
        services.remove_group(group=found, actor=request.user, reason=request.POST.get("reason", "")[:2000])
    except InvalidInput as refusal:
        messages.error(request, str(refusal.message))
        return redirect("experts:group", code, group_code)
    messages.success(request, _("The group was removed."))
    return redirect("experts:groups", code)

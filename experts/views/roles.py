"""Roles around one panel."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability, Role
from experts.forms import RoleForm, told
from experts.models import User
from experts.permissions import CAPABILITIES
from experts.services.accounts import give_role_to_address
from experts.services.roles import remove_role
from experts.views.common import one_of, panel_for, panel_page, signed_in
from foundation.exceptions import Refusal


@signed_in
def roles(request: HttpRequest, code: str) -> HttpResponse:
    panel = panel_for(request, code, Capability.MANAGE_ROLES)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            give_role_to_address(panel=panel, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("experts:roles", code)
    return panel_page(
        request,
        "experts/roles.html",
        panel,
        "roles",
        form=form,
        held=panel.roles.select_related("user"),
        matrix=_matrix(),
        roles=Role.choices,
    )


def _matrix() -> list[tuple[str, list[bool]]]:
    """The permission table as people read it: a capability a line, a role a column."""
    return [
        (capability.label, [capability in CAPABILITIES[role] for role in Role]) for capability in Capability
    ]


@signed_in
@require_POST
def role_removed(request: HttpRequest, code: str, user_code: str) -> HttpResponse:
    panel = panel_for(request, code, Capability.MANAGE_ROLES)
    user = one_of(User.objects.filter(panel_roles__panel=panel), code=user_code)
    remove_role(panel=panel, user=user, actor=request.user)
    messages.success(request, _("The role was taken away."))
    return redirect("home") if user == request.user else redirect("experts:roles", code)

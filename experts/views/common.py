"""Fetch and authorise in one step; draw panel pages in the frame of their study."""

from __future__ import annotations

from functools import wraps

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from experts.enums import Capability
from experts.models import Panel
from experts.panel_nav import panel_context, tabs_for
from experts.permissions import capabilities_of, refuse
from foundation.exceptions import NotAllowed, SignInNeeded

PAGE_SIZE = 50


def signed_in(view):
    """Ask visitors to sign in."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs):
        if not request.user.is_authenticated:
            raise SignInNeeded
        return view(request, *args, **kwargs)

    return wrapped


def panel_for(request: HttpRequest, code: str, capability: Capability = Capability.MANAGE_PANEL) -> Panel:
    """The panel, when this account may do this there. What does not exist and what is forbidden look alike."""
    panel = Panel.objects.filter(code=code).first()
    may = capabilities_of(request.user, panel)
    if panel is None or capability not in may:
        refuse(request.user, code, capability)
    panel.may = may
    return panel


def one_of(queryset, **wanted):
    """The row with this public code, or the answer that outsiders get."""
    found = queryset.filter(**wanted).first()
    if found is None:
        raise NotAllowed
    return found


def page_of(request: HttpRequest, rows, size: int = PAGE_SIZE):
    return Paginator(rows, size).get_page(request.GET.get("page"))


def panel_page(request: HttpRequest, template: str, panel: Panel, section: str, **context) -> HttpResponse:
    about = panel_context(panel)
    frame = {
        "panel": panel,
        "about": about,
        "study": about["title"],
        "study_tabs": tabs_for(about, request.user),
        "panel_tabs": _tabs(panel, section),
    }
    return render(request, template, {**frame, **context}, status=context.pop("status", 200))


def _tabs(panel: Panel, section: str) -> list[dict]:
    tabs = [
        ("members", _("Members"), "experts:panel"),
        ("groups", _("Groups"), "experts:groups"),
        ("invitations", _("Invitations"), "experts:invitations"),
        ("import", _("Import"), "experts:import"),
    ]
    if Capability.MANAGE_ROLES in panel.may:
        tabs.append(("roles", _("Roles"), "experts:roles"))
    return [
        {"label": label, "url": reverse(name, args=[panel.code]), "current": key == section, "count": None}
        for key, label, name in tabs
    ]

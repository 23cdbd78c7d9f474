"""Who may do what around one panel, and so in the study that the panel answers: one table, two questions.

No capability lets anyone look up who gave an answer: that is the study's anonymity level, decided in `surveys`.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import QuerySet

from experts.enums import Capability, Role
from experts.models import Panel, PanelRole
from foundation.exceptions import NotAllowed

log = logging.getLogger(__name__)

EVERYTHING = frozenset(Capability)
CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.OWNER: EVERYTHING,
    Role.ORGANISER: EVERYTHING - {Capability.MANAGE_ROLES},
    Role.MODERATOR: frozenset({Capability.VIEW, Capability.MODERATE, Capability.REVIEW}),
    Role.ANALYST: frozenset({Capability.VIEW, Capability.EXPORT}),
}
NOTHING: frozenset[Capability] = frozenset()


def is_administrator(user: Any) -> bool:
    return bool(getattr(user, "is_active", False) and getattr(user, "is_staff", False))


def role_in(user: Any, panel: Panel | None) -> Role | None:
    """The account's role in this panel, if it has one and may still sign in."""
    if panel is None or not getattr(user, "pk", None) or not user.is_active:
        return None
    role = PanelRole.objects.filter(panel=panel, user_id=user.pk).values_list("role", flat=True).first()
    return Role(role) if role else None


def capabilities_of(user: Any, panel: Panel | None) -> frozenset[Capability]:
    """All that this account may do around the panel; administrators may do everything."""
    if panel is None:
        return NOTHING
    if is_administrator(user):
        return EVERYTHING
    role = role_in(user, panel)
    return CAPABILITIES[role] if role else NOTHING


def can(user: Any, panel: Panel | None, capability: Capability | str) -> bool:
    return Capability(capability) in capabilities_of(user, panel)


def require(user: Any, panel: Panel | None, capability: Capability | str) -> None:
    """Raise NotAllowed (answered 404) unless the account may. A missing panel is refused in the same way."""
    if not can(user, panel, capability):
        refuse(user, getattr(panel, "code", "-"), str(capability))


def require_administrator(user: Any, what: str = "administration") -> None:
    if not is_administrator(user):
        refuse(user, "platform", what)


def refuse(user: Any, where: str, what: str) -> None:
    """Log the attempt, without a name or an address, and refuse it."""
    log.warning("refused %s in %s to account %s", what, where, getattr(user, "code", "") or "anonymous")
    raise NotAllowed


def roles_by_panel(user: Any) -> dict[int, Role]:
    """The account's role by panel id."""
    if not getattr(user, "pk", None) or not user.is_active:
        return {}
    rows = PanelRole.objects.filter(user_id=user.pk).values_list("panel_id", "role")
    return {panel_id: Role(role) for panel_id, role in rows}


def panels_of(user: Any) -> QuerySet[Panel]:
    """The panels that this account may see: all of them for administrators."""
    if is_administrator(user):
        return Panel.objects.all()
    if not getattr(user, "pk", None) or not user.is_active:
        return Panel.objects.none()
    return Panel.objects.filter(roles__user_id=user.pk)


def may_organise(user: Any) -> bool:
    """Whether the account runs some panel, and so may look things up in the expert bank."""
    return is_administrator(user) or any(
        Capability.MANAGE_PANEL in CAPABILITIES[role] for role in roles_by_panel(user).values()
    )

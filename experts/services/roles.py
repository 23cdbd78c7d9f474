"""Roles around a panel. A panel always keeps an owner."""

from django.db import transaction

from experts.enums import Capability, Role
from experts.exceptions import LastOwner
from experts.models import Panel, PanelRole, User
from experts.panel_nav import stream_of
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.services.audit import record


@transaction.atomic
def set_role(*, panel: Panel, user: User, role: str, actor: User, stream: str = "") -> PanelRole:
    require(actor, panel, Capability.MANAGE_ROLES)
    if role not in Role.values:
        raise InvalidInput(errors={"role": [str(role)[:20]]})
    held = _roles(panel)
    if role != Role.OWNER:
        _keep_an_owner(held, user)
    given, _created = PanelRole.objects.update_or_create(panel=panel, user=user, defaults={"role": role})
    before = held.get(user.pk, "")
    if before != role:
        _record(panel, user, actor, stream, "role.given", {"role": str(role), "before": str(before)})
    return given


@transaction.atomic
def remove_role(*, panel: Panel, user: User, actor: User, stream: str = "") -> None:
    require(actor, panel, Capability.MANAGE_ROLES)
    held = _roles(panel)
    _keep_an_owner(held, user)
    if PanelRole.objects.filter(panel=panel, user=user).delete()[0]:
        _record(panel, user, actor, stream, "role.taken", {"before": held[user.pk]})


def _roles(panel: Panel) -> dict[int, str]:
    """Role by account id; holds the panel's row, so that two owners cannot remove each other at once."""
    Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    return dict(PanelRole.objects.filter(panel=panel).values_list("user_id", "role"))


def _keep_an_owner(held: dict[int, str], user: User) -> None:
    owners = {user_id for user_id, role in held.items() if role == Role.OWNER}
    if owners == {user.pk}:
        raise LastOwner


def _record(panel: Panel, user: User, actor: User, stream: str, action: str, detail: dict) -> None:
    record(
        stream=stream or stream_of(panel), action=action, actor=actor, target=user.audit_label, detail=detail
    )

"""Undoing an import of members: a day long, whoever was not invited and took no part leaves as if never added."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from experts.enums import Capability, MemberStatus
from experts.importing import hooks
from experts.models import Expert, FinishedImport, Invitation, Panel, PanelMember
from experts.panel_nav import stream_of
from experts.permissions import require
from experts.services.member_import import KEPT_FOR
from experts.services.panels import hold
from foundation.exceptions import NotAllowed
from foundation.services.audit import record

SHOWN = 3


@dataclass
class Brought:
    """Members that an import brought: who would leave again, who stays, and bank entries that go with the leaving."""

    leaving: list[PanelMember]
    staying: list[PanelMember]
    entries: list[Expert]

    @property
    def n(self) -> int:
        return len(self.leaving)


def recent_imports(panel: Panel) -> list[FinishedImport]:
    """Those that may still be undone, the newest first."""
    return list(FinishedImport.objects.filter(panel=panel, created_at__gte=timezone.now() - KEPT_FOR)[:SHOWN])


@transaction.atomic
def brought_by(done: FinishedImport) -> Brought:
    members = list(done.panel.members.filter(code__in=done.members).select_related("expert").order_by("pk"))
    ids = [member.pk for member in members]
    bound = hooks.taking_part(done.panel, ids)
    bound |= set(Invitation.objects.filter(member_id__in=ids).values_list("member_id", flat=True))
    bound |= {member.pk for member in members if member.status != MemberStatus.ACTIVE}
    leaving = [member for member in members if member.pk not in bound]
    staying = [member for member in members if member.pk in bound]
    return Brought(leaving, staying, _entries(done, leaving))


def _entries(done: FinishedImport, leaving: list[PanelMember]) -> list[Expert]:
    """Entries of the bank that came with the file and that nothing else uses."""
    new = Expert.objects.filter(code__in=done.experts, user=None, notes="")
    ids = [member.pk for member in leaving]
    elsewhere = PanelMember.objects.exclude(pk__in=ids).exclude(expert=None).values("expert_id")
    return list(new.filter(memberships__in=ids).exclude(pk__in=elsewhere))


@transaction.atomic
def undo_import(*, done: FinishedImport, actor, stream: str = "") -> Brought:
    """Take out again whom the import brought, once: a second call finds that it was undone."""
    panel = done.panel
    require(actor, panel, Capability.MANAGE_PANEL)
    hold(panel)
    recent = FinishedImport.objects.filter(pk=done.pk, created_at__gte=timezone.now() - KEPT_FOR)
    if not recent.exists():
        raise NotAllowed
    brought = brought_by(done)
    recent.delete()
    ids = [member.pk for member in brought.leaving]
    codes = sorted(member.code for member in brought.leaving)
    hooks.forget(panel, ids)
    PanelMember.objects.filter(pk__in=ids).delete()
    Expert.objects.filter(pk__in=[entry.pk for entry in brought.entries]).delete()
    record(
        stream=stream or stream_of(panel),
        action="members.removed",
        actor=actor,
        target=f"panel {panel.code}",
        detail={"count": len(ids), "members": codes, "import": done.code},
    )
    return brought

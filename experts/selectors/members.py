"""Members of a panel as its organisers look at them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import LIVE_INVITATIONS, InvitationStatus, MemberStatus
from experts.models import Invitation, Panel, PanelMember

STATES = {
    "none": _("Not invited"),
    "sent": _("Sent"),
    "opened": _("Opened"),
    "expired": _("Expired"),
    "revoked": _("Revoked"),
}
TONES = {"none": "", "sent": "accent", "opened": "good", "expired": "warn", "revoked": "bad"}


def members_of(panel: Panel) -> QuerySet[PanelMember]:
    """By name, not by pseudonym: the order of a page must not tie the two together."""
    newest = Prefetch(
        "invitations", queryset=Invitation.objects.order_by("-created_at", "-pk"), to_attr="newest_first"
    )
    members = PanelMember.objects.filter(panel=panel).select_related("expert", "group")
    return members.prefetch_related(newest).order_by(Lower("expert__name"), "code")


def search(members: QuerySet[PanelMember], text: str) -> QuerySet[PanelMember]:
    for word in text.split()[:8]:
        members = members.filter(
            Q(expert__name__icontains=word)
            | Q(expert__email__icontains=word)
            | Q(expert__organisation__icontains=word)
            | Q(expert__country__icontains=word)
        )
    return members


def in_state(members: QuerySet[PanelMember], state: str) -> QuerySet[PanelMember]:
    """Members whose newest invitation is in this state."""
    mine = Invitation.objects.filter(member=OuterRef("pk"))
    live = mine.filter(status__in=LIVE_INVITATIONS, expires_at__gt=timezone.now())
    if state in (InvitationStatus.SENT, InvitationStatus.OPENED):
        return members.filter(Exists(live.filter(status=state)))
    if state == "expired":
        return members.filter(
            Exists(mine.filter(status__in=LIVE_INVITATIONS, expires_at__lte=timezone.now()))
        )
    living = mine.filter(status__in=LIVE_INVITATIONS)
    if state == "revoked":
        return members.filter(~Exists(living), Exists(mine.filter(status=InvitationStatus.REVOKED)))
    if state == "none":
        drafts = Exists(live.filter(status=InvitationStatus.DRAFT))
        return members.filter(drafts | ~Exists(mine))
    return members


def state_of(member: PanelMember) -> str:
    """State of the newest invitation; needs `newest_first` of `members_of`."""
    newest = next(iter(member.newest_first), None)
    if newest is None or newest.status == InvitationStatus.DRAFT:
        return "none"
    if newest.status == InvitationStatus.REVOKED:
        return "revoked"
    return str(newest.status) if newest.is_live else "expired"


def dress(members: list[PanelMember]) -> list[PanelMember]:
    """Give each member what the table shows of its invitation."""
    for member in members:
        state = state_of(member)
        member.state, member.state_label, member.state_tone = state, STATES[state], TONES[state]
        member.newest = next(iter(member.newest_first), None)
    return members


def counts(panel: Panel) -> dict[str, int]:
    """How many stand where, for the heads of pages."""
    members = panel.members
    active = members.filter(status=MemberStatus.ACTIVE)
    return {
        "members": members.count(),
        "active": active.count(),
        "withdrawn": members.filter(status=MemberStatus.WITHDRAWN).count(),
        "opened": in_state(active, "opened").count(),
        "sent": in_state(active, "sent").count(),
    }

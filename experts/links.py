"""Personal links: found by token, exchanged for a session entry, asked for by pages.

The session holds one entry for each panel, so one browser can take part in several studies. It holds the
invitation's public code, which opens nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from experts import tokens
from experts.enums import LIVE_INVITATIONS, MemberStatus
from experts.exceptions import LinkInvalid, LinkNoLongerValid, LinkRequired
from experts.models import Invitation, Panel, PanelMember
from foundation.exceptions import NotAllowed
from foundation.prepared import Prepared

SESSION_KEY = "personal_links"
LANGUAGE_KEY = "language"

Landing = Callable[[PanelMember], str]
_landing: Landing = lambda member: reverse("experts:link_opened")  # noqa: E731


def register_landing(landing: Landing) -> None:
    """`landing(member)` is the address, free of tokens, to which an opened link leads."""
    global _landing
    _landing = landing


def landing_url(member: PanelMember) -> str:
    return _landing(member)


def address_of(invitation: Invitation) -> str:
    """The full link. Built on SITE_URL alone, never on the Host header of whoever asks."""
    return settings.SITE_URL + reverse("experts:link", args=[tokens.derive(invitation.nonce)])


def resolve(reference: str) -> str:
    """For the outbox: the link of an invitation while it is live, else a note in its place."""
    invitation = Invitation.objects.filter(code=reference).select_related("member").first()
    if invitation is None or not is_usable(invitation):
        return _("(this link is no longer valid)")
    return address_of(invitation)


def is_usable(invitation: Invitation) -> bool:
    member = invitation.member
    return invitation.is_live and member.status == MemberStatus.ACTIVE and member.expert_id is not None


def find(token: str) -> Invitation:
    """The invitation that this token opens.

    Raises LinkInvalid for what never was a link, LinkNoLongerValid for what was one.
    """
    if not tokens.FORM.fullmatch(token):
        raise LinkInvalid
    invitation = (
        Invitation.objects.filter(token_hash=tokens.hash_token(token))
        .select_related("member__panel", "member__expert", "member__group")
        .first()
    )
    if invitation is None or not tokens.belongs(token, invitation.nonce):
        raise LinkInvalid
    if not is_usable(invitation):
        raise LinkNoLongerValid
    return invitation


def member_by_token(token: str) -> PanelMember:
    """For the API, where each request carries the token."""
    return find(token).member


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """Put an opened link into the session, under a fresh session id."""
    request.session.cycle_key()
    opened = dict(request.session.get(SESSION_KEY, {}))
    opened[invitation.member.panel.code] = invitation.code
    request.session[SESSION_KEY] = opened
    request.session[LANGUAGE_KEY] = invitation.member.language


def forget(request: HttpRequest, panel: Panel | None = None) -> None:
    """Drop the links of this browser, or that of one panel; without a sign-in the whole session goes."""
    opened = dict(request.session.get(SESSION_KEY, {}))
    opened = {code: kept for code, kept in opened.items() if panel is not None and code != panel.code}
    if opened or request.user.is_authenticated:
        request.session.cycle_key()
        request.session[SESSION_KEY] = opened
    else:
        request.session.flush()


def current_member(request: HttpRequest, panel: Panel | None) -> PanelMember:
    """The member whose link was opened in this browser for this panel, in one query.

    Without any link LinkRequired is raised, whether or not the panel exists; with links to other panels only,
    NotAllowed (404).
    """
    opened = request.session.get(SESSION_KEY) or {}
    if not opened:
        raise LinkRequired
    if panel is None or panel.code not in opened:
        raise NotAllowed
    invitation = _OPENED.first(code=opened[panel.code], panel=panel.pk)
    if invitation is None or not is_usable(invitation):
        raise LinkRequired(
            _("Your personal link is no longer valid. Please use the newest one you were sent.")
        )
    return invitation.member


_OPENED = Prepared(
    lambda code, panel: Invitation.objects.filter(
        code=code, member__panel=panel, status__in=LIVE_INVITATIONS
    ).select_related("member__panel", "member__expert", "member__group")
)


def member_here(request: HttpRequest, panel_id: int) -> PanelMember | None:
    """The member of this panel whose usable link was opened here, or None for whatever reason.

    The lightest way to ask, for the path that is walked most: it loads little of the member, and its conditions are
    those of `is_usable`. `current_member` tells the reasons apart.
    """
    opened = request.session.get(SESSION_KEY) or {}
    return _HERE.first(panel=panel_id, codes=list(opened.values()), now=timezone.now())


_HERE = Prepared(
    lambda panel, codes, now: (
        PanelMember.objects.filter(
            panel=panel,
            status=MemberStatus.ACTIVE,
            expert__isnull=False,
            invitations__code__in=codes,
            invitations__status__in=LIVE_INVITATIONS,
            invitations__expires_at__gt=now,
        )
        .only("pseudonym", "panel_id")
        .order_by()[:1]
    )
)


def opened_members(request: HttpRequest) -> list[PanelMember]:
    """All members whose still usable links were opened in this browser."""
    opened = request.session.get(SESSION_KEY) or {}
    invitations = Invitation.objects.filter(code__in=opened.values()).select_related(
        "member__panel", "member__expert"
    )
    return [invitation.member for invitation in invitations if is_usable(invitation)]

"""Invitations: made, sent, reminded of, revoked, renewed, opened.

Mails leave in a job. Whatever kills it, it is run again: the mail of one invitation is written once by its
dedupe key, in the same transaction as the note that it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts import links, tokens
from experts.enums import LIVE_INVITATIONS, Capability, InvitationStatus, MemberStatus
from experts.models import Invitation, Panel, PanelMember
from experts.panel_nav import stream_of
from experts.permissions import require
from experts.services.panels import end_links, revoke_links
from foundation.enums import ACTIVE_JOBS
from foundation.exceptions import InvalidInput
from foundation.models import Job
from foundation.services.audit import record, sha256
from foundation.services.jobs import request_job

SEND_INVITATIONS = "experts.send_invitations"
NOTIFY_MEMBERS = "experts.notify_members"
MAILINGS = (SEND_INVITATIONS, NOTIFY_MEMBERS)


def invite(*, member: PanelMember, actor, expires_at: datetime | None = None, stream: str = "") -> Invitation:
    """The member's live invitation, made when there is none. Nothing is sent yet."""
    return invite_members(
        panel=member.panel, member_ids=[member.pk], actor=actor, expires_at=expires_at, stream=stream
    )[0]


@transaction.atomic
def invite_members(
    *,
    panel: Panel,
    member_ids: Iterable[int],
    actor,
    expires_at: datetime | None = None,
    stream: str = "",
) -> list[Invitation]:
    """A live invitation for each of these active members: the one they have, or a new one."""
    require(actor, panel, Capability.MANAGE_PANEL)
    expires_at = expires_at or timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    if expires_at <= timezone.now():
        raise InvalidInput(errors={"expires_at": [_("Choose a time in the future.")]})
    Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    ids = list(invitable(panel).filter(pk__in=list(member_ids)).values_list("pk", flat=True))
    if not ids:
        raise InvalidInput(_("None of these members can be invited."))
    live = {each.member_id: each for each in _live(ids) if each.is_live}
    missing = [pk for pk in ids if pk not in live]
    revoke_links(missing)  # what is left there has expired
    made = Invitation.objects.bulk_create([_new_invitation(pk, expires_at) for pk in missing], batch_size=500)
    if made:
        record(
            stream=stream or stream_of(panel),
            action="invitations.created",
            actor=actor,
            target=f"panel {panel.code}",
            detail={"count": len(made), "expires_at": expires_at},
        )
    live |= {each.member_id: each for each in made}
    return [live[pk] for pk in ids]


def invitable(panel: Panel) -> QuerySet[PanelMember]:
    return panel.members.filter(status=MemberStatus.ACTIVE, expert__isnull=False)


def _live(member_ids: list[int]) -> QuerySet[Invitation]:
    return Invitation.objects.filter(member_id__in=member_ids, status__in=LIVE_INVITATIONS)


def _new_invitation(member_id: int, expires_at: datetime) -> Invitation:
    nonce = tokens.new_nonce()
    return Invitation(
        member_id=member_id,
        nonce=nonce,
        token_hash=tokens.hash_token(tokens.derive(nonce)),
        expires_at=expires_at,
    )


def not_yet_invited(panel: Panel) -> QuerySet[PanelMember]:
    """Active members to whom no link was sent that is still good."""
    reached = Invitation.objects.filter(
        status__in=(InvitationStatus.SENT, InvitationStatus.OPENED), expires_at__gt=timezone.now()
    )
    return invitable(panel).exclude(invitations__in=reached)


def send_invitations(
    *, panel: Panel, actor, member_ids: Iterable[int] | None = None, stream: str = "", message: str = ""
) -> Job:
    """Mail their links to these members, or to all who were not invited yet. Returns the job."""
    if member_ids is None:
        member_ids = not_yet_invited(panel).values_list("pk", flat=True)
    return _mail_links(
        kind=SEND_INVITATIONS,
        panel=panel,
        member_ids=member_ids,
        actor=actor,
        stream=stream,
        template="invitation",
        key="invitation",
        context={"message": message},
    )


def remind(
    *, panel: Panel, actor, member_ids: Iterable[int], stream: str = "", message: str = "", key: str = ""
) -> Job:
    """Remind these members with the link they have. The caller knows who has not finished.

    `key` names the occasion (a round and a day, say): nobody is reminded twice on one occasion.
    """
    return _mail_links(
        kind=NOTIFY_MEMBERS,
        panel=panel,
        member_ids=member_ids,
        actor=actor,
        stream=stream,
        template="reminder",
        key=f"reminder:{key or timezone.now().strftime('%Y-%m-%dT%H:%M')}",
        context={"message": message},
    )


def notify_members(
    *,
    panel: Panel,
    actor,
    member_ids: Iterable[int],
    template: str,
    key: str,
    context=None,
    stream="",
) -> Job:
    """Send `mail/<template>.*` with their personal link to these members, once for each `key`.

    `context` is plain data; a mapping of languages in it prints itself in the reader's language.
    """
    return _mail_links(
        kind=NOTIFY_MEMBERS,
        panel=panel,
        member_ids=member_ids,
        actor=actor,
        stream=stream,
        template=template,
        key=key,
        context=context or {},
    )


@transaction.atomic
def _mail_links(
    *, kind: str, panel: Panel, member_ids, actor, stream: str, template: str, key: str, context: dict
) -> Job:
    stream = stream or stream_of(panel)
    invitations = invite_members(panel=panel, member_ids=member_ids, actor=actor, stream=stream)
    ids = sorted(each.pk for each in invitations)
    dedupe_key = f"{panel.code}:{sha256(f'{template}:{key}:{ids}')[:40]}"
    running = Job.objects.filter(kind=kind, dedupe_key=dedupe_key, status__in=ACTIVE_JOBS).first()
    if running is not None:
        return running
    record(
        stream=stream,
        action=f"mails.{template}",
        actor=actor,
        target=f"panel {panel.code}",
        detail={"count": len(ids), "key": key},
    )
    return request_job(
        kind=kind,
        stream=stream,
        actor=actor,
        total=len(ids),
        dedupe_key=dedupe_key,
        params={
            "panel": panel.pk,
            "stream": stream,
            "template": template,
            "key": key,
            "context": context,
            "invitations": ids,
        },
    )


@transaction.atomic
def revoke(*, invitation: Invitation, actor, stream: str = "") -> Invitation:
    """The link opens nothing from now on, and sessions that it opened end."""
    panel = invitation.member.panel
    require(actor, panel, Capability.MANAGE_PANEL)
    if end_links(Invitation.objects.filter(pk=invitation.pk)):
        record(
            stream=stream or stream_of(panel),
            action="invitation.revoked",
            actor=actor,
            target=f"member {invitation.member.code}",
        )
    invitation.refresh_from_db()
    return invitation


@transaction.atomic
def renew(*, member: PanelMember, actor, expires_at: datetime | None = None, stream: str = "") -> Invitation:
    """A new link in place of the member's present one, which stops working. Sending it is another step."""
    require(actor, member.panel, Capability.MANAGE_PANEL)
    revoke_links([member.pk])
    record(
        stream=stream or stream_of(member.panel),
        action="invitation.renewed",
        actor=actor,
        target=f"member {member.code}",
    )
    return invite(member=member, actor=actor, expires_at=expires_at, stream=stream)


@transaction.atomic
def open_link(*, token: str, stream: str = "") -> Invitation:
    """The member pressed the button behind their link. Raises what `links.find` raises."""
    invitation = links.find(token)
    now = timezone.now()
    live = Invitation.objects.filter(pk=invitation.pk, status__in=LIVE_INVITATIONS)
    first = live.filter(opened_at=None).update(opened_at=now)
    if not live.update(status=InvitationStatus.OPENED, last_used_at=now):
        links.find(token)  # revoked meanwhile: refuse as such
    if first:
        record(
            stream=stream or stream_of(invitation.member.panel),
            action="link.opened",
            actor_label=f"member {invitation.member.code}",
            target=f"member {invitation.member.code}",
        )
    invitation.refresh_from_db(fields=["status", "opened_at", "last_used_at"])
    return invitation

"""The expert bank: entries made, edited, erased."""

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.models import Expert, Invitation, MemberImport, PanelMember, User
from experts.panel_nav import stream_of
from experts.permissions import (
    CAPABILITIES,
    is_administrator,
    may_organise,
    refuse,
    require_administrator,
    roles_by_panel,
)
from experts.services.invitations import NOTIFY_MEMBERS, SEND_INVITATIONS
from experts.services.mailing import forget_words
from experts.services.panels import checked, revoke_links
from experts.signals import expert_erased
from foundation.enums import ACTIVE_JOBS, MailStatus
from foundation.exceptions import InvalidInput
from foundation.models import Job, OutboxMail
from foundation.services.audit import PLATFORM, record

EDITABLE = ("name", "email", "organisation", "country", "expertise", "language", "notes")
ERASED_ADDRESS = "erased@invalid.invalid"


def may_edit(user: User, expert: Expert) -> bool:
    """Administrators every entry, organisers those of people in a panel that they manage."""
    if is_administrator(user):
        return True
    managed = [
        panel_id
        for panel_id, role in roles_by_panel(user).items()
        if Capability.MANAGE_PANEL in CAPABILITIES[role]
    ]
    return expert.memberships.filter(panel_id__in=managed).exists()


@transaction.atomic
def create_expert(*, actor: User, stream: str = PLATFORM, **values) -> Expert:
    if not may_organise(actor):
        refuse(actor, "platform", "create_expert")
    expert = Expert(**_only_editable(values))
    expert.email = expert.email.lower()
    if Expert.objects.annotate(lower=Lower("email")).filter(lower=expert.email).exists():
        raise InvalidInput(errors={"email": [_("Somebody with this address is in the expert bank.")]})
    checked(expert).save()
    record(stream=stream, action="expert.created", actor=actor, target=f"expert {expert.code}")
    return expert


@transaction.atomic
def edit_expert(*, expert: Expert, actor: User, stream: str = PLATFORM, **values) -> Expert:
    if not may_edit(actor, expert):
        refuse(actor, "platform", "edit_expert")
    for name, value in _only_editable(values).items():
        setattr(expert, name, value)
    expert.email = expert.email.lower()
    checked(expert).save()
    record(
        stream=stream,
        action="expert.edited",
        actor=actor,
        target=f"expert {expert.code}",
        detail={"fields": sorted(values)},
    )
    return expert


def _only_editable(values: dict) -> dict:
    if unknown := set(values) - set(EDITABLE):
        raise InvalidInput(errors={name: [_("This cannot be set here.")] for name in unknown})
    return values


@transaction.atomic
def erase_expert(*, expert: Expert, actor: User, stream: str = PLATFORM) -> None:
    """Remove a person: entry, links, mails. Memberships stay under their pseudonym, so results stay as they were.

    Other apps remove what else names the person when they hear `expert_erased`.
    """
    require_administrator(actor, "erase_expert")
    members = list(PanelMember.objects.filter(expert=expert).select_related("panel"))
    ids = [member.pk for member in members]
    codes = list(Invitation.objects.filter(member_id__in=ids).values_list("code", flat=True))
    revoke_links(ids)
    scrub_mails(address=expert.email, references=codes)
    streams = {stream_of(member.panel) for member in members}
    forget_words(
        Job.objects.filter(kind__in=(SEND_INVITATIONS, NOTIFY_MEMBERS), stream__in=streams).exclude(
            status__in=ACTIVE_JOBS
        )
    )
    MemberImport.objects.filter(rows__icontains=expert.email).delete()
    expert_erased.send(sender=Expert, expert_code=expert.code, member_ids=ids)
    code = expert.code
    expert.delete()
    for member in members:
        record(
            stream=stream_of(member.panel),
            action="member.erased",
            actor=actor,
            target=f"member {member.code}",
        )
    record(
        stream=stream,
        action="expert.erased",
        actor=actor,
        target=f"expert {code}",
        detail={"memberships": len(ids)},
    )


def scrub_mails(*, address: str, references: list[str]) -> None:
    """Take back queued mails to this person, and what was written and to whom out of all of them."""
    by_address = OutboxMail.objects.filter(to_address__iexact=address)
    for mails in (by_address, OutboxMail.objects.filter(link_reference__in=references)):
        mails.filter(status__in=(MailStatus.QUEUED, MailStatus.SENDING)).update(status=MailStatus.CANCELLED)
        mails.update(text="", html="", subject="", to_name="", error="", to_address=ERASED_ADDRESS)


def copy_of(expert: Expert) -> dict:
    """All that this app and the outbox keep about a person, as plain data: their right of access."""
    invitations = Invitation.objects.filter(member__expert=expert).select_related("member__panel")
    mails = OutboxMail.objects.filter(to_address__iexact=expert.email)
    return {
        "expert": {name: getattr(expert, name) for name in (*EDITABLE, "code", "created_at", "updated_at")},
        "account": {"email": expert.user.email, "name": expert.user.name} if expert.user else None,
        "memberships": [
            {
                "panel": dict(member.panel.name),
                "pseudonym": member.pseudonym,
                "group": dict(member.group.name) if member.group else None,
                "status": member.status,
                "language": member.language,
                "joined_at": member.joined_at,
                "withdrawn_at": member.withdrawn_at,
            }
            for member in expert.memberships.select_related("panel", "group")
        ],
        "invitations": list(
            invitations.values(
                "code",
                "status",
                "created_at",
                "expires_at",
                "sent_at",
                "reminded_at",
                "reminders",
                "opened_at",
                "last_used_at",
                "revoked_at",
            )
        ),
        "mails": list(mails.values("kind", "subject", "text", "status", "created_at", "sent_at")),
    }

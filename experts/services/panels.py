"""Panels, their groups and members."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from experts import pseudonyms
from experts.enums import LIVE_INVITATIONS, Capability, InvitationStatus, MemberStatus, Role
from experts.exceptions import AlreadyMember
from experts.models import Expert, Invitation, Panel, PanelGroup, PanelMember, PanelRole, User
from experts.panel_nav import group_change, stream_of
from experts.permissions import refuse, require
from experts.signals import member_withdrawn, members_joined
from foundation.codes import new_code
from foundation.enums import MailStatus
from foundation.exceptions import InvalidInput
from foundation.localized import localized
from foundation.models import OutboxMail
from foundation.services.audit import PLATFORM, record


def checked(instance, **kwargs):
    """Validate a model instance the way forms do; the refusal names the fields."""
    try:
        instance.full_clean(**kwargs)
    except ValidationError as error:
        raise InvalidInput(errors=error.message_dict) from error
    return instance


@transaction.atomic
def create_panel(*, name, actor: User, stream: str = PLATFORM) -> Panel:
    """A new panel; whoever creates it owns it. Accounts exist by invitation only, so each may."""
    if not getattr(actor, "pk", None) or not actor.is_active:
        refuse(actor, "platform", "create_panel")
    panel = checked(Panel(name=localized(name)))
    panel.save()
    PanelRole.objects.create(panel=panel, user=actor, role=Role.OWNER)
    record(stream=stream, action="panel.created", actor=actor, target=f"panel {panel.code}")
    return panel


@transaction.atomic
def create_group(
    *, panel: Panel, name, actor: User, key: str = "", stream: str = "", reason: str = ""
) -> PanelGroup:
    """A new group. Groups belong to the study's protocol: once it is locked, their changes need a reason."""
    require(actor, panel, Capability.MANAGE_PANEL)
    hold(panel)
    with group_change(panel, actor, reason):
        name = localized(name)
        group = PanelGroup(
            panel=panel, name=name, key=key or _free_key(panel, name), position=panel.groups.count()
        )
        checked(group).save()
        _record_group(group, actor, stream, "group.created")
    return group


def hold(panel: Panel) -> None:
    """Lock the panel's row, always before the study's. Rows that point at the panel can still be inserted."""
    Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)


def _record_group(group: PanelGroup, actor: User, stream: str, action: str) -> None:
    stream = stream or stream_of(group.panel)
    record(stream=stream, action=action, actor=actor, target=f"group {group.key}")


def _free_key(panel: Panel, name) -> str:
    """A key from the English name; from a code when there is none or it is taken."""
    key = slugify(name.get("en", ""))[:40]
    if not key or panel.groups.filter(key=key).exists():
        key = f"{key[:28] or 'group'}-{new_code(6)}"
    return key


@transaction.atomic
def edit_group(*, group: PanelGroup, name, actor: User, stream: str = "", reason: str = "") -> PanelGroup:
    require(actor, group.panel, Capability.MANAGE_PANEL)
    hold(group.panel)
    with group_change(group.panel, actor, reason):
        group.name = localized(name)
        checked(group).save(update_fields=["name"])
        _record_group(group, actor, stream, "group.edited")
    return group


@transaction.atomic
def remove_group(*, group: PanelGroup, actor: User, stream: str = "", reason: str = "") -> None:
    """Remove an empty group. A group with members is kept: its results rest on it."""
    require(actor, group.panel, Capability.MANAGE_PANEL)
    hold(group.panel)
    with group_change(group.panel, actor, reason):
        if group.members.exists():
            raise InvalidInput(_("This group has members. Move them to another group first."))
        _record_group(group, actor, stream, "group.removed")
        try:
            group.delete()
        except ProtectedError as error:  # its members left it after results were computed
            raise InvalidInput(_("Results rest on this group. It stays in the panel.")) from error


@transaction.atomic
def add_member(
    *,
    panel: Panel,
    expert: Expert,
    actor: User,
    group: PanelGroup | None = None,
    language: str = "",
    stream: str = "",
) -> PanelMember:
    if panel.members.filter(expert=expert).exists():
        require(actor, panel, Capability.MANAGE_PANEL)
        raise AlreadyMember
    return add_members(panel=panel, people=[(expert, group, language)], actor=actor, stream=stream)[0]


@transaction.atomic
def add_members(
    *,
    panel: Panel,
    people: Iterable[tuple[Expert, PanelGroup | None, str]],
    actor: User,
    stream: str = "",
) -> list[PanelMember]:
    """Add many experts at once as `(expert, group, language)`; those already in the panel are left as they are."""
    members = add_silently(panel=panel, people=people, actor=actor, stream=stream)
    say_who_joined(panel, members)
    return members


def say_who_joined(panel: Panel, members: Iterable[PanelMember]) -> None:
    if ids := [member.pk for member in members]:
        members_joined.send(sender=PanelMember, panel_id=panel.pk, member_ids=ids)


def add_silently(*, panel: Panel, people, actor: User, stream: str = "") -> list[PanelMember]:
    """`add_members` for a caller that has more to note of them before `say_who_joined`."""
    require(actor, panel, Capability.MANAGE_PANEL)
    hold(panel)
    present = set(panel.members.values_list("expert_id", flat=True))
    wanted = [row for row in people if row[0].pk not in present]
    if any(group is not None and group.panel_id != panel.pk for _expert, group, _language in wanted):
        raise InvalidInput(_("This group belongs to another panel."))
    names = pseudonyms.draw(panel, len(wanted))
    members = PanelMember.objects.bulk_create(
        [
            PanelMember(
                panel=panel, expert=expert, group=group, pseudonym=name, language=language or expert.language
            )
            for name, (expert, group, language) in zip(names, wanted, strict=True)
        ],
        batch_size=500,
    )
    stream = stream or stream_of(panel)
    if len(members) == 1:
        record(stream=stream, action="member.added", actor=actor, target=f"member {members[0].code}")
    elif members:
        record(
            stream=stream,
            action="members.added",
            actor=actor,
            target=f"panel {panel.code}",
            detail={"count": len(members), "members": sorted(member.code for member in members)},
        )
    return members


@transaction.atomic
def edit_member(
    *, member: PanelMember, actor: User, group: PanelGroup | None, language: str, stream: str = ""
) -> PanelMember:
    require(actor, member.panel, Capability.MANAGE_PANEL)
    if group is not None and group.panel_id != member.panel_id:
        raise InvalidInput(_("This group belongs to another panel."))
    member.group, member.language = group, language
    checked(member).save(update_fields=["group", "language"])
    record(
        stream=stream or stream_of(member.panel),
        action="member.edited",
        actor=actor,
        target=f"member {member.code}",
        detail={"group": group.key if group else "", "language": language},
    )
    return member


@transaction.atomic
def withdraw_member(*, member: PanelMember, actor: User | None = None, stream: str = "") -> PanelMember:
    """The member leaves, by an organiser or (`actor=None`) on their own. What was frozen stays as it was shown."""
    if actor is not None:
        require(actor, member.panel, Capability.MANAGE_PANEL)
    now = timezone.now()
    changed = PanelMember.objects.filter(pk=member.pk).exclude(status=MemberStatus.WITHDRAWN)
    if changed.update(status=MemberStatus.WITHDRAWN, withdrawn_at=now):
        revoke_links([member.pk])
        record(
            stream=stream or stream_of(member.panel),
            action="member.withdrawn",
            actor=actor,
            actor_label="" if actor else f"member {member.code}",
            target=f"member {member.code}",
        )
        member_withdrawn.send(sender=PanelMember, member_id=member.pk)
    member.refresh_from_db()
    return member


@transaction.atomic
def restore_member(*, member: PanelMember, actor: User, stream: str = "") -> PanelMember:
    """Take a withdrawn member back; a new link has to be sent."""
    require(actor, member.panel, Capability.MANAGE_PANEL)
    hold(member.panel)
    gone = PanelMember.objects.filter(pk=member.pk, expert__isnull=False).exclude(status=MemberStatus.ACTIVE)
    if gone.update(status=MemberStatus.ACTIVE, withdrawn_at=None):
        record(
            stream=stream or stream_of(member.panel),
            action="member.restored",
            actor=actor,
            target=f"member {member.code}",
        )
        say_who_joined(member.panel, [member])
    member.refresh_from_db()
    return member


def revoke_links(member_ids: Iterable[int]) -> int:
    return end_links(Invitation.objects.filter(member_id__in=list(member_ids)))


def end_links(invitations: QuerySet[Invitation]) -> int:
    """End those of these links that are live, and take back their mails that have not left."""
    live = invitations.filter(status__in=LIVE_INVITATIONS)
    codes = list(live.values_list("code", flat=True))
    OutboxMail.objects.filter(link_reference__in=codes, status=MailStatus.QUEUED).update(
        status=MailStatus.CANCELLED
    )
    return live.update(status=InvitationStatus.REVOKED, revoked_at=timezone.now())

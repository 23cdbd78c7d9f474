"""Members from a file: read and checked whole, shown, and only then imported, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from experts.enums import Capability
from experts.importing import hooks
from experts.importing.reading import read_table
from experts.importing.rows import MemberRow, invalid, parse_rows
from experts.models import Expert, FinishedImport, MemberImport, Panel, PanelGroup, PanelMember
from experts.panel_nav import panel_context, stream_of
from experts.permissions import require
from experts.services.panels import add_silently, create_group, hold, say_who_joined
from foundation.localized import LANGUAGES, Localized
from foundation.services.audit import record

KEPT_FOR = timedelta(hours=24)
IN_CHUNK = 500


@dataclass
class Preview:
    """What an import would do."""

    rows: list[MemberRow]
    new_experts: list[MemberRow]
    known_experts: list[MemberRow]
    already_members: list[MemberRow]
    new_groups: list[str]

    @property
    def added(self) -> int:
        return len(self.new_experts) + len(self.known_experts)


def read_members(*, panel: Panel, content: bytes) -> list[MemberRow]:
    """The file's rows. Raises InvalidInput whose `errors` are reasons by line number."""
    rows = parse_rows(read_table(content))
    if reasons := hooks.reasons_against(panel, rows):
        raise invalid(reasons)
    return rows


def preview(*, panel: Panel, rows: list[MemberRow]) -> Preview:
    known = _known(rows)
    present = set(panel.members.values_list("expert_id", flat=True))
    groups = _groups(panel)
    inside = [row for row in rows if row.email in known and known[row.email].pk in present]
    lines = {row.line for row in inside}
    return Preview(
        rows=rows,
        new_experts=[row for row in rows if row.email not in known],
        known_experts=[row for row in rows if row.email in known and row.line not in lines],
        already_members=inside,
        new_groups=list(
            dict.fromkeys(row.group for row in rows if row.group and _fold(row.group) not in groups)
        ),
    )


@transaction.atomic
def keep_for_confirmation(*, panel: Panel, rows: list[MemberRow], file_name: str, actor) -> MemberImport:
    """Put checked rows aside until somebody confirms them; what nobody confirmed in a day is dropped."""
    require(actor, panel, Capability.MANAGE_PANEL)
    drop_old_imports()
    MemberImport.objects.filter(panel=panel, actor=actor).delete()
    return MemberImport.objects.create(
        panel=panel, actor=actor, file_name=file_name[:120], rows=[row.as_dict() for row in rows]
    )


def drop_old_imports() -> None:
    for model in (MemberImport, FinishedImport):
        model.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()


@transaction.atomic
def confirm_import(*, pending: MemberImport, actor, stream: str = "") -> list[PanelMember]:
    """Import what was shown, once: the pending rows go with the same transaction."""
    panel = pending.panel
    require(actor, panel, Capability.MANAGE_PANEL)
    rows = [MemberRow(**row) for row in pending.rows]
    if not MemberImport.objects.filter(pk=pending.pk).delete()[0]:
        return []
    known = set(_known(rows))
    members = import_members(panel=panel, rows=rows, actor=actor, stream=stream)
    FinishedImport.objects.create(
        panel=panel,
        actor=actor,
        file_name=pending.file_name,
        members=[member.code for member in members],
        experts=[member.expert.code for member in members if member.expert.email not in known],
    )
    return members


@transaction.atomic
def import_members(*, panel: Panel, rows: list[MemberRow], actor, stream: str = "") -> list[PanelMember]:
    """Add the people of checked rows. Experts already in the bank are linked, their entries left as they are."""
    require(actor, panel, Capability.MANAGE_PANEL)
    if reasons := hooks.reasons_against(panel, rows):
        raise invalid(reasons)
    hold(panel)
    groups = _make_groups(panel, rows, actor, stream)
    experts = _make_experts(rows, panel_context(panel)["language"])
    by_expert = {experts[row.email].pk: row for row in rows}
    people = [
        (experts[row.email], groups.get(_fold(row.group)) if row.group else None, row.language)
        for row in rows
    ]
    members = add_silently(panel=panel, people=people, actor=actor, stream=stream)
    hooks.announce(panel, [(member, by_expert[member.expert_id]) for member in members])
    say_who_joined(panel, members)
    record(
        stream=stream or stream_of(panel),
        action="members.imported",
        actor=actor,
        target=f"panel {panel.code}",
        detail={"lines": len(rows), "added": len(members)},
    )
    return members


def _known(rows: list[MemberRow]) -> dict[str, Expert]:
    emails = [row.email for row in rows]
    found: dict[str, Expert] = {}
    for start in range(0, len(emails), IN_CHUNK):
        chunk = emails[start : start + IN_CHUNK]
        for expert in Expert.objects.annotate(lower=Lower("email")).filter(lower__in=chunk):
            found[expert.email.lower()] = expert
    return found


def _make_experts(rows: list[MemberRow], language: str) -> dict[str, Expert]:
    """The experts of the rows; `language` is that of newcomers whose row names none."""
    known = _known(rows)
    new = [
        Expert(
            name=row.name,
            email=row.email,
            organisation=row.organisation,
            country=row.country,
            expertise=row.expertise,
            language=row.language or language,
        )
        for row in rows
        if row.email not in known
    ]
    return known | {expert.email: expert for expert in Expert.objects.bulk_create(new, batch_size=IN_CHUNK)}


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _groups(panel: Panel) -> dict[str, PanelGroup]:
    """The panel's groups by key and by name in every language."""
    named = {}
    for group in panel.groups.all():
        for name in (group.key, *group.name.values()):
            named[_fold(name)] = group
    return named


def _make_groups(panel: Panel, rows: list[MemberRow], actor, stream: str) -> dict[str, PanelGroup]:
    groups = _groups(panel)
    for row in rows:
        if row.group and _fold(row.group) not in groups:
            name = Localized({_language_of(row.group): row.group})
            groups[_fold(row.group)] = create_group(
                panel=panel,
                name=name,
                actor=actor,
                stream=stream,
                reason=_("This group came with an imported list of members."),
            )
    return groups


def _language_of(text: str) -> str:
    return LANGUAGES[1] if any("\u4e00" <= character <= "\u9fff" for character in text) else LANGUAGES[0]

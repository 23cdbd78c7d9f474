"""What a study does when its panel changes: groups belong to the protocol, who joins takes part at once.

Told to `experts` in `AppConfig.ready`. Locks are taken panel first, then study.
"""

from collections.abc import Sequence
from contextlib import nullcontext

from django.utils.translation import gettext as _

from experts.importing.rows import MemberRow
from experts.models import Panel, PanelMember
from surveys.enums import ParticipationStatus, RoundStatus
from surveys.models import Assignment, MemberField, Participation, Study
from surveys.services.protocol import protocol_change
from surveys.services.rounds import enrol_members


def around_group_change(panel: Panel, actor, reason: str):
    study = Study.objects.filter(panel=panel).first()
    return protocol_change(study=study, actor=actor, reason=reason) if study else nullcontext()


def on_members_joined(sender, panel_id: int, member_ids: list[int], **_more) -> None:
    """Inside the transaction that adds them. The study's lock keeps a round from opening without them meanwhile."""
    study = Study.objects.select_for_update().filter(panel_id=panel_id).first()
    open_round = study.rounds.filter(status=RoundStatus.OPEN).first() if study else None
    if open_round is not None:
        enrol_members(round=open_round, member_ids=member_ids)


def unknown_fields(panel: Panel, rows: Sequence[MemberRow]) -> dict[int, list[str]]:
    """Reasons against rows of a member file that name a field which the study does not have."""
    if not any(row.fields for row in rows) or not Study.objects.filter(panel=panel).exists():
        return {}
    known = _fields(panel)
    reasons = {}
    for row in rows:
        missing = [name for name in row.fields if _fold(name) not in known]
        if missing:
            reasons[row.line] = [
                _("The study has no field “%(name)s”.") % {"name": name[:80]} for name in missing
            ]
    return reasons


def note_fields(panel: Panel, pairs: Sequence[tuple[PanelMember, MemberRow]]) -> None:
    """Store the fields that a member file names; they decide what is asked where the study routes by field."""
    known = _fields(panel)
    MemberField.objects.bulk_create(
        [
            MemberField(member=member, field_id=field_id)
            for member, row in pairs
            for field_id in {known[_fold(name)] for name in row.fields if _fold(name) in known}
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def taking_part(panel: Panel, ids: Sequence[int]) -> set[int]:
    """Members who began to answer, or whom a round asked that is over. The study is locked, so that no round opens
    with them meanwhile, and so are their rows: whoever begins at this moment waits, and finds nothing asked of them."""
    Study.objects.select_for_update().filter(panel=panel).first()
    parts = Participation.objects.select_for_update(of=("self",)).filter(member_id__in=list(ids))
    return {
        part.member_id
        for part in parts.select_related("round")
        if part.status != ParticipationStatus.NOT_STARTED
        or part.consented_at is not None
        or not part.round.is_open
    }


def forget_members(panel: Panel, ids: Sequence[int]) -> None:
    """What a round noted of members who never took part in it."""
    for model in (Assignment, Participation):
        model.objects.filter(member_id__in=list(ids)).delete()


def _fields(panel: Panel) -> dict[str, int]:
    """The study's fields by key and by name in every language."""
    study = Study.objects.filter(panel=panel).first()
    fields = study.fields.all() if study else []
    return {_fold(name): field.pk for field in fields for name in (*field.name.values(), field.key)}


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())

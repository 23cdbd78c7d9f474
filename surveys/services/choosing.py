"""A member chooses what to be asked about, where the study leaves that to its members."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from experts.models import PanelMember
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.services.audit import record
from surveys.enums import Routing
from surveys.models import Answer, Assignment, Field, MemberField, Reason, Round, RoundTechnology
from surveys.services.answers import lock_participation


@transaction.atomic
def choose_technologies(
    *, round: Round, member: PanelMember, technologies: Iterable[str], fields: Iterable[str] = ()
) -> int:
    """Be asked about these technologies of the round. Returns how many there are then.

    What was answered stays chosen: an answer is never lost by unticking a box. `fields` are remembered for
    what later rounds add to the list.
    """
    if round.study.routing != Routing.CHOSEN:
        raise NotAllowed
    lock_participation(round, member)
    listed = RoundTechnology.objects.filter(round=round).select_related("technology")
    places = {each.technology_id: each.position for each in listed}
    codes = set(technologies)
    wanted = {each.technology_id for each in listed if each.technology.code in codes} | _touched(
        round, member
    )
    if not wanted:
        raise InvalidInput(_("Choose at least one."))
    own = Assignment.objects.filter(round=round, member=member)
    have = set(own.values_list("technology_id", flat=True))
    own.filter(technology_id__in=have - wanted).delete()
    Assignment.objects.bulk_create(
        [
            Assignment(round=round, member=member, technology_id=pk, position=places[pk])
            for pk in sorted(wanted - have)
        ],
        batch_size=1000,
    )
    _remember(round, member, fields)
    if wanted != have:
        record(
            stream=round.study.stream,
            action="response.technologies_chosen",
            actor_label=member.pseudonym,
            target=f"round {round.number}",
            detail={"technologies": len(wanted)},
        )
    return len(wanted)


def _touched(round: Round, member: PanelMember) -> set[int]:
    """Technologies about which something of the member's is stored."""
    answers = Answer.objects.filter(round=round, member=member, technology__isnull=False)
    reasons = Reason.objects.filter(round=round, member=member)
    return {
        *answers.values_list("technology_id", flat=True),
        *reasons.values_list("technology_id", flat=True),
    }


def _remember(round: Round, member: PanelMember, fields: Iterable[str]) -> None:
    chosen = Field.objects.filter(study_id=round.study_id, code__in=set(fields))
    known = MemberField.objects.filter(member=member, field__study=round.study_id)
    known.exclude(field__in=chosen).delete()
    MemberField.objects.bulk_create(
        [MemberField(member=member, field=field) for field in chosen], ignore_conflicts=True
    )

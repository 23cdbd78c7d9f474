"""A member chooses what to be asked about, where the study leaves that to its members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from experts.models import PanelMember
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.services.audit import record
from surveys.enums import Moderation, Routing
from surveys.models import (
    Answer,
    Assignment,
    Field,
    MemberField,
    Proposal,
    Reason,
    ReasonVote,
    Reply,
    Round,
    RoundTechnology,
)
from surveys.services.answers import lock_participation
from surveys.services.submission import reopen


@dataclass(frozen=True, slots=True)
class Choice:
    """How many technologies the member is asked about, and whether a submission was taken back by it."""

    technologies: int
    reopened: bool = False


@transaction.atomic
def choose_technologies(
    *, round: Round, member: PanelMember, technologies: Iterable[str], fields: Iterable[str] = ()
) -> Choice:
    """Be asked about these technologies of the round.

    What the member said something about stays chosen: nothing is lost by unticking a box. `fields` are remembered
    for what later rounds add to the list. Whoever has submitted and now lacks answers has to submit again.
    """
    if round.study.routing != Routing.CHOSEN:
        raise NotAllowed
    part = lock_participation(round, member)
    listed = RoundTechnology.objects.filter(round=round).select_related("technology")
    places = {each.technology_id: each.position for each in listed}
    codes = set(technologies)
    wanted = {each.technology_id for each in listed if each.technology.code in codes} | touched(round, member)
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
    return Choice(len(wanted), reopened=bool(wanted - have) and reopen(part))


def touched(round: Round, member: PanelMember) -> set[int]:
    """Technologies about which the member left something: an answer, a reason, a reply, a vote, a proposal."""
    own = {"round": round, "member": member}
    about = (
        Answer.objects.filter(**own, technology__isnull=False).values_list("technology_id"),
        Reason.objects.filter(**own).values_list("technology_id"),
        Reply.objects.filter(**own).exclude(text="").values_list("reason__technology_id"),
        ReasonVote.objects.filter(**own).values_list("reason__technology_id"),
        Proposal.objects.filter(**own, technology__isnull=False)
        .exclude(moderation=Moderation.WITHDRAWN)
        .values_list("technology_id"),
    )
    return set().union(*([pk for (pk,) in rows] for rows in about))


def _remember(round: Round, member: PanelMember, fields: Iterable[str]) -> None:
    chosen = Field.objects.filter(study_id=round.study_id, code__in=set(fields))
    known = MemberField.objects.filter(member=member, field__study=round.study_id)
    known.exclude(field__in=chosen).delete()
    MemberField.objects.bulk_create(
        [MemberField(member=member, field=field) for field in chosen], ignore_conflicts=True
    )

"""Rounds: planned, opened, closed, analysed. Every change of state is compare-and-set."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability, MemberStatus
from experts.permissions import require
from experts.services.panels import checked
from foundation.exceptions import InvalidInput
from foundation.services.audit import record
from surveys.enums import RoundScope, RoundStatus, Routing, StudyStatus, TechnologyStatus
from surveys.exceptions import RoundNotReady, WrongState
from surveys.hooks import decided_technologies
from surveys.models import Participation, Round, RoundTechnology, Study
from surveys.services.assigning import enrol, routing_detail
from surveys.services.protocol import lock_protocol
from surveys.signals import announce, round_closed, round_opened

PLANNED = (RoundStatus.DRAFT, RoundStatus.SCHEDULED)
VOICE = ("allows_discussion", "allows_proposals", "allows_flags")
OVER = (StudyStatus.FINISHED, StudyStatus.ARCHIVED)
log = logging.getLogger(__name__)


@transaction.atomic
def plan_round(
    *,
    study: Study,
    actor,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    scope: str | None = None,
    shows_feedback: bool | None = None,
    message=None,
    **voice: bool,
) -> Round:
    """Add the next round as a draft, or as scheduled when it has an opening time.

    `voice` says what else experts may do in it (`VOICE`); what is left out follows the model.
    """
    require(actor, study.panel, Capability.RUN_ROUNDS)
    study = Study.objects.select_for_update().get(pk=study.pk)  # a double click plans one round
    if study.status in OVER:
        raise InvalidInput(_("The study is finished. Take it up again before you plan a round."))
    number = study.rounds.count() + 1
    if study.rounds.filter(status__in=PLANNED).exists():
        raise InvalidInput(_("A next round is already planned."))
    planned = Round(
        study=study,
        number=number,
        opens_at=opens_at,
        closes_at=closes_at,
        scope=scope or (RoundScope.ALL if number == 1 else RoundScope.UNDECIDED),
        shows_feedback=number > 1 if shows_feedback is None else shows_feedback,
        message=message or {},
        **{name: voice[name] for name in VOICE if name in voice},
        status=RoundStatus.SCHEDULED if opens_at else RoundStatus.DRAFT,
    )
    checked(planned).save()
    record(stream=study.stream, action="round.planned", actor=actor, target=f"round {number}")
    return planned


@transaction.atomic
def edit_round(*, round: Round, actor, **changes) -> Round:
    """Change a planned round; of an open one only its closing time and message."""
    require(actor, round.study.panel, Capability.RUN_ROUNDS)
    Round.objects.select_for_update().get(pk=round.pk)
    round.refresh_from_db()  # it may have been opened or closed since it was read
    allowed = {"closes_at", "message"}
    if round.status in PLANNED:
        allowed |= {"opens_at", "scope", "shows_feedback", *VOICE}
    elif round.status != RoundStatus.OPEN:
        raise WrongState(_("A closed round cannot be changed."))
    if refused := set(changes) - allowed:
        raise InvalidInput(_("An open round no longer changes this."), errors={name: [] for name in refused})
    for field, value in changes.items():
        setattr(round, field, value)
    if round.status in PLANNED:
        round.status = RoundStatus.SCHEDULED if round.opens_at else RoundStatus.DRAFT
    checked(round).save(update_fields=[*changes, "status"])
    record(
        stream=round.study.stream,
        action="round.edited",
        actor=actor,
        target=f"round {round.number}",
        detail={field: str(value) for field, value in changes.items()},
    )
    return round


def opening_problems(round: Round) -> list[str]:
    """Why the round cannot be opened now, in words; empty when it can."""
    study, problems = round.study, []
    if round.status not in PLANNED:
        problems.append(_("The round is not waiting to be opened."))
    if study.status in OVER:
        problems.append(_("The study is finished. Take it up again first."))
    if study.rounds.filter(status__in=(RoundStatus.OPEN, RoundStatus.CLOSED)).exclude(pk=round.pk).exists():
        problems.append(_("An earlier round is still open or being analysed."))
    if not study.technologies.filter(status=TechnologyStatus.ACTIVE).exists():
        problems.append(_("The technology list is empty."))
    elif not round_technologies(round):
        problems.append(_("Every technology already has a final verdict."))
    if study.routing == Routing.BLOCKS and not (study.per_member or study.per_technology):
        problems.append(
            _("Random blocks need a size: set technologies per member or members per technology.")
        )
    if not study.questions.exists():
        problems.append(_("There is no question yet."))
    if not study.panel.members.filter(status=MemberStatus.ACTIVE).exists():
        problems.append(_("The panel has no active member."))
    if round.closes_at and round.closes_at <= timezone.now():
        problems.append(_("The closing time has passed."))
    return [str(problem) for problem in problems]


def round_technologies(round: Round):
    """The technologies that the round would ask about if it opened now, in list order."""
    active = round.study.technologies.filter(status=TechnologyStatus.ACTIVE)
    if round.scope == RoundScope.UNDECIDED:
        active = active.exclude(pk__in=decided_technologies(round.study_id))
    return list(active.order_by("position", "pk"))


@transaction.atomic
def open_round(*, round: Round, actor=None, due: datetime | None = None) -> Round:
    """Open the round: lock the protocol if it is the first, fix the technologies, assign them.

    `actor` is None when the schedule opens it; whoever scheduled it was authorised then. With `due` it opens only
    if its opening time is not later: somebody may have changed it since the schedule looked.
    """
    if actor is not None:
        require(actor, round.study.panel, Capability.RUN_ROUNDS)
    study = Study.objects.select_for_update().get(pk=round.study_id)
    round.refresh_from_db()
    if due is not None and (round.opens_at is None or round.opens_at > due):
        raise WrongState
    if problems := opening_problems(round):
        raise RoundNotReady(problems[0], problems=problems)
    now = timezone.now()
    # Opened by hand before its time, it has no opening time that its closing time would have to follow.
    opens_at = round.opens_at if round.opens_at and round.opens_at <= now else None
    try:
        with transaction.atomic():
            changed = Round.objects.filter(pk=round.pk, status__in=PLANNED).update(
                status=RoundStatus.OPEN, opened_at=now, opens_at=opens_at
            )
    except IntegrityError as error:
        raise RoundNotReady(_("An earlier round is still open or being analysed.")) from error
    if not changed:
        raise WrongState
    if not study.is_locked:
        lock_protocol(study=study, actor=actor)
    Study.objects.filter(pk=study.pk).update(status=StudyStatus.ACTIVE)
    round.refresh_from_db()
    technologies = round_technologies(round)
    RoundTechnology.objects.bulk_create(
        [
            RoundTechnology(round=round, technology=technology, position=place)
            for place, technology in enumerate(technologies, 1)
        ],
        batch_size=1000,
    )
    members = study.panel.members.filter(status=MemberStatus.ACTIVE)
    enrol(round, members)
    record(
        stream=study.stream,
        action="round.opened",
        actor=actor,
        target=f"round {round.number}",
        detail={"technologies": len(technologies), "members": members.count(), "scope": round.scope}
        | routing_detail(round),
    )
    announce(round_opened, round_id=round.pk)
    return round


@transaction.atomic
def enrol_members(*, round: Round, member_ids: list[int]) -> int:
    """Let members who joined after the opening take part in the open round. Returns how many do."""
    study = round.study
    members = study.panel.members.filter(pk__in=member_ids, status=MemberStatus.ACTIVE)
    joined = list(members.exclude(participations__round=round))
    if not round.is_open or not joined:
        return 0
    enrol(round, joined)
    record(
        stream=study.stream,
        action="round.members_joined",
        target=f"round {round.number}",
        detail={"count": len(joined), "members": sorted(member.code for member in joined)},
    )
    return len(joined)


@transaction.atomic
def close_round(*, round: Round, actor=None, due: datetime | None = None) -> Round:
    """Close the round. Saves under way finish first; later ones are refused.

    With `due` it closes only if its closing time is not later: the organiser may have just extended it.
    """
    if actor is not None:
        require(actor, round.study.panel, Capability.RUN_ROUNDS)
    still_open = Round.objects.filter(pk=round.pk, status=RoundStatus.OPEN)
    if due is not None:
        still_open = still_open.filter(closes_at__lte=due)
    if not still_open.update(status=RoundStatus.CLOSED, closed_at=timezone.now()):
        raise WrongState
    # A save holds its participation row: taking all of them waits for every save that saw the round open.
    parts = list(
        Participation.objects.select_for_update().filter(round=round).values_list("status", flat=True)
    )
    round.refresh_from_db()
    record(
        stream=round.study.stream,
        action="round.closed",
        actor=actor,
        target=f"round {round.number}",
        detail={
            "submitted": parts.count("submitted"),
            "started": parts.count("started"),
            "asked": len(parts),
        },
    )
    announce(round_closed, round_id=round.pk)
    return round


@transaction.atomic
def mark_analysed(*, round_id: int) -> bool:
    """Say that the results of a closed round are there. True when this call changed the state."""
    changed = Round.objects.filter(pk=round_id, status=RoundStatus.CLOSED).update(
        status=RoundStatus.ANALYSED, analysed_at=timezone.now()
    )
    if changed:
        round = Round.objects.select_related("study").get(pk=round_id)
        record(stream=round.study.stream, action="round.analysed", target=f"round {round.number}")
    return bool(changed)


def run_schedule(now: datetime | None = None) -> dict[str, int]:
    """Open and close what is due. One round's refusal does not hold up the others."""
    now = now or timezone.now()
    due = {"opened": 0, "closed": 0}
    for late in Round.objects.filter(status=RoundStatus.OPEN, closes_at__lte=now).select_related("study"):
        due["closed"] += _quietly(close_round, late, now)
    ready = Round.objects.filter(status=RoundStatus.SCHEDULED, opens_at__lte=now).select_related("study")
    for early in ready:
        due["opened"] += _quietly(open_round, early, now)
    return due


def _quietly(change, round: Round, now: datetime) -> int:
    try:
        change(round=round, due=now)
    except (RoundNotReady, WrongState):
        return 0
    except Exception:  # whatever is wrong with one study, the others' rounds open and close
        log.exception("round %s could not be changed by the schedule", round.code)
        return 0
    return 1

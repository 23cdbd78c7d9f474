"""Reading studies: lists with their counts, and what is to be done next."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experts.enums import Capability, MemberStatus
from experts.permissions import panels_of
from experts.services.invitations import MAILINGS, not_yet_invited
from foundation.models import Job
from surveys.enums import Moderation, ParticipationStatus, RoundStatus, TechnologyStatus
from surveys.hooks import analysis_outcome
from surveys.models import Participation, Reason, Round, Study
from surveys.services.rounds import OVER, PLANNED


def studies_of(user) -> QuerySet[Study]:
    """The studies in which the account has a role, newest first, with their counts."""
    return (
        Study.objects.filter(panel__in=panels_of(user))
        .annotate(
            n_technologies=Count(
                "technologies", filter=Q(technologies__status=TechnologyStatus.ACTIVE), distinct=True
            ),
            n_members=Count(
                "panel__members", filter=Q(panel__members__status=MemberStatus.ACTIVE), distinct=True
            ),
        )
        .prefetch_related("rounds")
        .order_by("-created_at")
    )


def with_response(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Annotate `n_asked`, `n_started` and `n_submitted`."""
    submitted = Q(participations__status=ParticipationStatus.SUBMITTED)
    started = Q(participations__status=ParticipationStatus.STARTED)
    return rounds.annotate(
        n_asked=Count("participations"),
        n_started=Count("participations", filter=started),
        n_submitted=Count("participations", filter=submitted),
    )


def response_by_group(round: Round) -> list[dict]:
    """Asked, started and submitted per panel group. Counts of people, not of answers."""
    rows = (
        Participation.objects.filter(round=round)
        .values("member__group_id")
        .annotate(
            asked=Count("pk"),
            started=Count("pk", filter=Q(status=ParticipationStatus.STARTED)),
            submitted=Count("pk", filter=Q(status=ParticipationStatus.SUBMITTED)),
        )
    )
    names = {group.pk: str(group) for group in round.study.panel.groups.all()}
    return [
        {"name": names.get(row["member__group_id"], _("No group"))} | row
        for row in sorted(
            rows,
            key=lambda row: (
                list(names).index(row["member__group_id"]) if row["member__group_id"] in names else len(names)
            ),
        )
    ]


@dataclass(frozen=True)
class Step:
    """One line of the study's checklist."""

    label: str
    done: bool
    detail: str = ""
    url: str = ""


def next_steps(study: Study) -> list[Step]:
    """What leads to the next round, in order. The first undone step is what to do now.

    A step whose page the reader may not open comes without an address.
    """
    code, may = study.code, getattr(study, "may", {})
    technologies = study.technologies.filter(status=TechnologyStatus.ACTIVE).count()
    members = study.panel.members.filter(status=MemberStatus.ACTIVE).count()
    rounds = list(study.rounds.order_by("number"))
    latest = rounds[-1] if rounds else None
    steps = [
        Step(
            _("Technology list"),
            technologies > 0,
            _("%(count)d on the list") % {"count": technologies},
            reverse("surveys:technologies", args=[code]),
        ),
        Step(
            _("Questions and consensus rule"),
            study.questions.exists() and study.criteria.exists(),
            _("locked") if study.is_locked else _("open to change until round 1 opens"),
            reverse("surveys:protocol", args=[code]),
        ),
        Step(
            _("Panel"),
            members > 0,
            _("%(count)d active members") % {"count": members},
            reverse("experts:panel", args=[study.panel.code]) if Capability.MANAGE_PANEL in may else "",
        ),
    ]
    return [*steps, *_round_steps(study, latest)]


def _round_steps(study: Study, latest: Round | None) -> list[Step]:
    """Opening a round, inviting to it, waiting for its answers and results, and what comes after it."""
    rounds = reverse("surveys:rounds", args=[study.code])
    if latest is None:
        return [Step(_("Plan and open round 1"), False, "", rounds), *_invitation_step(study)]
    label, url = str(latest), reverse("surveys:round", args=[study.code, latest.number])
    if latest.status in PLANNED:
        return [Step(label, False, _("planned, to be opened"), url), *_invitation_step(study)]
    if latest.status == RoundStatus.OPEN:
        return [*_invitation_step(study), Step(label, False, _("open, answers are coming in"), url)]
    if latest.status == RoundStatus.CLOSED:
        return [Step(label, False, _("being analysed"), url)]
    analysed = Step(
        _("Results of round %(n)d") % {"n": latest.number}, True, "", analysis_outcome(latest).url
    )
    if study.status in OVER:
        return [analysed]
    return [
        analysed,
        Step(_("Plan round %(n)d or finish the study") % {"n": latest.number + 1}, False, "", rounds),
    ]


def _invitation_step(study: Study) -> list[Step]:
    """For those who may send them."""
    if Capability.MANAGE_PANEL not in getattr(study, "may", {}):
        return []
    waiting = not_yet_invited(study.panel).count()
    invited = not waiting and study.panel.members.filter(status=MemberStatus.ACTIVE).exists()
    detail = ngettext("%(n)d not invited yet", "%(n)d not invited yet", waiting) % {"n": waiting}
    url = reverse("experts:invitations", args=[study.panel.code])
    return [Step(_("Invitations"), invited, detail if waiting else "", url)]


def jobs_of(study: Study) -> QuerySet[Job]:
    """The study's background work. Mails to members are the business of those who manage the panel."""
    jobs = Job.objects.filter(stream=study.stream)
    return jobs if Capability.MANAGE_PANEL in getattr(study, "may", {}) else jobs.exclude(kind__in=MAILINGS)


def waiting_reasons(study: Study) -> int:
    return Reason.objects.filter(round__study=study, moderation=Moderation.PENDING).exclude(text="").count()

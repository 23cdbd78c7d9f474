"""What opening a round would do, in figures and warnings, before anybody presses the button."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experts.enums import MemberStatus
from surveys.enums import AskedPer, CriterionKind, ParticipationStatus, Routing
from surveys.hooks import rule_doubts
from surveys.models import Participation, Round, Technology
from surveys.respond.pace import seconds_for
from surveys.selectors.routing import Hands, hands

LONG = 45
NAMED = 3


@dataclass(frozen=True)
class GroupPlan:
    """One panel group: how much each member is asked, and how often each technology is."""

    name: str
    members: int
    per_member: tuple[int, int]
    per_technology: tuple[int, int]
    expected: int | None


@dataclass
class Plan:
    groups: list[GroupPlan] = field(default_factory=list)
    per_member: tuple[int, int] = (0, 0)
    per_technology: tuple[int, int] = (0, 0)
    minutes: int = 0
    rate: float | None = None
    warnings: list[str] = field(default_factory=list)
    chosen_later: int = 0

    @property
    def percent(self) -> int | None:
        return None if self.rate is None else round(100 * self.rate)


def opening_plan(round: Round, technologies: list[Technology]) -> Plan:
    """The hands that opening would deal, counted. The draw's seed follows from the round, so they are the very same."""
    dealt = hands(round, technologies)
    ids = [technology.pk for technology in technologies]
    if not ids or not dealt.by_member:
        return Plan()
    plan = Plan(rate=_last_rate(round))
    sizes = {member: len(hand) for member, hand in dealt.by_member.items()}
    if round.study.routing == Routing.CHOSEN:
        plan.chosen_later = sum(not size for size in sizes.values())
    asked = [size for size in sizes.values() if size] or [0]
    plan.per_member = (min(asked), max(asked))
    plan.per_technology = _span(dealt.coverage.total, ids)
    plan.groups = _groups(round, dealt, sizes, ids, plan.rate)
    plan.minutes = _minutes(round, plan.per_member[1])
    plan.warnings = list(_warnings(round, plan, dealt, technologies, sizes))
    return plan


def _span(counts, ids) -> tuple[int, int]:
    values = [counts[each] for each in ids]
    return min(values), max(values)


def _groups(round: Round, dealt: Hands, sizes, ids, rate) -> list[GroupPlan]:
    names = {group.pk: str(group) for group in round.study.panel.groups.all()}
    rows = []
    for pk, name in [*names.items(), (None, _("No group"))]:
        own = [sizes[member] for member, group in dealt.groups.items() if group == pk]
        if own:
            span = _span(dealt.coverage.by_group[pk], ids)
            expected = None if rate is None else int(span[0] * rate)
            rows.append(GroupPlan(name, len(own), (min(own), max(own)), span, expected))
    return rows


def _last_rate(round: Round) -> float | None:
    """The share that submitted in the round before; None before there was one."""
    before = round.study.rounds.filter(number__lt=round.number).order_by("-number").first()
    parts = Participation.objects.filter(round=before) if before else None
    if parts is None or not (asked := parts.count()):
        return None
    return parts.filter(status=ParticipationStatus.SUBMITTED).count() / asked


def _minutes(round: Round, technologies: int) -> int:
    questions = list(round.study.questions.all())
    each = [q for q in questions if q.asked_per == AskedPer.TECHNOLOGY]
    once = [q for q in questions if q.asked_per == AskedPer.ROUND]
    seconds = seconds_for(once, technologies=0) + seconds_for(each) * technologies
    return -(-seconds // 60)


def _warnings(round: Round, plan: Plan, dealt: Hands, technologies, sizes):
    study, total = round.study, dealt.coverage.total
    if plan.minutes > LONG:
        yield _(
            "Answering takes about %(n)d minutes. Few people finish that: think of random blocks or of fields."
        ) % {"n": plan.minutes}
    idle = sum(not size for size in sizes.values())
    if idle and study.routing != Routing.CHOSEN:
        yield ngettext(
            "%(n)d member would be asked about nothing.", "%(n)d members would be asked about nothing.", idle
        ) % {"n": idle}
    if study.routing == Routing.CHOSEN:
        return
    rate = 1 if plan.rate is None else plan.rate
    scarce = [t for t in technologies if int(total[t.pk] * rate) < study.minimum_answers]
    if scarce:
        yield _named(
            scarce,
            ngettext(
                "%(n)d technology cannot expect the %(least)d answers that a verdict needs:",
                "%(n)d technologies cannot expect the %(least)d answers that a verdict needs:",
                len(scarce),
            )
            % {"n": len(scarce), "least": study.minimum_answers},
        )
    if study.routing == Routing.BLOCKS and study.per_technology:
        short = [group for group in plan.groups if group.per_technology[0] < study.per_technology]
        if short:
            yield _(
                "Some technologies are asked of fewer than %(wanted)d members of a group: %(groups)s."
            ) % {
                "wanted": study.per_technology,
                "groups": _listed(f"{group.name} ({group.per_technology[0]})" for group in short),
            }
    if study.feedback_groups:
        small = [group.name for group in plan.groups if group.per_technology[1] < study.minimum_group]
        if small:
            yield _("Too few for results of their own (at least %(least)d): %(groups)s.") % {
                "least": study.minimum_group,
                "groups": _listed(small),
            }


def doubts_of_rules(round: Round) -> list[str]:
    """What keeps the study's rules from deciding anything after this round, whatever the hands."""
    return [*rule_doubts(round.study), *_few_returning(round)]


def _few_returning(round: Round):
    """Stability is measured among those who answer twice."""
    study = round.study
    before = study.rounds.filter(number__lt=round.number).order_by("-number").first()
    if before is None or not study.criteria.filter(kind=CriterionKind.STABILITY).exists():
        return
    gone = Q(member__status=MemberStatus.WITHDRAWN) | Q(status=ParticipationStatus.NOT_STARTED)
    back = before.participations.exclude(gone).count()
    if back < study.minimum_answers:
        yield ngettext(
            "%(n)d member can answer twice. Stability needs %(least)d of them, so no entry can be found stable.",
            "%(n)d members can answer twice. Stability needs %(least)d of them, so no entry can be found stable.",
            back,
        ) % {"n": back, "least": study.minimum_answers}


def _listed(names) -> str:
    return _(", ").join(names)


def _named(technologies, words: str) -> str:
    names = _listed(str(technology) for technology in technologies[:NAMED])
    return f"{words} {names}" + (" …" if len(technologies) > NAMED else "")

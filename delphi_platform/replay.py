"""Replay a real elicitation through the services that pages use: nothing is written past them."""

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from experts.models import Expert, PanelMember, User
from experts.services.panels import add_members, create_group
from foundation.enums import ACTIVE_JOBS
from foundation.exceptions import InvalidInput
from foundation.models import Job
from foundation.services import jobs
from surveys.models import Participation, Round, Study, Technology
from surveys.services.answers import Change, save_answers
from surveys.services.consent import consent, consent_hash
from surveys.services.rounds import close_round, open_round, plan_round
from surveys.services.studies import create_study
from surveys.services.submission import submit
from surveys.services.technologies import add_technology

COLUMNS = ("round", "item", "expert", "group", "best", "lower", "upper")
MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """One line of the file: an expert's best, lowest and highest estimate of one item, in percent."""

    round: int
    item: str
    expert: str
    group: str
    best: float
    lower: float
    upper: float


def read_estimates(path: Path) -> list[Estimate]:
    """Read the whole file or refuse it, with line numbers and reasons."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if absent := set(COLUMNS) - set(reader.fieldnames or ()):
            raise InvalidInput(_("Columns are missing: %(names)s") % {"names": ", ".join(sorted(absent))})
        estimates, errors = [], {}
        for row in reader:
            try:
                estimates.append(_estimate(row))
            except ValueError as error:
                errors[reader.line_num] = str(error)
    if errors:
        shown = dict(list(errors.items())[:MOST_ERRORS])
        raise InvalidInput(_("The file has lines that cannot be read."), errors=shown)
    return estimates


def _estimate(row: dict[str, str]) -> Estimate:
    best, lower, upper = (float(row[name]) for name in ("best", "lower", "upper"))
    if not all(math.isfinite(number) for number in (best, lower, upper)):
        raise ValueError("not a finite number")
    if not 0 <= lower <= best <= upper <= 100:
        raise ValueError("needs 0 <= lower <= best <= upper <= 100")
    return Estimate(int(row["round"]), row["item"], row["expert"], row["group"], best, lower, upper)


def replay(
    *, estimates: list[Estimate], owner: User, title: str, say: Callable[[str], None] = print
) -> Study:
    """Create the study, panel and list, then play each round: open, answer, submit, close, compute."""
    study = create_study(actor=owner, template="estimate", title={"en": title})
    members = _create_panel(study, owner, estimates)
    claims = {
        item: add_technology(study=study, actor=owner, name={"en": f"Claim {item}", "zh-hans": f"论断{item}"})
        for item in _ordered(estimate.item for estimate in estimates)
    }
    for number in sorted({estimate.round for estimate in estimates}):
        wave = [estimate for estimate in estimates if estimate.round == number]
        round = _play(study, owner, wave, members, claims)
        say(f"{round}: {len(wave)} estimates, {round.get_status_display()}")
    return study


def _ordered(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _create_panel(study: Study, owner: User, estimates: list[Estimate]) -> dict[str, PanelMember]:
    groups = {
        name: create_group(panel=study.panel, name={"en": name}, actor=owner, stream=study.stream)
        for name in _ordered(estimate.group for estimate in estimates)
    }
    people = {}
    for estimate in estimates:
        if estimate.expert not in people:
            expert, _created = Expert.objects.get_or_create(
                email=f"{estimate.expert}@example.org", defaults={"name": f"Expert {estimate.expert}"}
            )
            people[estimate.expert] = (expert, groups[estimate.group], "en")
    added = add_members(panel=study.panel, people=people.values(), actor=owner, stream=study.stream)
    by_expert = {member.expert_id: member for member in added}
    return {key: by_expert[expert.pk] for key, (expert, _group, _language) in people.items()}


def _play(
    study: Study,
    owner: User,
    wave: list[Estimate],
    members: dict[str, PanelMember],
    claims: dict[str, Technology],
) -> Round:
    round = plan_round(study=study, actor=owner, scope="all")
    round = open_round(round=round, actor=owner)
    by_expert = defaultdict(list)
    for estimate in wave:
        by_expert[estimate.expert].append(estimate)
    for expert, given in by_expert.items():
        agree(round, members[expert])
        outcomes = save_answers(round=round, member=members[expert], changes=list(_changes(given, claims)))
        if refused := [outcome for outcome in outcomes if outcome.status != "saved"]:
            raise InvalidInput(_("An estimate was not stored."), errors={expert: [str(refused[0].errors)]})
        submit(round=round, member=members[expert])
    close_round(round=round, actor=owner)
    finish_jobs(study)
    round.refresh_from_db()
    return round


def agree(round: Round, member: PanelMember) -> None:
    """Consent of somebody who reads no page: one of a simulated panel, or of a study that is played again."""
    part = Participation.objects.select_related("round__study").get(round=round, member=member)
    consent(participation=part, shown=consent_hash(round.study), language=member.language)


def _changes(estimates: list[Estimate], claims: dict[str, Technology]) -> Iterator[Change]:
    for given in estimates:
        value = {"number": given.best, "low": given.lower, "high": given.upper}
        yield Change("probability", claims[given.item].code, value, base_revision=0)


def finish_jobs(study: Study) -> None:
    """Do the study's waiting jobs here and now; a worker that took one first is no harm."""
    for job in Job.objects.filter(stream=study.stream, status__in=ACTIVE_JOBS).order_by("pk"):
        jobs.run(job.pk)
        job.refresh_from_db()
        if job.error:
            raise InvalidInput(job.error)

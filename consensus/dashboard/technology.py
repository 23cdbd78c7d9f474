"""What the page of one technology says besides its charts."""

from __future__ import annotations

import random
from dataclasses import dataclass

from consensus.dashboard.asked import Asked
from consensus.feedback.view import option_label
from consensus.models import Verdict
from consensus.selectors.findings import behind_verdicts, shown_findings
from consensus.selectors.results import StudyResults
from consensus.selectors.transitions import Transitions, transitions
from consensus.verdicts.words import sentences
from experts.enums import MemberStatus
from surveys.enums import Moderation
from surveys.models import Reason, Round, Technology

HEAT_STEPS = 6


@dataclass(frozen=True)
class Judgement:
    """A verdict with the sentences that led to it."""

    round: Round
    verdict: Verdict
    sentences: list[dict]
    withheld: bool


def history(results: StudyResults, technology: Technology) -> list[Judgement]:
    """Verdicts of all rounds that asked about the technology, the latest first."""
    groups = {group.key: group.pk for group in results.groups}
    shown = behind_verdicts(results.study, results.computations, technologies=[technology.pk])
    found = []
    for computation in reversed(results.computations):
        verdict = results.verdicts[computation.pk].get(technology.pk)
        if verdict is None:
            continue
        findings = shown_findings(verdict, shown, groups, results.study.minimum_group)
        withheld = len(findings) < len(verdict.figures)
        said = sentences(findings, results.group_names)
        found.append(Judgement(computation.round, verdict, said, withheld))
    return found


def reasons_of_verdicts(results: StudyResults, technologies: list[Technology]) -> dict[int, list[dict]]:
    """The sentences behind the latest verdict on each of these technologies."""
    groups, minimum = {group.key: group.pk for group in results.groups}, results.study.minimum_group
    wanted = {technology.pk for technology in technologies}
    shown = behind_verdicts(results.study, results.computations, technologies=wanted)
    return {
        pk: sentences(shown_findings(verdict, shown, groups, minimum), results.group_names)
        for pk, verdict in results.latest_verdicts.items()
        if pk in wanted
    }


@dataclass(frozen=True)
class Moves:
    """The transition table in words and shades."""

    found: Transitions
    headers: list[str]
    rows: list[tuple[str, list[tuple[int, int]]]]


def moves(results: StudyResults, asked: Asked, technology: Technology) -> Moves | None:
    """From the last round but one that asked about the technology to the last."""
    rated = [c for c in results.computations if technology.pk in results.verdicts[c.pk]]
    if len(rated) < 2 or asked.question is None:
        return None
    before, after = rated[-2:]
    items = results.items(questions=[asked.question], technologies=[technology.pk])
    found = transitions(
        technology,
        asked.question,
        (before.round, after.round),
        items.get((before.pk, technology.pk, asked.question.pk)),
        items.get((after.pk, technology.pk, asked.question.pk)),
        results.study.minimum_group,
    )
    if found is None:
        return None
    names = [option_label(asked.question, value) for value in found.values]
    top = max((cell for line in found.cells for cell in line), default=0)
    rows = [
        (name, [(cell, -(-HEAT_STEPS * cell // (2 * top)) if top else 0) for cell in line])
        for name, line in zip(names, found.cells, strict=True)
    ]
    return Moves(found, names, rows)


def approved_reasons(results: StudyResults, technology: Technology) -> list[dict]:
    """Texts that a moderator let through, in an order that says nothing of who wrote when.

    Only reasons of analysed rounds; author, time and member stay in the database.
    """
    rows = (
        Reason.objects.filter(technology=technology, round__in=results.rounds, moderation=Moderation.APPROVED)
        .exclude(member__status=MemberStatus.WITHDRAWN)
        .exclude(text="")
        .order_by("code")
    )
    found = [
        {
            "text": row.text,
            "stance": row.stance,
            "stance_label": row.get_stance_display(),
            "language": row.language,
        }
        for row in rows.only("text", "stance", "language")
    ]
    random.Random(technology.code).shuffle(found)  # noqa: S311 - a stable order, no secret
    return found


def neighbours(results: StudyResults, technology: Technology) -> dict[str, Technology | None]:
    order = list(results.technologies.values())
    at = next(place for place, entry in enumerate(order) if entry.pk == technology.pk)
    return {
        "before": order[at - 1] if at else None,
        "after": order[at + 1] if at + 1 < len(order) else None,
    }

"""Which wordings trouble the panel: experts' reports beside the share of those who could not judge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import QuerySet

from surveys.enums import Moderation, ProposalKind, WordingProblem
from surveys.hooks import CannotJudge, cannot_judge_counts
from surveys.models import Proposal, Question, Study, Technology

HIGH = 0.2


@dataclass
class Wording:
    """One technology, or one question about it."""

    technology: Technology
    question: Question | None = None
    problems: Counter = field(default_factory=Counter)
    cannot_judge: CannotJudge | None = None

    @property
    def reports(self) -> int:
        return sum(self.problems.values())

    @property
    def is_high(self) -> bool:
        return self.cannot_judge is not None and self.cannot_judge.share >= HIGH

    @property
    def percent(self) -> int | None:
        return None if self.cannot_judge is None else round(100 * self.cannot_judge.share)

    @property
    def problem_words(self) -> list[tuple[str, int]]:
        return [(str(WordingProblem(name).label), n) for name, n in self.problems.most_common()]


def standing_reports(study: Study) -> QuerySet[Proposal]:
    """Reports of unclear wording that nobody kept back or took back, read or not."""
    flags = Proposal.objects.filter(round__study=study, kind=ProposalKind.FLAG)
    return flags.exclude(moderation__in=(Moderation.REJECTED, Moderation.WITHDRAWN))


def troubled_wordings(study: Study, reports: QuerySet[Proposal] | None = None) -> list[Wording]:
    """What was reported, and what many could not judge; the worst first. Four queries.

    `reports`: those to be counted, else all that stand. Shares of fewer answers than the study's smallest group are
    left out.
    """
    technologies = {each.pk: each for each in study.technologies.all()}
    questions = {each.pk: each for each in study.questions.all()}
    found: dict[tuple[int, int | None], Wording] = {}

    def at(technology_id: int, question_id: int | None) -> Wording:
        return found.setdefault(
            (technology_id, question_id),
            Wording(technologies[technology_id], questions.get(question_id or 0)),
        )

    flags = standing_reports(study) if reports is None else reports
    for technology_id, question_id, problem in flags.values_list("technology_id", "question_id", "problem"):
        at(technology_id, question_id).problems[problem] += 1
    for (technology_id, question_id), count in cannot_judge_counts(study.pk).items():
        valued = count.of - count.n  # the share beside their number would tell how few they are
        if min(count.of, valued or count.of) < study.minimum_group or question_id not in questions:
            continue
        if (technology_id, question_id) in found or count.share >= HIGH:
            at(technology_id, question_id).cannot_judge = count
    return sorted(
        found.values(), key=lambda row: (-row.reports, -(row.percent or 0), row.technology.position)
    )

"""What a round asked of whom: the axes along which its answers are counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from experts.models import PanelGroup
from surveys.enums import AskedPer, QuestionRole, QuestionType, RoundStatus
from surveys.models import Criterion, Question, Round, Study, Technology
from surveys.question_types import kind_of

COUNTED_STATUSES = (RoundStatus.CLOSED, RoundStatus.ANALYSED)


@dataclass(frozen=True)
class Frame:
    """A round with its technologies, counted questions and panel groups, each in a fixed order."""

    round: Round
    study: Study
    technologies: list[Technology]
    questions: list[Question]
    groups: list[PanelGroup]
    previous: Round | None
    criteria: dict[str, Criterion] = field(default_factory=dict)

    @cached_property
    def technology_ids(self) -> list[int]:
        return [technology.pk for technology in self.technologies]

    @cached_property
    def familiarity(self) -> Question | None:
        """The question whose answers weight the others, if the study asks one per technology."""
        rated = (
            question
            for question in self.questions
            if question.role == QuestionRole.FAMILIARITY and question.asked_per == AskedPer.TECHNOLOGY
        )
        return next(rated, None)


def frame_of(round: Round) -> Frame:
    """Read a round's axes in a constant number of queries."""
    study = round.study
    questions = study.questions.exclude(type=QuestionType.TEXT).prefetch_related("choices")
    technologies = Technology.objects.filter(round_technologies__round=round)
    return Frame(
        round=round,
        study=study,
        technologies=list(technologies.order_by("position", "pk")),
        questions=list(questions.order_by("position", "pk")),
        groups=list(study.panel.groups.order_by("position", "pk")),
        previous=previous_round(round),
        criteria={criterion.kind: criterion for criterion in study.criteria.select_related("question")},
    )


def previous_round(round: Round) -> Round | None:
    """The latest round before this one that is over."""
    earlier = Round.objects.filter(study_id=round.study_id, number__lt=round.number)
    return earlier.filter(status__in=COUNTED_STATUSES).order_by("-number").first()


def is_ordered(question: Question) -> bool:
    """Whether a median of the question's numbers means something."""
    return kind_of(question).is_ordered


def per_technology(question: Question) -> bool:
    return question.asked_per == AskedPer.TECHNOLOGY

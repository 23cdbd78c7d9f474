"""Realisation time in the laboratory and in society: quartiles of the years, and who gave none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consensus.dashboard.weighting import Figures, figures_of
from consensus.selectors.results import Row, StudyResults
from surveys.enums import QuestionRole, Special
from surveys.models import Question, Technology

SPECIALS = (Special.ALREADY, Special.NEVER, Special.CANNOT_SAY)


@dataclass(frozen=True)
class Stage:
    """One technology, one stage. `weighted` is None where familiarity was not asked or too few gave both."""

    question: Question
    round_number: int
    years: Figures
    weighted: Figures | None
    specials: dict[str, int]

    @property
    def n_answered(self) -> int:
        """Who gave a year or one of the three other answers; "cannot judge" is none of them."""
        return int(self.years.n) + sum(self.specials.values())

    def share(self, special: str | None) -> float | None:
        """Of all who answered: the share that gave this answer, or (None) a year."""
        if not self.n_answered:
            return None
        return (int(self.years.n) if special is None else self.specials[special]) / self.n_answered

    def shown(self, weighted: bool) -> Figures | None:
        return self.weighted if weighted else self.years

    @property
    def shares(self) -> list[float | None]:
        return [self.share(special) for special in (None, *SPECIALS)]


@dataclass(frozen=True)
class Realised:
    technology: Technology
    stages: list[Stage | None]

    @property
    def gap(self) -> float | None:
        """Years from the median of the first stage to that of the second; other people may stand behind each."""
        if len(self.stages) < 2 or None in self.stages:
            return None
        first, second = (stage.years.median for stage in self.stages)  # type: ignore[union-attr]
        return None if first is None or second is None else second - first


def timing_questions(results: StudyResults) -> list[Question]:
    found = (results.question_of_role(role) for role in (QuestionRole.YEAR_LAB, QuestionRole.YEAR_SOCIETY))
    return [question for question in found if question is not None]


def realised(results: StudyResults, technologies: Sequence[Technology]) -> list[Realised]:
    questions = timing_questions(results)
    items = results.items(
        questions=questions, technologies=[t.pk for t in technologies], with_statistics=True
    )
    return [
        Realised(technology, [_stage(results, items, technology, question) for question in questions])
        for technology in technologies
    ]


def _stage(results: StudyResults, items, technology: Technology, question: Question) -> Stage | None:
    for computation in reversed(results.computations):
        item = items.get((computation.pk, technology.pk, question.pk))
        if item is not None and item.n:
            if item.panel is None:
                return None
            return _filled(question, computation.round.number, item.panel)
    return None


def _filled(question: Question, number: int, row: Row) -> Stage:
    weighted = row.statistics.get("weighted")
    return Stage(
        question=question,
        round_number=number,
        years=figures_of(row.statistics),
        weighted=figures_of(weighted) if weighted else None,
        specials={special.value: row.specials.get(special.value, 0) for special in SPECIALS},
    )

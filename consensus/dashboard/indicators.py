"""The indicators of Chinese Delphi studies: of the panel, of its groups, and of every technology."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consensus import stats
from consensus.analysis.columnar import rows_of
from consensus.counting.expert_weights import importance_weights_of, weight_table
from consensus.dashboard.asked import Asked
from consensus.dashboard.realisation import timing_questions
from consensus.selectors.results import Row, StudyResults, panel_results_of
from consensus.selectors.supplements import authority_of
from consensus.stats.expert_weights import USUAL_CV_LIMIT
from surveys.enums import QuestionRole, QuestionType
from surveys.models import Question, Round, Technology
from surveys.question_types import kind_of


@dataclass(frozen=True)
class PanelRow:
    """One group in one round (`name` empty: the whole panel). None where too few people stand behind it."""

    round: Round
    name: str
    positivity: dict[str, Any] | None
    authority: dict[str, Any] | None


@dataclass(frozen=True)
class Coordination:
    """Kendall's W with the test that fits: chi-square of W itself, or Skillings-Mack where ratings are missing."""

    round: Round
    question: Question
    w: dict[str, Any]
    test: dict[str, Any]
    chi2: float | None
    has_gaps: bool


@dataclass(frozen=True)
class TechnologyRow:
    technology: Technology
    round_number: int
    n: int
    mean: float | None
    sd: float | None
    cv: float | None
    full_score: float | None
    importance: float | None
    authority: dict[str, Any]
    years: list[float | None]

    @property
    def is_scattered(self) -> bool:
        return self.cv is not None and self.cv > USUAL_CV_LIMIT


class Indicators:
    """Read once for a page; small groups are kept back by the selectors."""

    def __init__(self, results: StudyResults, *, of_groups: bool = False):
        self.results, self.of_groups = results, of_groups

    @cached_property
    def stored(self) -> dict[int, dict[str, Any]]:
        return authority_of(self.results, of_groups=self.of_groups)

    @property
    def is_complete(self) -> bool:
        return all(computation.pk in self.stored for computation in self.results.computations)

    @property
    def lacks(self) -> list[str]:
        """Questions that the study does not ask, as the latest round saw it."""
        latest = self.results.latest
        return self.stored.get(latest.pk, {}).get("lacks", []) if latest else []

    def panel_rows(self) -> list[PanelRow]:
        found = []
        for computation in self.results.computations:
            figures = self.stored.get(computation.pk)
            if figures is None:
                continue
            positivity = figures["positivity"]
            found.append(PanelRow(computation.round, "", positivity["panel"], figures["panel"]))
            found += [
                PanelRow(
                    computation.round,
                    str(group),
                    positivity["groups"].get(group.key),
                    figures["groups"].get(group.key),
                )
                for group in self.results.groups
            ]
        return found

    def coordination(self) -> list[Coordination]:
        questions = [q for q in self.results.ordered if q.role != QuestionRole.FAMILIARITY]
        stored = panel_results_of(self.results.study, self.results.computations, questions)
        found = []
        for question in questions:
            for computation in self.results.computations:
                figures = stored.get((computation.pk, question.pk), {})
                if "kendall_w" in figures:
                    found.append(_coordination(computation.round, question, figures))
        return found

    def technology_rows(self, asked: Asked, technologies: Sequence[Technology]) -> list[TechnologyRow]:
        """Of the latest round that asked about each technology; nothing of fewer answers than the minimum."""
        question, years = asked.question, timing_questions(self.results)
        if question is None:
            return []
        items = self.results.items(questions={question, *years}, technologies=[t.pk for t in technologies])
        rows = [
            (technology, *found)
            for technology in technologies
            if (found := self._latest(items, technology, question))
        ]
        figures = _figures(question, [row for _t, _c, row in rows], self.results.study)
        return [
            TechnologyRow(
                technology=technology,
                round_number=computation.round.number,
                n=row.n,
                **figures[place],
                authority=self._authority(computation, technology),
                years=[self._median(items, technology, year) for year in years],
            )
            for place, (technology, computation, row) in enumerate(rows)
        ]

    def _latest(self, items, technology: Technology, question: Question):
        for computation in reversed(self.results.computations):
            item = items.get((computation.pk, technology.pk, question.pk))
            if item is not None and item.n:
                return (computation, item.panel) if item.panel else None
        return None

    def _median(self, items, technology: Technology, question: Question) -> float | None:
        found = self._latest(items, technology, question)
        return found[1].median if found else None

    def _authority(self, computation, technology: Technology) -> dict[str, Any]:
        return self.stored.get(computation.pk, {}).get("technologies", {}).get(technology.key, {})


def _coordination(round: Round, question: Question, figures: dict[str, Any]) -> Coordination:
    w = figures["kendall_w"]
    if "skillings_mack" not in figures:
        return Coordination(round, question, w, w, w.get("chi2"), False)
    test = figures["skillings_mack"]
    return Coordination(round, question, w, test, test.get("value"), True)


def _figures(question: Question, rows: list[Row], study) -> list[dict[str, Any]]:
    """Of the stored counts, by the formulas of `consensus.stats`, all technologies at once."""
    if not rows:
        return []
    values = sorted({value for row in rows for value in row.values})
    counts = [_on_axis(row, values) for row in rows]
    described = rows_of(stats.describe(counts, values, study.quantile_type), len(rows), ("mean", "sd", "cv"))
    found = [row | {"full_score": None, "importance": None} for row in described]
    if question.type != QuestionType.SCALE:
        return [row | {"cv": None} for row in found] if question.type == QuestionType.YEAR else found
    categories = kind_of(question).categories(question)
    full = stats.full_score_rate([_on_axis(row, categories) for row in rows], categories)
    index = stats.importance_index(
        [_on_axis(row, categories) for row in rows], importance_weights_of(question, weight_table(study))
    )
    for entry, rate, importance in zip(
        found, rows_of(full, len(rows), ("value",)), rows_of(index, len(rows), ("value",)), strict=True
    ):
        entry |= {"full_score": rate["value"], "importance": importance["value"]}
    return found


def _on_axis(row: Row, values: Sequence[float]) -> list[float]:
    counts = dict(zip(row.values, row.counts, strict=True))
    return [counts.get(value, 0) for value in values]

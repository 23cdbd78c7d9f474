"""Results weighted by familiarity beside the unweighted ones: shown together, decided by neither in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from consensus.analysis.criteria import leaves
from consensus.dashboard.asked import Asked
from consensus.selectors.results import Row, StudyResults
from surveys.enums import CriterionKind
from surveys.models import Question, Technology

SMALL_SHARE, SMALL_SHIFT = 0.05, 0.5  # below both a difference is called small


@dataclass(frozen=True)
class Figures:
    n: float
    mean: float | None
    median: float | None
    q1: float | None
    q3: float | None
    share: float | None

    @property
    def iqr(self) -> float | None:
        return None if self.q1 is None or self.q3 is None else self.q3 - self.q1


@dataclass(frozen=True)
class WeightedRow:
    """`crosses`: the share lies on the other side of the rule's threshold once it is weighted."""

    technology: Technology
    round_number: int
    plain: Figures
    weighted: Figures
    crosses: bool
    is_small: bool


def weighted_rows(
    results: StudyResults, asked: Asked, technologies: Sequence[Technology]
) -> list[WeightedRow]:
    """One row for each technology with enough weighted answers, of the latest round that asked about it."""
    question = asked.question
    if question is None:
        return []
    items = results.items(
        questions=[question], technologies=[t.pk for t in technologies], with_statistics=True
    )
    threshold = share_threshold(results, question)
    found = []
    for technology in technologies:
        for computation in reversed(results.computations):
            item = items.get((computation.pk, technology.pk, question.pk))
            if item is not None and item.n:
                row = item.panel and _row(technology, computation.round.number, item.panel, threshold)
                found += [row] if row else []
                break
    return found


def share_threshold(results: StudyResults, question: Question) -> float | None:
    """What the rule for consensus demands of this question's share, where it is a rule about a share."""
    for criterion in results.study.criteria.all():
        if criterion.kind == CriterionKind.CONSENSUS_IN and criterion.question_id == question.pk:
            tests = [test for test in leaves(criterion.expression) if test["kind"] == "share"]
            return tests[0].get("threshold") if tests else None
    return None


def _row(technology: Technology, number: int, row: Row, threshold: float | None) -> WeightedRow | None:
    weighted = row.statistics.get("weighted")
    if not weighted:
        return None
    plain, other = figures_of(row.statistics), figures_of(weighted)
    crosses = (
        threshold is not None
        and plain.share is not None
        and other.share is not None
        and (plain.share >= threshold - 1e-9) != (other.share >= threshold - 1e-9)
    )
    return WeightedRow(technology, number, plain, other, crosses, not crosses and _is_small(plain, other))


def figures_of(statistics: dict[str, Any]) -> Figures:
    described = statistics["describe"]
    return Figures(
        n=described["n_used"],
        mean=described["mean"],
        median=described["value"],
        q1=described["q1"],
        q3=described["q3"],
        share=(statistics.get("share") or {}).get("value"),
    )


def _is_small(plain: Figures, weighted: Figures) -> bool:
    share = abs(_difference(weighted.share, plain.share) or 0)
    shifts = [
        abs(_difference(weighted.median, plain.median) or 0),
        abs(_difference(weighted.mean, plain.mean) or 0),
    ]
    return share < SMALL_SHARE and max(shifts) < SMALL_SHIFT


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b

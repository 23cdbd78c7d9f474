"""How answers moved since the round before, without what that would tell of those who answered one round only.

The margins of a table of movements are the answers of those who answered twice. All answers of both rounds are
published, so what follows from the margins alone (net change, variances, tests of symmetry) gives away, by trying, what
the others had said. Where these are few, only figures stay that hang on who moved: the share unchanged, correlations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from consensus.enums import ComputationStatus
from consensus.models import Computation, ItemResult, StabilityResult
from consensus.privacy.suppress import apart
from surveys.models import Question, Study

JOINT = ("value", "n_used", "method", "undefined_reason", "grouped_values", "unchanged")
CORRELATIONS = ("kappa", "spearman", "wilcoxon", "goodman_kruskal_lambda")
OF_CORRELATIONS = ("value", "n_used", "method", "undefined_reason", "p_value", "p_adjusted")
Answers = Mapping[tuple[int, int, int], int]  # by round, technology and question
Item = tuple[int, int]  # technology and question


@dataclass(frozen=True)
class Moved:
    """One technology and question between two rounds. `statistics` may be shown; those of `row` may not."""

    row: StabilityResult
    statistics: dict[str, Any]


def movements(
    study: Study,
    computations: Iterable[Computation],
    *,
    questions: Collection[Question] | None = None,
    technologies: Iterable[int] | None = None,
) -> list[Moved]:
    """Of items that enough people answered twice. Two queries."""
    rows = StabilityResult.objects.filter(
        computation__in=list(computations), n_pairs__gte=study.minimum_group
    ).order_by("computation__round__number", "question__position", "question_id", "pk")
    if questions is not None:
        rows = rows.filter(question__in=questions)
    if technologies is not None:
        rows = rows.filter(technology__in=list(technologies))
    answers = published_answers(study)
    related = ("computation", "technology", "question", "previous_round")
    return [
        Moved(row, movement_shown(row.statistics, is_open(row, answers, study.minimum_group)))
        for row in rows.select_related(*related)
    ]


def movement_shown(statistics: dict[str, Any], everything: bool) -> dict[str, Any]:
    if everything:
        return statistics
    kept = {key: statistics[key] for key in JOINT if key in statistics}
    for key in CORRELATIONS:
        if key in statistics:
            kept[key] = {name: statistics[key][name] for name in OF_CORRELATIONS if name in statistics[key]}
    return kept


def published_answers(study: Study, technologies: Collection[int] | None = None) -> Answers:
    """How many valued each technology (or each of these) in each analysed round."""
    rows = ItemResult.objects.filter(
        computation__round__study=study,
        computation__status=ComputationStatus.CURRENT,
        technology__isnull=False,
        group=None,
    ).order_by()
    if technologies is not None:
        rows = rows.filter(technology__in=technologies)
    found = rows.values_list("computation__round_id", "technology_id", "question_id", "n")
    return {(round_id, technology, question): n for round_id, technology, question, n in found}


def is_open(row: StabilityResult, answers: Answers, minimum: int) -> bool:
    """Whether nobody, or enough people, answered in one of the two rounds only."""
    rounds = (row.computation.round_id, row.previous_round_id)
    return _tells_nothing(row.n_pairs, rounds, (row.technology_id, row.question_id), answers, minimum)


def _tells_nothing(n_pairs: int, rounds: Iterable[int], item: Item, answers: Answers, minimum: int) -> bool:
    return all(apart(n_pairs, answers.get((round_id, *item)), minimum) for round_id in rounds)


def open_movements(
    study: Study,
    computations: Iterable[Computation],
    *,
    questions: Iterable[int],
    technologies: Iterable[int] | None = None,
) -> set[tuple[int, int, int]]:
    """(computation, technology, question) of those that tell nothing of who answered one round only."""
    round_of = {computation.pk: computation.round_id for computation in computations}
    rows = StabilityResult.objects.filter(computation__in=list(round_of), question__in=list(questions))
    technologies = None if technologies is None else list(technologies)
    if technologies is not None:
        rows = rows.filter(technology__in=technologies)
    answers = published_answers(study, technologies)
    found = rows.order_by().values_list(
        "computation_id", "technology_id", "question_id", "previous_round_id", "n_pairs"
    )
    return {
        (computation, *item)
        for computation, *item, before, n_pairs in found
        if _tells_nothing(n_pairs, (round_of[computation], before), tuple(item), answers, study.minimum_group)
    }

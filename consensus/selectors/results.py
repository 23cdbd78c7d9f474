"""Reading results: only of computations that are current, and of groups only what may be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, QuerySet

from consensus.enums import ComputationStatus
from consensus.models import Computation, ItemResult, PanelResult, StabilityResult, Verdict
from consensus.suppress import shown_groups
from surveys.models import Round, Study


def current_computation(round: Round) -> Computation | None:
    return round.computations.filter(status=ComputationStatus.CURRENT).first()


def current_computations(study: Study) -> QuerySet[Computation]:
    """One for each analysed round, in order of rounds."""
    found = Computation.objects.filter(round__study=study, status=ComputationStatus.CURRENT)
    return found.select_related("round").order_by("round__number")


def panel_items(study: Study) -> QuerySet[ItemResult]:
    """Results of the whole panel in every analysed round."""
    return (
        ItemResult.objects.filter(
            computation__round__study=study, computation__status=ComputationStatus.CURRENT, group=None
        )
        .select_related("technology", "question", "computation__round")
        .order_by("computation__round__number", "question__position", "technology__position")
    )


def enough(items: Iterable[ItemResult], minimum: int) -> list[ItemResult]:
    """Those with enough answers to be shown."""
    return [item for item in items if item.n >= minimum]


def group_items(computation: Computation, *, question_id: int, minimum: int) -> list[ItemResult]:
    """Results by panel group for one question: of each technology the groups that may stand beside the panel."""
    rows = ItemResult.objects.filter(computation=computation, question_id=question_id).select_related(
        "group", "technology"
    )
    by_technology: dict[int | None, list[ItemResult]] = defaultdict(list)
    for row in rows.order_by("technology__position", "group__position", "pk"):
        by_technology[row.technology_id].append(row)
    shown = []
    for block in by_technology.values():
        total = next(row.n for row in block if row.group_id is None)
        sizes = {row.group_id: row.n for row in block if row.group_id is not None}
        kept = shown_groups(sizes, total, minimum)
        shown += [row for row in block if row.group_id in kept]
    return shown


def verdict_counts(study: Study) -> dict[int, dict[str, int]]:
    """Round number to how many technologies got each verdict."""
    rows = Verdict.objects.filter(
        computation__round__study=study, computation__status=ComputationStatus.CURRENT
    )
    counted = rows.order_by().values_list("computation__round__number", "verdict").annotate(n=Count("pk"))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for number, verdict, n in counted:
        found[number][verdict] = n
    return dict(sorted(found.items()))


def latest_verdicts(study: Study) -> dict[int, Verdict]:
    """Technology id to its verdict of the latest round that asked about it."""
    rows = Verdict.objects.filter(
        computation__round__study=study, computation__status=ComputationStatus.CURRENT
    ).select_related("technology", "computation__round")
    return {row.technology_id: row for row in rows.order_by("computation__round__number")}


def movements(computation: Computation) -> QuerySet[StabilityResult]:
    rows = computation.stability_results.select_related("technology", "question", "previous_round")
    return rows.order_by("question__position", "technology__position")


def panel_figures(computation: Computation) -> QuerySet[PanelResult]:
    return computation.panel_results.select_related("question").order_by("question__position")

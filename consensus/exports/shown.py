"""Which results an export may show, and by which keys their rows are found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from consensus.enums import ComputationStatus
from consensus.exports.names import Names
from consensus.models import ItemResult
from consensus.privacy.guarded import item_statistics
from consensus.privacy.suppress import shown_groups, whole
from surveys.models import Study

WHOLE_PANEL = "all"


def current(model, study: Study):
    return model.objects.filter(
        computation__round__study=study, computation__status=ComputationStatus.CURRENT
    ).order_by("computation__round__number", "question__position", "question_id", "pk")


def shown_items(items: Iterable[ItemResult], minimum: int) -> Iterator[tuple[ItemResult, bool]]:
    """Results of one technology and question, whole panel first, with whether their figures may be shown.

    Groups that are small, or would give a small one away, are left out altogether.
    """
    items = list(items)
    for item in items:
        item.statistics = item_statistics(
            item.statistics, item.n, minimum, of_group=item.group_id is not None
        )
    panel = next(item for item in items if item.group_id is None)
    yield panel, whole((panel.n,), minimum)
    sizes = {item.group_id: item.n for item in items if item.group_id is not None}
    kept = shown_groups(sizes, panel.n, minimum)
    yield from ((item, True) for item in items if item.group_id in kept)


def blocks(study: Study) -> Iterator[tuple[ItemResult, bool]]:
    """Every result that may be exported. Rows of one item stand together because the key says so."""
    rows = (
        current(ItemResult, study)
        .select_related("computation")
        .order_by(
            "computation__round__number",
            "question__position",
            "question_id",
            "technology__position",
            "technology_id",
            "group__position",
            "pk",
        )
        .iterator(chunk_size=2000)
    )
    for _key, block in groupby(
        rows, key=lambda row: (row.computation_id, row.question_id, row.technology_id)
    ):
        yield from shown_items(block, study.minimum_group)


def keys_of(item: ItemResult, names: Names) -> tuple:
    group = names.groups[item.group_id].key if item.group_id else WHOLE_PANEL
    technology = names.technology(item.technology_id)
    return (
        names.rounds[item.computation.round_id],
        *technology,
        names.questions[item.question_id].key,
        group,
    )

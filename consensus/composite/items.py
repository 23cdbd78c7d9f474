"""Composite questions in the computation of a round: the same rows, hashes and suppression as all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from consensus.analysis.battery import Item
from consensus.composite.figures import CONFIDENCE, figures
from consensus.composite.guard import STATISTIC
from consensus.composite.reading import Composites
from consensus.counting.cells import SPECIALS
from consensus.counting.tables import ItemTable
from consensus.stats import wilson_interval


def composite_items(
    question, tables: Iterable[ItemTable], composites: Composites, quantile_type: int
) -> Iterator[Item]:
    """One item for each technology, for the panel and each group. Half answers count as missing."""
    block, size = composites.blocks[question.pk], composites.size(question)
    for table in tables:
        for slice_ in range(len(table.asked)):
            found = figures(question, block, slice_, size, quantile_type)
            for place in range(table.size):
                yield _item(table, slice_, place, found[table.first + place])


def _item(table: ItemTable, slice_: int, place: int, found: dict[str, Any]) -> Item:
    specials = table.specials[slice_][place].astype(int).tolist()
    return Item(
        technology=table.first + place,
        slice=slice_,
        n=found["n"],
        n_cannot_judge=specials[0],
        n_missing=max(int(table.asked[slice_][place]) - found["n"] - sum(specials), 0),
        values=[],
        counts=[],
        specials={special.value: n for special, n in zip(SPECIALS, specials, strict=True) if n},
        median=None,
        q1=None,
        q3=None,
        share=None,
        statistics={STATISTIC: found},
    )


def add_certainty(question, items: list[Item], composites: Composites, quantile_type: int) -> None:
    """Beside the shares of yes and no: how certain those are who said it."""
    block, size = composites.blocks[question.pk], composites.size(question)
    found = {
        slice_: figures(question, block, slice_, size, quantile_type)
        for slice_ in {item.slice for item in items}
    }
    for item in items:
        item.statistics[STATISTIC] = found[item.slice][item.technology]


def composite_movements(question, composites: Composites) -> list[tuple[int, int, dict[str, Any]]]:
    """Of those who answered in both rounds: the share whose answer is the same in every part."""
    found = []
    for place, (same, n) in sorted(composites.kept[question.pk].items()):
        row = wilson_interval(np.array([same]), np.array([n]), CONFIDENCE).item(0).as_dict()
        found.append((place, n, row | {"unchanged": row["value"], "method": "same answer in every part"}))
    return found

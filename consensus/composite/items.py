"""Composite questions in the computation of a round: the same rows, hashes and suppression as all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from consensus.battery import Item
from consensus.composite.figures import CONFIDENCE, figures
from consensus.composite.reading import Composites
from consensus.counts import SPECIALS
from consensus.stats import wilson_interval
from consensus.tables import ItemTable

STATISTIC = "composite"


def composite_items(
    question, tables: Iterable[ItemTable], composites: Composites, quantile_type: int
) -> Iterator[Item]:
    """One item for each technology, for the panel and each group. Half answers count as missing."""
    block = composites.blocks[question.pk]
    for table in tables:
        for slice_ in range(len(table.asked)):
            for place in range(table.size):
                inside = block.of(table.first + place, slice_)
                found = figures(question, inside, quantile_type, is_panel=slice_ == 0)
                specials = table.specials[slice_][place].astype(int).tolist()
                yield Item(
                    technology=table.first + place,
                    slice=slice_,
                    n=found["n"],
                    n_cannot_judge=specials[0],
                    n_missing=max(int(table.asked[slice_][place]) - found["n"] - sum(specials), 0),
                    values=[],
                    counts=[],
                    specials={s.value: n for s, n in zip(SPECIALS, specials, strict=True) if n},
                    median=None,
                    q1=None,
                    q3=None,
                    share=None,
                    statistics={STATISTIC: found},
                )


def add_certainty(question, items: list[Item], composites: Composites, quantile_type: int) -> None:
    """Beside the shares of yes and no: how certain those are who said it."""
    block = composites.blocks[question.pk]
    for item in items:
        inside = block.of(item.technology, item.slice)
        item.statistics[STATISTIC] = figures(question, inside, quantile_type, is_panel=item.slice == 0)


def composite_movements(question, composites: Composites) -> list[tuple[int, int, dict[str, Any]]]:
    """Of those who answered in both rounds: the share whose answer is the same in every part."""
    found = []
    for place, (same, n) in sorted(composites.kept[question.pk].items()):
        row = wilson_interval(np.array([same]), np.array([n]), CONFIDENCE).item(0).as_dict()
        found.append((place, n, row | {"unchanged": row["value"], "method": "same answer in every part"}))
    return found

"""Columns of the results for the intervals that the closing of a round stored."""

from __future__ import annotations

from consensus.exports.base import Cell
from consensus.feedback.intervals import FIGURES, estimates
from consensus.models import ItemResult

BESIDE_THEIR_FIGURE = ("share",)  # `share_low` and `share_high` are columns of their own
NAMES = tuple(name for name in FIGURES if name not in BESIDE_THEIR_FIGURE)


def interval_columns() -> tuple[str, ...]:
    """Ends and method for each figure, then what it takes to draw the bootstrap intervals again."""
    of_figures = (f"{name}_{part}" for name in NAMES for part in ("low", "high", "interval"))
    return (*of_figures, "interval_draws", "interval_seed")


def interval_cells(item: ItemResult) -> tuple[Cell, ...]:
    """Of an item that may be shown. Panel groups have intervals of median and mean, and none by drawing."""
    found = {each.name: each for each in estimates(item.statistics, item.computation.method)}
    cells: list[Cell] = []
    for name in NAMES:
        each = found.get(name)
        cells += (each.low, each.high, each.method) if each else (None, None, None)
    draws = next((each.draws for each in found.values() if each.draws), None)
    return (*cells, draws, item.computation.seed if draws else None)

"""Write what was computed, a table at a time, and hash it as it is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from consensus.analysis.battery import Item
from consensus.counting.frame import Frame, per_technology
from consensus.models import Computation, ItemResult, PanelResult, StabilityResult
from consensus.services.bulk import insert_rows

BATCH = 500
ITEM_COLUMNS = (
    "computation", "technology", "question", "group", "n", "n_cannot_judge", "n_missing", "values", "counts",
    "specials", "median", "q1", "q3", "share", "statistics",
)  # fmt: skip
STABILITY_COLUMNS = (
    "computation", "technology", "question", "previous_round", "n_pairs", "unchanged", "statistics",
)  # fmt: skip
# Made once: `json.dumps` with options builds an encoder for each of many thousand rows.
_as_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


class ResultHash:
    """A hash over rows in the order in which they are computed; keys, not database ids, name them."""

    def __init__(self):
        self.sum = hashlib.sha256()

    def add(self, *parts) -> None:
        self.sum.update(_as_json(parts).encode())

    def add_row(self, kind: str, names: tuple, figures: tuple) -> None:
        """A row whose JSON is text already: it is hashed as it is stored."""
        self.sum.update(f"{kind}\n{names!r}\n{figures!r}\n".encode())

    def hexdigest(self) -> str:
        return self.sum.hexdigest()


def technology_key(frame: Frame, question, place: int) -> str | None:
    return frame.technologies[place].key if per_technology(question) else None


def store_items(
    computation: Computation, frame: Frame, question, items: Iterable[Item], digest: ResultHash
) -> None:
    rows = _item_rows(computation, frame, question, items, digest)
    insert_rows(ItemResult, ITEM_COLUMNS, rows)


def _item_rows(
    computation: Computation, frame: Frame, question, items: Iterable[Item], digest: ResultHash
) -> Iterator[tuple[Any, ...]]:
    rated = per_technology(question)
    for item in items:
        group = frame.groups[item.slice - 1] if item.slice else None
        figures = (
            item.n,
            item.n_cannot_judge,
            item.n_missing,
            _as_json(item.values),
            _as_json(item.counts),
            _as_json(item.specials),
            item.median,
            item.q1,
            item.q3,
            item.share,
            _as_json(item.statistics),
        )
        names = (technology_key(frame, question, item.technology), group and group.key)
        digest.add_row("item", names, figures)
        technology = frame.technology_ids[item.technology] if rated else None
        yield (computation.pk, technology, question.pk, group and group.pk, *figures)


def store_panel(computation: Computation, question, statistics: dict, digest: ResultHash) -> None:
    digest.add("panel", statistics)
    PanelResult.objects.create(computation=computation, question=question, statistics=statistics)


def store_movements(
    computation: Computation, frame: Frame, question, movements: Iterable[tuple], digest: ResultHash
) -> None:
    insert_rows(
        StabilityResult,
        STABILITY_COLUMNS,
        _movement_rows(computation, frame, question, movements, digest),
    )


def _movement_rows(
    computation: Computation, frame: Frame, question, movements: Iterable[tuple], digest: ResultHash
) -> Iterator[tuple[Any, ...]]:
    for place, n, statistics in movements:
        figures = (n, statistics["value"], _as_json(statistics))
        digest.add_row("stability", (technology_key(frame, question, place),), figures)
        # Movements exist only since an earlier round.
        previous = frame.previous and frame.previous.pk
        yield (computation.pk, frame.technology_ids[place], question.pk, previous, *figures)

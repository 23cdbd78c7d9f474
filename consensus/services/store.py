"""Write what was computed, in batches, and hash it as it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from consensus.battery import Item
from consensus.frame import Frame, per_technology
from consensus.models import Computation, ItemResult, PanelResult, StabilityResult
from foundation.services.audit import canonical_json

BATCH = 500


class ResultHash:
    """A hash over rows in the order in which they are computed; keys, not database ids, name them."""

    def __init__(self):
        self.sum = hashlib.sha256()

    def add(self, *parts) -> None:
        self.sum.update(canonical_json(parts).encode())

    def hexdigest(self) -> str:
        return self.sum.hexdigest()


def technology_key(frame: Frame, question, place: int) -> str | None:
    return frame.technologies[place].key if per_technology(question) else None


def store_items(
    computation: Computation, frame: Frame, question, items: Iterable[Item], digest: ResultHash
) -> None:
    rows = []
    for item in items:
        figures = dict(vars(item))  # not asdict, which copies every nested figure
        technology, slice_ = figures.pop("technology"), figures.pop("slice")
        group = frame.groups[slice_ - 1] if slice_ else None
        digest.add("item", technology_key(frame, question, technology), group and group.key, figures)
        rows.append(
            ItemResult(
                computation=computation,
                technology=frame.technologies[technology] if per_technology(question) else None,
                question=question,
                group=group,
                **figures,
            )
        )
    ItemResult.objects.bulk_create(rows, batch_size=BATCH)


def store_panel(computation: Computation, question, statistics: dict, digest: ResultHash) -> None:
    digest.add("panel", statistics)
    PanelResult.objects.create(computation=computation, question=question, statistics=statistics)


def store_movements(
    computation: Computation, frame: Frame, question, movements: Iterable[tuple], digest: ResultHash
) -> None:
    rows = []
    for place, n, statistics in movements:
        digest.add("stability", technology_key(frame, question, place), n, statistics)
        rows.append(
            StabilityResult(
                computation=computation,
                technology=frame.technologies[place],
                question=question,
                previous_round=frame.previous,
                n_pairs=n,
                unchanged=statistics["value"],
                statistics=statistics,
            )
        )
    StabilityResult.objects.bulk_create(rows, batch_size=BATCH)

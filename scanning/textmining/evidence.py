"""The documents and passages that support a term."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .candidates_en import TITLE
from .combine import Combined
from .counts import Documents
from .termhood import Termhood

PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a term stands: character offsets in the record's own `title` or `text`, as imported."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Support:
    """A document that speaks of a term. Weight: 1 + log2 of its occurrences, plus 1 when the title has it."""

    document: str
    year: int | None
    weight: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks evidence up when it is asked for: a list of thousands is mined, a hundred of it are shown."""

    combined: Combined
    hood: Termhood
    documents: Documents

    def of(self, key: str, most: int) -> tuple[Support, ...]:
        """The best documents of the term with this key."""
        return support(self.combined.lookup[key], self.combined, self.hood, self.documents, most)


def support(
    number: int, combined: Combined, hood: Termhood, documents: Documents, most: int
) -> tuple[Support, ...]:
    """The best supporting documents: by weight, newest first, then by id."""
    low, high = np.searchsorted(hood.pair_key, [number, number + 1])
    weights = 1.0 + np.log2(hood.pair_frequency[low:high]) + hood.pair_title[low:high]
    numbers = hood.pair_document[low:high]
    years = documents.years[numbers]
    # Enough by weight and year first; ids break ties only within that reach.
    order = np.lexsort((-years.astype("i8"), -weights))[: most * 4]
    ranked = sorted(
        order.tolist(), key=lambda i: (-float(weights[i]), -int(years[i]), documents.ids[int(numbers[i])])
    )[:most]
    return tuple(
        Support(
            documents.ids[int(numbers[i])],
            int(years[i]) or None,
            round(float(weights[i]), 3),
            _passages(number, int(numbers[i]), combined),
        )
        for i in ranked
    )


def _passages(number: int, document: int, combined: Combined) -> tuple[Passage, ...]:
    rows = combined.occurrences
    low, high = np.searchsorted(rows.key, [number, number + 1])
    first, last = low + np.searchsorted(rows.document[low:high], [document, document + 1])
    here = slice(first, min(last, first + PASSAGES))
    columns = (rows.flags[here].tolist(), rows.start[here].tolist(), rows.length[here].tolist())
    return tuple(
        Passage("title" if flags & TITLE else "text", start, start + length)
        for flags, start, length in zip(*columns, strict=True)
    )

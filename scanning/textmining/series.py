"""Yearly series of a term: documents with it, and all documents, per year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .termhood import Floats


@dataclass(frozen=True, slots=True)
class Series:
    """Counts per consecutive year. Years without any document stay in, with a total of 0."""

    years: tuple[int, ...]
    counts: Floats
    totals: Floats

    @classmethod
    def of(cls, yearly: Mapping[int, int], totals: Mapping[int, int], until: int | None = None) -> Series:
        """A gapless series from two mappings, up to and including the year `until`."""
        last = until if until is not None else max(totals, default=0)
        known = [year for year in totals if year <= last]
        years = tuple(range(min(known), last + 1)) if known else ()
        return cls(
            years,
            np.array([yearly.get(year, 0) for year in years], dtype=float),
            np.array([totals.get(year, 0) for year in years], dtype=float),
        )

    def window(self, back: int, length: int) -> tuple[float, float]:
        """(documents with the term, all documents) of `length` years ending `back` years before the last."""
        end = len(self.years) - back
        start = max(end - length, 0)
        if end <= 0:
            return 0.0, 0.0
        return float(self.counts[start:end].sum()), float(self.totals[start:end].sum())

    def share(self, back: int, length: int) -> float | None:
        """Share of documents in a window; None when the window has none."""
        count, total = self.window(back, length)
        return count / total if total else None

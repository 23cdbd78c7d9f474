"""Growth apart from what a corpus happens to hold of each source.

A conference that meets every other year, or a journal that a database began to cover, lifts its own words in its
own years. Indirect standardisation (as for death rates of cities with unlike ages) takes that out: what would be
expected of a year is the sum over its sources of their documents times the item's usual rate in that source.
Without sources there is one stratum and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .counts import Documents
from .termhood import Floats

# Documents at the item's overall rate that stand beside each source's own: small sources say little.
PRIOR_DOCUMENTS = 100.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Items x years: documents observed, and expected from the year's mixture of sources.

    `mixture` is log2 of the rate expected under the mean mixture of all years over that of the last year:
    above 0 when the last year held little of the sources in which the item is usual.
    """

    years: tuple[int, ...]
    observed: Floats
    expected: Floats
    mixture: Floats

    def growth(self, before: int | None = None, shrink: float = 3.0) -> Floats:
        """log2 of observed over expected in the last year, minus that of the `before` years (all) before it."""
        if len(self.years) < 2:
            return np.zeros(len(self.observed))
        first = 0 if before is None else max(len(self.years) - 1 - before, 0)
        old = (self.observed[:, first:-1].sum(axis=1), self.expected[:, first:-1].sum(axis=1))
        return np.asarray(self.last(shrink) - np.log2((old[0] + shrink) / (old[1] + shrink)))

    def last(self, shrink: float = 3.0) -> Floats:
        """log2 of observed over expected in the last year."""
        return np.asarray(np.log2((self.observed[:, -1] + shrink) / (self.expected[:, -1] + shrink)))


def tally(matrix: Any, documents: Documents) -> Tally:
    """Count items (rows of a sparse 0/1 matrix, items x documents) over the documents' years and sources."""
    from scipy import sparse

    sources = np.unique(np.array(documents.sources, dtype=object).astype(str), return_inverse=True)[1]
    years = np.unique(documents.years[documents.years > 0])
    size, count = len(documents), int(sources.max(initial=0)) + 1
    of_source = sparse.csr_matrix((np.ones(size), (np.arange(size), sources)), shape=(size, count))
    by_source = np.asarray((matrix @ of_source).todense())
    sizes = np.bincount(sources, minlength=count)
    overall = by_source.sum(axis=1, keepdims=True) / max(size, 1)
    rates = (by_source + PRIOR_DOCUMENTS * overall) / (sizes + PRIOR_DOCUMENTS)
    present = np.stack(
        [np.bincount(sources[documents.years == year], minlength=count) for year in years]
    ).astype(float)
    shares = present / present.sum(axis=1, keepdims=True)
    floor = 1e-12
    return Tally(
        tuple(int(year) for year in years),
        np.stack(
            [np.asarray(matrix[:, np.flatnonzero(documents.years == y)].sum(axis=1)).ravel() for y in years],
            1,
        ),
        rates @ present.T,
        np.log2(np.maximum(rates @ shares.mean(axis=0), floor))
        - np.log2(np.maximum(rates @ shares[-1], floor)),
    )

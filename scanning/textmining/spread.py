"""How widely a term is spread over sources, countries or organisations, and how that changes.

The measure is the Hill number of order 1, exp(Shannon entropy): the number of equally strong origins that
would be as diverse (M. O. Hill, Ecology 54, 1973; L. Jost, Oikos 113, 2006).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .combine import Ints
from .counts import Documents


@dataclass(frozen=True, slots=True)
class Spread:
    """Effective and plain number of origins, over all years and year by year. None: origins not given."""

    effective: float | None
    distinct: int
    by_year: dict[int, float]


def effective_number(labels: Iterable[str]) -> float | None:
    """exp(entropy) of the labels' shares; None for no labels. Empty labels are not counted."""
    counts = Counter(label for label in labels if label)
    total = sum(counts.values())
    if not total:
        return None
    entropy = -sum(count / total * math.log(count / total) for count in counts.values())
    return math.exp(entropy)


def spread(documents: Documents, numbers: Ints, column: str) -> Spread:
    """Spread of the given documents over `sources`, `countries`, `organisations` or `kinds`."""
    values = getattr(documents, column)
    given = [values[number] for number in numbers.tolist()]
    if not any(given):  # many corpora say nothing of countries or organisations
        return Spread(None, 0, {})
    labels = [(value,) if isinstance(value, str) else value for value in given]
    everything = [label for found in labels for label in found if label]
    if not everything:
        return Spread(None, 0, {})
    years = documents.years[numbers].tolist()
    by_year: dict[int, float] = {}
    for year in sorted({year for year in years if year}):
        value = effective_number(
            label for found, when in zip(labels, years, strict=True) if when == year for label in found
        )
        if value is not None:
            by_year[year] = round(value, 4)
    return Spread(effective_number(everything), len(set(everything)), by_year)

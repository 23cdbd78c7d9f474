"""Who leads: whether papers, patents or news took up a term first, and by how many years.

Each kind's yearly counts are divided by all documents of that kind in the year, so that a corpus which holds
more patents of late does not make patents look late. A kind's middle is the year by which half of its summed
share was reached, counted only over years in which both kinds have documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .counts import Documents

Yearly = Mapping[int, int]
# Below this many dated documents of a kind its middle says more about chance than about the term.
FEWEST = 5
TOGETHER = 1.0


@dataclass(frozen=True, slots=True)
class Lead:
    """`first` came `years` before `then` (middles); 0 < `years` < 1 counts as together.

    `starts` are the first years of each, `documents` how many dated documents of each there are.
    """

    first: str
    then: str
    years: float
    starts: tuple[int, int]
    documents: tuple[int, int]

    @property
    def together(self) -> bool:
        return self.years < TOGETHER


def kind_totals(documents: Documents) -> dict[str, dict[int, int]]:
    """All dated documents per kind and year."""
    kinds = np.array(documents.kinds)
    result: dict[str, dict[int, int]] = {}
    for kind in sorted(set(documents.kinds)):
        years, counts = np.unique(
            documents.years[(kinds == kind) & (documents.years > 0)], return_counts=True
        )
        result[kind] = {int(year): int(count) for year, count in zip(years, counts, strict=True)}
    return result


def leads(by_kind: Mapping[str, Yearly], totals: Mapping[str, Yearly]) -> tuple[Lead, ...]:
    """A lead for each pair of kinds that both speak of the term, the largest lead first."""
    names = sorted(name for name, years in by_kind.items() if sum(years.values()) >= FEWEST)
    found = [
        _lead(one, other, by_kind, totals)
        for number, one in enumerate(names)
        for other in names[number + 1 :]
    ]
    known = [lead for lead in found if lead is not None]
    return tuple(sorted(known, key=lambda lead: (-lead.years, lead.first, lead.then)))


def _lead(one: str, other: str, by_kind: Mapping[str, Yearly], totals: Mapping[str, Yearly]) -> Lead | None:
    years = sorted(set(totals.get(one, {})) & set(totals.get(other, {})))
    middles = [middle(by_kind[kind], totals[kind], years) for kind in (one, other)]
    if middles[0] is None or middles[1] is None:
        return None
    first, then = (one, other) if middles[0] <= middles[1] else (other, one)
    return Lead(
        first,
        then,
        round(abs(middles[0] - middles[1]), 2),
        (_start(by_kind[first]), _start(by_kind[then])),
        (sum(by_kind[first].values()), sum(by_kind[then].values())),
    )


def middle(counts: Yearly, totals: Yearly, years: list[int]) -> float | None:
    """The point in time by which half of the summed share was reached (a year counts from its start).

    None when fewer than `FEWEST` documents fall in these years, or fewer than two years are given.
    """
    if len(years) < 2 or sum(counts.get(year, 0) for year in years) < FEWEST:
        return None
    shares = np.array([counts.get(year, 0) / max(totals.get(year, 0), 1) for year in years])
    reached = np.cumsum(shares)
    half = reached[-1] / 2
    at = int(np.searchsorted(reached, half))
    before = float(reached[at - 1]) if at else 0.0
    return years[at] + float((half - before) / shares[at])


def _start(counts: Yearly) -> int:
    return min(year for year, count in counts.items() if count)

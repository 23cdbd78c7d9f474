"""Two-state bursts: J. Kleinberg, "Bursty and hierarchical structure in streams", KDD 2002, section 4
("enumerating bursts" for batched arrivals)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .series import Series


@dataclass(frozen=True, slots=True)
class Burst:
    """Years start..end in which the term came at the raised rate; weight is the cost saved (nats)."""

    start: int
    end: int
    weight: float


def bursts(series: Series, ratio: float = 2.0, gamma: float = 1.0) -> tuple[Burst, ...]:
    """Bursts of a yearly series, in time order.

    The base rate is the whole series' share, the raised rate `ratio` times it; going up costs
    gamma * ln(number of years). The cheapest state sequence (Viterbi) is returned as maximal raised runs.
    Empty when a term never or always occurs.
    """
    total, found = float(series.totals.sum()), float(series.counts.sum())
    if not total or not found or found >= total:
        return ()
    low = found / total
    high = min(low * ratio, 0.9999)
    if high <= low:
        return ()
    costs = [
        (_cost(count, size, low), _cost(count, size, high))
        for count, size in zip(series.counts.tolist(), series.totals.tolist(), strict=True)
    ]
    states = _cheapest(costs, gamma * math.log(max(len(series.years), 2)))
    return _runs(series, states, costs)


def _cost(count: float, total: float, rate: float) -> float:
    """Negative log likelihood of `count` of `total` at `rate`, without the binomial constant."""
    return -(count * math.log(rate) + (total - count) * math.log(1 - rate))


def _cheapest(costs: list[tuple[float, float]], up: float) -> list[int]:
    best = [costs[0][0], costs[0][1] + up]
    back: list[tuple[int, int]] = []
    for low, high in costs[1:]:
        into_low = 0 if best[0] <= best[1] else 1
        into_high = 1 if best[1] <= best[0] + up else 0
        back.append((into_low, into_high))
        best = [best[into_low] + low, best[into_high] + (0.0 if into_high else up) + high]
    states = [int(np.argmin(best))]
    for step in reversed(back):
        states.append(step[states[-1]])
    return states[::-1]


def _runs(series: Series, states: list[int], costs: list[tuple[float, float]]) -> tuple[Burst, ...]:
    found: list[Burst] = []
    start: int | None = None
    for at, state in enumerate([*states, 0]):
        if state and start is None:
            start = at
        elif not state and start is not None:
            weight = sum(low - high for low, high in costs[start:at])
            found.append(Burst(series.years[start], series.years[at - 1], round(weight, 4)))
            start = None
    return tuple(found)

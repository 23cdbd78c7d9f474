"""The order in which candidates are shown: a formula an organiser can see and change, then diversity.

    rank score = sum of weight x part (each part scaled to its percentile rank, 0..1) / sum of weights

Then items are picked one by one (maximal marginal relevance, J. Carbonell and J. Goldstein, SIGIR 1998),
lowering
an item's score by `similarity_penalty` x its nearest picked neighbour's similarity and by `field_penalty` x
the
share of picks already in its field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .novelty import dice, features
from .signals import Signals
from .terms import Term

DEFAULT_WEIGHTS: Mapping[str, float] = {
    "term": 3.0,
    "growth": 1.5,
    "volume": 0.5,
    "novelty": 1.0,
    "weak_signal": 1.0,
}


@dataclass(frozen=True, slots=True)
class Formula:
    """The weights, as data. A weight of 0 leaves a part out; unknown parts of an item count as the median."""

    weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    similarity_penalty: float = 0.3
    field_penalty: float = 0.3

    def text(self) -> str:
        """The formula in one line."""
        terms = " + ".join(f"{weight:g} x {name}" for name, weight in self.weights.items() if weight)
        return f"({terms}) / {sum(self.weights.values()):g}"


# An event's words (a shared task, a fair) surge too, but from one source: spread tells them from a technology's.
FORMULAS: Mapping[str, Formula] = {
    "established": Formula({"term": 1.0}, similarity_penalty=0.0, field_penalty=0.1),
    "balanced": Formula(dict(DEFAULT_WEIGHTS)),
    "rising": Formula({"growth": 3.0, "term": 1.5, "novelty": 1.0, "volume": 0.5, "spread": 1.0}),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate: its parts as raw numbers (None: unknown), names to compare by, field or topic."""

    key: str
    names: tuple[str, ...]
    parts: Mapping[str, float | None]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Place in the list (1-based), score by the formula, what diversity took off, and the scaled parts."""

    key: str
    place: int
    score: float
    penalty: float
    parts: dict[str, float]


def item_of(term: Term, signals: Signals, field: str = "") -> Item:
    """A mined term and its signals as a rankable item."""
    parts: dict[str, float | None] = {
        "term": term.score,
        "growth": signals.growth,
        "volume": float(term.documents),
        "novelty": signals.novelty,
        "weak_signal": signals.weak.score,
        "spread": signals.spread["sources"].effective,
    }
    return Item(term.key, (term.name, *term.variants), parts, field)


def rank(items: Sequence[Item], formula: Formula | None = None, limit: int | None = None) -> list[Ranked]:
    """Rank items; the first `limit` are picked with diversity, the rest follow by plain score."""
    formula = formula or Formula()
    scaled = {name: percentiles([item.parts.get(name) for item in items]) for name in formula.weights}
    whole = sum(formula.weights.values()) or 1.0
    scores = [
        sum(weight * scaled[name][i] for name, weight in formula.weights.items()) / whole
        for i in range(len(items))
    ]
    order = _pick(items, scores, formula, len(items) if limit is None else limit)
    return [
        Ranked(
            items[i].key,
            place,
            round(scores[i], 4),
            round(penalty, 4),
            {name: round(scaled[name][i], 4) for name in formula.weights},
        )
        for place, (i, penalty) in enumerate(order, 1)
    ]


def percentiles(values: Sequence[float | None]) -> list[float]:
    """Mid-percentile rank of each value, 0..1; unknown values get 0.5."""
    known = np.sort(np.array([value for value in values if value is not None], dtype=float))
    if not len(known):
        return [0.5] * len(values)
    return [
        0.5
        if value is None
        else float(np.searchsorted(known, value, "left") + np.searchsorted(known, value, "right"))
        / (2 * len(known))
        for value in values
    ]


def _pick(
    items: Sequence[Item], scores: Sequence[float], formula: Formula, limit: int
) -> list[tuple[int, float]]:
    shapes = [features(" ".join(item.names[:1])) for item in items]
    nearest = [0.0] * len(items)
    fields: Counter[str] = Counter()
    left = sorted(range(len(items)), key=lambda i: (-scores[i], items[i].key))
    picked: list[tuple[int, float]] = []
    while left and len(picked) < limit:
        # Only the best few hundred can still win: a penalty never exceeds the two weights' sum.
        best, best_value, best_penalty = left[0], -np.inf, 0.0
        for i in left:
            if scores[i] <= best_value:
                break
            share = fields[items[i].field] / len(picked) if picked and items[i].field else 0.0
            penalty = formula.similarity_penalty * nearest[i] + formula.field_penalty * share
            if scores[i] - penalty > best_value:
                best, best_value, best_penalty = i, scores[i] - penalty, penalty
        left.remove(best)
        picked.append((best, best_penalty))
        fields[items[best].field] += 1
        for i in left if formula.similarity_penalty else ():
            nearest[i] = max(nearest[i], dice(shapes[i], shapes[best]))
    return picked + [(i, 0.0) for i in left]

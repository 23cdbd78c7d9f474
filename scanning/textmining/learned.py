"""Which terms rise on, learned from earlier cuts only: many small opinions, averaged.

A model is fitted on earlier cuts whose outcomes also lie before the cut that it is for. No single setting is picked,
as with a handful of years none can be told from luck: forests differ in what they see of a term, in what they are
asked, in the size of their leaves and in their seed, and the mean of the ranks that they give counts (rank averaging,
as J. C. de Borda proposed in 1781). How it was chosen is written in `docs/decisions/0013-mining-measured.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from .combine import Ints
from .outlook import Standing
from .termhood import Floats

LEAVES = (5, 10, 20, 40)
# Views of a term that are left out in turn, and together: what the words around it do, and what the sources do.
AROUND = ("around", "around_now", "late", "late_now", "word_mean", "word_least", "word_most")
SOURCES = ("own_growth", "own_last", "mixture")
LEFT_OUT = ((), AROUND, SOURCES, AROUND + SOURCES)
TREES = 40
# Frequency classes from 64 documents on are small: they are compared with one another.
COMMON = 6
# log2 of the largest change that is told apart: beyond it a count of few documents says how lucky it was.
MOST_GAIN = 2.0


@dataclass(frozen=True, slots=True)
class Member:
    """Randomised trees (P. Geurts et al., Machine Learning 63, 2006) over the features `names`."""

    names: tuple[str, ...]
    forest: Any


@dataclass(frozen=True, slots=True)
class Model:
    """`rows`: terms of earlier cuts that it was taught by."""

    members: tuple[Member, ...]
    rows: int

    def predict(self, standing: Standing) -> Floats:
        """Per term the mean over members of its rank (0..1) among the terms of the cut; higher is likelier to rise.

        A rank, no probability: it orders the terms of one cut and means nothing beyond that.
        """
        ranks = [_ranks(one.forest.predict(_matrix(standing, one.names))) for one in self.members]
        return np.asarray(np.mean(ranks, axis=0))


def learn(
    standings: Sequence[Standing], until: int, horizon: int = 3, factor: float = 1.5, seed: int = 1
) -> Model:
    """Fit on earlier cuts, with outcomes no later than `until` (the cut that the model is for).

    Same input and `seed`, same model. Raises ValueError when no earlier cut has an outcome by then.
    """
    from sklearn.ensemble import ExtraTreesRegressor

    usable = [one for one in standings if one.years[0] < one.cut < until and len(one.terms)]
    if not usable:
        raise ValueError("no earlier cut whose outcome is known")
    answers = [_answers(one, min(horizon, until - one.cut), factor) for one in usable]
    members: list[Member] = []
    for left_out in LEFT_OUT:
        names = tuple(name for name in sorted(usable[0].features) if name not in left_out)
        matrix = np.concatenate([_matrix(one, names) for one in usable])
        for leaf, wanted in product(LEAVES, zip(*answers, strict=True)):
            forest = ExtraTreesRegressor(
                TREES, min_samples_leaf=leaf, max_features=0.3, random_state=seed + len(members)
            )
            members.append(Member(names, forest.fit(matrix, np.concatenate(wanted))))
    return Model(tuple(members), sum(len(one.terms) for one in usable))


def _answers(standing: Standing, horizon: int, factor: float) -> tuple[Floats, ...]:
    """What the forests are asked about a term: whether it rose; whether, and by how much, against like frequency.

    Against like frequency, because rare terms rise (and fall) more by chance alone. The last question hears from
    every term and not only from the few that rose far.
    """
    frequency = np.minimum(standing.frequency(), COMMON)
    rose = standing.rose(horizon, factor).astype(float)
    return rose, _centred(rose, frequency), _centred(_gain(standing, horizon), frequency)


def _gain(standing: Standing, horizon: int) -> Floats:
    """log2 of the documents later, at the size of the cut's year, over those in that year; one is added to both."""
    here = standing.years.index(standing.cut)
    later = standing.later_share(horizon) * int(standing.totals[here])
    return np.clip(np.log2((later + 1) / (standing.counts[:, here] + 1)), -MOST_GAIN, MOST_GAIN)


def _centred(values: Floats, groups: Ints) -> Floats:
    """Less the mean of their group."""
    places = np.unique(groups, return_inverse=True)[1]
    means = np.bincount(places, weights=values) / np.maximum(np.bincount(places), 1)
    return np.asarray(values - means[places])


def _matrix(standing: Standing, names: Sequence[str]) -> Floats:
    """Features as ranks within their cut (0..1): corpora grow, so that raw values of one cut mislead at another."""
    return np.stack([_ranks(standing.features[name]) for name in names], axis=1)


def _ranks(values: Floats) -> Floats:
    known = np.sort(values)
    places = np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")
    return np.asarray(places / (2 * max(len(values), 1)))

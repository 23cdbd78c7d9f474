"""Which terms rise on, learned from earlier cuts only: many small opinions, averaged.

A model is fitted on earlier cuts whose outcomes also lie before the cut that it is for. No single setting is picked,
as with a handful of years none can be told from luck: forests differ in what they are asked, in the size of their
leaves and in their seed, and the mean of the ranks that they give counts (rank averaging, as J. C. de Borda
proposed in 1781). How it was chosen is written in `docs/decisions/0013-mining-measured.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .combine import Ints
from .outlook import Standing
from .termhood import Floats

LEAVES = (5, 10, 20, 40)
TREES = 150
# Frequency classes from 64 documents on are small: they are compared with one another.
COMMON = 6
# log2 of the largest change that is told apart: beyond it a count of few documents says how lucky it was.
MOST_GAIN = 2.0


@dataclass(frozen=True, slots=True)
class Model:
    """Randomised trees (P. Geurts et al., Machine Learning 63, 2006) over the features `names`."""

    names: tuple[str, ...]
    forests: tuple[Any, ...]
    rows: int

    def predict(self, standing: Standing) -> Floats:
        """Per term the mean over forests of its rank (0..1) among the terms of the cut; higher is likelier to rise.

        A rank, no probability: it orders the terms of one cut and means nothing beyond that.
        """
        matrix = _matrix(standing, self.names)
        return np.asarray(np.mean([_ranks(forest.predict(matrix)) for forest in self.forests], axis=0))


def learn(
    standings: Sequence[Standing],
    until: int,
    horizon: int = 3,
    factor: float = 1.5,
    seed: int = 1,
    leaves: Sequence[int] = LEAVES,
    names: Sequence[str] | None = None,
) -> Model:
    """Fit on earlier cuts, with outcomes no later than `until` (the cut that the model is for).

    Same input and `seed`, same model. Raises ValueError when no earlier cut has an outcome by then.
    """
    from sklearn.ensemble import ExtraTreesRegressor

    usable = [one for one in standings if one.years[0] < one.cut < until and len(one.terms)]
    if not usable:
        raise ValueError("no earlier cut whose outcome is known")
    names = tuple(sorted(usable[0].features)) if names is None else tuple(names)
    matrix = np.concatenate([_matrix(one, names) for one in usable])
    answers = [_answers(one, min(horizon, until - one.cut), factor) for one in usable]
    forests = []
    for number, wanted in enumerate(zip(*answers, strict=True)):
        for leaf in leaves:
            forest = ExtraTreesRegressor(
                TREES, min_samples_leaf=leaf, max_features=0.3, random_state=seed + 100 * number + leaf
            )
            forests.append(forest.fit(matrix, np.concatenate(wanted)))
    return Model(names, tuple(forests), len(matrix))


def _answers(standing: Standing, horizon: int, factor: float) -> tuple[Floats, ...]:
    """What the forests are asked about a term: whether it rose, and by how much, each against like frequency.

    Against like frequency, because rare terms rise (and fall) more by chance alone. The second question hears from
    every term and not only from the few that rose far.
    """
    frequency = np.minimum(standing.frequency(), COMMON)
    rose = standing.rose(horizon, factor).astype(float)
    return _centred(rose, frequency), _centred(_gain(standing, horizon), frequency)


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

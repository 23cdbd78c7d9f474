"""From cells to the tables that `consensus.stats` takes: items x categories, for the panel and for its groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from consensus.counting.cells import NO_FAMILIARITY, SPECIALS, Cells
from consensus.counting.expert_weights import familiarity_weights_of, weight_table
from consensus.stats import Tally
from surveys.question_types import kind_of

MOST_CELLS = 2_000_000


@dataclass(frozen=True)
class ItemTable:
    """Counts of one question for some technologies. Axis 0 is the slice: 0 the panel, 1.. the panel groups."""

    first: int
    values: np.ndarray
    counts: np.ndarray  # slices x technologies x values
    weighted: np.ndarray  # technologies x values, sums of familiarity weights; the panel only
    n_weighted: np.ndarray  # technologies: how many answers carry a weight
    n_effective: np.ndarray  # technologies: as how many equally weighted answers these count (Kish)
    specials: np.ndarray  # slices x technologies x SPECIALS
    asked: np.ndarray  # slices x technologies
    fixed: bool  # the question names its categories, so empty ones mean something

    @property
    def size(self) -> int:
        return self.counts.shape[1]

    @cached_property
    def n(self) -> np.ndarray:
        return self.counts.sum(axis=2)

    @cached_property
    def missing(self) -> np.ndarray:
        """Asked, and neither a value nor a special answer."""
        return np.maximum(self.asked - self.n - self.specials.sum(axis=2), 0)

    def tally(self, slice_: int = 0) -> Tally:
        """Counts of one slice; "cannot judge", other specials and blanks are its missing."""
        missing = self.missing[slice_] + self.specials[slice_].sum(axis=1)
        return Tally(self.counts[slice_], self.values, missing=missing)

    def weighted_tally(self) -> Tally:
        return Tally(self.weighted, self.values, n_answers=self.n_weighted)


def item_tables(
    question, cells: Cells, asked: np.ndarray, weights, axis: np.ndarray | None = None
) -> Iterator[ItemTable]:
    """Tables of one question, a bounded number of technologies at a time.

    `asked`: slices - 1 + 1 rows as read (row 0: members without a group) x technologies.
    `weights`: function from familiarity levels to weights, or None. With `axis`, values to count by, all
    technologies come in one table.
    """
    totals = np.concatenate([asked.sum(axis=0, keepdims=True), asked[1:]])
    categories = kind_of(question).categories(question) if axis is None else axis
    step = totals.shape[1] or 1
    if categories is None and len(cells.number):
        distinct = len(np.unique(cells.valued.number))
        step = max(1, min(step, MOST_CELLS // max(1, distinct * len(totals))))
    for first in range(0, totals.shape[1], step):
        last = min(first + step, totals.shape[1])
        part = cells.where((cells.technology >= first) & (cells.technology < last))
        yield _table(part, first, totals[:, first:last], categories, weights)


def _table(cells: Cells, first: int, asked: np.ndarray, categories, weights) -> ItemTable:
    valued = cells.valued
    values = np.unique(valued.number) if categories is None else np.sort(np.asarray(categories, dtype=float))
    known = np.isin(valued.number, values)
    valued = valued.where(known)
    values = values if len(values) else np.zeros(1)
    shape = (*asked.shape, len(values))
    place = np.searchsorted(values, valued.number)
    special = cells.where(cells.special > 0)
    by_level = weights(valued.familiarity) if weights else np.zeros(len(valued.n))
    technology = valued.technology - first
    return ItemTable(
        first=first,
        values=values,
        counts=_spread(valued.group, technology, place, valued.n, shape),
        weighted=_flat(technology * shape[2] + place, valued.n * by_level, shape[1:]),
        n_weighted=_flat(technology, valued.n * (by_level > 0), shape[1:2]),
        n_effective=_effective(technology, valued.n, by_level, shape[1:2]),
        specials=_spread(
            special.group,
            special.technology - first,
            special.special.astype(int) - 1,
            special.n,
            (*asked.shape, len(SPECIALS)),
        ),
        asked=asked,
        fixed=categories is not None,
    )


def _effective(technology: np.ndarray, n: np.ndarray, weights: np.ndarray, shape) -> np.ndarray:
    """Kish's effective number: (sum of weights)^2 / sum of squared weights."""
    total = _flat(technology, n * weights, shape)
    squares = _flat(technology, n * weights**2, shape)
    return np.divide(total**2, squares, out=np.zeros(shape), where=squares > 0)


def _flat(place: np.ndarray, weights: np.ndarray, shape) -> np.ndarray:
    return np.bincount(place, weights=weights, minlength=int(np.prod(shape))).reshape(shape)


def _spread(group, technology, place, n, shape) -> np.ndarray:
    """Counts for every slice; slice 0 sums all groups and the members without one."""
    flat = _flat((group * shape[1] + technology) * shape[2] + place, n, shape)
    return np.concatenate([flat.sum(axis=0, keepdims=True), flat[1:]])


def familiarity_weights(question):
    """From levels of familiarity to the study's weights; none where it is not given."""
    if question is None:
        return None
    low = kind_of(question).bounds(question)[0]
    table = np.asarray(familiarity_weights_of(question, weight_table(question.study)))

    def weigh(familiarity: np.ndarray) -> np.ndarray:
        given = familiarity != NO_FAMILIARITY
        level = np.clip(familiarity - low, 0, len(table) - 1).astype(int)
        return np.where(given, table[level], 0.0)

    return weigh


def pair_tables(rows: np.ndarray, values: np.ndarray | None, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Contingency tables (technologies x earlier x later) and their values."""
    if values is None:
        values = np.unique(np.concatenate([rows["earlier"], rows["later"]]))
    values = values if len(values) else np.zeros(1)
    rows = rows[np.isin(rows["earlier"], values) & np.isin(rows["later"], values)]
    k = len(values)
    place = np.searchsorted(values, rows["earlier"]) * k + np.searchsorted(values, rows["later"])
    return _flat(rows["technology"] * k * k + place, rows["n"], (size, k, k)), values

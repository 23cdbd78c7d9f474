"""Terms that resemble a term: they share documents or words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .combine import Combined, Ints
from .termhood import Floats, Termhood

REACH = 2000


@dataclass(frozen=True, slots=True)
class Similar:
    """Another term and how near it is: mean of document cosine (0..1) and word overlap (Dice, 0..1)."""

    name: str
    key: str
    similarity: float
    shared_documents: int


def similar_terms(
    chosen: list[int], combined: Combined, hood: Termhood, offsets: Ints, most: int
) -> dict[int, tuple[Similar, ...]]:
    """The `most` nearest terms of each chosen one, among the best `REACH` chosen."""
    result: dict[int, tuple[Similar, ...]] = dict.fromkeys(chosen, ())
    if not chosen or not most:
        return result
    reach = chosen[:REACH]
    shared = _shared_documents(reach, hood, offsets)
    sizes = np.array([offsets[n + 1] - offsets[n] for n in reach], dtype=float)
    alike = _Overlap([frozenset(combined.forms[n].split(" ")) for n in reach])
    names = [combined.forms[n] for n in reach]
    for row, number in enumerate(reach):
        columns, counts = shared[row]
        nearness = 0.5 * counts / np.sqrt(sizes[row] * sizes[columns])
        nearness += 0.5 * alike.with_others(row)[columns]
        nearness[columns == row] = -1.0
        order = sorted(
            _at_least(nearness, most), key=lambda i: (-nearness[i], names[columns[i]])
        )[:most]  # fmt: skip
        result[number] = tuple(
            _similar(combined, reach[columns[i]], nearness[i], counts[i]) for i in order if columns[i] != row
        )
    return result


def _similar(combined: Combined, number: int, nearness: float, shared: int) -> Similar:
    key = combined.forms[number].replace(" ", "")
    return Similar(combined.names[number], key, round(float(nearness), 4), int(shared))


def _at_least(values: Floats, most: int) -> list[int]:
    """Places of the `most` largest values and of all that equal the least of these."""
    if len(values) <= most:
        return list(range(len(values)))
    least = np.partition(values, len(values) - most)[len(values) - most]
    return np.flatnonzero(values >= least).tolist()


class _Overlap:
    """Overlap of words (Dice) of every term with every other, by way of the words that they have in common."""

    def __init__(self, words: list[frozenset[str]]) -> None:
        self._words = words
        self._lengths = np.array([len(each) for each in words], dtype=float)
        self._having: dict[str, list[int]] = {}
        for row, each in enumerate(words):
            for word in each:
                self._having.setdefault(word, []).append(row)

    def with_others(self, row: int) -> Floats:
        common = np.zeros(len(self._words))
        for word in self._words[row]:
            common[self._having[word]] += 1
        return np.asarray(2 * common / (self._lengths[row] + self._lengths))


def _shared_documents(reach: list[int], hood: Termhood, offsets: Ints) -> list[tuple[Ints, Ints]]:
    """For each term the others it shares a document with, and in how many."""
    from scipy import sparse

    lengths = [int(offsets[n + 1] - offsets[n]) for n in reach]
    rows = np.repeat(np.arange(len(reach)), lengths)
    columns = np.concatenate([hood.pair_document[offsets[n] : offsets[n + 1]] for n in reach])
    matrix = sparse.csr_matrix(
        (np.ones(len(rows), dtype="i4"), (rows, columns)), shape=(len(reach), int(columns.max()) + 1)
    )
    together = (matrix @ matrix.T).tocsr()
    return [
        (
            together.indices[together.indptr[i] : together.indptr[i + 1]].astype("i8"),
            together.data[together.indptr[i] : together.indptr[i + 1]].astype("i8"),
        )
        for i in range(len(reach))
    ]

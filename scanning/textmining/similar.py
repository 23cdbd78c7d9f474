"""Terms that resemble a term: they share documents or words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .combine import Combined, Ints
from .termhood import Termhood

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
    words = [frozenset(combined.forms[n].split(" ")) for n in reach]
    for row, number in enumerate(reach):
        columns, counts = shared[row]
        scored = []
        for column, count in zip(columns.tolist(), counts.tolist(), strict=True):
            if column == row:
                continue
            cosine = count / (sizes[row] * sizes[column]) ** 0.5
            overlap = 2 * len(words[row] & words[column]) / (len(words[row]) + len(words[column]))
            scored.append((0.5 * cosine + 0.5 * overlap, count, reach[column]))
        scored.sort(key=lambda item: (-item[0], combined.forms[item[2]]))
        result[number] = tuple(
            Similar(combined.names[n], combined.forms[n].replace(" ", ""), round(float(value), 4), int(count))
            for value, count, n in scored[:most]
        )
    return result


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

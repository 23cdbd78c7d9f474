"""How good topics are: NPMI coherence and diversity of their top words.

Coherence: mean over topics of the mean NPMI of all pairs of top words, probabilities from documents of the
same
corpus (N. Aletras, M. Stevenson, IWCS 2013; J. H. Lau et al., EACL 2014). Diversity: share of distinct
words among
all topics' top words (A. Dieng et al., TACL 8, 2020).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np


def diversity(topics: Sequence[Sequence[str]]) -> float | None:
    """Distinct top words / all top words; None without topics."""
    words = [word for topic in topics for word in topic]
    return len(set(words)) / len(words) if words else None


def coherence(topics: Sequence[Sequence[str]], vocabulary: Sequence[str], matrix: Any) -> list[float | None]:
    """NPMI of each topic's words in a documents x vocabulary matrix; None for topics of under two known
    words.

    A pair that never meets counts as -1.
    """
    columns = {word: column for column, word in enumerate(vocabulary)}
    needed = sorted({columns[word] for topic in topics for word in topic if word in columns})
    place = {column: index for index, column in enumerate(needed)}
    present = (matrix[:, needed] > 0).astype("f8") if needed else None
    together = np.asarray((present.T @ present).todense()) if present is not None else np.zeros((0, 0))
    result: list[float | None] = []
    for topic in topics:
        found = [place[columns[word]] for word in topic if word in columns]
        values = [
            _npmi(together[a, b], together[a, a], together[b, b], matrix.shape[0])
            for i, a in enumerate(found)
            for b in found[i + 1 :]
        ]
        result.append(float(np.mean(values)) if values else None)
    return result


def _npmi(both: float, one: float, other: float, total: int) -> float:
    if both <= 0:
        return -1.0
    if both >= total:
        return 1.0
    return math.log(both * total / (one * other)) / -math.log(both / total)

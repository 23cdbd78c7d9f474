"""How term-like a candidate is: the statistics behind the score.

- C-value: K. Frantzi, S. Ananiadou, H. Mima, "Automatic recognition of multi-word terms: the C-value/NC-value
  method", Int. J. Digital Libraries 3 (2000). Here log2(words + 1), so that single words do not vanish.
- NPMI: G. Bouma, "Normalized (pointwise) mutual information in collocation extraction", GSCL 2009, here for
  n words by dividing by (n - 1).
- Boundary entropy: Z. Jin, K. Tanaka-Ishii, "Unsupervised segmentation of Chinese text by use of branching
  entropy", COLING/ACL 2006.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidates_en import LEFT, RIGHT, TITLE
from .combine import Combined, Ints

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Termhood:
    """Columns over the candidates of `Combined`."""

    frequency: Ints
    documents: Ints
    title_documents: Ints
    cvalue: Floats
    nested_in: Ints
    nested_share: Floats
    npmi: Floats
    left_edge: Floats
    right_edge: Floats
    entropy: Floats
    pair_key: Ints
    pair_document: Ints
    pair_frequency: Ints
    pair_title: NDArray[np.bool_]


def measure(combined: Combined, with_entropy: bool) -> Termhood:
    """All statistics of all candidates; boundary entropy only where asked (Chinese)."""
    rows, size = combined.occurrences, len(combined)
    frequency = np.bincount(rows.key, minlength=size)
    pairs = rows.key * (combined_base(combined)) + rows.document
    _, first, counts = np.unique(pairs, return_index=True, return_counts=True)
    pair_key = rows.key[first]
    # Rows are sorted with titles first within a document, so the first row tells whether the title has it.
    pair_title = (rows.flags[first] & TITLE).astype(bool)
    cvalue, nested_in, share = _cvalue(combined, frequency)
    safe = np.maximum(frequency, 1)
    return Termhood(
        frequency=frequency,
        documents=np.bincount(pair_key, minlength=size),
        title_documents=np.bincount(pair_key[pair_title], minlength=size),
        cvalue=cvalue,
        nested_in=nested_in,
        nested_share=share,
        npmi=_npmi(combined, frequency),
        left_edge=np.bincount(rows.key[rows.flags & LEFT > 0], minlength=size) / safe,
        right_edge=np.bincount(rows.key[rows.flags & RIGHT > 0], minlength=size) / safe,
        entropy=_boundary(combined, safe) if with_entropy else np.zeros(size),
        pair_key=pair_key,
        pair_document=rows.document[first],
        pair_frequency=counts.astype("i8"),
        pair_title=pair_title,
    )


def combined_base(combined: Combined) -> int:
    """A factor above every document number, to pack (key, document) into one integer."""
    documents = combined.occurrences.document
    return int(documents.max()) + 1 if len(documents) else 1


def _cvalue(combined: Combined, frequency: Ints) -> tuple[Floats, Ints, Floats]:
    size = len(combined)
    count, total, most = np.zeros(size), np.zeros(size), np.zeros(size)
    lengths = np.ones(size)
    for number, form in enumerate(combined.forms):
        words = form.split(" ")
        lengths[number] = len(words)
        if len(words) == 1:
            continue
        inside = int(frequency[number])
        for part in parts_of(words, combined.lookup):
            if part != number:
                count[part] += 1
                total[part] += inside
                most[part] = max(most[part], inside)
    average = np.divide(total, count, out=np.zeros(size), where=count > 0)
    cvalue = np.log2(lengths + 1) * np.maximum(frequency - average, 0)
    share = np.divide(most, frequency, out=np.zeros(size), where=frequency > 0)
    return cvalue, count.astype("i8"), share


def parts_of(words: list[str], lookup: dict[str, int]) -> set[int]:
    """Numbers of all candidates properly inside a sequence of words."""
    size = len(words)
    found: set[int] = set()
    for length in range(1, size):
        for start in range(size - length + 1):
            number = lookup.get("".join(words[start : start + length]))
            if number is not None:
                found.add(number)
    return found


def _npmi(combined: Combined, frequency: Ints) -> Floats:
    """NPMI of each candidate's words; single words get 0 (no bond to measure)."""
    words = combined.words
    total = max(sum(words.values()), 2)
    result = np.zeros(len(combined))
    for number, form in enumerate(combined.forms):
        tokens = form.split(" ")
        if len(tokens) == 1 or not frequency[number]:
            continue
        together = math.log(min(int(frequency[number]), total - 1) / total)
        apart = sum(math.log(max(words.get(token, 1), 1) / total) for token in tokens)
        result[number] = (together - apart) / ((len(tokens) - 1) * -together)
    return np.clip(result, -1.0, 1.0)


def _boundary(combined: Combined, frequency: Ints) -> Floats:
    """The smaller of left and right branching entropy, in nats. A clause boundary counts as a new
    neighbour."""
    rows = combined.occurrences
    sides = [_side(rows.key, side, frequency) for side in (rows.left, rows.right)]
    return np.minimum(sides[0], sides[1])


def _side(keys: Ints, neighbours: Ints, frequency: Ints) -> Floats:
    inner = neighbours > 0
    unique, counts = np.unique(keys[inner] * 65_536 + neighbours[inner], return_counts=True)
    weighted = np.bincount(unique // 65_536, weights=counts * np.log(counts), minlength=len(frequency))
    return np.maximum(np.log(frequency) - weighted / frequency, 0.0)

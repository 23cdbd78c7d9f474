"""Keywords of single documents, seen against their corpus: what a document's author would put under the abstract.

Every candidate of a document gets a linear score of visible features (frequency, title, place, length, rarity in
the corpus and in everyday language, bonds and boundaries, nesting). The weights were fitted by logistic regression
on every second record of a Chinese corpus with authors' keywords; the bench measures on the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidates_en import DEFINED, LEFT, RIGHT
from .combine import Combined, Ints, combine
from .counts import Partial
from .heads import head_prior
from .keyword_weights import WEIGHTS
from .termhood import Floats, Termhood, measure
from .words_zh import ACTING, SOFT

TAG_CLASSES = {
    "noun": ["n", "nz", "nt", "l", "i", "j"],
    "acting": ["vn"],
    "verb": ["v", "vg", "z"],
    "place": ["ns", "s", "f"],
    "person": ["nr", "nrt", "nrfg"],
    "quality": ["a", "ad", "an", "b", "d"],
    "time": ["t", "m", "q"],
}


@dataclass(frozen=True, slots=True)
class Keyword:
    name: str
    key: str
    score: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """One row per (candidate, document): features by name, candidate and document numbers."""

    key: Ints
    document: Ints
    features: dict[str, Floats]
    combined: Combined


def document_keywords(
    parts: Sequence[Partial], language: str, most: int = 10
) -> dict[int, tuple[Keyword, ...]]:
    """The best keywords of each document of a language, by document number over all parts."""
    found = document_candidates(parts, language)
    score = linear(found, language)
    order = np.lexsort((found.key, -score, found.document))
    numbers, starts = np.unique(found.document[order], return_index=True)
    return {
        int(number): _best(rows, score, found, most)
        for number, rows in zip(numbers, np.split(order, starts[1:]), strict=bool(len(numbers)))
    }


def _best(rows: Ints, score: Floats, found: Candidates, most: int) -> tuple[Keyword, ...]:
    forms, names = found.combined.forms, found.combined.names
    return tuple(
        Keyword(names[number], forms[number].replace(" ", ""), round(float(score[row]), 4))
        for row in rows[:most].tolist()
        for number in (int(found.key[row]),)
    )


def linear(found: Candidates, language: str) -> Floats:
    """The weighted sum of features."""
    weights = WEIGHTS[language]
    score = np.zeros(len(found.key))
    for name, weight in weights.items():
        score = score + weight * found.features[name]
    return score


def document_candidates(parts: Sequence[Partial], language: str) -> Candidates:
    """All candidates of all documents with their features."""
    combined = combine(parts, language, 1, loose=True)
    hood = measure(combined, with_entropy=True)
    features = _corpus_features(combined, hood, language)
    rows = {name: values[hood.pair_key] for name, values in features.items()}
    rows |= _local_features(combined, hood)
    rows["tf_idf"] = rows["tf"] * rows["idf"]
    rows["title_long"] = rows["title"] * rows["words_3"]
    return Candidates(hood.pair_key, hood.pair_document, rows, combined)


def _corpus_features(combined: Combined, hood: Termhood, language: str) -> dict[str, Floats]:
    words = [form.split(" ") for form in combined.forms]
    letters = np.array([_letters(form) for form in combined.forms], dtype=float)
    count = np.array([len(one) for one in words])
    possible = np.log(np.maximum(hood.frequency, 2))
    found: dict[str, Floats] = {
        "idf": np.log((combined.documents + 1) / np.maximum(hood.documents, 1)),
        "several": (hood.documents > 1).astype(float),
        "npmi": hood.npmi,
        "left_edge": hood.left_edge,
        "right_edge": hood.right_edge,
        "entropy": hood.entropy / possible,
        "acronym": np.minimum(combined.defined, 1).astype(float),
        "head": np.log(head_prior(combined, language)),
        "title_share": hood.title_documents / np.maximum(hood.documents, 1),
        "everyday": _everyday(words, language),
        "soft_head": np.array([one[-1] in SOFT or one[-1] in ACTING for one in words], dtype=float),
        "soft_start": np.array([one[0] in SOFT for one in words], dtype=float),
        "latin": np.array([form.isascii() for form in combined.forms], dtype=float),
        "single_letter": np.array([min(map(len, one)) == 1 for one in words], dtype=float),
    }
    found |= _tags(words, language)
    for size in (1, 2, 3):
        found[f"words_{size}"] = (count == size).astype(float) if size < 3 else (count >= 3).astype(float)
    for low, high in ((1, 2), (3, 3), (4, 4), (5, 6), (7, 8), (9, 99)):
        found[f"letters_{low}"] = ((letters >= low) & (letters <= high)).astype(float)
    return found


def _tags(words: list[list[str]], language: str) -> dict[str, Floats]:
    """Part of speech of the first and last word (Chinese)."""
    if language != "zh":
        return {}
    from .segment_zh import word_tag

    found: dict[str, Floats] = {}
    for place, at in (("first", 0), ("last", -1)):
        tags = np.array([word_tag(one[at]) for one in words])
        for name, members in TAG_CLASSES.items():
            found[f"{place}_{name}"] = np.isin(tags, members).astype(float)
    return found


def _letters(form: str) -> int:
    """Length in Chinese characters; a Latin word counts as two."""
    return sum(2 if word.isascii() else len(word) for word in form.split(" "))


def _everyday(words: list[list[str]], language: str) -> Floats:
    """Mean log frequency of the words in jieba's dictionary: everyday words are seldom keywords."""
    if language != "zh":
        return np.zeros(len(words))
    from .segment_zh import word_frequency

    return np.array([sum(math.log1p(word_frequency(w)) for w in one) / len(one) for one in words])


def _local_features(combined: Combined, hood: Termhood) -> dict[str, Floats]:
    """What only this document says: frequency, title, first place, clean edges, nesting in longer candidates."""
    rows = combined.occurrences
    first = _first_rows(hood, rows.key, rows.document)
    size = len(hood.pair_key)
    pair_of = np.repeat(np.arange(size), np.diff(np.append(first, len(rows.key))))
    both = (rows.flags & (LEFT | RIGHT)) == (LEFT | RIGHT)
    whole = np.bincount(pair_of[both], minlength=size) / hood.pair_frequency
    in_title = hood.pair_title.astype(float)
    place = np.where(hood.pair_title, 0.0, np.log1p(rows.start[first] / 20.0))
    return {
        "tf": np.log1p(hood.pair_frequency.astype(float)),
        "title": in_title,
        "place": place,
        "whole": whole,
        "title_whole": in_title * both[first],
        "defined": (np.bincount(pair_of[(rows.flags & DEFINED) > 0], minlength=size) > 0).astype(float),
        "repeated": (hood.pair_frequency > 1).astype(float),
        "nested": _nesting(combined, hood),
    }


def _first_rows(hood: Termhood, keys: Ints, documents: Ints) -> NDArray[np.int64]:
    base = int(documents.max()) + 1 if len(documents) else 1
    return np.searchsorted(keys * base + documents, hood.pair_key * base + hood.pair_document)


def _nesting(combined: Combined, hood: Termhood) -> Floats:
    """Largest share of a candidate's occurrences in the document that one longer candidate takes."""
    from .termhood import parts_of

    pairs = {
        (key, document): row
        for row, (key, document) in enumerate(
            zip(hood.pair_key.tolist(), hood.pair_document.tolist(), strict=True)
        )
    }
    inside = np.zeros(len(hood.pair_key))
    parts: dict[int, set[int]] = {}
    for (key, document), row in pairs.items():
        if key not in parts:
            parts[key] = parts_of(combined.forms[key].split(" "), combined.lookup)
        for part in parts[key]:
            at = pairs.get((part, document))
            if at is not None and at != row:
                share = hood.pair_frequency[row] / hood.pair_frequency[at]
                inside[at] = max(inside[at], min(share, 1.0))
    return inside

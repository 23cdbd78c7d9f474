"""Topics of a corpus.

Methods: `lsa` (default) is TF-IDF, truncated SVD to 100 dimensions, k-means on unit vectors; `nmf` is
non-negative matrix factorisation of TF-IDF; `lda` is scikit-learn's online LDA on counts. Whatever the method, a
topic is described by the words that tell its documents from the others (`telling`), which cohere better and overlap
less than class TF-IDF and than the methods' own weights. An embedding model of the organiser's can stand in for LSA:
anything that is an `Embedder`. None comes with this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .combine import Ints
from .termhood import Floats
from .terms import Mined
from .topic_quality import coherence, diversity
from .vectors import Bag

METHODS = ("lsa", "nmf", "lda")
TOP = 10
# LSA and k-means are fitted on so many documents, evenly spaced; the rest are placed by what was learned.
FIT_ON = 8000


class Embedder(Protocol):
    """Turns documents into vectors of one length: row i belongs to `bag.ids[i]`, equal bags give equal rows."""

    name: str

    def embed(self, bag: Bag) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its top words with weights, phrases to name it by, and its most typical documents."""

    number: int
    label: str
    words: tuple[tuple[str, float], ...]
    phrases: tuple[str, ...]
    size: int
    coherence: float | None
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicModel:
    """Topics, largest first. `assignment[i]` is the topic number of document i, -1 for an empty document."""

    method: str
    seed: int
    topics: tuple[Topic, ...]
    assignment: Ints
    coherence: float | None
    diversity: float | None


def fit_topics(
    bag: Bag,
    topics: int = 30,
    method: str = "lsa",
    seed: int = 1,
    embedder: Embedder | None = None,
) -> TopicModel:
    """Fit a topic model. The number of topics is lowered for corpora too small for it."""
    if method not in METHODS:
        raise ValueError(f"unknown topic method: {method}")
    filled = np.flatnonzero(np.asarray(bag.matrix.sum(axis=1)).ravel() > 0)
    assignment = np.full(bag.matrix.shape[0], -1, "i8")
    topics = min(topics, max(len(filled) // 2, 1))
    if not len(filled) or not bag.vocabulary:
        return TopicModel(method, seed, (), assignment, None, None)
    matrix = bag.matrix[filled]
    from threadpoolctl import threadpool_limits

    # Threads that spin for a busy core cost far more than they bring when workers share the machine.
    with threadpool_limits(1):
        if embedder is not None:
            method, vectors = f"{embedder.name}+k-means", embedder.embed(bag)[filled]
            weights = _kmeans(vectors, sample_of(len(filled)), topics, seed)
        else:
            weights = _weights(matrix, topics, method, seed)
    assignment[filled] = np.argmax(weights, axis=1)
    return describe(bag, assignment, weights, filled, method, seed)


def _weights(matrix: Any, topics: int, method: str, seed: int) -> Floats:
    """Documents x topics: how much each document belongs to each."""
    from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD

    if method == "lda":
        model = LatentDirichletAllocation(
            topics, learning_method="online", batch_size=512, max_iter=5, random_state=seed
        )
        return np.asarray(model.fit_transform(matrix))
    weighted = tfidf(matrix)
    if method == "nmf":
        factors = NMF(topics, init="nndsvda", max_iter=200, random_state=seed, tol=1e-3)
        return np.asarray(factors.fit_transform(weighted))
    sample = sample_of(matrix.shape[0])
    if min(len(sample), matrix.shape[1]) < 4:
        return _kmeans(np.asarray(weighted.todense()), sample, topics, seed)
    svd = TruncatedSVD(min(100, len(sample) - 1, matrix.shape[1] - 1), random_state=seed)
    svd.fit(weighted[sample])
    return _kmeans(np.asarray(svd.transform(weighted)), sample, topics, seed)


def sample_of(size: int) -> Ints:
    """At most `FIT_ON` document numbers, evenly spaced."""
    return np.unique(np.linspace(0, size - 1, min(size, FIT_ON)).astype("i8"))


def _kmeans(vectors: Floats, sample: Ints, topics: int, seed: int) -> Floats:
    from sklearn.cluster import KMeans

    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(norms > 0, norms, 1)
    # Many equal documents are fewer points than documents: no more topics than there are points.
    topics = min(topics, len(np.unique(unit[sample].round(6), axis=0)))
    model = KMeans(topics, n_init=4, random_state=seed, max_iter=100).fit(unit[sample])
    return np.asarray(-model.transform(unit))


def tfidf(matrix: Any) -> Any:
    """Sublinear TF-IDF with unit rows."""
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer(sublinear_tf=True).fit_transform(matrix)


def reduce(matrix: Any, dimensions: int, seed: int) -> Floats:
    """Truncated SVD (latent semantic analysis), never more dimensions than the matrix has."""
    from sklearn.decomposition import TruncatedSVD

    most = min(matrix.shape) - 1
    if most < 2:
        return np.asarray(matrix.todense())
    return np.asarray(TruncatedSVD(min(dimensions, most), random_state=seed).fit_transform(matrix))


def describe(
    bag: Bag,
    assignment: Ints,
    weights: Floats,
    filled: Ints,
    method: str,
    seed: int,
) -> TopicModel:
    """Topics from an assignment, largest first, with coherence and diversity."""
    sizes = np.bincount(assignment[assignment >= 0], minlength=weights.shape[1])
    order = [int(t) for t in np.argsort(-sizes, kind="stable") if sizes[t]]
    renumber = np.full(weights.shape[1] + 1, -1, "i8")
    renumber[order] = np.arange(len(order))
    assignment = renumber[assignment]
    weights = weights[:, order]
    scores = telling(bag.matrix, assignment, len(order))
    ranked = [np.argsort(-row, kind="stable") for row in scores]
    tops = [_distinct([bag.vocabulary[c] for c in columns[: TOP * 4]])[:TOP] for columns in ranked]
    values = coherence(tops, bag.vocabulary, bag.matrix)
    place = {word: column for column, word in enumerate(bag.vocabulary)}
    built = []
    for number, best in enumerate(tops):
        phrases = [bag.vocabulary[c] for c in ranked[number][:60] if _is_phrase(bag.vocabulary[c])][:5]
        own = filled[np.argsort(-weights[:, number], kind="stable")]
        typical = [bag.ids[d] for d in own[:200] if assignment[d] == number][:10]
        weighted = tuple((word, round(float(scores[number][place[word]]), 5)) for word in best)
        label = phrases[0] if phrases else " / ".join(best[:2])
        built.append(
            Topic(
                number,
                label,
                weighted,
                tuple(phrases),
                int(sizes[order[number]]),
                values[number],
                tuple(typical),
            )
        )
    known = [value for value in values if value is not None]
    mean = float(np.mean(known)) if known else None
    return TopicModel(method, seed, tuple(built), assignment, mean, diversity(tops))


def telling(matrix: Any, assignment: Ints, classes: int) -> Floats:
    """Classes x words: how much a word tells a class apart, the higher the better.

    The word's term of the Kullback-Leibler divergence between the class and the rest: p log(p / q), where p is the
    share of the class's documents that have the word and q that of the documents elsewhere, of all documents, with
    half a document added. So a word that half of a class has and few others outranks both one that is common
    everywhere and one that is rare and only here.
    """
    from scipy import sparse

    rows = np.flatnonzero(assignment >= 0)
    member = sparse.csr_matrix(
        (np.ones(len(rows)), (assignment[rows], rows)), shape=(classes, matrix.shape[0])
    )
    present = sparse.csr_matrix((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    having = np.asarray((member @ present).todense())
    share = having / np.maximum(np.bincount(assignment[rows], minlength=classes), 1)[:, None]
    elsewhere = (having.sum(axis=0) - having + 0.5) / (len(rows) + 1)
    return np.asarray(share * np.log(np.where(share > 0, share, 1) / elsewhere))


def _is_phrase(word: str) -> bool:
    return " " in word or (not word.isascii() and len(word) > 3)


def _distinct(words: Sequence[str]) -> list[str]:
    """Drop words already said by a phrase before them, and phrases already said by their words."""
    kept: list[str] = []
    for word in words:
        if not any(_says(other, word) or _says(word, other) for other in kept):
            kept.append(word)
    return kept if len(kept) >= TOP else list(words)


def _says(phrase: str, word: str) -> bool:
    return f" {word} " in f" {phrase} " if phrase.isascii() else word in phrase


def topic_of_terms(mined: Mined, model: TopicModel) -> dict[str, int]:
    """Term key -> the topic that holds the largest share of the term's documents for its size.

    Shares are divided by the root of the topic's size: a third of the corpus is not the home of everything.
    """
    if not model.topics:
        return {}
    sizes = np.sqrt([topic.size for topic in model.topics])
    result: dict[str, int] = {}
    for term, numbers in zip(mined.terms, mined.postings, strict=True):
        found = model.assignment[numbers]
        if (found >= 0).any():
            counts = np.bincount(found[found >= 0], minlength=len(sizes))
            result[term.key] = int(np.argmax(counts / sizes))
    return result

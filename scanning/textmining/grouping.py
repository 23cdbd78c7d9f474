"""Hierarchical grouping of technologies into groups and areas, with its dendrogram.

Works on names with descriptions (702 technologies of an exercise into about 30 clusters) and on mined terms.
Ward's linkage (J. H. Ward, JASA 58, 1963) on unit LSA vectors of words, phrases and, for Chinese, character
pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .combine import Ints
from .records import Record
from .termhood import Floats
from .terms import Mined
from .topics import reduce, telling, tfidf
from .vectors import bag_of_words


@dataclass(frozen=True, slots=True)
class Merge:
    """One step of the dendrogram: nodes `left` and `right` join at `height`. Leaves are 0..n-1, steps n,
    n+1, ..."""

    left: int
    right: int
    height: float
    size: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group of items: ids, most typical first, and the words that set it apart."""

    number: int
    label: str
    words: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups, the larger areas they fall into, and the tree. `order` lists leaves as a dendrogram draws
    them."""

    ids: tuple[str, ...]
    groups: tuple[Group, ...]
    areas: tuple[tuple[int, ...], ...]
    merges: tuple[Merge, ...]
    order: tuple[int, ...]

    def tree(self, names: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The dendrogram as nested plain dictionaries (name, height, size, children), for charts and JSON."""
        nodes: list[dict[str, Any]] = [
            {"name": (names or {}).get(i, i), "height": 0.0, "size": 1} for i in self.ids
        ]
        for merge in self.merges:
            children = [nodes[merge.left], nodes[merge.right]]
            nodes.append({"name": "", "height": merge.height, "size": merge.size, "children": children})
        return nodes[-1] if nodes else {"name": "", "height": 0.0, "size": 0, "children": []}


def group_texts(items: Sequence[Record], groups: int = 30, areas: int = 8, seed: int = 1) -> Grouping:
    """Group technologies by their names and descriptions."""
    bag = bag_of_words(items, min_documents=1, max_share=0.5)
    weighted = tfidf(bag.matrix) if bag.vocabulary else np.zeros((len(items), 1))
    vectors = reduce(weighted, 60, seed) if bag.vocabulary else weighted
    return _group(tuple(item.id for item in items), vectors, groups, areas, bag.matrix, bag.vocabulary)


def group_terms(mined: Mined, groups: int = 30, areas: int = 8, seed: int = 1) -> Grouping:
    """Group mined terms by the documents they share and the words they are made of."""
    from scipy import sparse

    ids = tuple(term.key for term in mined.terms)
    lengths = [len(rows) for rows in mined.postings]
    if not ids:
        return Grouping((), (), (), (), ())
    rows = np.repeat(np.arange(len(ids)), lengths)
    columns = np.concatenate(list(mined.postings))
    shape = (len(ids), len(mined.documents))
    together = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    names = bag_of_words([Record(t.key, t.name, "", language=t.language) for t in mined.terms], (), 1, 0.5)
    near = reduce(tfidf((together @ together.T).tocsr()), 60, seed)
    vectors = _unit(near)
    if names.vocabulary:
        vectors = np.hstack([vectors, 0.7 * _unit(reduce(tfidf(names.matrix), 40, seed))])
    return _group(ids, vectors, groups, areas, names.matrix, names.vocabulary)


def _group(
    ids: tuple[str, ...], vectors: Floats, groups: int, areas: int, matrix: Any, vocabulary: tuple[str, ...]
) -> Grouping:
    if len(ids) < 2:
        members = (Group(0, ids[0], (), ids),) if ids else ()
        return Grouping(ids, members, ((0,),) if ids else (), (), tuple(range(len(ids))))
    from scipy.cluster.hierarchy import fcluster, leaves_list, linkage, optimal_leaf_ordering

    unit = _unit(vectors)
    steps = linkage(unit, "ward")
    if len(ids) <= 750:  # the best order of leaves costs cubic time
        steps = optimal_leaf_ordering(steps, unit)
    order = leaves_list(steps)
    labels = _in_order(fcluster(steps, min(groups, len(ids)), "maxclust"), order)
    wide = _in_order(fcluster(steps, min(areas, len(ids)), "maxclust"), order)
    built = _describe(ids, labels, unit, matrix, vocabulary)
    merges = tuple(Merge(int(a), int(b), round(float(h), 6), int(n)) for a, b, h, n in steps)
    fall = [tuple(sorted({int(g) for g in labels[wide == area]})) for area in range(int(wide.max()) + 1)]
    return Grouping(ids, built, tuple(fall), merges, tuple(int(leaf) for leaf in order))


def _describe(
    ids: tuple[str, ...], labels: Ints, unit: Floats, matrix: Any, vocabulary: tuple[str, ...]
) -> tuple[Group, ...]:
    count = int(labels.max()) + 1
    scores = telling(matrix, labels, count) if vocabulary else np.zeros((count, 0))
    built = []
    for number in range(count):
        members = np.flatnonzero(labels == number)
        centre = unit[members].mean(axis=0)
        ranked = members[np.argsort(-(unit[members] @ centre), kind="stable")]
        words = tuple(
            vocabulary[c] for c in np.argsort(-scores[number], kind="stable")[:6] if scores[number][c] > 0
        )
        label = " / ".join(words[:3]) or ids[int(ranked[0])]
        built.append(Group(number, label, words, tuple(ids[int(m)] for m in ranked)))
    return tuple(built)


def _in_order(labels: Any, order: Any) -> Ints:
    """Renumber clusters 0, 1, ... as they come along the dendrogram's leaves."""
    seen: dict[int, int] = {}
    for leaf in order:
        seen.setdefault(int(labels[leaf]), len(seen))
    return np.array([seen[int(label)] for label in labels], dtype="i8")


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1.0))

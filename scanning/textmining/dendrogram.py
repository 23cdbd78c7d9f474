"""A tree of technologies, and cutting it at any number of clusters without building it again.

Ward's linkage on unit LSA vectors as in `grouping`, but with the leaves as linkage leaves them: ordering them best
takes seconds for 700 items, and a page that draws clusters instead of leaves does not need it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .grouping import Grouping, Merge
from .records import Record
from .topics import reduce, telling, tfidf
from .vectors import bag_of_words


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster at the cut: its node in the tree, ids in the tree's order, and the words that set it apart."""

    node: int
    label: str
    words: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Clusters in the tree's order, the height of the cut, and the merges above it (nodes as in `Merge`)."""

    clusters: tuple[Cluster, ...]
    height: float
    above: tuple[tuple[int, int, int, float], ...]


def tree_of(items: Sequence[Record], dimensions: int = 60, seed: int = 1) -> Grouping:
    """The tree of at least two items by their names and descriptions; `groups` and `areas` stay empty."""
    from scipy.cluster.hierarchy import leaves_list, linkage

    bag = bag_of_words(items, min_documents=1, max_share=0.5)
    vectors = reduce(tfidf(bag.matrix), dimensions, seed) if bag.vocabulary else np.zeros((len(items), 1))
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    steps = linkage(np.asarray(vectors / np.where(norms > 0, norms, 1.0)), "ward")
    merges = tuple(Merge(int(a), int(b), round(float(h), 6), int(size)) for a, b, h, size in steps)
    order = tuple(int(leaf) for leaf in leaves_list(steps))
    return Grouping(tuple(item.id for item in items), (), (), merges, order)


def cut(tree: Grouping, items: Sequence[Record], clusters: int) -> Cut:
    """The last `clusters - 1` merges undone. `items` are those that the tree was built of."""
    n = len(tree.ids)
    clusters = max(1, min(clusters, n))
    kept = n - clusters
    leaves: dict[int, list[int]] = {leaf: [leaf] for leaf in range(n)}
    for step, merge in enumerate(tree.merges[:kept]):
        leaves[n + step] = leaves.pop(merge.left) + leaves.pop(merge.right)
    place = {leaf: position for position, leaf in enumerate(tree.order)}
    nodes = sorted(leaves, key=lambda node: min(place[leaf] for leaf in leaves[node]))
    above = tuple((m.left, m.right, n + kept + i, m.height) for i, m in enumerate(tree.merges[kept:]))
    low = tree.merges[kept - 1].height if kept else 0.0
    high = tree.merges[kept].height if kept < len(tree.merges) else low
    labels = np.zeros(n, "i8")
    for number, node in enumerate(nodes):
        labels[leaves[node]] = number
    words = _words(items, labels, len(nodes))
    built = tuple(
        _cluster(tree, node, sorted(leaves[node], key=place.__getitem__), words[number], items)
        for number, node in enumerate(nodes)
    )
    return Cut(built, (low + high) / 2, above)


def _cluster(
    tree: Grouping, node: int, leaves: Sequence[int], words: tuple[str, ...], items: Sequence[Record]
) -> Cluster:
    label = " / ".join(words[:2]) or items[leaves[0]].title
    if len(leaves) == 1:
        label = items[leaves[0]].title
    return Cluster(node, label, words, tuple(tree.ids[leaf] for leaf in leaves))


def _words(
    items: Sequence[Record], labels: np.ndarray[tuple[int], np.dtype[np.int64]], count: int
) -> list[tuple[str, ...]]:
    bag = bag_of_words(items, min_documents=1, max_share=0.5)
    if not bag.vocabulary:
        return [()] * count
    scores = telling(bag.matrix, labels, count)
    return [
        tuple(bag.vocabulary[c] for c in np.argsort(-row, kind="stable")[:6] if row[c] > 0) for row in scores
    ]

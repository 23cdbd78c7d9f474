"""The network of terms that occur in the same documents, with communities.

An edge's strength is the association strength c_ij N / (c_i c_j) seen as NPMI, so that frequent terms do not
swallow the map (N. J. van Eck, L. Waltman, JASIST 60, 2009). Communities: Louvain (V. D. Blondel et al.,
2008).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .terms import Mined


@dataclass(frozen=True, slots=True)
class Node:
    key: str
    name: str
    documents: int
    community: int
    degree: int


@dataclass(frozen=True, slots=True)
class Edge:
    """Two terms, the documents they share and their NPMI (0..1; negative bonds are no edges)."""

    source: str
    target: str
    documents: int
    strength: float


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes in the list's order; edges strongest first; communities by number with their keys, largest
    first."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    communities: tuple[tuple[str, ...], ...]


def cooccurrence_network(
    mined: Mined, terms: int = 200, min_shared: int = 3, per_node: int = 8, seed: int = 1
) -> Network:
    """Network of the first `terms` terms; each keeps its `per_node` strongest edges (either end may keep
    one)."""
    chosen = mined.terms[:terms]
    edges = _edges(mined, len(chosen), min_shared, per_node)
    communities = _communities(len(chosen), edges, seed)
    member = {index: number for number, group in enumerate(communities) for index in group}
    degree = np.zeros(len(chosen), "i8")
    for a, b, _, _ in edges:
        degree[[a, b]] += 1
    nodes = tuple(
        Node(term.key, term.name, term.documents, member[index], int(degree[index]))
        for index, term in enumerate(chosen)
    )
    shown = tuple(Edge(chosen[a].key, chosen[b].key, count, round(value, 4)) for a, b, count, value in edges)
    return Network(nodes, shown, tuple(tuple(chosen[i].key for i in group) for group in communities))


def _edges(mined: Mined, size: int, least: int, per_node: int) -> list[tuple[int, int, int, float]]:
    if not size:
        return []
    from scipy import sparse

    total = max(len(mined.documents), 2)
    lengths = [len(rows) for rows in mined.postings[:size]]
    rows = np.repeat(np.arange(size), lengths)
    columns = np.concatenate(list(mined.postings[:size]))
    matrix = sparse.csr_matrix((np.ones(len(rows), "i8"), (rows, columns)), shape=(size, total))
    shared = np.asarray((matrix @ matrix.T).todense())
    found: dict[tuple[int, int], tuple[int, float]] = {}
    for a in range(size):
        row = [
            (_npmi(int(shared[a, b]), lengths[a], lengths[b], total), b)
            for b in np.flatnonzero(shared[a] >= least).tolist()
            if b != a
        ]
        for value, b in sorted(row, key=lambda pair: (-pair[0], pair[1]))[:per_node]:
            if value > 0:
                found[min(a, b), max(a, b)] = (int(shared[a, b]), value)
    ranked = [(a, b, count, value) for (a, b), (count, value) in found.items()]
    return sorted(ranked, key=lambda edge: (-edge[3], edge[0], edge[1]))


def _npmi(both: int, one: int, other: int, total: int) -> float:
    if both >= total:
        return 1.0
    return math.log(both * total / (one * other)) / -math.log(both / total)


def _communities(size: int, edges: list[tuple[int, int, int, float]], seed: int) -> list[list[int]]:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from((a, b, value) for a, b, _, value in edges)
    found = networkx.community.louvain_communities(graph, weight="weight", seed=seed)
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group[0]))

"""Topics of a candidate list: communities of terms that occur in the same documents, each named by its centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .network import Network, cooccurrence_network
from .terms import Mined

FEWEST = 2


@dataclass(frozen=True, slots=True)
class TermTopic:
    """Keys of the terms of one topic, most central first, and a name made of the first two."""

    label: str
    language: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicMap:
    """Topics, largest first; `edges` are (key, key, documents shared, strength). Terms alone are in no topic."""

    topics: tuple[TermTopic, ...]
    edges: tuple[tuple[str, str, int, float], ...]


def topic_map(mined: Mined, keys: Sequence[str], seed: int = 1) -> TopicMap:
    """Topics and bonds among the terms with these keys."""
    wanted = set(keys)
    chosen = [number for number, term in enumerate(mined.terms) if term.key in wanted]
    part = replace(
        mined,
        terms=tuple(mined.terms[number] for number in chosen),
        postings=tuple(mined.postings[number] for number in chosen),
    )
    least = 2 if len(mined.documents) < 5000 else 3
    network = cooccurrence_network(part, len(chosen), min_shared=least, per_node=6, seed=seed)
    topics = tuple(
        _topic(network, community) for community in network.communities if len(community) >= FEWEST
    )
    edges = tuple((edge.source, edge.target, edge.documents, edge.strength) for edge in network.edges)
    languages = {term.key: term.language for term in part.terms}
    return TopicMap(tuple(replace(each, language=languages[each.keys[0]]) for each in topics), edges)


def _topic(network: Network, community: Sequence[str]) -> TermTopic:
    members = set(community)
    nodes = {node.key: node for node in network.nodes if node.key in members}
    bond = dict.fromkeys(community, 0.0)
    for edge in network.edges:
        if edge.source in members and edge.target in members:
            bond[edge.source] += edge.strength
            bond[edge.target] += edge.strength
    ranked = sorted(community, key=lambda key: (-bond[key], -nodes[key].documents, key))
    return TermTopic(", ".join(nodes[key].name for key in ranked[:2]), "", tuple(ranked))

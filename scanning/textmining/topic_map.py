"""Topics of a candidate list: communities of terms that share documents or words, each named by its centre.

Bonds are those of the co-occurrence network; in small corpora, where few terms ever meet, terms whose names share
words are bonded as well, more weakly. Communities: Louvain (V. D. Blondel et al., 2008).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .network import cooccurrence_network
from .novelty import dice, features
from .terms import Mined, Term

FEWEST = 2
ALIKE, NAME_WEIGHT, NAMES_MOST = 0.4, 0.6, 600


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
    size = len(mined.documents)
    least = 1 if size < 1000 else 2 if size < 5000 else 3
    network = cooccurrence_network(part, len(chosen), min_shared=least, per_node=6, seed=seed)
    edges = tuple((edge.source, edge.target, edge.documents, edge.strength) for edge in network.edges)
    bonds = {(one, other): strength for one, other, _, strength in edges}
    for pair, alike in _named_alike(part.terms).items():
        bonds[pair] = bonds.get(pair, 0.0) + NAME_WEIGHT * alike
    terms = {term.key: term for term in part.terms}
    topics = [_topic(terms, bonds, community) for community in _communities(list(terms), bonds, seed)]
    return TopicMap(tuple(topics), edges)


def _named_alike(terms: Sequence[Term]) -> dict[tuple[str, str], float]:
    """Pairs of one language whose names share enough words or character pairs, and how much."""
    shapes = [(term.key, term.language, features(term.name)) for term in terms[:NAMES_MOST]]
    found = {}
    for number, (key, language, shape) in enumerate(shapes):
        for other, other_language, other_shape in shapes[number + 1 :]:
            if language == other_language and (alike := dice(shape, other_shape)) >= ALIKE:
                found[key, other] = alike
    return found


def _communities(keys: Sequence[str], bonds: Mapping[tuple[str, str], float], seed: int) -> list[list[str]]:
    import networkx

    place = {key: number for number, key in enumerate(keys)}
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(keys)))
    graph.add_weighted_edges_from(
        (place[one], place[other], weight) for (one, other), weight in bonds.items()
    )
    found = networkx.community.louvain_communities(graph, weight="weight", seed=seed)
    groups = [sorted(group) for group in found if len(group) >= FEWEST]
    return [[keys[n] for n in group] for group in sorted(groups, key=lambda group: (-len(group), group[0]))]


def _topic(
    terms: Mapping[str, Term], bonds: Mapping[tuple[str, str], float], community: Sequence[str]
) -> TermTopic:
    bond = dict.fromkeys(community, 0.0)
    for (one, other), strength in bonds.items():
        if one in bond and other in bond:
            bond[one] += strength
            bond[other] += strength
    ranked = sorted(community, key=lambda key: (-bond[key], -terms[key].documents, key))
    comma = "、" if terms[ranked[0]].language == "zh" else ", "
    label = comma.join(terms[key].name for key in ranked[:2])
    return TermTopic(label, terms[ranked[0]].language, tuple(ranked))

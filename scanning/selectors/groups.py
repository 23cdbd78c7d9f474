"""Hierarchical groups of the technologies on the list, or of the candidates: the tree, its cut, its drawing."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from foundation.services.audit import canonical_json, sha256
from scanning.enums import CandidateStatus
from scanning.models import Candidate
from scanning.textmining.dendrogram import Cluster, Cut, cut, tree_of
from scanning.textmining.grouping import Grouping
from scanning.textmining.records import Record
from surveys.enums import TechnologyStatus
from surveys.models import Study

LIST, CANDIDATES = "list", "candidates"
FEWEST, MOST_ITEMS, MOST_CLUSTERS = 3, 1500, 80
ROW, LEFT, RIGHT, TOP = 26, 8, 300, 14
KEPT = 7 * 24 * 3600


@dataclass(frozen=True)
class Item:
    code: str
    name: str
    field: str


@dataclass(frozen=True)
class Row:
    """One cluster at the cut: a line of the drawing and a block of the list below."""

    number: int
    cluster: Cluster
    items: list[Item]
    y: float
    x: float

    @property
    def text_y(self) -> float:
        return self.y + 4

    @property
    def signature(self) -> str:
        """Says which items a name was given to, so that a name never lands on others."""
        return sha256(canonical_json(sorted(self.cluster.members)))[:12]


@dataclass(frozen=True)
class Drawing:
    rows: list[Row]
    paths: list[str]
    cut_x: float
    width: int
    height: int
    clusters: int
    most: int
    digest: str


def items_of(study: Study, of: str) -> list[Record]:
    """What is grouped, as the tree reads it, in a fixed order."""
    if of == CANDIDATES:
        rows = Candidate.objects.visible().filter(
            study=study, status__in=(CandidateStatus.PENDING, CandidateStatus.ACCEPTED)
        )
        found = [(row.code, row.name, row.description) for row in rows.order_by("rank", "pk")[:MOST_ITEMS]]
    else:
        technologies = study.technologies.filter(status=TechnologyStatus.ACTIVE)
        found = [(row.code, row.name, row.description) for row in technologies[:MOST_ITEMS]]
    # In the reader's language: names of one language are compared with each other wherever there are any.
    return [Record(id=code, title=str(name), text=str(description)) for code, name, description in found]


def tree_kept(items: list[Record]) -> tuple[Grouping, str]:
    """The tree of these items, kept by their content: it is built once, whatever the cut."""
    digest = sha256(canonical_json([[item.id, item.title, item.text] for item in items]))
    tree = cache.get(f"scanning-tree-1-{digest}")
    if tree is None:
        tree = tree_of(items)
        cache.set(f"scanning-tree-1-{digest}", tree, KEPT)
    return tree, digest


def drawing(study: Study, of: str, clusters: int) -> Drawing | None:
    """None for too few items to group."""
    items = items_of(study, of)
    if len(items) < FEWEST:
        return None
    tree, digest = tree_kept(items)
    most = min(MOST_CLUSTERS, len(items))
    made = cut(tree, items, min(max(clusters, 2), most))
    return _drawn(made, _named(study, of), tree, most, digest)


def _named(study: Study, of: str) -> dict[str, Item]:
    rows = (
        Candidate.objects.filter(study=study) if of == CANDIDATES else study.technologies.all()
    ).select_related("field")
    return {row.code: Item(row.code, str(row.name), str(row.field or "")) for row in rows}


def _drawn(made: Cut, named: dict[str, Item], tree: Grouping, most: int, digest: str) -> Drawing:
    highest = tree.merges[-1].height or 1.0
    low = made.height - 0.08 * (highest - made.height)  # so that the branches are seen to cross the cut
    scale = (RIGHT - LEFT) / ((highest - low) or 1.0)

    def x_of(height: float) -> float:
        return round(RIGHT - (height - low) * scale, 1)

    rows = [
        Row(
            number,
            cluster,
            [named[code] for code in cluster.members if code in named],
            TOP + number * ROW,
            x_of(low),
        )
        for number, cluster in enumerate(made.clusters)
    ]
    where = {row.cluster.node: (row.x, float(row.y)) for row in rows}
    paths = []
    for left, right, node, height in made.above:
        (x1, y1), (x2, y2), x = where[left], where[right], x_of(height)
        paths.append(f"M{x1} {y1}H{x}V{y2}H{x2}")
        where[node] = (x, round((y1 + y2) / 2, 1))
    return Drawing(rows, paths, x_of(made.height), 760, TOP + len(rows) * ROW, len(rows), most, digest)

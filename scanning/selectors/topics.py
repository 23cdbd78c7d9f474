"""The topic map of a scan: topics with their candidates, figures and places, as people have shaped them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from scanning.charts import spark_points
from scanning.enums import CandidateStatus, TopicStatus
from scanning.map_layout import Box, Disc, box_of, discs
from scanning.models import Candidate, Scan, Topic
from scanning.textmining.series import Series
from scanning.textmining.signals import RISING, growth
from scanning.textmining.spread import effective_number
from surveys.models import Study

SHOWN = (CandidateStatus.PENDING, CandidateStatus.ACCEPTED)
LINES = 60


@dataclass
class Node:
    """A candidate as a dot."""

    candidate: Candidate
    x: float
    y: float
    radius: float
    trend: str
    spark: str


@dataclass
class Figures:
    """Of a topic: documents summed over its candidates, so that a document of two of them counts twice."""

    volume: int
    growth: float | None
    diversity: float | None
    sources: float | None
    yearly: dict[str, int]
    trend: str
    spark: str
    early: float | None
    late: float | None


@dataclass
class Place:
    """A topic on the map; `topic` is None for candidates that are in no topic."""

    topic: Topic | None
    disc: Disc
    nodes: list[Node]
    figures: Figures
    bonds: list[tuple[Topic, float]] = field(default_factory=list)

    @property
    def candidates(self) -> list[Candidate]:
        return [node.candidate for node in self.nodes]


@dataclass
class TopicMap:
    scan: Scan
    places: list[Place]
    lines: list[tuple[float, float, float, float, float]]
    bonds: dict[str, list[tuple[float, float, float, float]]]
    box: Box


def scans_with_map(study: Study) -> list[Scan]:
    rows = Scan.objects.filter(corpus__study=study, finished_at__isnull=False, watching=False).select_related(
        "corpus"
    )
    return list(rows.order_by("-finished_at", "-pk")[:50])


def groups_of(scan: Scan) -> list[tuple[Topic | None, list[Candidate]]]:
    """Topics with their candidates in the order of the list; last, under None, those that are in no topic."""
    topics = list(scan.topics.filter(status=TopicStatus.ACTIVE))
    rows = scan.candidates.select_related("again_of").order_by("rank", "pk")
    members: dict[int | None, list[Candidate]] = {}
    for candidate in rows:
        if candidate.again_of:  # judged where it waited first
            candidate.status = candidate.again_of.status
        if candidate.status in SHOWN:
            members.setdefault(candidate.topic_id, []).append(candidate)
    shown = [(topic, members[topic.pk]) for topic in topics if topic.pk in members]
    alone = [row for key, found in members.items() if key not in {t.pk for t in topics} for row in found]
    return [*shown, *([(None, alone)] if alone else [])]


def topic_map(scan: Scan) -> TopicMap:
    """Everything the map draws, in a constant number of queries."""
    groups = groups_of(scan)
    between = _between(scan, groups)
    names = [str(topic.name) if topic else _("In no topic") for topic, _found in groups]
    outside = [n for n, (topic, _found) in enumerate(groups) if topic is None]
    placed = discs(names, [len(found) for _topic, found in groups], between, outside)
    totals = scan.summary.get("yearly_total", {})
    places = [_place(topic, found, placed[n], totals) for n, (topic, found) in enumerate(groups)]
    for (one, other), weight in sorted(between.items(), key=lambda pair: -pair[1]):
        for here, there in ((one, other), (other, one)):
            if len(places[here].bonds) < 5 and groups[there][0] is not None:
                places[here].bonds.append((groups[there][0], weight))
    return TopicMap(scan, places, _lines(between, placed), _bonds(scan, places), box_of(placed))


def _pairs(scan: Scan):
    names = scan.network.get("names", [])
    for one, other, _shared, strength in scan.network.get("edges", []):
        yield names[one], names[other], strength


def _between(scan: Scan, groups) -> dict[tuple[int, int], float]:
    """How strongly topics are bonded: strengths of the bonds between their candidates, summed."""
    home = {row.mined_name: n for n, (_topic, found) in enumerate(groups) for row in found}
    result: Counter[tuple[int, int]] = Counter()
    for one, other, strength in _pairs(scan):
        a, b = home.get(one), home.get(other)
        if a is not None and b is not None and a != b:
            result[min(a, b), max(a, b)] += strength
    return dict(result)


def _lines(between: dict[tuple[int, int], float], placed: list[Disc]) -> list[tuple[float, ...]]:
    most = max(between.values(), default=1.0)
    strongest = sorted(between.items(), key=lambda pair: -pair[1])[:LINES]
    return [
        (placed[a].x, placed[a].y, placed[b].x, placed[b].y, round(1 + 5 * weight / most, 1))
        for (a, b), weight in strongest
    ]


def _bonds(scan: Scan, places: list[Place]) -> dict[str, list[tuple[float, float, float, float]]]:
    """For each candidate's code the lines to those that share documents with it."""
    nodes = {node.candidate.mined_name: node for place in places for node in place.nodes}
    result: dict[str, list] = {}
    for one, other, _strength in _pairs(scan):
        a, b = nodes.get(one), nodes.get(other)
        if a and b:
            for node in (a, b):
                result.setdefault(node.candidate.code, []).append((a.x, a.y, b.x, b.y))
    return result


def _place(topic: Topic | None, found: list[Candidate], disc: Disc, totals: dict) -> Place:
    most = max((row.n_documents for row in found), default=1) or 1
    nodes = [
        Node(
            row,
            x,
            y,
            radius=round(4 + 5 * (row.n_documents / most) ** 0.5, 1),
            trend=trend_of(row.growth),
            spark=spark_points(row.yearly),
        )
        for row, (x, y) in zip(found, disc.dots, strict=True)
    ]
    return Place(topic, disc, nodes, figures_of(found, totals))


def trend_of(value: float | None) -> str:
    if value is None:
        return "unknown"
    return "rising" if value >= RISING else "falling" if value <= -RISING else "steady"


def figures_of(candidates: list[Candidate], totals: dict) -> Figures:
    """`diversity`: the number of equally frequent candidates that would be as diverse (Hill number of order 1)."""
    yearly, all_years = years_of(candidates, totals)
    series = Series.of({int(year): n for year, n in yearly.items()}, all_years)
    grown = growth(series)
    sources = [
        value
        for row in candidates
        if (value := row.signals.get("spread", {}).get("sources", {}).get("effective")) is not None
    ]
    half = len(series.years) // 2
    ordered = dict(sorted(yearly.items()))
    return Figures(
        volume=sum(row.n_documents for row in candidates),
        growth=grown,
        diversity=effective_number(
            [row.code for row in candidates for _n in range(min(row.n_documents, 500))]
        ),
        sources=sum(sources) / len(sources) if sources else None,
        yearly=ordered,
        trend=trend_of(grown),
        spark=spark_points(ordered),
        early=_per_thousand(series.share(len(series.years) - half, half)) if half else None,
        late=_per_thousand(series.share(0, half)) if half else None,
    )


def years_of(candidates: list[Candidate], totals: dict) -> tuple[Counter[str], Counter[int]]:
    """Documents per year summed over the candidates, and all documents per year of their languages."""
    yearly: Counter[str] = Counter()
    for row in candidates:
        yearly.update({year: int(count) for year, count in row.yearly.items()})
    all_years: Counter[int] = Counter()
    for language in {row.language for row in candidates}:
        all_years.update({int(year): n for year, n in totals.get(language, {}).items()})
    return yearly, all_years


def _per_thousand(share: float | None) -> float | None:
    return None if share is None else 1000 * share


def find_topic(study: Study, code: str) -> Topic | None:
    rows = Topic.objects.select_related("scan__corpus__study__panel", "merged_into", "split_from")
    return rows.filter(scan__corpus__study=study, scan__finished_at__isnull=False, code=code).first()

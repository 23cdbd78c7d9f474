"""The topics of a scan as a table: what the map shows as places, here as figures that sort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

from django.db.models import Count

from scanning.enums import DocumentKind
from scanning.models import Candidate, Document, Scan, Topic
from scanning.selectors.topics import Figures, figures_of, groups_of, years_of
from scanning.textmining.kleinberg import Burst, bursts
from scanning.textmining.leads import Lead, leads
from scanning.textmining.novelty import novelty_in_time
from scanning.textmining.series import Series
from scanning.textmining.signals import SignalSettings, acceleration, growth

WINDOWS = SignalSettings()
MAIN = 3
KindYears = dict[str, dict[int, int]]


@dataclass(frozen=True)
class TopicRow:
    """One topic; `topic` is None for the candidates that are in none.

    `share`: of all documents summed over the candidates. `sources`, `countries`: the number of equally strong origins
    that would be as diverse, the mean of the candidates' weighted by their documents; `sources_change`: log2 of that
    in the last two years over the three before. `kinds` and `kind_growth` are by kind of document.
    """

    topic: Topic | None
    candidates: list[Candidate]
    figures: Figures
    share: float
    acceleration: float | None
    sources: float | None
    sources_change: float | None
    countries: float | None
    burst: Burst | None
    bursting: bool
    novelty: float | None
    kinds: dict[str, int]
    kind_growth: dict[str, float | None]
    leads: tuple[Lead, ...]

    @property
    def main(self) -> list[Candidate]:
        return self.candidates[:MAIN]


def topic_rows(scan: Scan) -> list[TopicRow]:
    """The rows in the order of the topics, in a constant number of queries."""
    groups = groups_of(scan)
    whole = sum(row.n_documents for _topic, found in groups for row in found) or 1
    totals = scan.summary.get("yearly_total", {})
    kind_totals = _kind_totals(scan)
    return [_row(topic, found, totals, kind_totals, whole) for topic, found in groups]


def _kind_totals(scan: Scan) -> KindYears:
    """All dated documents by kind and year: as the scan noted them, else what the corpus holds now."""
    noted = scan.summary.get("kind_total")
    if noted is not None:
        return {kind: _years(years) for kind, years in noted.items()}
    dated = Document.objects.visible().filter(corpus=scan.corpus_id, year__isnull=False).order_by()
    result: KindYears = {}
    for kind, year, count in dated.values_list("kind", "year").annotate(count=Count("pk")):
        result.setdefault(kind, {})[year] = count
    return result


def _years(years: Mapping[str, int]) -> dict[int, int]:
    return {int(year): count for year, count in years.items()}


def _row(
    topic: Topic | None, found: list[Candidate], totals: dict, kind_totals: KindYears, whole: int
) -> TopicRow:
    yearly, all_years = years_of(found, totals)
    # A document may speak of each candidate: without that factor a topic could occur more often than there are
    # documents, which a burst's likelihood cannot take.
    chances = {year: count * len(found) for year, count in all_years.items()}
    series = Series.of(_years(yearly), chances)
    raised = bursts(series, WINDOWS.burst_ratio, WINDOWS.burst_gamma)
    by_kind = _by_kind(found)
    return TopicRow(
        topic=topic,
        candidates=found,
        figures=figures_of(found, totals),
        share=sum(row.n_documents for row in found) / whole,
        acceleration=acceleration(series, WINDOWS.recent, WINDOWS.shrink),
        sources=_spread(found, "sources"),
        sources_change=_spread_change(found, series.years[-1] if series.years else 0),
        countries=_spread(found, "countries"),
        burst=raised[-1] if raised else None,
        bursting=bool(raised) and raised[-1].end == series.years[-1],
        novelty=novelty_in_time(series, WINDOWS.recent),
        kinds={kind: sum(years.values()) for kind, years in by_kind.items()},
        kind_growth={
            kind: growth(Series.of(years, kind_totals.get(kind, {}))) for kind, years in by_kind.items()
        },
        leads=leads(by_kind, kind_totals) if topic and len(by_kind) > 1 else (),
    )


def _by_kind(found: list[Candidate]) -> KindYears:
    result: dict[str, Counter[int]] = {}
    for row in found:
        for kind, years in row.signals.get("by_kind", {}).items():
            result.setdefault(kind, Counter()).update(_years(years))
    order = DocumentKind.values
    return {
        kind: dict(result[kind])
        for kind in sorted(result, key=lambda each: order.index(each) if each in order else len(order))
        if sum(result[kind].values())
    }


def _spread(found: list[Candidate], origin: str) -> float | None:
    return _weighted([(_of(row, origin).get("effective"), row.n_documents) for row in found])


def _spread_change(found: list[Candidate], last: int) -> float | None:
    """Counted over years, weighted by each year's documents of the candidate."""
    new, old = [], []
    for row in found:
        for year, value in _of(row, "sources").get("by_year", {}).items():
            back = last - int(year)
            if back < WINDOWS.recent:
                new.append((value, row.yearly.get(year, 0)))
            elif back < WINDOWS.recent + WINDOWS.before:
                old.append((value, row.yearly.get(year, 0)))
    now, before = _weighted(new), _weighted(old)
    return None if now is None or before is None else log2(now / before)


def _of(row: Candidate, origin: str) -> dict:
    return row.signals.get("spread", {}).get(origin, {})


def _weighted(pairs: list[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in pairs if value is not None]
    whole = sum(weight for _value, weight in known)
    return sum(value * weight for value, weight in known) / whole if whole else None


SORTS = {
    "name": lambda row: str(row.topic.name).casefold() if row.topic else None,
    "documents": lambda row: row.figures.volume,
    "growth": lambda row: row.figures.growth,
    "acceleration": lambda row: row.acceleration,
    "sources": lambda row: row.sources,
    "change": lambda row: row.sources_change,
    "countries": lambda row: row.countries,
    "burst": lambda row: (row.burst.end, row.burst.weight) if row.burst else None,
    "novelty": lambda row: row.novelty,
}

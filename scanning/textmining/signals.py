"""What a term's years say: growth, volume, acceleration, bursts, novelty, spread, and a weak-signal score.

All of it describes what has been observed up to now. As a forecast growth is weak (see the backtest), so
pages say "rising now", never "will rise".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from .combine import Ints
from .counts import Documents
from .kleinberg import Burst, bursts
from .leads import Lead, kind_totals, leads
from .novelty import KnownList, ListMatch, first_year, novelty_in_time
from .series import Series
from .spread import Spread, spread
from .terms import Mined, Term

RISING = 0.2  # log2 of the ratio of shares from which a growth is called rising, below minus it falling


@dataclass(frozen=True, slots=True)
class SignalSettings:
    """Windows in years, shrinkage in documents, and the weights of the weak-signal score's parts."""

    recent: int = 2
    before: int = 3
    shrink: float = 5.0
    burst_ratio: float = 2.0
    burst_gamma: float = 1.0
    weak_weights: Mapping[str, float] = field(
        default_factory=lambda: {"growth": 1.0, "novelty": 1.0, "rarity": 1.0, "spread": 0.5, "burst": 0.5}
    )


@dataclass(frozen=True, slots=True)
class WeakSignal:
    """Weighted mean of the parts that are known (each 0..1), and the parts."""

    score: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Signals:
    """Signals of one term. None where the corpus cannot say (no dates, no earlier years, no list)."""

    volume: int
    recent_documents: int
    share: float | None
    growth: float | None
    acceleration: float | None
    bursts: tuple[Burst, ...]
    bursting: bool
    first_year: int | None
    novelty: float | None
    list_match: ListMatch | None
    spread: dict[str, Spread]
    weak: WeakSignal
    by_kind: dict[str, dict[int, int]]
    kind_growth: dict[str, float | None] = field(default_factory=dict)
    leads: tuple[Lead, ...] = ()


def growth(
    series: Series, recent: int = 2, before: int = 3, shrink: float = 5.0, back: int = 0
) -> float | None:
    """log2 of the share in the recent years over the share in the years before, both shrunken.

    `shrink` documents at the series' mean rate are added to each window, so that 1 -> 2 documents is not a
    doubling. None when a window has no documents at all.
    """
    count, total = series.window(back, recent)
    old_count, old_total = series.window(back + recent, before)
    if not total or not old_total:
        return None
    rate = (count + old_count) / (total + old_total)
    if not rate:
        return 0.0
    # In documents of the term: `shrink` of them, spread over `shrink / rate` documents of the corpus.
    new = (count + shrink) / (total + shrink / rate)
    old = (old_count + shrink) / (old_total + shrink / rate)
    return math.log2(new / old)


def acceleration(series: Series, recent: int = 2, shrink: float = 5.0) -> float | None:
    """Growth of the last window minus growth of the window before it (log2 units)."""
    now = growth(series, recent, recent, shrink)
    then = growth(series, recent, recent, shrink, back=recent)
    return None if now is None or then is None else now - then


def signals_of(
    mined: Mined, settings: SignalSettings | None = None, known: KnownList | None = None
) -> dict[str, Signals]:
    """Signals of every term of a mined list, by term key."""
    settings = settings or SignalSettings()
    totals = kind_totals(mined.documents)
    return {
        term.key: term_signals(term, numbers, mined.documents, settings, known, totals)
        for term, numbers in zip(mined.terms, mined.postings, strict=True)
    }


def term_signals(
    term: Term,
    numbers: Ints,
    documents: Documents,
    settings: SignalSettings,
    known: KnownList | None = None,
    totals: Mapping[str, Mapping[int, int]] | None = None,
) -> Signals:
    """Signals of one term from its yearly counts and its documents; `totals` are `kind_totals(documents)`."""
    totals = kind_totals(documents) if totals is None else totals
    by_kind = _by_kind(documents, numbers)
    series = Series.of(term.yearly, term.yearly_total)
    up = growth(series, settings.recent, settings.before, settings.shrink)
    found = bursts(series, settings.burst_ratio, settings.burst_gamma)
    bursting = bool(found) and found[-1].end == series.years[-1]
    names = [term.name, *term.variants] + ([term.acronym] if term.acronym else [])
    spreads = {name: spread(documents, numbers, name) for name in ("sources", "countries", "organisations")}
    novelty = novelty_in_time(series, settings.recent)
    match = known.nearest(*names) if known is not None else None
    recent_count, _ = series.window(0, settings.recent)
    return Signals(
        volume=term.documents,
        recent_documents=int(recent_count),
        share=series.share(0, settings.recent),
        growth=up,
        acceleration=acceleration(series, settings.recent, settings.shrink),
        bursts=found,
        bursting=bursting,
        first_year=first_year(series),
        novelty=novelty,
        list_match=match,
        spread=spreads,
        weak=_weak(term, settings, up, novelty, match, bursting, spreads),
        by_kind=by_kind,
        kind_growth={
            kind: growth(Series.of(years, totals[kind]), settings.recent, settings.before, settings.shrink)
            for kind, years in by_kind.items()
        },
        leads=leads(by_kind, totals) if len(by_kind) > 1 else (),
    )


def _weak(
    term: Term,
    settings: SignalSettings,
    up: float | None,
    novelty: float | None,
    match: ListMatch | None,
    bursting: bool,
    spreads: dict[str, Spread],
) -> WeakSignal:
    """Rare, new, growing, and not from one corner only (in the spirit of the keyword emergence maps of
    J. Yoon, Expert Systems with Applications 39, 2012). Unknown parts are left out of the mean."""
    total = max(sum(term.yearly_total.values()), 2)
    parts: dict[str, float] = {"rarity": 1.0 - math.log1p(term.documents) / math.log1p(total)}
    if up is not None:
        parts["growth"] = min(1.0, max(0.0, up / 3.0))
        parts["burst"] = float(bursting)
    if novelty is not None:
        parts["novelty"] = novelty
    if match is not None:
        parts["novelty"] = min(parts.get("novelty", 1.0), 1.0 - match.similarity)
    effective = next((s.effective for s in spreads.values() if s.effective is not None), None)
    if effective is not None:
        parts["spread"] = 1.0 - 1.0 / effective
    weights = {name: settings.weak_weights.get(name, 0.0) for name in parts}
    whole = sum(weights.values())
    score = sum(weights[name] * value for name, value in parts.items()) / whole if whole else 0.0
    return WeakSignal(round(score, 4), {name: round(value, 4) for name, value in parts.items()})


def _by_kind(documents: Documents, numbers: Ints) -> dict[str, dict[int, int]]:
    """Documents per year for papers, patents, news ... apart, so that who leads is visible."""
    result: dict[str, dict[int, int]] = {}
    for number in numbers.tolist():
        year = int(documents.years[number])
        if year:
            years = result.setdefault(documents.kinds[number], {})
            years[year] = years.get(year, 0) + 1
    return {kind: dict(sorted(years.items())) for kind, years in sorted(result.items())}

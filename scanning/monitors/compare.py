"""Two runs of a monitor side by side: what is new, gone and moved, and what is worth an alert.

Works on plain data. An alert says what was observed ("rising now"), never what will be.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

FEWEST_ADDED = 5
LEAST_RATIO = 2.0
ALPHA = 0.01  # for all candidates of a run together
STEEP = 1.0  # log2: the share doubled
FEWEST_FOR_FIRST = 3


@dataclass(frozen=True)
class Seen:
    """One candidate of one run."""

    code: str
    name: str
    language: str
    rank: int
    documents: int
    growth: float | None = None
    first_year: int | None = None
    bursting: bool = False
    variants: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return key_of(self.name)


def key_of(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


@dataclass(frozen=True)
class Moved:
    now: Seen
    before: Seen

    @property
    def places(self) -> int:
        """How many places it climbed."""
        return self.before.rank - self.now.rank

    @property
    def fallen(self) -> int:
        return -self.places

    @property
    def added(self) -> int:
        return self.now.documents - self.before.documents


@dataclass(frozen=True)
class Comparison:
    new: list[Seen] = field(default_factory=list)
    gone: list[Seen] = field(default_factory=list)
    both: list[Moved] = field(default_factory=list)

    @property
    def moved(self) -> list[Moved]:
        """Those on another place than before, the longest way first."""
        return sorted((m for m in self.both if m.places), key=lambda m: (-abs(m.places), m.now.rank))

    @property
    def overlap(self) -> float | None:
        """Candidates of both as a share of those of either (Jaccard), in percent."""
        whole = len(self.both) + len(self.new) + len(self.gone)
        return 100 * len(self.both) / whole if whole else None


def compare(before: Sequence[Seen], now: Sequence[Seen]) -> Comparison:
    """Pair candidates by name; a name that was a spelling of another before pairs with that one."""
    known = {key_of(variant): each for each in reversed(before) for variant in (*each.variants, each.name)}
    result, paired = Comparison(), set()
    for each in now:
        earlier = known.get(each.key)
        if earlier is None or earlier.key in paired:
            result.new.append(each)
        else:
            paired.add(earlier.key)
            result.both.append(Moved(each, earlier))
    result.gone.extend(each for each in before if each.key not in paired)
    return result


@dataclass(frozen=True)
class Alert:
    kind: str  # surge, first
    code: str
    name: str
    language: str
    documents: int
    basis: (
        str  # "runs": against the run before; "years": against the years before, where there is no such run
    )
    added: int | None = None
    expected: float | None = None
    factor: float | None = None
    first_year: int | None = None


def alerts_between(
    comparison: Comparison,
    *,
    docs_before: int,
    docs_now: int,
    ever: Iterable[str],
    last_year: int | None,
    arrived: Mapping[str, int] | None = None,
) -> list[Alert]:
    """Surges among the documents that came in since the run before, and names that no run has seen.

    `arrived` says by code how many of a new candidate's documents are new, where that is known.
    """
    grown = docs_now - docs_before
    added = {pair.now.code: (pair.now, pair.added) for pair in comparison.both}
    for each in comparison.new:
        if 0 < (arrived or {}).get(each.code, 0) < each.documents:  # all of them new: a first appearance
            added[each.code] = (each, arrived[each.code])
    surging = []
    if grown > 0 and docs_before > 0:
        surging = [
            alert
            for seen, number in added.values()
            if (alert := _surge(seen, number, grown / docs_before, tests=len(added)))
        ]
    known = frozenset(ever)
    fresh = [
        each
        for each in comparison.new
        if each.key not in known and not known.intersection(map(key_of, each.variants))
    ]
    told = {alert.code for alert in surging}
    fresh = [each for each in fresh if each.code not in told]
    return surging + _first_appearances(fresh, last_year, "runs", back=1)


def _surge(seen: Seen, added: int, growth: float, tests: int) -> Alert | None:
    """`growth`: new documents for each that the corpus held before."""
    expected = (seen.documents - added) * growth
    if not _surges(added, expected, tests):
        return None
    return Alert(
        "surge",
        seen.code,
        seen.name,
        seen.language,
        seen.documents,
        "runs",
        added=added,
        expected=round(expected, 1 if expected >= 1 else 2),
        factor=round(added / expected, 1) if expected else None,
    )


def alerts_of_first_run(now: Sequence[Seen], *, last_year: int | None) -> list[Alert]:
    """With nothing to compare with, the corpus's own years speak."""
    surging = [
        Alert(
            "surge",
            each.code,
            each.name,
            each.language,
            each.documents,
            "years",
            factor=round(2**each.growth, 1),
        )
        for each in now
        if each.bursting and each.growth is not None and each.growth >= STEEP
    ]
    dated = [each for each in now if each.first_year is not None and last_year is not None]
    return surging + _first_appearances(dated, last_year, "years", back=0)


def _first_appearances(fresh: Iterable[Seen], last_year: int | None, basis: str, back: int) -> list[Alert]:
    return [
        Alert(
            "first",
            each.code,
            each.name,
            each.language,
            each.documents,
            basis,
            first_year=each.first_year,
        )
        for each in fresh
        if each.documents >= FEWEST_FOR_FIRST
        and (each.first_year is None or last_year is None or each.first_year >= last_year - back)
    ]


def _surges(added: int, expected: float, tests: int) -> bool:
    if added < FEWEST_ADDED or added < LEAST_RATIO * expected:
        return False
    return poisson_tail(added, expected) * tests < ALPHA


def poisson_tail(count: int, mean: float) -> float:
    """P(X >= count) for a Poisson variable; 0 for a mean of 0 unless count is 0."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count <= mean:
        below = sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count))
        return max(0.0, 1.0 - below)
    # Above the mean the terms fall: summed upwards, nothing is lost to 1 - (1 - tiny).
    term, total, k = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1)), 0.0, count
    while term > total * 1e-16 and term > 0:
        total += term
        k += 1
        term *= mean / k
    return min(1.0, total)

"""Quality (b) and (c): a leak-free backtest at two cuts, and the lists of established and rising terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bench.mining_data import acl
from scanning.textmining import (
    FORMULAS,
    Backtest,
    Partial,
    Record,
    Standing,
    count_by_year,
    flag,
    item_of,
    judge,
    learn,
    rank,
    signals_of,
    stand,
)
from scanning.textmining.terms import mine_counts

CUTS = (2018, 2019)
LATER = (2020,)


def run(most: int | None = None) -> None:
    records = acl(most)
    parts = count_by_year(records)
    print(
        "(b) leak-free backtest, English abstracts: top 50 flagged at the cut; did their share of documents in"
    )
    print("    the next three years reach 1.5 times that of the cut's year? Base: terms of like frequency.")
    print("    The model knows nothing after the cut: it learns from earlier cuts with outcomes up to it.")
    print("    SE: bootstrap over the flagged terms. Cut 2020 has outcomes of two years; it is a check.")
    standings = standings_of(parts)
    print(
        f"    {'cut':<6}{'method':<40}{'rate':>6}{'95 %':>14}{'base':>7}{'times':>7}{'SE':>6}{'eligible':>10}"
    )
    for cut in (*CUTS, *LATER):
        model = learn(before(standings, cut), cut)
        for name, chosen, rising in (
            ("growth alone, rising now", None, True),
            ("model of earlier cuts, rising now", model, True),
            ("model of earlier cuts, recoveries too", model, False),
        ):
            report(
                name, judge(standings[cut], flag(standings[cut], chosen, 50, rising), horizon(standings, cut))
            )
    for cut in CUTS:
        flagged(standings, cut)
    seeds(standings)
    checks(records)
    lists(parts)


def report(name: str, result: Backtest) -> None:
    low, high = result.interval() or (0.0, 0.0)
    print(
        f"    {result.cut:<6}{name:<40}{result.rate:>6.2f}{f'{low:.2f} to {high:.2f}':>14}{result.base:>7.3f}"
        f"{times(result):>7.2f}{result.times_error() or 0.0:>6.2f}{result.eligible:>10}"
    )


def standings_of(parts: Sequence[Partial]) -> dict[int, Standing]:
    last = int(parts[-1].documents.years.max())
    return {cut: stand(parts, cut) for cut in range(2016, last)}


def horizon(standings: dict[int, Standing], cut: int) -> int:
    return min(3, standings[cut].years[-1] - cut)


def before(standings: dict[int, Standing], cut: int) -> list[Standing]:
    return [standing for when, standing in standings.items() if when < cut]


def times(result: Backtest) -> float:
    return result.times or 0.0


def seeds(standings: dict[int, Standing]) -> None:
    """How much hangs on chance in the forests: nothing is chosen by it."""
    print("    times the base with other seeds (2 to 6): recoveries too | rising now")
    for cut in CUTS:
        models = [learn(before(standings, cut), cut, seed=1000 * seed) for seed in range(2, 7)]
        cells = [
            " ".join(
                f"{times(judge(standings[cut], flag(standings[cut], one, 50, rising))):.2f}" for one in models
            )
            for rising in (False, True)
        ]
        print(f"    {cut:<6}" + " | ".join(cells))


def checks(records: list[Record]) -> None:
    """How it fares where it was never looked at: random halves of the documents, and of the sources."""
    print(
        "    checks on halves of the corpus (50 flagged of about half the terms): recoveries too | rising now"
    )
    for label, half in halves(records):
        standings = standings_of(count_by_year(half))
        cells = []
        for cut in CUTS:
            model = learn(before(standings, cut), cut)
            cells += [
                f"{times(judge(standings[cut], flag(standings[cut], model, 50, rising))):.1f}"
                for rising in (False, True)
            ]
        print(
            f"    {label:<28}"
            + "   ".join(f"{a} | {b}" for a, b in zip(cells[::2], cells[1::2], strict=True))
        )


def halves(records: list[Record]) -> Iterator[tuple[str, list[Record]]]:
    """Both halves of one random cut through the documents, and of one through the sources."""
    rng = np.random.default_rng(1)
    side = rng.permutation(len(records)) % 2
    sources = sorted({record.source for record in records})
    of_source = dict(zip(sources, rng.permutation(len(sources)) % 2, strict=True))
    for half in (0, 1):
        yield f"documents, half {half + 1}", [r for r, one in zip(records, side, strict=True) if one == half]
    for half in (0, 1):
        yield f"sources, half {half + 1}", [r for r in records if of_source[r.source] == half]


def flagged(standings: dict[int, Standing], cut: int) -> None:
    model, standing = learn(before(standings, cut), cut), standings[cut]
    for title, rising in (("recoveries too", False), ("rising now", True)):
        result = judge(standing, flag(standing, model, 50, rising))
        print(
            f"    flagged at {cut}, {title} (* rose): "
            + ", ".join(
                term.name + ("*" if rose else "")
                for term, rose in zip(result.flagged, result.rose, strict=True)
            )
        )


def lists(parts) -> None:  # type: ignore[no-untyped-def]
    mined = mine_counts(parts)
    established = [term for term in mined.terms if term.language == "en"][:50]
    print("(c) top 50 established terms")
    for place, term in enumerate(established, 1):
        print(
            f"    {place:>3} {term.name}"
            + (f" ({term.acronym})" if term.acronym else "")
            + f"  {term.documents}"
        )
    signals = signals_of(mined)
    terms = {term.key: term for term in mined.terms if term.documents >= 20 and term.language == "en"}
    order = rank([item_of(term, signals[key]) for key, term in terms.items()], FORMULAS["rising"], 50)
    print("    top 50 rising now, 20 documents or more: " + FORMULAS["rising"].text())
    for place in order[:50]:
        term, up = terms[place.key], signals[place.key].growth or 0.0
        print(
            f"    {place.place:>3} {term.name}  {term.documents}  x{2**up:.1f}  {list(term.yearly.values())}"
        )

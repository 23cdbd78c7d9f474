"""Quality (b) and (c): a leak-free backtest at two cuts, and the lists of established and rising terms."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from bench.mining_data import acl
from scanning.textmining import (
    FORMULAS,
    Backtest,
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
AROUND = ("around", "around_now", "late", "late_now", "word_mean", "word_least", "word_most")
SOURCES = ("own_growth", "own_last", "mixture")


def run(most: int | None = None) -> None:
    parts = count_by_year(acl(most))
    print(
        "(b) leak-free backtest, English abstracts: top 50 flagged at the cut; did their share of documents in"
    )
    print("    the next three years reach 1.5 times that of the cut's year? Base: terms of like frequency.")
    print("    The model knows nothing after the cut: it learns from earlier cuts with outcomes up to it.")
    last = parts[-1].documents.years.max()
    standings = {cut: stand(parts, cut) for cut in range(2016, int(last))}
    print(f"    {'cut':<6}{'method':<44}{'rate':>7}{'base':>7}{'times':>7}{'eligible':>10}")
    for cut in CUTS:
        model = learn(before(standings, cut), cut)
        for name, chosen, rising in (
            ("growth alone, rising now", None, True),
            ("model of earlier cuts, rising now", model, True),
            ("model of earlier cuts, recoveries too", model, False),
        ):
            result = judge(standings[cut], flag(standings[cut], chosen, 50, rising))
            print(
                f"    {cut:<6}{name:<44}{result.rate:>7.2f}{result.base:>7.3f}{times(result):>7.1f}"
                f"{result.eligible:>10}"
            )
    settings(standings)
    for cut in CUTS:
        flagged(standings, cut)
    lists(parts)


def before(standings: dict[int, Standing], cut: int) -> list[Standing]:
    return [standing for when, standing in standings.items() if when < cut]


def times(result: Backtest) -> float:
    return result.rate / result.base if result.base else 0.0


def settings(standings: dict[int, Standing]) -> None:
    """How much of the result is the setting's luck: every feature set with every size of leaf."""
    names = sorted(standings[2018].features)
    sets: dict[str, Sequence[str]] = {
        "all features": names,
        "without the words around": [n for n in names if n not in AROUND],
        "without sources": [n for n in names if n not in SOURCES],
        "counts and names alone": [n for n in names if n not in AROUND + SOURCES],
    }
    print("    times the base over settings (leaf 5, 10, 20, 40): recoveries too | rising now")
    print("    cuts 2020 and 2021 have outcomes of two years and of one")
    print(f"    {'features':<28}" + "".join(f"{cut:>34}" for cut in sorted(standings) if cut >= 2018))
    every: dict[tuple[int, bool], list[float]] = {}
    for label, chosen in sets.items():
        cells = []
        for cut in (cut for cut in standings if cut >= 2018):
            models = [learn(before(standings, cut), cut, leaf=leaf, names=chosen) for leaf in (5, 10, 20, 40)]
            horizon = min(3, standings[cut].years[-1] - cut)
            for rising in (False, True):
                row = [
                    times(judge(standings[cut], flag(standings[cut], model, 50, rising), horizon))
                    for model in models
                ]
                every.setdefault((cut, rising), []).extend(row)
                cells.append(" ".join(f"{value:.1f}" for value in row))
        print(
            f"    {label:<28}"
            + "".join(f"{a + ' | ' + b:>34}" for a, b in zip(cells[::2], cells[1::2], strict=True))
        )
    for (cut, rising), row in every.items():
        print(
            f"    {cut} {'rising now' if rising else 'recoveries too'}: least {min(row):.1f}, "
            f"median {statistics.median(row):.1f}, most {max(row):.1f}"
        )


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

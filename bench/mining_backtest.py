"""Quality (b) and (c): a leak-free backtest at two cuts, and the lists of established and rising terms."""

from __future__ import annotations

from bench.mining_data import acl
from scanning.textmining import (
    count_by_year,
    flag,
    growth,
    judge,
    learn,
    mine_counts,
    stand,
)
from scanning.textmining.series import Series


def run(most: int | None = None) -> None:
    parts = count_by_year(acl(most))
    print(
        "(b) leak-free backtest, English abstracts: top 50 flagged at the cut; did their share of documents in the"
    )
    print("    next three years reach 1.5 times that of the cut's year? Base: terms of like frequency.")
    print(f"    {'cut':<6}{'method':<44}{'rate':>7}{'base':>7}{'times':>7}{'eligible':>10}")
    standings = {cut: stand(parts, cut) for cut in (2017, 2018, 2019)}
    for cut in (2018, 2019):
        model = learn([standings[c] for c in standings if c < cut], cut)
        for name, chosen, rising in (
            ("growth alone, rising now", None, True),
            ("model of earlier cuts, rising now", model, True),
            ("model of earlier cuts, recoveries too", model, False),
        ):
            result = judge(standings[cut], flag(standings[cut], chosen, 50, rising))
            times = result.rate / result.base if result.base else 0.0
            print(
                f"    {cut:<6}{name:<44}{result.rate:>7.2f}{result.base:>7.3f}{times:>7.1f}{result.eligible:>10}"
            )
    lists(parts)


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
    rated = []
    for term in mined.terms:
        series = Series.of(term.yearly, term.yearly_total)
        up = growth(series)
        if up is not None and up > 0 and term.documents >= 20 and term.language == "en":
            rated.append((up * term.score**0.5, up, term))
    rated.sort(key=lambda item: (-item[0], item[2].key))
    print("    top 50 rising terms (growth x root of term score, 20 documents or more)")
    for place, (_, up, term) in enumerate(rated[:50], 1):
        print(f"    {place:>3} {term.name}  {term.documents}  x{2**up:.1f}  {list(term.yearly.values())}")

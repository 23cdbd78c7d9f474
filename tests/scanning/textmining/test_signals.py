"""Growth, bursts, novelty, spread and the weak-signal score, on series small enough to check by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning.textmining import (
    KnownList,
    Record,
    Series,
    acceleration,
    bursts,
    count_chunk,
    effective_number,
    growth,
    mine_counts,
    signals_of,
)
from scanning.textmining.novelty import first_year, novelty_in_time


def series(counts, total=100, start=2015):
    years = range(start, start + len(counts))
    return Series.of(dict(zip(years, counts, strict=True)), dict.fromkeys(years, total))


def test_a_series_has_no_gaps_and_can_be_cut():
    found = Series.of({2018: 2}, {2015: 5, 2018: 7}, until=2017)
    assert found.years == (2015, 2016, 2017)
    assert found.counts.tolist() == [0, 0, 0]
    whole = Series.of({2018: 2}, {2015: 5, 2018: 7})
    assert whole.years == (2015, 2016, 2017, 2018)
    assert whole.counts.tolist() == [0, 0, 0, 2]
    assert whole.totals.tolist() == [5, 0, 0, 7]


def test_growth_without_shrinkage_is_the_log_ratio_of_shares():
    assert growth(series([4, 4, 4, 8, 8]), shrink=0) == pytest.approx(1.0)
    assert growth(series([8, 8, 8, 2, 2]), shrink=0) == pytest.approx(-2.0)


def test_growth_is_zero_for_a_constant_share_in_a_growing_corpus():
    years = range(2016, 2021)
    totals = {year: 100 * (i + 1) for i, year in enumerate(years)}
    found = Series.of({year: total // 10 for year, total in totals.items()}, totals)
    assert growth(found) == pytest.approx(0.0)


def test_few_documents_shrink_towards_no_growth():
    small, large = growth(series([0, 0, 1, 2, 2])), growth(series([0, 0, 10, 20, 20]))
    assert 0 < small < large
    by_hand = math.log2((4 + 5) / (200 + 5 / 0.01)) - math.log2((1 + 5) / (300 + 5 / 0.01))
    assert small == pytest.approx(by_hand)


def test_growth_is_unknown_without_earlier_documents_and_zero_for_an_absent_term():
    assert growth(series([3, 3])) is None
    assert growth(series([0, 0, 0, 0, 0])) == 0.0


@given(st.lists(st.integers(0, 50), min_size=5, max_size=9))
def test_growth_mirrors_in_time(counts):
    forward = growth(series(counts[-4:]), recent=2, before=2)
    back = growth(series(counts[-4:][::-1]), recent=2, before=2)
    assert forward == pytest.approx(-back)


def test_acceleration_is_the_change_of_growth():
    steady = series([1, 1, 2, 2, 4, 4], total=100_000)
    assert acceleration(steady, shrink=0) == pytest.approx(0.0, abs=1e-6)
    assert acceleration(series([4, 4, 4, 4, 16, 16]), shrink=0) == pytest.approx(2.0)
    assert acceleration(series([1, 2, 3])) is None


def test_a_burst_is_found_where_the_rate_is_raised():
    (burst,) = bursts(series([2, 2, 2, 30, 30, 2, 2]))
    assert (burst.start, burst.end) == (2018, 2019)
    assert burst.weight > 0


def test_no_burst_in_a_flat_absent_or_universal_series():
    assert bursts(series([5, 5, 5, 5])) == ()
    assert bursts(series([0, 0, 0])) == ()
    assert bursts(series([100, 100, 100])) == ()
    assert bursts(series([])) == ()


@given(st.lists(st.integers(0, 100), min_size=2, max_size=10))
def test_bursts_are_disjoint_ordered_and_inside_the_series(counts):
    found = bursts(series(counts))
    years = [year for burst in found for year in (burst.start, burst.end)]
    assert years == sorted(years)
    assert all(2015 <= year < 2015 + len(counts) for year in years)


def test_novelty_in_time():
    assert novelty_in_time(series([0, 0, 0, 0, 3, 3]), recent=2) == 1.0
    assert novelty_in_time(series([4, 4, 4, 4]), recent=2) == 0.0
    assert novelty_in_time(series([2, 2, 4, 4]), recent=2) == pytest.approx(0.5)
    assert novelty_in_time(series([3, 3, 0, 0]), recent=2) is None
    assert novelty_in_time(series([3, 3]), recent=2) is None
    assert first_year(series([0, 0, 1])) == 2017
    assert first_year(series([0, 0])) is None


def test_novelty_against_an_uploaded_list():
    known = KnownList(["Solid-state batteries", "量子通信", "  "])
    assert known.nearest("solid state battery").entry == "Solid-state batteries"
    assert known.nearest("solid state battery").similarity > 0.5
    assert known.novelty("量子通信") == 0.0
    assert known.novelty("protein folding") > 0.8
    assert KnownList([]).novelty("anything") is None


def test_effective_number_of_origins():
    assert effective_number(["DE", "FR", "IT", "CN"]) == pytest.approx(4.0)
    assert effective_number(["DE"] * 9) == pytest.approx(1.0)
    assert effective_number(["", ""]) is None


def corpus():
    rows = []
    for year in range(2016, 2022):
        for i in range(10):
            rising = "solid state battery" if i < (year - 2015) else "gas turbine"
            country = ("DE", "CN", "US")[i % 3]
            text = f"The {rising} is here. The steam engine."
            rows.append(
                Record(f"{year}-{i}", "", text, year, countries=(country,), kind=("paper", "patent")[i % 2])
            )
    return mine_counts([count_chunk(rows)])


def test_signals_of_a_corpus():
    mined = corpus()
    found = signals_of(mined, known=KnownList(["Gas turbines"]))
    battery, turbine, engine = (found[key] for key in ("solidstatebattery", "gasturbine", "steamengine"))
    assert battery.growth > 0 > turbine.growth
    assert engine.growth == pytest.approx(0.0)
    assert battery.first_year == 2016
    assert (battery.volume, battery.recent_documents, battery.share) == (21, 11, 0.55)
    assert turbine.list_match.entry == "Gas turbines"
    assert battery.weak.score > turbine.weak.score
    assert set(battery.weak.parts) == {"rarity", "growth", "burst", "novelty", "spread"}
    assert battery.spread["countries"].distinct == 3
    assert battery.spread["sources"].effective is None
    assert sum(battery.by_kind["paper"].values()) + sum(battery.by_kind["patent"].values()) == 21


def test_undated_terms_have_volume_but_no_trend():
    mined = mine_counts([count_chunk([Record(str(i), "", "The gas turbine is here.") for i in range(4)])])
    signals = signals_of(mined)["gasturbine"]
    assert (signals.volume, signals.growth, signals.bursts, signals.novelty) == (4, None, (), None)
    assert set(signals.weak.parts) == {"rarity"}
    assert np.isfinite(signals.weak.score)

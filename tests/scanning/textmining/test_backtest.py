"""The learned order of terms at a cut, and what a backtest says of its own certainty."""

import math

import numpy as np
import pytest

from scanning.textmining import Backtest, Record, count_by_year, flag, judge, learn, stand
from scanning.textmining.learned import LEAVES, LEFT_OUT, _answers

PARTS = ("pump", "valve", "motor", "sensor", "filter", "engine")
KINDS = ("gas", "heat", "steam", "solar", "plasma", "ion")
RISING = ("plasma", "ion")
PER_YEAR = 700


def papers(years=range(2014, 2021)):
    """36 terms in years of like size: those of two kinds grow by a third each year, the others waver."""
    rows = []
    for place, year in enumerate(years):
        names = []
        for number, (kind, part) in enumerate((kind, part) for kind in KINDS for part in PARTS):
            grown = 6 * 1.33**place if kind in RISING else 10 + number % 7 + (number * (place + 3)) % 5
            names += [f"{kind} {part}"] * round(grown)
        names += ["old lathe"] * (PER_YEAR - len(names))
        rows += [Record(f"{year}-{n}", "", f"We saw the {name} here.", year) for n, name in enumerate(names)]
    return rows


@pytest.fixture(scope="module")
def standings():
    parts = count_by_year(papers())
    return {cut: stand(parts, cut) for cut in (2015, 2016, 2017)}


def earlier(standings):
    return [standings[2015], standings[2016]]


def test_what_rose_before_the_cut_is_recognised_at_the_cut(standings):
    flagged = flag(standings[2017], learn(earlier(standings), 2017), 12)
    result = judge(standings[2017], flagged)
    assert {term.name.split()[0] for term in result.flagged} == set(RISING)
    assert result.rate == 1.0


def test_the_model_is_the_mean_rank_of_unlike_forests(standings):
    model = learn(earlier(standings), 2017)
    forests = [member.forest for member in model.members]
    assert {forest.min_samples_leaf for forest in forests} == set(LEAVES)
    assert len({forest.random_state for forest in forests}) == len(forests)
    seen = {member.names for member in model.members}
    assert {len(set(standings[2017].features) - set(names)) for names in seen} == {
        len(one) for one in LEFT_OUT
    }
    score = model.predict(standings[2017])
    assert 0 <= score.min() < score.max() <= 1
    assert score.mean() == pytest.approx(0.5)
    assert learn(earlier(standings), 2017).predict(standings[2017]).tolist() == score.tolist()


def test_forests_are_asked_against_terms_of_like_frequency(standings):
    one = standings[2016]
    rose, *answers = _answers(one, 1, 1.25)
    assert rose.tolist() == one.rose(1, 1.25).tolist()
    for answer in answers:
        assert answer.std() > 0
        for size in np.unique(one.frequency()):
            assert answer[one.frequency() == size].mean() == pytest.approx(0, abs=1e-12)


def made(rose, like):
    rate, base = (float(np.mean(rose)), float(np.mean(like))) if rose else (math.nan, math.nan)
    return Backtest(2018, 3, 1.5, (), tuple(rose), tuple(like), rate, base, 0.1, 1000)


def test_a_backtest_says_how_sure_it_is():
    result = made([True] * 15 + [False] * 35, [0.1] * 50)
    assert result.times == pytest.approx(3.0)
    # statsmodels 0.14: proportion_confint(15, 50, method="wilson")
    assert result.interval() == pytest.approx((0.19105, 0.43751), abs=1e-4)
    assert result.times_interval() == pytest.approx((1.9105, 4.3751), abs=1e-3)
    # With a base of its own for nobody the bootstrap is that of a share: sqrt(0.3 * 0.7 / 50) / 0.1.
    assert result.times_error() == pytest.approx(0.648, rel=0.05)
    assert result.times_error() == result.times_error()


def test_what_cannot_be_said_is_left_unsaid():
    nothing = made([], [])
    assert (nothing.times, nothing.interval(), nothing.times_interval(), nothing.times_error()) == (None,) * 4
    no_base = made([False] * 5, [0.0] * 5)
    assert (no_base.times, no_base.times_interval(), no_base.times_error()) == (None, None, None)
    assert no_base.interval()[0] == 0.0
    assert made([True] * 5, [0.2] * 5).interval()[1] == pytest.approx(1.0)

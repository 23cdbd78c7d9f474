import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, t

from consensus import stats
from consensus.stats.intervals import _order

COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=9)


@pytest.mark.parametrize("conf", [0.8, 0.95, 0.99])
def test_the_order_is_the_largest_that_keeps_the_level(conf):
    n = np.concatenate([np.arange(0, 700), [5_000, 99_999]]).astype(float)
    tail = (1 - conf) / 2
    found = _order(n, tail)
    for size, place in zip(n, found, strict=True):
        assert place == 0 or binom.cdf(place - 1, size, 0.5) <= tail
        assert binom.cdf(place, size, 0.5) > tail or size == 0


def test_the_median_interval_is_that_of_the_sorted_answers():
    # n = 20: the 6th smallest and the 6th largest answer (Conover 1999, table A3).
    answers = np.array([1, 1, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6, 7, 7, 8, 8, 9, 9, 9])
    counts = np.bincount(answers, minlength=10)[1:]
    found = stats.median_interval(counts, np.arange(1, 10))
    assert (found.ci_low, found.ci_high) == (answers[5], answers[14]) == (4, 7)


def test_five_answers_have_no_median_interval_at_95_percent():
    found = stats.median_interval([[0, 5, 0], [0, 0, 0], [0, 6, 0]])
    assert found.undefined_reason.tolist() == ["too_few_raters", "no_answers", None]
    assert np.ma.filled(found.ci_low, -1).tolist() == [-1, -1, 2]


def test_the_mean_interval_is_students():
    answers = np.array([2.0, 3, 3, 4, 5, 5, 5])
    found = stats.mean_interval(np.bincount(answers.astype(int))[1:], np.arange(1, 6))
    low, high = t.interval(0.95, 6, answers.mean(), answers.std(ddof=1) / np.sqrt(7))
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high))


def test_unanimity_gives_the_value_itself():
    for interval in (stats.median_interval, stats.mean_interval):
        found = interval([0, 0, 12])
        assert (found.ci_low, found.ci_high, found.undefined_reason) == (3, 3, None)


@given(COUNTS)
def test_intervals_hold_their_centre_whatever_the_counts(counts):
    described = stats.describe(counts)
    median, mean = stats.median_interval(counts), stats.mean_interval(counts)
    if median.undefined_reason is None:
        assert median.ci_low <= described.median <= median.ci_high
    if mean.undefined_reason is None:
        assert mean.ci_low - 1e-9 <= described.mean <= mean.ci_high + 1e-9


def test_weighted_counts_are_refused():
    weighted = stats.Tally([1.5, 2.5], n_answers=4)
    for interval in (stats.median_interval, stats.mean_interval):
        with pytest.raises(ValueError, match="not sums of weights"):
            interval(weighted)


def test_the_median_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(8)
    shares = np.array([0.1, 0.15, 0.3, 0.25, 0.2])  # median 3
    draws = rng.multinomial(25, shares, size=4000)
    found = stats.median_interval(draws)
    assert ((found.ci_low <= 3) & (found.ci_high >= 3)).mean() >= 0.95

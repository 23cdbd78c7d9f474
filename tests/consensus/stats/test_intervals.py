import numpy as np
import pytest
import scipy.stats as sps
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


def unanimous_even_and_skewed():
    return np.array([[0, 0, 0, 0, 30], [6, 6, 6, 6, 6], [1, 2, 5, 12, 20], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0]])


def test_resampled_bca_of_counts_is_scipys_of_answers():
    counts = np.array([1, 2, 5, 12, 20])
    answers = np.repeat(np.arange(1, 6), counts).astype(float)
    found = stats.bootstrap_counts_ci(
        counts, lambda t: t.mean, rng=np.random.default_rng(1), n_boot=20_000, method="bca"
    )
    other = sps.bootstrap((answers,), np.mean, n_resamples=20_000, rng=np.random.default_rng(2), method="BCa")
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(other.confidence_interval), abs=0.03)
    left_out = [np.delete(answers, i).mean() for i in range(len(answers))]
    deviation = np.mean(left_out) - np.array(left_out)
    expected = (deviation**3).sum() / (6 * (deviation**2).sum() ** 1.5)
    assert found.acceleration == pytest.approx(expected, rel=1e-9)


def test_several_statistics_share_their_draws_and_each_may_have_its_method():
    asked = {"a": lambda t: stats.van_der_eijk_agreement(t).value, "mean": lambda t: t.mean}
    found = stats.bootstrap_counts_cis(
        unanimous_even_and_skewed(),
        asked,
        rng=np.random.default_rng(3),
        n_boot=300,
        method={"a": "bca", "mean": "percentile"},
    )
    alone = stats.bootstrap_counts_ci(
        unanimous_even_and_skewed(), asked["mean"], rng=np.random.default_rng(3), n_boot=300
    )
    assert found["mean"].ci_low.tolist() == alone.ci_low.tolist()
    agreed = found["a"]
    assert agreed.item(0).ci_low == agreed.item(0).ci_high == agreed.item(0).value == 1.0
    assert agreed.item(1).ci_low < 0 < agreed.item(1).ci_high
    assert agreed.item(3).undefined_reason == "no_answers"
    assert (agreed.item(3).ci_low, agreed.item(4).ci_low) == (None, None)
    assert found["mean"].acceleration.mask.all()
    with pytest.raises(ValueError, match="method must be one of"):
        stats.bootstrap_counts_cis([1, 2], asked, rng=np.random.default_rng(1), method={"a": "bca"})


def test_resampled_intervals_hold_the_true_value_about_as_often_as_they_say():
    """Agreement A of 300 panels of 60 from one distribution: 95 % intervals must not be far from 95 %."""
    rng = np.random.default_rng(8)
    shares = np.array([0.05, 0.10, 0.2, 0.4, 0.25])
    truth = stats.van_der_eijk_agreement(shares).value
    found = stats.bootstrap_counts_ci(
        rng.multinomial(60, shares, 300),
        lambda t: stats.van_der_eijk_agreement(t).value,
        rng=rng,
        n_boot=300,
        method="bca",
    )
    held = np.mean((found.ci_low <= truth) & (truth <= found.ci_high))
    assert 0.9 <= held <= 0.99

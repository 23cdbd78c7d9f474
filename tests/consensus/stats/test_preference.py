"""Bradley-Terry against its closed form, its own equations, and an independent maximisation."""

import numpy as np
import pytest
from scipy.optimize import minimize

from consensus.stats.preference import bradley_terry

# Agresti, Categorical Data Analysis: home and away games of seven baseball teams in 1987, wins of row over column.
BASEBALL = np.array(
    [
        [0, 7, 9, 7, 7, 9, 11],
        [6, 0, 7, 5, 11, 9, 9],
        [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12],
        [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ]
)


def test_two_options_have_the_shares_of_their_wins():
    found = bradley_terry([[0, 6], [2, 0]])
    assert found.value == pytest.approx((0.75, 0.25))
    assert found.win_shares == (0.75, 0.25)


def test_strengths_are_those_of_an_independent_maximisation():
    found = np.array(bradley_terry(BASEBALL).value)

    def loss(logs):
        return -(BASEBALL * (logs[:, None] - np.logaddexp(logs[:, None], logs))).sum()

    free = minimize(lambda rest: loss(np.array([0.0, *rest])), np.zeros(6), method="BFGS", tol=1e-12)
    expected = np.exp(np.array([0.0, *free.x]))
    assert found == pytest.approx(expected / expected.sum(), rel=1e-4)


def test_the_published_difference_of_milwaukee_and_baltimore_follows():
    """Agresti's estimates, Baltimore 0: Milwaukee 1.58, Detroit 1.44, Cleveland 0.68."""
    logs = np.log(bradley_terry(BASEBALL).value)
    assert logs[[0, 1, 5]] - logs[6] == pytest.approx([1.58, 1.44, 0.68], abs=0.01)


def test_the_order_of_the_options_changes_nothing():
    order = np.array([3, 0, 6, 1, 5, 2, 4])
    turned = bradley_terry(BASEBALL[np.ix_(order, order)])
    assert turned.value == pytest.approx(np.array(bradley_terry(BASEBALL).value)[order])


@pytest.mark.parametrize(
    ("wins", "reason", "shares"),
    [
        ([[0]], "too_few_items", (None,)),
        (np.zeros((3, 3)), "no_answers", (None, None, None)),
        ([[0, 5], [0, 0]], "not_connected", (1.0, 0.0)),
        ([[0, 2, 0, 0], [2, 0, 0, 0], [0, 0, 0, 2], [0, 0, 2, 0]], "not_connected", (0.5, 0.5, 0.5, 0.5)),
    ],
)
def test_undefined_says_why_and_win_shares_stay(wins, reason, shares):
    found = bradley_terry(wins)
    assert (found.value, found.undefined_reason, found.win_shares) == (None, reason, shares)


def test_a_cycle_has_equal_strengths():
    assert bradley_terry([[0, 1, 0], [0, 0, 1], [1, 0, 0]]).value == pytest.approx((1 / 3, 1 / 3, 1 / 3))


@pytest.mark.parametrize("wins", [[[0, 1]], [[1, 0], [0, 0]], [[0, -1], [0, 0]], [[0, np.nan], [0, 0]]])
def test_refuses_what_are_no_counts(wins):
    with pytest.raises(ValueError, match="wins must be"):
        bradley_terry(wins)

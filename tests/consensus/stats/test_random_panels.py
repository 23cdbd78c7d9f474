"""Thousands of small random panels: every public statistic stays within its bounds, or says why it has no value."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest

from consensus import stats

from .test_every_name import EVERY, is_whole
from .test_tables import no_nan

# p-values are no answers; a bootstrap costs too much for each of the panels and has tests of its own.
LEFT_OUT = {
    "adjust_pvalues",
    "bootstrap_counts_ci",
    "bootstrap_counts_cis",
    "polarisation_test",
    "opinion_groups",
}
OF_A_SCALE = {"aiken_v", "full_score_rate"}
AT_MOST_ONE = {
    "agreement_share", "alpha_from_counts", "alpha_with_weights", "blair_lacy", "brennan_prediger", "cohen_kappa",
    "conger_kappa", "convergence_rate", "cronbach_alpha", "cvr", "fleiss_kappa", "goodman_kruskal_lambda", "gwet_ac",
    "icc", "kendall_w", "krippendorff_alpha", "leik", "modified_kappa", "net_change", "pairwise_agreement",
    "percent_agreement", "polarisation", "randolph_kappa", "spearman", "spearman_from_table",
    "tastle_wierman_consensus", "unchanged", "van_der_eijk_agreement",
}  # fmt: skip
AT_LEAST_ZERO = {
    "agreement_share", "bhapkar", "bowker", "cochran_q", "entropy", "friedman", "goodman_kruskal_lambda", "kendall_w",
    "leik", "net_change", "percent_agreement", "polarisation", "rand_ucla", "skillings_mack", "stuart_maxwell",
    "unchanged",
}  # fmt: skip
# Percentile intervals of W lean upward in small panels, as the docstring says.
MAY_MISS = {"kendall_w", "bootstrap_ci"}


def panels(seed: int, how_many: int):
    rng = np.random.default_rng(seed)
    for place in range(how_many):
        shape = (int(rng.integers(1, 9)), int(rng.integers(1, 7)))
        ratings = rng.integers(1, int(rng.integers(1, 9)) + 1, shape).astype(float)
        if place % 2:
            ratings[rng.random(shape) < rng.choice([0.1, 0.3, 0.7])] = np.nan
        yield ratings, place % 4 < 2


def within_bounds(name: str, shown: dict, inner: bool = False) -> None:
    for key, part in shown.items():
        if isinstance(part, dict):
            within_bounds(name, part, True)
        elif key.endswith("p_value") and isinstance(part, float):
            assert -1e-9 <= part <= 1 + 1e-9, (key, part)
    value, low, high = shown.get("value"), shown.get("ci_low"), shown.get("ci_high")
    if isinstance(low, float) and isinstance(high, float):
        slack = 1e-9 * max(1, abs(low), abs(high))
        assert low <= high + slack
        named_interval = name in ("mean_interval", "median_interval")
        if isinstance(value, float) and name not in MAY_MISS and not named_interval:
            assert low - slack <= value <= high + slack, (low, value, high)
    if isinstance(value, float) and not inner:
        assert name not in AT_MOST_ONE or value <= 1 + 1e-9, value
        assert name not in AT_LEAST_ZERO or value >= -1e-9, value


@pytest.mark.parametrize("seed", range(2))
def test_every_statistic_stays_within_its_bounds(seed):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for ratings, of_a_scale in panels(seed, 20):
            panel = ratings if of_a_scale else ratings / 7 * 3 + 2000
            for name in EVERY.keys() - LEFT_OUT - (set() if of_a_scale else OF_A_SCALE):
                try:
                    found = EVERY[name](panel)
                    json.dumps(found.as_dict(), allow_nan=False)
                    for one in found.items() if found.is_table else [found]:
                        shown = one.as_dict()
                        no_nan(shown, name)
                        assert is_whole(name, shown), shown
                        within_bounds(name, shown)
                except Exception as error:
                    error.add_note(f"{name} of {panel.tolist()}")
                    raise


def test_a_scale_of_one_value_has_no_place_on_one_to_nine():
    found = stats.rand_ucla([[7], [0]], values=[4])
    assert found.undefined_reason.tolist() == ["too_few_categories", "no_answers"]
    assert found.item(0).region is found.item(0).classic is found.item(0).median is None


def test_the_interval_of_a_kappa_below_minus_one_holds_its_value():
    found = stats.fleiss_kappa([[2, 1], [1, 0]])
    assert found.value < -1
    assert found.ci_low <= found.value <= found.ci_high

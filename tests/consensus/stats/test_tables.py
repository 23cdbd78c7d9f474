"""One item and many items give the same numbers, and undefined never leaves as NaN."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from consensus import stats

ITEMS = np.array(
    [
        [0, 0, 0, 1, 1, 1, 5, 5, 2],
        [9, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0],
        [5, 0, 0, 0, 0, 0, 0, 0, 5],
        [0, 0, 0, 0, 1, 0, 0, 0, 0],
        [3, 1, 4, 1, 5, 9, 2, 6, 5],
    ]
)

PER_ITEM = {
    "describe": stats.describe,
    "quantile": lambda c: stats.quantile(c, 0.4),
    "quantiles": lambda c: stats.quantile(c, [0.1, 0.9], type=8),
    "interpolated_median": stats.interpolated_median,
    "agreement_share": lambda c: stats.agreement_share(c, (7, 8, 9)),
    "comet": stats.comet_70_15,
    "rand_ucla": stats.rand_ucla,
    "van_der_eijk": stats.van_der_eijk_agreement,
    "tastle_wierman": stats.tastle_wierman_consensus,
    "leik": stats.leik,
    "blair_lacy": stats.blair_lacy,
    "entropy": stats.entropy,
    "polarisation": stats.polarisation,
    "pairwise": stats.pairwise_agreement,
    "full_score": stats.full_score_rate,
    "importance": lambda c: stats.importance_index(c, range(9)),
    "battery": lambda c: stats.battery(c, categories=(7, 8, 9), panel=False),
    "mann_whitney": lambda c: stats.mann_whitney_from_counts(c, np.roll(c, 1, axis=-1)),
    "realisation": lambda c: stats.realisation_time(c, range(2030, 2039), never=2),
}


def no_nan(value, where="result"):
    if isinstance(value, dict):
        for key, entry in value.items():
            no_nan(entry, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for i, entry in enumerate(value):
            no_nan(entry, f"{where}[{i}]")
    else:
        assert value is None or isinstance(value, str | bool | int | float), f"{where}: {type(value)}"
        assert not isinstance(value, float) or math.isfinite(value), where


def assert_same(found, expected, where="result"):
    """Equal, numbers up to rounding, through dictionaries and lists."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), where
        for key in expected:
            assert_same(found[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for i, (a, b) in enumerate(zip(found, expected, strict=True)):
            assert_same(a, b, f"{where}[{i}]")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-9), where
    else:
        assert found == expected, where


@pytest.mark.parametrize("name", PER_ITEM)
def test_a_table_gives_what_its_items_give(name):
    function = PER_ITEM[name]
    table = function(ITEMS)
    assert len(table) == len(ITEMS)
    for i, row in enumerate(ITEMS):
        assert_same(table.item(i).as_dict(), function(row).as_dict(), f"{name}[{i}]")


@pytest.mark.parametrize("name", PER_ITEM)
def test_results_are_json_without_nan_and_undefined_says_why(name):
    table = PER_ITEM[name](ITEMS)
    json.dumps(table.as_dict(), allow_nan=False)
    for i in range(len(ITEMS)):
        item = table.item(i).as_dict()
        no_nan(item, name)
        assert (item["value"] is None) == (item["undefined_reason"] is not None), (i, item)


def test_stability_of_a_table_gives_what_its_items_give():
    rng = np.random.default_rng(3)
    tables = rng.poisson(0.7, (20, 5, 5))
    tables[0] = 0
    tables[1] = np.diag([0, 0, 7, 0, 0])
    tables[2] = np.diag([3, 0, 7, 0, 1])
    whole = stats.stability(tables, categories=(4, 5))
    for i, one in enumerate(tables):
        found, expected = whole.item(i).as_dict(), stats.stability(one, categories=(4, 5)).as_dict()
        no_nan(found)
        assert_same(found, expected, f"stability[{i}]")


def test_masked_entries_hide_nan_so_that_stripping_the_mask_cannot_invent_a_figure():
    found = stats.describe(ITEMS)
    assert found.median.mask.tolist() == [False, False, True, False, False, False]
    assert found.median.tolist()[2] is None
    assert math.isnan(np.asarray(found.median)[2])


def test_results_are_frozen_and_single_results_have_no_length():
    found = stats.describe([1, 2, 3])
    with pytest.raises(AttributeError):
        found.value = 3
    with pytest.raises(TypeError, match="one item"):
        len(found)
    assert found.item(0) is found


def test_missing_is_carried_and_never_in_a_denominator():
    found = stats.agreement_share([[1, 3], [0, 4]], [2], missing=[6, 0])
    assert found.value.tolist() == [0.75, 1.0]
    assert found.n_used.tolist() == [4, 4]
    assert found.n_missing.tolist() == [6, 0]


def test_count_table_of_integers_and_of_floats_agree():
    rng = np.random.default_rng(0)
    coded = rng.integers(0, 6, (600, 7)).astype(np.int8)
    floats = np.where(coded == 0, np.nan, coded.astype(float))
    a, b = stats.count_table(coded, [1, 2, 3, 4, 5]), stats.count_table(floats, [1, 2, 3, 4, 5])
    assert np.array_equal(a.counts, b.counts)
    assert np.array_equal(a.missing, b.missing)
    assert np.array_equal(a.counts[2], np.bincount(coded[:, 2], minlength=6)[1:])


def test_count_table_refuses_answers_off_the_scale():
    with pytest.raises(ValueError, match="not among values"):
        stats.count_table(np.array([[1, 7]], dtype=np.int8), [1, 2, 3])
    with pytest.raises(ValueError, match="not among values"):
        stats.count_table([[1.5, None]], [1, 2, 3])


def test_values_in_any_order_are_sorted_with_their_counts():
    forward = stats.describe([1, 2, 3], [2030, 2035, 2050]).as_dict()
    assert stats.describe([3, 1, 2], [2050, 2030, 2035]).as_dict() == forward
    assert forward["median"] == 2042.5


def test_weights_count_by_their_ratios_only():
    full = stats.describe([2, 3, 5], n_answers=10).as_dict()
    small = stats.describe([0.02, 0.03, 0.05], n_answers=10).as_dict()
    assert_same(small, full)
    assert "weighted" in small["method"]
    plain = stats.describe([2, 3, 5]).as_dict()
    assert_same(full | {"method": ""}, plain | {"method": ""})

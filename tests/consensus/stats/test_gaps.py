"""One convention for gaps: NaN, a mask and 0 in int8 are the same panel to every statistic."""

from __future__ import annotations

import json

import numpy as np
import pytest

from consensus import stats

NAN = np.nan
CODED = np.array(
    [[1, 2, 0, 4], [2, 0, 3, 5], [1, 2, 3, 4], [5, 1, 2, 0], [2, 2, 4, 4], [1, 3, 3, 5]], dtype=np.int8
)
FLOATS = np.where(CODED == 0, NAN, CODED.astype(float))
COLUMN = CODED[:, 1]


def rng():
    return np.random.default_rng(5)


def shifted(r):
    return np.roll(r, 1, axis=0)


OF_MATRICES = {
    "count_table": lambda r: stats.describe(stats.count_table(r, [1, 2, 3, 4, 5])),
    "krippendorff": stats.krippendorff_alpha,
    "icc": stats.icc,
    "cronbach": lambda r: stats.cronbach_alpha(r, "pairwise"),
    "conger": stats.conger_kappa,
    "kendall_w": lambda r: stats.kendall_w(r, missing="pairwise_spearman"),
    "friedman": stats.friedman,
    "skillings_mack": stats.skillings_mack,
    "opinion_groups": lambda r: stats.opinion_groups(r, rng=rng(), minimum_answers=1),
    "attrition": lambda r: stats.attrition(r, [1, 0, 1, 0, 1, 1]),
    "stability": lambda r: stats.stability(stats.pair_table(r, np.roll(r, 1, axis=0))),
    "bootstrap": lambda r: stats.bootstrap_ci(r, lambda x: np.nanmean(x, axis=(1, 2)), rng=rng(), n_boot=50),
}
OF_VECTORS = {
    "aiken": lambda x: stats.aiken_v(x, 1, 5),
    "sarle": stats.sarle_bimodality,
    "dip": stats.hartigan_dip,
    "ashman": stats.ashman_d_of,
    "wilcoxon": lambda x: stats.wilcoxon(x, x[::-1]),
    "mann_whitney": lambda x: stats.mann_whitney(x, x[:3]),
    "spearman": lambda x: stats.spearman(x, x[::-1]),
    "levene": lambda x: stats.levene([x, x[:4]]),
    "bootstrap": lambda x: stats.bootstrap_ci(x, lambda b: b.mean(axis=1), rng=rng(), n_boot=50),
}


def written(coded):
    """The same answers in every way in which gaps can be written."""
    gap = coded == 0
    floats = np.where(gap, NAN, coded.astype(float))
    return {
        "int8": coded,
        "masked floats": np.ma.MaskedArray(np.where(gap, 3.0, floats), mask=gap),
        "masked int8": np.ma.MaskedArray(np.where(gap, 3, coded).astype(np.int8), mask=gap),
        "masked int64": np.ma.MaskedArray(np.where(gap, 3, coded).astype(np.int64), mask=gap),
        "None": [[None if np.isnan(x) else x for x in row] for row in floats.tolist()]
        if floats.ndim == 2
        else [None if np.isnan(x) else x for x in floats.tolist()],
    }


@pytest.mark.parametrize("way", list(written(CODED)))
@pytest.mark.parametrize("name", OF_MATRICES)
def test_gaps_of_a_matrix_are_one_panel_however_written(name, way):
    compute = OF_MATRICES[name]
    panel = written(CODED)[way]
    assert json.dumps(compute(panel).as_dict()) == json.dumps(compute(FLOATS).as_dict())


@pytest.mark.parametrize("way", list(written(COLUMN)))
@pytest.mark.parametrize("name", OF_VECTORS)
def test_gaps_of_one_item_are_one_panel_however_written(name, way):
    compute = OF_VECTORS[name]
    answers = written(COLUMN)[way]
    whole = np.where(COLUMN == 0, NAN, COLUMN.astype(float))
    assert json.dumps(compute(answers).as_dict()) == json.dumps(compute(whole).as_dict())


@pytest.mark.parametrize("kind", [np.int16, np.int64, np.uint8, float])
@pytest.mark.parametrize("name", OF_MATRICES)
def test_zero_in_any_other_type_is_an_answer(name, kind):
    compute = OF_MATRICES[name] if name != "count_table" else lambda r: stats.describe(stats.count_table(r))
    if name == "attrition":
        compute = lambda r: stats.attrition(r, [1, 0, 1, 0, 1, 1], [0, 1, 2, 3, 4, 5])  # noqa: E731
    with_zeros = CODED.astype(kind)
    found, expected = compute(with_zeros), compute(CODED.astype(float))
    np.testing.assert_array_equal(found.n_missing, expected.n_missing)
    assert json.dumps(found.as_dict()) == json.dumps(expected.as_dict())


def test_zero_in_int8_is_an_answer_where_the_scale_holds_it():
    scale = [0, 1, 2, 3, 4, 5]
    found = stats.count_table(CODED, scale)
    assert found.counts[:, 0].tolist() == [0, 1, 1, 1]
    assert found.missing.tolist() == [0, 0, 0, 0]
    assert stats.conger_kappa(CODED, "quadratic", scale) == stats.conger_kappa(
        CODED.astype(float), "quadratic", scale
    )
    assert stats.pair_table(CODED, shifted(CODED), scale).missing.sum() == 0
    assert stats.aiken_v(COLUMN, 0, 5).n_missing == 0
    assert stats.cochran_q((CODED > 2).astype(np.int8)).value == stats.cochran_q(CODED > 2).value


def test_values_below_the_lowest_answer_are_empty_categories():
    found = stats.count_table(np.array([[1, 2], [2, 2]], dtype=np.int64), [-2, -1, 0, 1, 2])
    assert found.counts.tolist() == [[0, 0, 0, 1, 1], [0, 0, 0, 0, 2]]
    with pytest.raises(ValueError, match="not among values"):
        stats.count_table(np.array([[0, 2]], dtype=np.int64), [1, 2])

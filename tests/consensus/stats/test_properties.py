"""What must hold for any data: Hypothesis looks for counterexamples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from consensus import stats

from .test_tables import no_nan

FEW = settings(max_examples=60, deadline=None)

counts = hnp.arrays(np.int64, st.integers(3, 9), elements=st.integers(0, 12))
tables = hnp.arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(3, 7)), elements=st.integers(0, 9))
squares = st.integers(2, 6).flatmap(lambda k: hnp.arrays(np.int64, (k, k), elements=st.integers(0, 6)))
ratings = hnp.arrays(np.int8, st.tuples(st.integers(1, 9), st.integers(1, 6)), elements=st.integers(0, 5))

OF_RATINGS = {
    "alpha_nominal": lambda r: stats.krippendorff_alpha(r, "nominal"),
    "alpha_ordinal": lambda r: stats.krippendorff_alpha(r, "ordinal"),
    "alpha_interval": lambda r: stats.krippendorff_alpha(r, "interval"),
    "fleiss": lambda r: stats.fleiss_kappa(stats.count_table(r)),
    "ac1": lambda r: stats.gwet_ac(stats.count_table(r)),
    "conger": stats.conger_kappa,
    "icc": stats.icc,
    "cronbach": stats.cronbach_alpha,
    "w": lambda r: stats.kendall_w(r, missing="complete_members"),
    "w_pairwise": lambda r: stats.kendall_w(r, missing="pairwise_spearman"),
    "friedman": stats.friedman,
    "skillings_mack": stats.skillings_mack,
}


def floats(array):
    return np.where(array == 0, np.nan, array.astype(float))


def values_of(found):
    return found.value, found.undefined_reason


@pytest.mark.parametrize("name", OF_RATINGS)
@FEW
@given(ratings=ratings, data=st.data())
def test_order_of_members_is_irrelevant(name, ratings, data):
    panel = floats(ratings)
    order = data.draw(st.permutations(range(len(panel))))
    first, second = OF_RATINGS[name](panel), OF_RATINGS[name](panel[list(order)])
    assert first.undefined_reason == second.undefined_reason
    assert first.value == pytest.approx(second.value, abs=1e-8)
    no_nan(first.as_dict())


@pytest.mark.parametrize("name", ["alpha_ordinal", "alpha_nominal", "w", "friedman", "skillings_mack"])
@FEW
@given(ratings=ratings, steps=st.lists(st.integers(1, 50), min_size=5, max_size=5))
def test_monotone_relabelling_leaves_rank_statistics_alone(name, ratings, steps):
    labels = np.concatenate([[np.nan], np.cumsum(steps)])
    first, second = OF_RATINGS[name](floats(ratings)), OF_RATINGS[name](labels[ratings])
    assert first.undefined_reason == second.undefined_reason
    assert first.value == pytest.approx(second.value, abs=1e-8)


@FEW
@given(counts=counts, steps=st.lists(st.integers(1, 50), min_size=9, max_size=9))
def test_monotone_relabelling_moves_quantiles_with_their_labels(counts, steps):
    labels = np.cumsum(steps)[: len(counts)]
    for quantile_type in (1, 3):
        plain = stats.quantile(counts, [0.25, 0.5, 0.75], type=quantile_type).value
        moved = stats.quantile(counts, [0.25, 0.5, 0.75], labels, quantile_type).value
        assert moved == (None if plain is None else tuple(labels[int(v) - 1] for v in plain))


@FEW
@given(counts=counts)
def test_reversing_the_scale_mirrors_location_and_keeps_consensus(counts):
    forth, back = stats.battery(counts, panel=False), stats.battery(counts[::-1], panel=False)
    for name in ("agreement", "consensus", "leik", "blair_lacy", "entropy", "polarisation", "pairwise"):
        assert getattr(forth, name).value == pytest.approx(getattr(back, name).value, abs=1e-9), name
    if forth.value is not None:
        assert forth.description.median + back.description.median == pytest.approx(len(counts) + 1)
        assert forth.rand_ucla.value == pytest.approx(back.rand_ucla.value)


@FEW
@given(counts=counts, times=st.integers(2, 5))
def test_doubling_the_panel_keeps_shares_and_consensus(counts, times):
    once, often = stats.battery(counts, panel=False), stats.battery(counts * times, panel=False)
    for name in ("agreement", "consensus", "leik", "blair_lacy", "entropy"):
        assert getattr(once, name).value == pytest.approx(getattr(often, name).value, abs=1e-9), name
    assert once.description.mean == pytest.approx(often.description.mean)


@FEW
@given(counts=counts)
def test_measures_stay_in_their_ranges(counts):
    found = stats.battery(counts, panel=False)
    if found.undefined_reason:
        return
    assert -1 - 1e-12 <= found.agreement.value <= 1 + 1e-12
    for name in ("consensus", "leik", "blair_lacy", "polarisation"):
        assert -1e-12 <= getattr(found, name).value <= 1 + 1e-12, name
    d = found.description
    assert d.min <= d.p10 <= d.q1 <= d.median <= d.q3 <= d.p90 <= d.max
    assert d.min - 0.5 <= d.interpolated_median <= d.max + 0.5


@FEW
@given(k=st.integers(3, 9), place=st.integers(0, 8), n=st.integers(1, 50))
def test_unanimity_is_defined_everywhere(k, place, n):
    counts = np.zeros(k, dtype=int)
    counts[place % k] = n
    found = stats.battery(counts, panel=False)
    assert found.undefined_reason is None
    assert (found.agreement.value, found.consensus.value, found.blair_lacy.value) == (1.0, 1.0, 1.0)
    assert (found.leik.value, found.entropy.value, found.polarisation.value) == (0.0, 0.0, 0.0)
    assert found.description.iqr == 0.0
    assert found.rand_ucla.disagreement is False
    assert found.rand_ucla.classic == "agreement"


@FEW
@given(table=tables)
def test_weights_of_one_equal_no_weights(table):
    n = table.sum(axis=1)
    plain, weighted = (
        stats.describe(table).as_dict(),
        stats.describe(table.astype(float), n_answers=n).as_dict(),
    )
    plain.pop("method"), weighted.pop("method")
    for key, value in plain.items():
        for a, b in (
            zip(value, weighted[key], strict=True) if isinstance(value, list) else [(value, weighted[key])]
        ):
            assert a == (pytest.approx(b) if isinstance(a, float) else b), key


@FEW
@given(table=tables)
def test_items_without_answers_are_reported_and_leave_the_others_alone(table):
    padded = np.vstack([table, np.zeros(table.shape[1], dtype=int)])
    alone, beside = stats.battery(table), stats.battery(padded)
    assert beside.item(len(table)).undefined_reason == "no_answers"
    assert beside.panel.alpha_ordinal.value == pytest.approx(alone.panel.alpha_ordinal.value)
    assert beside.panel.ac1.value == pytest.approx(alone.panel.ac1.value)
    assert beside.panel.ac1.n_missing == alone.panel.ac1.n_missing + 1


@FEW
@given(table=squares)
def test_stability_always_speaks(table):
    found = stats.stability(table, categories=[len(table)])
    no_nan(found.as_dict())
    if table.sum() and (table == np.diag(np.diag(table))).all():
        assert found.value == 1.0
        assert found.wilcoxon.p_value == found.stuart_maxwell.p_value == found.mcnemar.p_value == 1.0
    if found.value is not None:
        assert 0 <= found.net_change.value <= 1 - found.value + 1e-12, "net change cannot exceed gross change"


@FEW
@given(table=squares)
def test_swapping_the_rounds_keeps_symmetric_tests(table):
    forth, back = stats.stability(table), stats.stability(table.T)
    for name in (
        "kappa",
        "stuart_maxwell",
        "bowker",
        "spearman",
        "individual_chi2",
        "group_chi2",
        "net_change",
    ):
        assert getattr(forth, name).value == pytest.approx(getattr(back, name).value, abs=1e-7), name
    if forth.wilcoxon.p_value is not None:
        assert forth.wilcoxon.p_value == pytest.approx(back.wilcoxon.p_value)


@FEW
@given(k=st.integers(0, 40), extra=st.integers(0, 40))
def test_wilson_interval_holds_the_share(k, extra):
    found = stats.wilson_interval(k, k + extra)
    if k + extra:
        assert 0 <= found.ci_low <= found.value <= found.ci_high <= 1


@FEW
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_values_are_no_smaller_and_keep_their_order(p):
    for method in ("holm", "bh", "by", "bonferroni"):
        found = stats.adjust_pvalues(p, method).value.tolist()
        assert all(a >= b - 1e-12 for a, b in zip(found, p, strict=True))
        order = np.argsort(p, kind="stable")
        assert (np.diff(np.array(found)[order]) >= -1e-12).all()


@FEW
@given(counts=hnp.arrays(np.int64, st.integers(3, 7), elements=st.integers(0, 8)))
def test_unimodal_fit_is_unimodal_and_keeps_the_total(counts):
    from consensus.stats.bimodality import unimodal_fit

    fit = unimodal_fit(counts[None].astype(float))[0]
    steps = np.sign(np.round(np.diff(fit), 9))
    falls = np.flatnonzero(steps < 0)
    assert fit.sum() == pytest.approx(counts.sum())
    assert not (steps[falls[0] :] > 0).any() if falls.size else True

"""Degenerate input is normal input: every statistic gives a value or a named reason."""

from __future__ import annotations

import json

import numpy as np
import pytest

from consensus import stats

from .test_tables import no_nan

NAN = np.nan
PANELS = {
    "one member": [[1, 2, 3]],
    "one item": [[1], [2], [3], [3]],
    "one answer": [[2]],
    "no variance": [[3, 3, 3]] * 5,
    "all missing": [[NAN, NAN, NAN]] * 4,
    "one item all missing": [[1, NAN, 3], [2, NAN, 3], [2, NAN, 1], [4, NAN, 4], [4, NAN, 4]],
    "members who answered one item": [[1, NAN, NAN], [NAN, 2, NAN], [NAN, NAN, 3], [2, NAN, NAN]],
    "two members": [[1, 2, 3], [3, 2, 1]],
    "one dissent": [[5, 5, 5, 5]] * 9 + [[5, 5, 5, 1]],
    "one member without answers": [[1, 2, 3], [NAN, NAN, NAN], [1, 3, 2], [2, 1, 3]],
    "ties": [[1, 1, 2, 2], [1, 1, 1, 2], [2, 2, 2, 2], [1, 2, 1, 2]],
}

OF_PANELS = {
    "krippendorff_nominal": lambda r: stats.krippendorff_alpha(r, "nominal"),
    "krippendorff_ordinal": lambda r: stats.krippendorff_alpha(r, "ordinal"),
    "krippendorff_interval": lambda r: stats.krippendorff_alpha(r, "interval"),
    "krippendorff_ratio": lambda r: stats.krippendorff_alpha(r, "ratio"),
    "cronbach_listwise": stats.cronbach_alpha,
    "cronbach_pairwise": lambda r: stats.cronbach_alpha(r, "pairwise"),
    "cronbach_mean": lambda r: stats.cronbach_alpha(r, "mean"),
    "fleiss": lambda r: stats.fleiss_kappa(stats.count_table(np.array(r, dtype=float))),
    "ac1": lambda r: stats.gwet_ac(stats.count_table(np.array(r, dtype=float))),
    "ac2": lambda r: stats.gwet_ac(stats.count_table(np.array(r, dtype=float)), "quadratic"),
    "randolph": lambda r: stats.randolph_kappa(stats.count_table(np.array(r, dtype=float))),
    "brennan_prediger": lambda r: stats.brennan_prediger(stats.count_table(np.array(r, dtype=float))),
    "percent": lambda r: stats.percent_agreement(stats.count_table(np.array(r, dtype=float))),
    "conger": stats.conger_kappa,
    "icc": stats.icc,
    "kendall_w": stats.kendall_w,
    "kendall_w_members": lambda r: stats.kendall_w(r, missing="complete_members"),
    "kendall_w_items": lambda r: stats.kendall_w(r, missing="complete_items"),
    "kendall_w_pairwise": lambda r: stats.kendall_w(r, missing="pairwise_spearman"),
    "kendall_w_exact": lambda r: stats.kendall_w(r, p_method="exact"),
    "kendall_w_boot": lambda r: stats.kendall_w(
        r, n_boot=50, p_method="permutation", n_permutations=49, rng=np.random.default_rng(1)
    ),
    "friedman": stats.friedman,
    "friedman_exact": lambda r: stats.friedman(r, exact=True),
    "skillings_mack": stats.skillings_mack,
    "opinion_groups": lambda r: stats.opinion_groups(r, rng=np.random.default_rng(0), minimum_answers=1),
    "attrition": lambda r: stats.attrition(r, np.arange(len(r)) % 2),
    "attrition_nobody_left": lambda r: stats.attrition(r, np.ones(len(r))),
    "stability": lambda r: stats.stability(stats.pair_table(np.array(r)[:-1], np.array(r)[1:])),
    "battery": lambda r: stats.battery(stats.count_table(np.array(r, dtype=float))),
    "polarisation_test": lambda r: stats.polarisation_test(
        stats.count_table(np.array(r, dtype=float)), rng=np.random.default_rng(0), n_boot=19
    ),
    "bootstrap_counts": lambda r: stats.bootstrap_counts_ci(
        stats.count_table(np.array(r, dtype=float)), lambda t: t.mean, rng=np.random.default_rng(0), n_boot=20
    ),
}


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("name", OF_PANELS)
def test_every_panel_gives_a_value_or_a_reason(name, panel):
    found = OF_PANELS[name](PANELS[panel])
    json.dumps(found.as_dict(), allow_nan=False)
    for one in found.items() if found.is_table else [found]:
        shown = one.as_dict()
        no_nan(shown, name)
        assert (shown["value"] is None) != (shown["undefined_reason"] is None), shown


VECTORS = {
    "nothing": [],
    "all missing": [NAN, NAN],
    "one": [4],
    "two equal": [4, 4],
    "equal": [7] * 9,
    "two": [1, 2],
}
OF_VECTORS = {
    "sarle": stats.sarle_bimodality,
    "dip": stats.hartigan_dip,
    "ashman": stats.ashman_d_of,
    "aiken": lambda x: stats.aiken_v(x, 1, 9),
    "wilcoxon": lambda x: stats.wilcoxon(x, x),
    "wilcoxon_wilcox": lambda x: stats.wilcoxon(x, x, zero="wilcox", exact=True),
    "mann_whitney": lambda x: stats.mann_whitney(x, x),
    "spearman": lambda x: stats.spearman(x, x),
    "levene": lambda x: stats.levene([x, x]),
}


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("name", OF_VECTORS)
def test_every_vector_gives_a_value_or_a_reason(name, vector):
    shown = OF_VECTORS[name](VECTORS[vector]).as_dict()
    no_nan(shown, name)
    assert (shown["value"] is None) != (shown["undefined_reason"] is None), shown


def test_unanimity_is_consensus_and_stability_everywhere_it_can_be():
    table = np.diag([0, 0, 0, 0, 30])
    found = stats.stability(table, categories=(4, 5))
    assert found.value == 1.0
    assert found.net_change.value == 0.0
    assert found.net_change.stable is True
    for test in (found.wilcoxon, found.mcnemar, found.stuart_maxwell, found.bhapkar, found.bowker):
        assert test.p_value == 1.0, test
    for empty in (found.kappa, found.spearman, found.goodman_kruskal_lambda, found.group_chi2):
        assert (empty.value, empty.undefined_reason) == (None, "no_variance"), empty
    battery = stats.battery([[0, 0, 0, 0, 30]] * 3, categories=(4, 5))
    one = battery.item(0)
    assert (one.agreement.value, one.consensus.value, one.leik.value, one.share.value) == (1.0, 1.0, 0.0, 1.0)
    assert (one.description.sd, one.description.cv, one.description.iqr) == (0.0, 0.0, 0.0)
    assert (battery.panel.ac1.value, battery.panel.percent.value) == (1.0, 1.0)
    assert (
        battery.panel.alpha_ordinal.undefined_reason == battery.panel.fleiss.undefined_reason == "no_variance"
    )


def test_one_dissent_collapses_alpha_while_ac1_stays_high():
    counts = [[0, 10]] * 9 + [[1, 9]]
    alpha, ac1 = stats.alpha_from_counts(counts, "nominal"), stats.gwet_ac(counts)
    assert alpha.value == pytest.approx(0.0, abs=1e-9)
    assert ac1.value > 0.97


def test_kendall_never_drops_a_member_in_silence():
    ratings = [[1, 2, 3], [1, 2, 3], [1, 2, NAN]]
    silent = stats.kendall_w(ratings)
    assert (silent.value, silent.undefined_reason) == (None, "missing_ratings")
    dropped = stats.kendall_w(ratings, missing="complete_members")
    assert (dropped.value, dropped.n_used, dropped.n_missing) == (1.0, 2, 1)
    assert "complete_members" in dropped.method


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stats.describe([[[1]]]), "one or two dimensions"),
        (lambda: stats.describe([-1, 2]), "not negative"),
        (lambda: stats.describe([1, 2], [1, 1]), "all different"),
        (lambda: stats.describe([1, 2], [1, 2, 3]), "categories"),
        (lambda: stats.describe([1, 2], quantile_type=10), "1 to 9"),
        (lambda: stats.quantile([1, 2], 1.5), "between 0 and 1"),
        (lambda: stats.agreement_share([1, 2], [7]), "not among"),
        (lambda: stats.wilson_interval(3, 2), "between 0 and n"),
        (lambda: stats.krippendorff_alpha([[1, 2]], "cardinal"), "level"),
        (lambda: stats.gwet_ac([[1, 2]], "cubic"), "weights"),
        (lambda: stats.cohen_kappa([[1, 2]]), "square"),
        (lambda: stats.kendall_w([[1, 2]], missing="drop"), "missing"),
        (lambda: stats.kendall_w([[1, 2]], n_boot=10), "rng"),
        (lambda: stats.cochran_q([[1, 2, 0]]), "0 and 1"),
        (lambda: stats.adjust_pvalues([0.1, 2]), "between 0 and 1"),
        (lambda: stats.wilcoxon([1, 2], [1]), "one length"),
        (lambda: stats.aiken_v([9], 1, 5), "between"),
        (lambda: stats.cvr(5, 4), "between 0 and n"),
        (lambda: stats.importance_index([1, 2, 3], (1, 2)), "3 finite numbers"),
        (lambda: stats.stability([[1, 2, 3]]), "square"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()

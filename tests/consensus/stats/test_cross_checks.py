"""The same numbers as independent libraries on random panels with ties, gaps and tiny sizes."""

from __future__ import annotations

import itertools
import warnings

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import pytest
import scipy.stats as sps
from sklearn.metrics import cohen_kappa_score, silhouette_score
from statsmodels.stats.contingency_tables import SquareTable, cochrans_q
from statsmodels.stats.contingency_tables import mcnemar as sm_mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as sm_fleiss
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from consensus import stats
from consensus.stats.groups import silhouette

SEEDS = range(8)


def panel(seed, members=None, items=None, k=5, gaps=0.3):
    rng = np.random.default_rng(seed)
    shape = (members or int(rng.integers(3, 12)), items or int(rng.integers(3, 9)))
    centre = rng.uniform(1, k, shape[1])
    ratings = np.clip(np.rint(rng.normal(centre, 1.2, shape)), 1, k)
    ratings[rng.random(shape) < gaps] = np.nan
    return ratings


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorff_alpha(seed, level):
    ratings = panel(seed)
    expected = krippendorff.alpha(ratings, level_of_measurement=level)
    assert stats.krippendorff_alpha(ratings, level).value == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_fleiss_kappa_with_equal_numbers_of_raters(seed):
    tally = stats.count_table(panel(seed, gaps=0.0), [1, 2, 3, 4, 5])
    assert stats.fleiss_kappa(tally).value == pytest.approx(
        sm_fleiss(tally.counts, method="fleiss"), abs=1e-10
    )
    assert stats.randolph_kappa(tally).value == pytest.approx(
        sm_fleiss(tally.counts, method="randolph"), abs=1e-10
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_cohen_kappa(seed, weights):
    pairs = panel(seed, members=2, items=40, gaps=0.0).astype(int)
    table = stats.pair_table(pairs[0][:, None], pairs[1][:, None], [1, 2, 3, 4, 5])
    found = stats.cohen_kappa(table, weights or "identity").item(0)
    expected = cohen_kappa_score(pairs[0], pairs[1], weights=weights, labels=[1, 2, 3, 4, 5])
    assert found.value == pytest.approx(expected, abs=1e-10)
    other = cohens_kappa(table.table[0], wt=weights)
    assert found.se == pytest.approx(other.std_kappa, abs=1e-9)
    assert found.z == pytest.approx(other.z_value, abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_conger_of_two_raters_is_cohen_and_fleiss_is_scott(seed):
    pairs = panel(seed, members=2, items=30, gaps=0.0)
    table = stats.pair_table(pairs[0][:, None], pairs[1][:, None])
    assert stats.conger_kappa(pairs).value == pytest.approx(stats.cohen_kappa(table).item(0).value, abs=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_icc_forms_f_p_and_intervals(seed):
    ratings = panel(seed, items=8, k=9, gaps=0.0)
    m, n = ratings.shape
    long = pd.DataFrame(
        {"target": np.tile(np.arange(n), m), "rater": np.repeat(np.arange(m), n), "score": ratings.ravel()}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = pingouin.intraclass_corr(long, "target", "rater", "score").reset_index(drop=True)
    found = stats.icc(ratings)
    # By place, not by name: pingouin renamed its rows.
    for i, name in enumerate(["icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k"]):
        form, row = getattr(found, name), rows.iloc[i]
        low, high = row[next(c for c in rows.columns if c.startswith("CI95"))]
        p_value = row[next(c for c in rows.columns if c in ("pval", "p_val", "p-val"))]
        assert form.value == pytest.approx(row["ICC"], abs=1e-9), name
        assert form.f == pytest.approx(row["F"], rel=1e-8), name
        assert form.p_value == pytest.approx(p_value, abs=1e-9), name
        assert (form.ci_low, form.ci_high) == pytest.approx((low, high), abs=0.006), name


@pytest.mark.parametrize("seed", SEEDS)
def test_cronbach_alpha(seed):
    ratings = panel(seed, members=12, gaps=0.1)
    frame = pd.DataFrame(ratings)
    found = stats.cronbach_alpha(ratings)
    if found.value is None:
        assert found.undefined_reason == "too_few_raters"
    else:
        # Drop first: pingouin 0.7's own listwise option takes n for the interval from before the drop.
        listwise, interval = pingouin.cronbach_alpha(frame.dropna())
        assert found.value == pytest.approx(listwise, abs=1e-10)
        assert (found.ci_low, found.ci_high) == pytest.approx(tuple(interval), abs=0.0006)
    pairwise, _ = pingouin.cronbach_alpha(frame, nan_policy="pairwise")
    assert stats.cronbach_alpha(ratings, "pairwise").value == pytest.approx(pairwise, abs=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_friedman_w_and_skillings_mack_agree_with_scipy_on_complete_data(seed):
    ratings = panel(seed, gaps=0.0)
    expected = sps.friedmanchisquare(*ratings.T)
    m, n = ratings.shape
    friedman, w = stats.friedman(ratings), stats.kendall_w(ratings)
    mack = stats.skillings_mack(ratings)
    assert friedman.value == pytest.approx(expected.statistic, abs=1e-9)
    assert friedman.p_value == pytest.approx(expected.pvalue, abs=1e-9)
    assert w.value == pytest.approx(expected.statistic / (m * (n - 1)), abs=1e-9)
    assert (mack.value, mack.df) == (pytest.approx(expected.statistic, abs=1e-8), n - 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_w_from_many_distinct_values_equals_w_from_their_ranks(seed):
    rng = np.random.default_rng(seed)
    ratings = rng.normal(size=(9, 30)) + np.arange(30) / 10
    expected = sps.friedmanchisquare(*ratings.T).statistic / (9 * 29)
    assert stats.kendall_w(ratings).value == pytest.approx(expected, abs=1e-10)


def test_friedman_exact_equals_enumeration_with_ties():
    ratings = np.array([[1, 1, 2], [2, 1, 3], [1, 3, 3]])
    ranks = sps.rankdata(ratings, axis=1)
    observed = ((ranks.sum(axis=0) - 6) ** 2).sum()
    orders = [list(itertools.permutations(row)) for row in ranks]
    spreads = [((np.sum(choice, axis=0) - 6) ** 2).sum() for choice in itertools.product(*orders)]
    expected = np.mean(np.array(spreads) >= observed - 1e-9)
    assert stats.friedman(ratings.astype(float), exact=True).p_value == pytest.approx(expected, abs=1e-12)
    assert stats.kendall_w(ratings, p_method="exact").p_value == pytest.approx(expected, abs=1e-12)


def test_permutation_p_is_near_the_exact_one():
    ratings = np.array([[1, 2, 3, 4], [1, 3, 2, 4], [2, 1, 3, 4], [1, 2, 4, 3]], dtype=float)
    exact = stats.kendall_w(ratings, p_method="exact")
    drawn = stats.kendall_w(
        ratings, p_method="permutation", n_permutations=20_000, rng=np.random.default_rng(5)
    )
    assert exact.p_method == "exact"
    assert drawn.p_value == pytest.approx(exact.p_value, abs=0.004)


def every_sign_p(differences, zero):
    """The definition: all sign patterns equally likely."""
    d = np.array(differences, dtype=float)
    if zero == "wilcox":
        d = d[d != 0]
    ranks = sps.rankdata(np.abs(d))[d != 0]
    moved = d[d != 0]
    plus = ranks[moved > 0].sum()
    sums = np.array([np.dot(s, ranks) for s in itertools.product((0, 1), repeat=len(moved))])
    return min(1.0, 2 * min((sums <= plus + 1e-9).mean(), (sums >= plus - 1e-9).mean()))


@pytest.mark.parametrize("zero", ["pratt", "wilcox"])
@pytest.mark.parametrize("seed", SEEDS)
def test_exact_wilcoxon_with_ties_and_zeros_is_the_enumeration(seed, zero):
    differences = np.random.default_rng(seed).integers(-3, 4, 10)
    found = stats.wilcoxon(differences, np.zeros(10), zero=zero)
    assert found.exact is True
    assert found.p_value == pytest.approx(every_sign_p(differences, zero), abs=1e-12)


@pytest.mark.parametrize("zero", ["pratt", "wilcox"])
@pytest.mark.parametrize("seed", SEEDS)
def test_asymptotic_wilcoxon_agrees_with_scipy(seed, zero):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(1, 8, 60), rng.integers(1, 8, 60)
    expected = sps.wilcoxon(x, y, zero_method=zero, method="asymptotic")
    found = stats.wilcoxon(x, y, zero=zero, exact=False)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-12)
    table = stats.pair_table(y[:, None], x[:, None])
    assert stats.wilcoxon_from_table(table, zero=zero, exact=False).item(0).p_value == pytest.approx(
        found.p_value
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_mann_whitney_exact_with_ties_is_the_enumeration(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(1, 5, 4), rng.integers(1, 5, 5)
    ranks = sps.rankdata(np.concatenate([x, y]))
    sums = np.array([sum(c) for c in itertools.combinations(ranks, 4)])
    seen = ranks[:4].sum()
    expected = min(1.0, 2 * min((sums <= seen + 1e-9).mean(), (sums >= seen - 1e-9).mean()))
    assert stats.mann_whitney(x, y).p_value == pytest.approx(expected, abs=1e-12)
    asymptotic = sps.mannwhitneyu(x, y, use_continuity=False, method="asymptotic")
    assert stats.mann_whitney(x, y, exact=False).p_value == pytest.approx(asymptotic.pvalue, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_marginal_tests_agree_with_statsmodels(seed):
    table = np.random.default_rng(seed).integers(1, 30, (4, 4))
    square = SquareTable(table, shift_zeros=False)
    homogeneity, bhapkar = square.homogeneity("stuart_maxwell"), square.homogeneity("bhapkar")
    symmetry = square.symmetry()
    found = stats.stability(table)
    assert (found.stuart_maxwell.value, found.stuart_maxwell.p_value) == pytest.approx(
        (homogeneity.statistic, homogeneity.pvalue), abs=1e-9
    )
    assert found.bhapkar.value == pytest.approx(bhapkar.statistic, abs=1e-8)
    assert (found.bowker.value, found.bowker.df) == (pytest.approx(symmetry.statistic), symmetry.df)


@pytest.mark.parametrize("seed", SEEDS)
def test_stuart_maxwell_ignores_empty_categories(seed):
    table = np.random.default_rng(seed).integers(1, 9, (3, 3))
    padded = np.zeros((5, 5))
    padded[np.ix_([0, 2, 4], [0, 2, 4])] = table
    small, large = stats.stuart_maxwell(table), stats.stuart_maxwell(padded)
    assert (large.value, large.df) == (pytest.approx(small.value), small.df)


@pytest.mark.parametrize("seed", SEEDS)
def test_mcnemar_and_cochran(seed):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 15, (2, 2))
    found = stats.mcnemar(table)
    assert found.p_exact == pytest.approx(sm_mcnemar(table, exact=True).pvalue, abs=1e-12)
    answers = rng.integers(0, 2, (20, 3))
    expected = cochrans_q(answers)
    assert (stats.cochran_q(answers).value, stats.cochran_q(answers).p_value) == pytest.approx(
        (expected.statistic, expected.pvalue), abs=1e-10
    )
    two = stats.cochran_q(answers[:, :2])
    cross = np.array([[((answers[:, 0] == a) & (answers[:, 1] == b)).sum() for b in (0, 1)] for a in (0, 1)])
    assert two.value == pytest.approx(stats.mcnemar(cross).value), "Cochran's Q of two rounds is McNemar's"


@pytest.mark.parametrize("seed", SEEDS)
def test_spearman_chi2_levene_and_pitman_morgan(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 6, 30)
    y = np.clip(x + rng.integers(-1, 2, 30), 1, 5)
    expected = sps.spearmanr(x, y)
    table = stats.pair_table(x[:, None], y[:, None], [1, 2, 3, 4, 5])
    found = stats.stability(table).item(0)
    assert (found.spearman.value, found.spearman.p_value) == pytest.approx(tuple(expected), abs=1e-10)
    assert stats.spearman(x * 100, y).value == pytest.approx(expected.statistic, abs=1e-10)
    occupied = table.table[0][np.ix_(table.rows[0] > 0, table.columns[0] > 0)]
    chi2 = sps.chi2_contingency(occupied, correction=False)
    assert (found.individual_chi2.value, found.individual_chi2.df) == (
        pytest.approx(chi2.statistic),
        chi2.dof,
    )
    correlation = sps.pearsonr(y + x, y - x)
    assert (found.pitman_morgan.value, found.pitman_morgan.p_value) == pytest.approx(
        tuple(correlation), abs=1e-10
    )
    groups = [rng.normal(0, 1 + i, 8) for i in range(3)]
    for center in ("median", "mean"):
        levene = sps.levene(*groups, center=center)
        assert stats.levene(groups, center=center).p_value == pytest.approx(levene.pvalue, abs=1e-12)


@pytest.mark.parametrize("method", ["bonferroni", "holm", "bh", "by"])
def test_adjusted_p_values(method):
    p = np.random.default_rng(1).random(30) ** 3
    names = {"bh": "fdr_bh", "by": "fdr_by"}
    expected = multipletests(p, method=names.get(method, method))[1]
    assert stats.adjust_pvalues(p, method).value.tolist() == pytest.approx(expected.tolist(), abs=1e-12)
    gaps = stats.adjust_pvalues([0.01, None, 0.04], method)
    assert gaps.value.tolist() == pytest.approx(
        [
            *multipletests([0.01, 0.04], method=names.get(method, method))[1][:1],
            None,
            multipletests([0.01, 0.04], method=names.get(method, method))[1][1],
        ]
    )
    assert gaps.n_missing == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_quantiles_of_counts_are_numpys_of_answers(seed):
    methods = {
        1: "inverted_cdf", 2: "averaged_inverted_cdf", 3: "closest_observation", 4: "interpolated_inverted_cdf",
        5: "hazen", 6: "weibull", 7: "linear", 8: "median_unbiased", 9: "normal_unbiased",
    }  # fmt: skip
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, 10, int(rng.integers(1, 30)))
    counts = np.bincount(answers, minlength=10)[1:]
    probs = [0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.7, 0.75, 0.9, 1]
    for number, method in methods.items():
        expected = np.quantile(answers, probs, method=method)
        assert stats.quantile(counts, probs, type=number).value == pytest.approx(expected.tolist()), number


@pytest.mark.parametrize("seed", SEEDS)
def test_describe_is_pandas_describe(seed):
    answers = panel(seed, members=25, items=3, k=9, gaps=0.2)
    found = stats.describe(stats.count_table(answers))
    expected = pd.DataFrame(answers).describe()
    for name, row in [("n", "count"), ("mean", "mean"), ("sd", "std"), ("q1", "25%"), ("median", "50%"),
                      ("q3", "75%"), ("min", "min"), ("max", "max")]:  # fmt: skip
        assert getattr(found, name).tolist() == pytest.approx(expected.loc[row].tolist()), name


@pytest.mark.parametrize(("k", "n"), [(0, 9), (9, 9), (3, 7), (81, 263), (1, 1)])
def test_wilson_interval(k, n):
    found = stats.wilson_interval(k, n)
    assert (found.ci_low, found.ci_high) == pytest.approx(
        proportion_confint(k, n, method="wilson"), abs=1e-12
    )


def test_silhouette_is_scikit_learns():
    rng = np.random.default_rng(2)
    points, labels = rng.normal(size=(60, 2)), rng.integers(0, 3, 60)
    assert silhouette(points, labels, rng) == pytest.approx(silhouette_score(points, labels), abs=1e-10)


def test_sarle_and_bca_agree_with_scipy():
    x = np.random.default_rng(4).gamma(2, size=40)
    skew, kurtosis = sps.skew(x, bias=False), sps.kurtosis(x, bias=False)
    expected = (skew**2 + 1) / (kurtosis + 3 * 39**2 / (38 * 37))
    assert stats.sarle_bimodality(x).value == pytest.approx(expected, abs=1e-10)
    other = sps.bootstrap((x,), np.mean, n_resamples=20_000, rng=np.random.default_rng(1)).confidence_interval
    found = stats.bootstrap_ci(x, lambda b: b.mean(axis=-1), rng=np.random.default_rng(2), n_boot=20_000)
    assert found.method == "BCa bootstrap"
    assert (found.ci_low, found.ci_high) == pytest.approx((other.low, other.high), abs=0.03)


def test_skillings_mack_tie_correction_matters():
    ratings = panel(11, members=12, items=5, k=3, gaps=0.0)
    corrected, published = stats.skillings_mack(ratings), stats.skillings_mack(ratings, ties=False)
    assert corrected.value == pytest.approx(stats.friedman(ratings).value)
    assert published.value < corrected.value

"""Opinion groups, polarisation, attrition, realisation time, expert weights, bootstrap: what they find
and refuse.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from consensus import stats
from consensus.stats.dip import dip_p

NAN = np.nan
ROOT = Path(__file__).resolve().parents[3]


def two_camps(seed=0, each=20, gaps=0.1):
    """Camps that differ on items 0-3, agree on item 4 and scatter on 5-7."""
    rng = np.random.default_rng(seed)
    centre = np.array([[8, 8, 2, 2, 8, 5, 5, 5], [2, 2, 8, 8, 8, 5, 5, 5]])
    camps = np.repeat([0, 1], each)
    ratings = np.clip(np.rint(rng.normal(centre[camps], 1.0)), 1, 9)
    ratings[rng.random(ratings.shape) < gaps] = NAN
    return ratings, camps


def test_opinion_groups_finds_two_camps_what_they_stand_for_and_what_they_share():
    ratings, camps = two_camps()
    found = stats.opinion_groups(ratings, rng=np.random.default_rng(1), agree_at_least=7, disagree_at_most=3)
    labels = np.array([-1 if label is None else label for label in found.labels])
    assert found.value == 2
    assert sum(found.sizes) == found.n_used
    first, second = labels[camps == 0], labels[camps == 1]
    assert len(set(first[first >= 0])) == len(set(second[second >= 0])) == 1
    sides = [{(r["item"], r["side"]) for r in group} for group in found.representative]
    high_first = {(0, "agree"), (1, "agree"), (2, "disagree"), (3, "disagree")}
    low_first = {(0, "disagree"), (1, "disagree"), (2, "agree"), (3, "agree")}
    assert sorted(map(sorted, sides)) == sorted(map(sorted, [high_first, low_first]))
    assert [(item, side) for item, _, side in found.shared] == [(4, "agree")]
    json.dumps(found.as_dict(), allow_nan=False)


def test_opinion_groups_reports_one_group_in_a_cloud_and_is_deterministic():
    cloud = np.clip(np.rint(np.random.default_rng(2).normal(5, 1.5, (60, 12))), 1, 9)
    one = stats.opinion_groups(cloud, rng=np.random.default_rng(1), minimum_silhouette=0.5)
    assert (one.value, one.sizes) == (1, (60,))
    ratings, _ = two_camps()
    twice = [stats.opinion_groups(ratings, rng=np.random.default_rng(5)).as_dict() for _ in range(2)]
    assert twice[0] == twice[1]


def test_members_with_too_few_answers_are_counted_not_grouped():
    ratings, _ = two_camps()
    ratings[3] = [9, NAN, NAN, NAN, NAN, NAN, NAN, NAN]
    found = stats.opinion_groups(ratings, rng=np.random.default_rng(1), minimum_answers=4)
    assert found.labels[3] is None
    assert found.n_missing == 1


def test_polarisation_test_tells_split_from_spread():
    counts = [[15, 3, 0, 0, 0, 0, 0, 3, 15], [4, 4, 4, 4, 4, 4, 4, 4, 4], [0, 1, 2, 5, 9, 5, 2, 1, 0]]
    found = stats.polarisation_test(counts, rng=np.random.default_rng(0), n_boot=499)
    assert found.polarised.tolist() == [True, False, False]
    assert found.p_value.tolist()[0] < 0.01
    assert found.p_value.tolist()[2] == 1.0


def test_polarisation_test_rarely_cries_wolf_where_the_dip_test_does():
    rng = np.random.default_rng(3)
    shape = np.array([1, 2, 4, 6, 8, 7, 5, 3, 1]) / 37
    counts = rng.multinomial(20, shape, 100)
    found = stats.polarisation_test(counts, rng=rng, n_boot=99)
    assert sum(found.polarised.tolist()) <= 5
    dips = [stats.hartigan_dip(np.repeat(np.arange(1, 10), row)).p_value < 0.05 for row in counts]
    assert np.mean(dips) > 0.3, "why the dip test is kept away from ratings"


@pytest.mark.parametrize("n", [10, 37, 200, 5000])
def test_dip_p_values_are_uniform_on_uniform_samples(n):
    rng = np.random.default_rng(n)
    draws = 40 if n == 5000 else 300
    p = np.array([stats.hartigan_dip(rng.random(n)).p_value for _ in range(draws)])
    assert abs((p < 0.5).mean() - 0.5) < 3.5 * 0.5 / np.sqrt(draws)
    assert dip_p(0.25, 4) == 0.0


def test_continuous_measures_see_two_bumps():
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(20, 4, 60), rng.normal(70, 6, 40)])
    assert stats.hartigan_dip(x).p_value < 0.01
    assert stats.sarle_bimodality(x).above_benchmark is True
    found = stats.ashman_d_of(x)
    assert found.value > 5
    assert sorted(found.means) == pytest.approx([20, 70], abs=2)


def test_attrition_finds_items_on_which_those_who_left_differed():
    rng = np.random.default_rng(0)
    stayed = np.repeat([True, False], [60, 40])
    ratings = np.clip(np.rint(rng.normal(6, 1, (100, 5))), 1, 9)
    ratings[~stayed, 2] = np.clip(np.rint(rng.normal(3, 1, 40)), 1, 9)
    ratings[7] = NAN

    def decide(tally):
        return ["in" if share >= 0.55 else "open" for share in np.ma.filled(
            stats.agreement_share(tally, [6, 7, 8, 9]).value, 0.0)]  # fmt: skip

    labels = ["academia" if i % 2 else "industry" for i in range(100)]
    found = stats.attrition(ratings, stayed, np.arange(1, 10), groups=labels, decide=decide)
    assert found.flagged == (2,)
    assert found.difference.tolist()[2] > 2
    assert found.changed == (2,)
    assert (found.verdicts[2], found.verdicts_completers[2]) == ("open", "in")
    assert (found.n_used, found.n_missing) == (99, 1)
    assert found.response.value == pytest.approx(59 / 99)
    assert set(found.by_group) == {"academia", "industry"}
    json.dumps(found.as_dict(), allow_nan=False)


def test_special_answers_are_shares_and_never_years():
    found = stats.realisation_time(
        [[2, 4, 4], [0, 0, 0]], [2030, 2035, 2040], already=[1, 0], never=[5, 3], cannot_say=[4, 0],
        weighted_counts=[[2.0, 0.4, 0.4], [0, 0, 0]],
    )  # fmt: skip
    first, second = found.item(0), found.item(1)
    assert (first.value, first.q1, first.q3) == (2035.0, 2035.0, 2040.0)
    assert first.weighted.median == 2030.0
    assert (first.n_used, first.n_answered) == (10, 20.0)
    assert (first.year_share, first.already_share, first.never_share, first.cannot_say_share) == (
        0.5,
        0.05,
        0.25,
        0.2,
    )
    assert (second.value, second.undefined_reason, second.never_share) == (None, "no_answers", 1.0)
    both = stats.realisation_stages(first, second)
    assert both.gap is None
    assert stats.realisation_stages(first, first).gap == 0


def test_chinese_indicators():
    assert stats.positivity_coefficient(18, 20).value == 0.9
    assert stats.positivity_coefficient(0, 0).undefined_reason == "no_answers"
    assert stats.full_score_rate([0, 0, 3, 1], [1, 2, 3, 4], maximum=5).value == 0.0, "the scale's maximum"
    assert stats.full_score_rate([0, 0, 3, 1]).value == 0.25
    counts = [4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 4]
    found = stats.authority_coefficient(basis_counts=counts, familiarity_counts=[2, 2, 0, 0, 0], n=4)
    assert (found.ca, found.cs) == (pytest.approx(0.9), pytest.approx(0.9))
    assert found.acceptable is True
    assert stats.authority_coefficient(basis_counts=[0] * 12, familiarity_counts=[0] * 5, n=0).value is None
    with pytest.raises(ValueError, match="basis: 2 counts but 12 weights"):
        stats.authority_coefficient(basis_counts=[1, 2], familiarity_counts=[1, 0, 0, 0, 0], n=1)
    w = stats.coordination_coefficient([[1, 2, 3], [1, 3, 2], [1, 2, 3]])
    assert (w.value, w.df) == (pytest.approx(7 / 9), 2)


def test_bootstrap_states_its_method_and_survives_unanimity():
    flat = stats.bootstrap_ci([4.0] * 9, lambda x: x.mean(axis=-1), rng=np.random.default_rng(0))
    assert (flat.ci_low, flat.ci_high) == (4.0, 4.0)
    assert "no variance" in flat.method
    median = stats.bootstrap_ci(
        [1, 2, 2, 3, 9, NAN],
        lambda x: np.median(x, axis=-1),
        rng=np.random.default_rng(0),
        method="percentile",
    )
    assert (median.n_used, median.n_missing, median.value) == (5, 1, 2.0)
    one = stats.bootstrap_ci([3.0], lambda x: x.mean(axis=-1), rng=np.random.default_rng(0))
    assert (one.value, one.undefined_reason, one.ci_low) == (3.0, "too_few_raters", None)
    with pytest.raises(ValueError, match="one number per batch"):
        stats.bootstrap_ci([1, 2], lambda x: x, rng=np.random.default_rng(0))


def test_bootstrap_of_counts_equals_bootstrap_of_answers_and_repeats_with_its_seed():
    answers = np.random.default_rng(1).integers(1, 10, 40)
    counts = np.bincount(answers, minlength=10)[1:]
    options = {"n_boot": 4000}
    table = stats.bootstrap_counts_ci(counts, lambda t: t.mean, rng=np.random.default_rng(2), **options)
    again = stats.bootstrap_counts_ci(counts, lambda t: t.mean, rng=np.random.default_rng(2), **options)
    plain = stats.bootstrap_ci(
        answers, lambda x: x.mean(axis=-1), rng=np.random.default_rng(3), method="percentile", **options
    )
    assert table == again
    assert (table.ci_low, table.ci_high) == pytest.approx((plain.ci_low, plain.ci_high), abs=0.12)
    assert table.value == pytest.approx(answers.mean())


def test_w_interval_holds_the_value_for_a_large_panel():
    rng = np.random.default_rng(0)
    ratings = np.clip(np.rint(rng.normal(np.linspace(3, 7, 12), 1.5, (300, 12))), 1, 9).astype(np.int8)
    found = stats.kendall_w(ratings, n_boot=300, rng=rng)
    assert found.ci_low < found.value < found.ci_high
    assert found.ci_high - found.ci_low < 0.12
    assert found.p_value < 1e-12


def test_pairwise_w_samples_pairs_of_a_large_panel_and_says_so():
    rng = np.random.default_rng(0)
    ratings = np.clip(np.rint(rng.normal(np.linspace(2, 8, 8), 1.0, (250, 8))), 1, 9)
    complete = stats.kendall_w(ratings)
    ratings[0, 0] = NAN
    with pytest.raises(ValueError, match="needs rng"):
        stats.kendall_w(ratings, missing="pairwise_spearman")
    sampled = stats.kendall_w(ratings, missing="pairwise_spearman", rng=rng)
    assert "sampled" in sampled.method
    assert sampled.value == pytest.approx(complete.value, abs=0.03)


@pytest.mark.parametrize("page", ["statistics.md", "statistics.zh-hans.md"])
def test_the_analysts_page_names_every_statistic(page):
    helpers = {
        "CONSENSUS_KINDS", "CRITERIA_PRESETS", "STABILITY_KINDS", "VERDICTS", "WEIGHT_PRESETS", "Figures", "Pairs",
        "Result", "Tally", "alpha_with_weights", "ashman_d_of", "battery", "chi2_homogeneity", "count_table",
        "friedman_exact", "group_consensus", "levene", "mann_whitney", "mann_whitney_from_counts", "pair_table",
        "pairwise_agreement", "panel_agreement", "rand_classic_cutoffs", "realisation_stages", "spearman_from_table",
        "stability", "two_proportion_z", "validate_criteria", "wilcoxon_from_table",
    }  # fmt: skip
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert [name for name in stats.__all__ if name not in helpers and f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("page", "words"),
    [("statistics.md", ("Use:", "Misleads:")), ("statistics.zh-hans.md", ("适用：", "误导："))],
)
def test_the_analysts_page_says_of_each_when_to_use_it_and_when_it_misleads(page, words):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    sections = [each for each in re.split(r"(?m)^(?=#{2,3} )", text) if each.startswith("### `")]
    assert len(sections) > 25
    assert [each.split("\n")[0] for each in sections if not all(word in each for word in words)] == []

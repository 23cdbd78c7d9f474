"""One table over all public names: whatever a panel looks like, each statistic gives a value or a named reason."""

from __future__ import annotations

import json

import numpy as np
import pytest

from consensus import stats

from .test_degenerate import NAN, PANELS
from .test_tables import no_nan

MORE_PANELS = {
    "nobody": np.zeros((0, 3)),
    "members without items": np.zeros((3, 0)),
    "empty middle categories": [[1, 9, 1], [9, 1, 9], [1, 1, 9]],
    "two items all missing": [[1, NAN, NAN], [5, NAN, NAN]],
}


def tally(r):
    return stats.count_table(np.array(r, dtype=float))


def rounds(r):
    first = np.array(r, dtype=float)
    return stats.pair_table(first, np.roll(first, 1, axis=0))


def vector(r):
    return np.array(r, dtype=float).ravel()


def yes(r):
    """Agreement (above 2) as 0 and 1, missing kept."""
    array = np.array(r, dtype=float)
    return np.where(np.isnan(array), NAN, array > 2)


def two_by_two(r):
    return stats.pair_table(yes(r), np.roll(yes(r), 1, axis=0), [0, 1])


def rng():
    return np.random.default_rng(3)


def answered(r):
    array = np.array(r, dtype=float)
    return (~np.isnan(array)).sum(axis=0)


def agreed(r):
    return (yes(r) == 1).sum(axis=0)


def of_stability(name):
    return lambda r: getattr(stats, name)(rounds(r))


def figures(r):
    return stats.Figures(tally(r), weighted=tally(r))


def judged(r):
    return stats.judge({"consensus_in": {"kind": "iqr", "threshold": 1}}, figures(r))


EVERY = {
    "adjust_pvalues": lambda r: stats.adjust_pvalues(vector(r) / 10),
    "agreement_share": lambda r: stats.agreement_share(tally(r), tally(r).values[-1:].tolist()),
    "aiken_v": lambda r: stats.aiken_v(vector(r), 1, 9),
    "alpha_from_counts": lambda r: stats.alpha_from_counts(tally(r), "ordinal"),
    "alpha_with_weights": lambda r: stats.alpha_with_weights(tally(r), "ordinal"),
    "apmo": lambda r: stats.apmo(tally(r)),
    "ashman_d": lambda r: stats.ashman_d(1, 2, np.nan_to_num(vector(r)).std() if vector(r).size else 0.0, 0),
    "ashman_d_of": lambda r: stats.ashman_d_of(vector(r)),
    "attrition": lambda r: stats.attrition(r, np.arange(len(r)) % 2),
    "authority_coefficient": lambda r: stats.authority_coefficient(
        basis_counts=np.full(12, len(r)), familiarity_counts=np.full(5, len(r)), n=len(r)
    ),
    "battery": lambda r: stats.battery(tally(r)),
    "blair_lacy": lambda r: stats.blair_lacy(tally(r)),
    "bootstrap_ci": lambda r: stats.bootstrap_ci(vector(r), lambda x: x.mean(axis=-1), rng=rng(), n_boot=50),
    "bootstrap_counts_ci": lambda r: stats.bootstrap_counts_ci(
        tally(r), lambda t: t.mean, rng=rng(), n_boot=50, method="bca"
    ),
    "bootstrap_counts_cis": lambda r: stats.bootstrap_counts_cis(
        tally(r), {"m": lambda t: t.mean}, rng=rng(), n_boot=50
    )["m"],
    "brennan_prediger": lambda r: stats.brennan_prediger(tally(r)),
    "cochran_q": lambda r: stats.cochran_q(yes(r)),
    "comet_70_15": lambda r: stats.comet_70_15(
        tally(r), high=tally(r).values[-1:].tolist(), low=tally(r).values[:1].tolist()
    ),
    "conger_kappa": stats.conger_kappa,
    "coordination_coefficient": stats.coordination_coefficient,
    "cronbach_alpha": stats.cronbach_alpha,
    "cvr": lambda r: stats.cvr(int(agreed(r).sum()), int(answered(r).sum())),
    "describe": lambda r: stats.describe(tally(r)),
    "entropy": lambda r: stats.entropy(tally(r)),
    "fleiss_kappa": lambda r: stats.fleiss_kappa(tally(r)),
    "friedman": lambda r: stats.friedman(r, exact=True),
    "full_score_rate": lambda r: stats.full_score_rate(tally(r), maximum=9),
    "gwet_ac": lambda r: stats.gwet_ac(tally(r), "quadratic"),
    "hartigan_dip": lambda r: stats.hartigan_dip(vector(r)),
    "icc": stats.icc,
    "importance_index": lambda r: stats.importance_index(tally(r), list(range(tally(r).k))),
    "interpolated_median": lambda r: stats.interpolated_median(tally(r)),
    "kendall_w": lambda r: stats.kendall_w(r, missing="pairwise_spearman", n_boot=20, rng=rng()),
    "krippendorff_alpha": lambda r: stats.krippendorff_alpha(r, "interval"),
    "leik": lambda r: stats.leik(tally(r)),
    "levene": lambda r: stats.levene([vector(r), vector(r)[:3]]),
    "mann_whitney": lambda r: stats.mann_whitney(vector(r), vector(r)[:3]),
    "mann_whitney_from_counts": lambda r: stats.mann_whitney_from_counts(tally(r).counts, tally(r).counts),
    "mcnemar": lambda r: stats.mcnemar(two_by_two(r)),
    "mean_interval": lambda r: stats.mean_interval(tally(r)),
    "median_interval": lambda r: stats.median_interval(tally(r)),
    "modified_kappa": lambda r: stats.modified_kappa(int(agreed(r).sum()), int(answered(r).sum())),
    "opinion_groups": lambda r: stats.opinion_groups(r, rng=rng(), minimum_answers=1),
    "pairwise_agreement": lambda r: stats.pairwise_agreement(tally(r)),
    "panel_agreement": lambda r: stats.panel_agreement(tally(r)),
    "percent_agreement": lambda r: stats.percent_agreement(tally(r)),
    "polarisation": lambda r: stats.polarisation(tally(r)),
    "polarisation_test": lambda r: stats.polarisation_test(tally(r), rng=rng(), n_boot=19),
    "positivity_coefficient": lambda r: stats.positivity_coefficient(len(vector(r)), len(vector(r)) + 1),
    "quantile": lambda r: stats.quantile(tally(r), 0.25),
    "rand_ucla": lambda r: stats.rand_ucla(tally(r)),
    "randolph_kappa": lambda r: stats.randolph_kappa(tally(r)),
    "realisation_time": lambda r: stats.realisation_time(tally(r).counts, tally(r).values),
    "sarle_bimodality": lambda r: stats.sarle_bimodality(vector(r)),
    "skillings_mack": stats.skillings_mack,
    "spearman": lambda r: stats.spearman(vector(r), vector(r)[::-1]),
    "stability": lambda r: stats.stability(rounds(r)),
    "tastle_wierman_consensus": lambda r: stats.tastle_wierman_consensus(tally(r)),
    "van_der_eijk_agreement": lambda r: stats.van_der_eijk_agreement(tally(r)),
    "wilcoxon": lambda r: stats.wilcoxon(vector(r), vector(r)[::-1]),
    "wilson_interval": lambda r: stats.wilson_interval(agreed(r), answered(r)),
    "chi2_homogeneity": lambda r: stats.chi2_homogeneity(rounds(r).table),
    **{
        name: of_stability(name)
        for name in (
            "bhapkar", "bowker", "cohen_kappa", "convergence_rate", "cv_change",
            "goodman_kruskal_lambda", "group_chi2", "individual_chi2", "net_change", "pitman_morgan",
            "spearman_from_table", "stuart_maxwell", "unchanged", "wilcoxon_from_table",
        )
    },
}  # fmt: skip
# What is no statistic of answers: classes, constants, checks, tables of critical values.
NO_STATISTICS = {
    "CONSENSUS_KINDS", "CRITERIA_PRESETS", "STABILITY_KINDS", "VERDICTS", "WEIGHT_PRESETS", "Figures", "Pairs",
    "Result", "Tally", "count_table", "cvr_critical", "evaluate", "friedman_exact", "group_consensus", "judge",
    "pair_table", "rand_classic_cutoffs", "realisation_stages", "two_proportion_z", "validate_criteria",
    "validate_rule",
}  # fmt: skip


def test_every_public_name_is_in_the_table():
    assert set(EVERY) | NO_STATISTICS == set(stats.__all__)
    assert not set(EVERY) & NO_STATISTICS


def is_whole(name, shown):
    """Either a value or a reason why there is none. (A bootstrap of one answer has a value, and no interval.)"""
    several = isinstance(shown["value"], list)
    missing = all(one is None for one in shown["value"]) if several else shown["value"] is None
    alone = name == "bootstrap_ci" and shown["n_used"] == 1
    return alone or missing != (shown["undefined_reason"] is None)


@pytest.mark.parametrize("panel", [*PANELS, *MORE_PANELS])
def test_every_statistic_gives_a_value_or_a_reason(panel):
    ratings = (PANELS | MORE_PANELS)[panel]
    for name, compute in EVERY.items():
        try:
            found = compute(ratings)
        except Exception as error:
            error.add_note(f"{name} of {panel}")
            raise
        entries = found.items() if found.is_table else [found]
        json.dumps(found.as_dict(), allow_nan=False)
        for one in entries:
            shown = one.as_dict()
            no_nan(shown, name)
            assert is_whole(name, shown), (name, panel, shown)


@pytest.mark.parametrize("panel", PANELS)
def test_rules_and_verdicts_of_every_panel_are_decided_or_open(panel):
    verdicts = judged(PANELS[panel])
    for place in range(len(verdicts)):
        assert verdicts.item(place)["verdict"] in stats.VERDICTS
    for kind in stats.CONSENSUS_KINDS:
        leaf = {"share": {"band": [1]}, "median": {"low": 2}, "rand_ucla": {"disagreement": True},
                "comet": {"verdict": "in"}, "disagreement": {"measure": "consensus"}}.get(kind, {})  # fmt: skip
        threshold = {} if kind in ("median", "rand_ucla", "comet") else {"threshold": 0.5}
        table = stats.Figures(stats.count_table(np.array(PANELS[panel], dtype=float), range(1, 10)))
        found = stats.evaluate({"kind": kind, **leaf, **threshold}, table)
        assert set(found.passed.tolist()) <= {0.0, 0.5, 1.0}

"""How each published case is put to consensus.stats: one dispatcher per statistic of the golden file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from consensus import stats

Dispatcher = Callable[[Any, dict[str, Any]], Any]
DISPATCH: dict[str, Dispatcher] = {}


def case(*names: str) -> Callable[[Dispatcher], Dispatcher]:
    def register(function: Dispatcher) -> Dispatcher:
        for name in names:
            DISPATCH[name] = function
        return function

    return register


def matrix(data: Any) -> np.ndarray:
    return np.array(data, dtype=float)


def subjects(data: Any) -> stats.Tally:
    """Counts of a table whose rows are subjects and columns raters."""
    return stats.count_table(matrix(data).T)


@case("krippendorff_alpha")
def _(data, params):
    return stats.krippendorff_alpha(data, params["level"]).value


@case("conger_kappa_exact", "conger_kappa_missing")
def _(data, params):
    return stats.conger_kappa(matrix(data).T).value


@case("fleiss_kappa")
def _(data, params):
    return {"kappa": stats.fleiss_kappa(data).value}


@case("randolph_kappa")
def _(data, params):
    return {"fleiss": stats.fleiss_kappa(data).value, "randolph": stats.randolph_kappa(data).value}


@case("gwet_ac")
def _(data, params):
    found = stats.gwet_ac(subjects(data), params["weights"])
    return {"coeff": found.value, "se": found.se, "pa": found.pa, "pe": found.pe}


@case("pairwise_percent_agreement")
def _(data, params):
    return stats.percent_agreement(subjects(data)).value


@case("fleiss_kappa_missing")
def _(data, params):
    return stats.fleiss_kappa(subjects(data)).value


@case("brennan_prediger")
def _(data, params):
    return stats.brennan_prediger(subjects(data)).value


@case("krippendorff_alpha_irrcac_ordinal")
def _(data, params):
    """irrCAC's alpha with Gwet's ordinal weights: a form of its own, not Krippendorff's metric."""
    return stats.alpha_with_weights(subjects(data), "ordinal").value


@case("two_rater_table")
def _(data, params):
    k = len(data)
    pairs = [(i, j) for i in range(k) for j in range(k) for _ in range(data[i][j])]
    tally = stats.count_table(np.array(pairs, dtype=float).T)
    return {
        "kappa": stats.cohen_kappa(data).value,
        "scott_pi": stats.fleiss_kappa(tally).value,
        "ac1": stats.gwet_ac(tally).value,
        "brennan_prediger": stats.brennan_prediger(tally).value,
        "kripp_nominal": stats.alpha_from_counts(tally, "nominal").value,
        "pa": stats.percent_agreement(tally).value,
    }


@case("cohen_kappa")
def _(data, params):
    own = params.get("disagreement_weights")
    if own is None:
        return stats.cohen_kappa(data).value
    return stats.cohen_kappa(data, own, disagreement=True).value


@case("cohen_kappa_raw")
def _(data, params):
    table = stats.pair_table(matrix(data[0])[:, None], matrix(data[1])[:, None])
    found = stats.cohen_kappa(table, params["weights"]).item(0)
    return {"kappa": found.value, "z": found.z}


@case("icc")
def _(data, params):
    found = stats.icc(matrix(data).T)
    names = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")
    return {name: getattr(found, name.lower()).value for name in names}


@case("icc1_unbalanced")
def _(data, params):
    found = stats.icc(matrix(data).T)
    return {"ICC1": found.icc1.value, "ICCk": found.icc1k.value}


@case("kendall_w")
def _(data, params):
    found = stats.kendall_w(matrix(data), ties=params["ties"])
    return {"W": found.value, "chi2": found.chi2, "p": found.p_value}


@case("kendall_w_missing")
def _(data, params):
    found = stats.kendall_w(matrix(data), missing=params["method"])
    return {"W": found.value, "chi2": found.chi2}


@case("friedman")
def _(data, params):
    found = stats.friedman(matrix(data))
    return {"chi2": found.value, "p": found.p_value}


@case("friedman_exact")
def _(data, params):
    tail = stats.friedman_exact(params["k"], params["n"])
    return {"6.5": tail[6.5], "8.0": tail[8.0]}


@case("skillings_mack")
def _(data, params):
    found = stats.skillings_mack(matrix(data), ties=False)
    tied = stats.skillings_mack(matrix(data))
    assert tied.value == found.value or abs(tied.value - found.value) < 1e-9, "these data have no ties"
    return {"statistic": found.value, "p": found.p_value}


@case("cronbach_alpha")
def _(data, params):
    return {"alpha": stats.cronbach_alpha(matrix(data)).value}


@case("van_der_eijk_A")
def _(data, params):
    return stats.van_der_eijk_agreement(data).value


@case("tastle_wierman_cns")
def _(data, params):
    return stats.tastle_wierman_consensus(data).value


@case("ordinal_dispersion")
def _(data, params):
    lacy = stats.blair_lacy(data)
    return {
        "leik": stats.leik(data).value,
        "blair_lacy_l": lacy.value,
        "blair_lacy_l2": lacy.l2,
        "berry_mielke_iov": lacy.iov,
        "kvalseth_cov": lacy.cov,
        "entropy_bits": stats.entropy(data).value,
        "polarization": stats.polarisation(data).value,
    }


@case("rand_ucla")
def _(data, params):
    for quantile_type in range(1, 10):
        found = stats.rand_ucla(
            data, quantile_type, ipr_constant=params["iprr"], asymmetry_factor=params["cfa"]
        )
        region = {"high": 1, "middle": 2, "low": 3}[found.region]
        last = {
            "median": found.median,
            "p30": found.p30,
            "p70": found.p70,
            "ipr": found.ipr,
            "iprcp": found.central_point,
            "ai": found.asymmetry,
            "ipras": found.ipras,
            "disagreement": int(found.disagreement),
            "category": region,
            "outside_median_region": found.outside_median_region,
        }
        assert quantile_type == 1 or last == before, "the source says that all types agree here"  # noqa: F821
        before = last  # noqa: F841
    return last


@case("rand_classic_cutoffs")
def _(data, params):
    outside, extreme = stats.rand_classic_cutoffs(data)
    return {"agree_max_outside": list(outside), "disagree_min_each_extreme": list(extreme)}


@case("comet_70_15")
def _(data, params):
    return stats.comet_70_15(data).verdict.tolist()


@case("chi2_homogeneity")
def _(data, params):
    found = stats.chi2_homogeneity(data)
    return {"chi2": found.value, "df": found.df}


@case("goodman_kruskal_lambda")
def _(data, params):
    return [stats.goodman_kruskal_lambda(table).value for table in data]


@case("scheibe_percent_change")
def _(data, params):
    found = stats.stability(data)
    return {
        "net_change": found.net_change.value,
        "stable_15pct": int(found.net_change.stable),
        "prop_unchanged": found.value,
    }


@case("round_stability")
def _(data, params):
    found = stats.stability(stats.pair_table(matrix(data[0]).T, matrix(data[1]).T, [1, 2, 3, 4]))
    return {
        "kappa_S3": found.item(2).kappa.value,
        "kappa_S5": found.item(4).kappa.value,
        "unchanged_S6": found.item(5).unchanged.value,
        "percent_change_S6": found.item(5).net_change.value,
    }


@case("marginal_homogeneity")
def _(data, params):
    found = stats.stuart_maxwell(data)
    return {"stuart_maxwell": found.value, "bhapkar": stats.bhapkar(data).value, "df": found.df}


@case("mcnemar")
def _(data, params):
    found = stats.mcnemar(data)
    return {"chi2_corrected": found.chi2_corrected, "chi2": found.value}


@case("wilcoxon")
def _(data, params):
    options = {name: params[name] for name in ("zero", "exact", "alternative")}
    found = stats.wilcoxon(*data, **options)
    return {"Wplus": found.value, "p": found.p_value, "z": found.z}


@case("spearman")
def _(data, params):
    return stats.spearman(*data).value


@case("mannwhitney")
def _(data, params):
    found = stats.mann_whitney(*data, exact=params["exact"], alternative=params["alternative"])
    return {"U": found.value, "p": found.p_value}


@case("cochran_q")
def _(data, params):
    found = stats.cochran_q(data)
    return {"Q": found.value, "p": found.p_value}


@case("levene")
def _(data, params):
    found = stats.levene(data, center=params["center"])
    return {"W": found.value, "p": found.p_value}


@case("hartigan_dip")
def _(data, params):
    found = stats.hartigan_dip(data)
    return {"dip": found.value, "p": found.p_value}


@case("sarle_bc")
def _(data, params):
    found = stats.sarle_bimodality(data)
    return {"bc_sas": found.value, "bc_population": found.population}


@case("ashman_d")
def _(data, params):
    return stats.ashman_d(*data).value


@case("cvr_critical")
def _(data, params):
    found = [stats.cvr_critical(n) for n in data]
    return {"n_critical": [f.n_critical for f in found], "cvr_critical": [f.value for f in found]}


@case("cvr")
def _(data, params):
    return [stats.cvr(k, n).value for k, n in data]


@case("modified_kappa")
def _(data, params):
    found = stats.modified_kappa(*data)
    return {"i_cvi": found.i_cvi, "pc": found.pc, "kstar": found.value}


@case("aiken_v")
def _(data, params):
    found = stats.aiken_v(data, params["lo"], params["hi"], conf=params["conf"])
    return {"V": found.value, "lo": found.ci_low, "hi": found.ci_high}


@case("wilson_interval")
def _(data, params):
    found = stats.wilson_interval(*data, conf=params["conf"])
    return {"lo": found.ci_low, "hi": found.ci_high}


@case("multipletests")
def _(data, params):
    names = {"reject_bonferroni": "bonferroni", "reject_holm": "holm", "reject_bh": "bh"}
    return {
        key: int((stats.adjust_pvalues(data, method).value <= params["alpha"]).sum())
        for key, method in names.items()
    }


@case("quantile_types")
def _(data, params):
    return {
        str(t): list(stats.quantile([1] * len(data), params["probs"], data, t).value) for t in range(1, 10)
    }


@case("interpolated_median")
def _(data, params):
    return [stats.interpolated_median(np.bincount(x, minlength=6)[1:]).value for x in data]


@case("mean_sd")
def _(data, params):
    values, counts = np.unique(data, return_counts=True)
    found = stats.describe(counts, values)
    return {"mean": found.mean, "sd": found.sd}


@case("bca")
def _(data, params):
    found = stats.bootstrap_ci(
        data, lambda x: x.var(axis=-1), conf=params["conf"], n_boot=10_000, rng=np.random.default_rng(7)
    )
    return {
        "theta": found.value,
        "acceleration": found.acceleration,
        "bca90_lo": found.ci_low,
        "bca90_hi": found.ci_high,
    }


@case("polis_two_prop")
def _(data, params):
    return stats.two_proportion_z(*data)


@case("polis_group_consensus")
def _(data, params):
    return stats.group_consensus(data)


@case("authority_coefficient")
def _(data, params):
    found = [
        stats.authority_coefficient(
            basis_counts=ca, basis_weights=ca_w, familiarity_counts=cs, familiarity_weights=cs_w, n=m
        )
        for ca, ca_w, cs, cs_w, m in data
    ]
    return [[f.ca, f.cs, f.value] for f in found]


@case("importance_index")
def _(data, params):
    return stats.importance_index(data, params["weights"]).value

"""The statistics of expert consensus: pure NumPy and SciPy, no Django. See docs/statistics.md."""

from .alpha import alpha_from_counts, alpha_with_weights, cronbach_alpha, krippendorff_alpha
from .attrition import attrition
from .battery import battery, panel_agreement
from .bimodality import ashman_d, ashman_d_of, polarisation_test, sarle_bimodality
from .change import (
    chi2_homogeneity,
    convergence_rate,
    cv_change,
    goodman_kruskal_lambda,
    group_chi2,
    individual_chi2,
    net_change,
    pitman_morgan,
    spearman_from_table,
    unchanged,
)
from .cohen import cohen_kappa
from .content_validity import aiken_v, cvr, cvr_critical, modified_kappa
from .dip import hartigan_dip
from .expert_weights import PRESETS as WEIGHT_PRESETS
from .expert_weights import (
    authority_coefficient,
    coordination_coefficient,
    full_score_rate,
    positivity_coefficient,
)
from .friedman import friedman, friedman_exact, skillings_mack
from .groups import group_consensus, opinion_groups, two_proportion_z
from .icc import icc
from .inference import adjust_pvalues, bootstrap_ci, levene
from .intervals import mean_interval, median_interval
from .kappa import (
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    pairwise_agreement,
    percent_agreement,
    randolph_kappa,
)
from .kendall import kendall_w
from .location import describe, interpolated_median
from .marginal import bhapkar, bowker, cochran_q, mcnemar, stuart_maxwell
from .ordinal import blair_lacy, entropy, leik, polarisation, tastle_wierman_consensus, van_der_eijk_agreement
from .pairs import Pairs, pair_table
from .quantiles import quantile
from .rand_ucla import rand_classic_cutoffs, rand_ucla
from .realisation import realisation_stages, realisation_time
from .resampling import bootstrap_counts_ci, bootstrap_counts_cis
from .results import Result
from .rule_leaves import CONSENSUS_KINDS, STABILITY_KINDS, Figures
from .rules import evaluate, validate_rule
from .shares import agreement_share, apmo, comet_70_15, importance_index, wilson_interval
from .signed_rank import mann_whitney, mann_whitney_from_counts, wilcoxon, wilcoxon_from_table
from .stability import spearman, stability
from .tally import Tally, count_table
from .verdicts import PRESETS as CRITERIA_PRESETS
from .verdicts import VERDICTS, judge, validate_criteria

__all__ = [
    "CONSENSUS_KINDS",
    "CRITERIA_PRESETS",
    "STABILITY_KINDS",
    "VERDICTS",
    "WEIGHT_PRESETS",
    "Figures",
    "Pairs",
    "Result",
    "Tally",
    "adjust_pvalues",
    "agreement_share",
    "aiken_v",
    "alpha_from_counts",
    "alpha_with_weights",
    "apmo",
    "ashman_d",
    "ashman_d_of",
    "attrition",
    "authority_coefficient",
    "battery",
    "bhapkar",
    "blair_lacy",
    "bootstrap_ci",
    "bootstrap_counts_ci",
    "bootstrap_counts_cis",
    "bowker",
    "brennan_prediger",
    "chi2_homogeneity",
    "cochran_q",
    "cohen_kappa",
    "comet_70_15",
    "conger_kappa",
    "convergence_rate",
    "coordination_coefficient",
    "count_table",
    "cronbach_alpha",
    "cv_change",
    "cvr",
    "cvr_critical",
    "describe",
    "entropy",
    "evaluate",
    "fleiss_kappa",
    "friedman",
    "friedman_exact",
    "full_score_rate",
    "goodman_kruskal_lambda",
    "group_chi2",
    "group_consensus",
    "gwet_ac",
    "hartigan_dip",
    "icc",
    "importance_index",
    "individual_chi2",
    "interpolated_median",
    "judge",
    "kendall_w",
    "krippendorff_alpha",
    "leik",
    "levene",
    "mann_whitney",
    "mann_whitney_from_counts",
    "mcnemar",
    "mean_interval",
    "median_interval",
    "modified_kappa",
    "net_change",
    "opinion_groups",
    "pair_table",
    "pairwise_agreement",
    "panel_agreement",
    "percent_agreement",
    "pitman_morgan",
    "polarisation",
    "polarisation_test",
    "positivity_coefficient",
    "quantile",
    "rand_classic_cutoffs",
    "rand_ucla",
    "randolph_kappa",
    "realisation_stages",
    "realisation_time",
    "sarle_bimodality",
    "skillings_mack",
    "spearman",
    "spearman_from_table",
    "stability",
    "stuart_maxwell",
    "tastle_wierman_consensus",
    "two_proportion_z",
    "unchanged",
    "validate_criteria",
    "validate_rule",
    "van_der_eijk_agreement",
    "wilcoxon",
    "wilcoxon_from_table",
    "wilson_interval",
]

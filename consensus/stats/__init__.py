"""The statistics of expert consensus: pure NumPy and SciPy, no Django. See docs/statistics.md."""

from .alpha import alpha_from_counts, cronbach_alpha, krippendorff_alpha
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
from .friedman import friedman, friedman_exact, skillings_mack
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
from .results import Result
from .shares import agreement_share, apmo, comet_70_15, importance_index, wilson_interval
from .signed_rank import mann_whitney, mann_whitney_from_counts, wilcoxon, wilcoxon_from_table
from .stability import spearman, stability
from .tally import Tally, count_table

__all__ = [
    "Pairs",
    "Result",
    "Tally",
    "agreement_share",
    "alpha_from_counts",
    "apmo",
    "bhapkar",
    "blair_lacy",
    "bowker",
    "brennan_prediger",
    "chi2_homogeneity",
    "cochran_q",
    "cohen_kappa",
    "comet_70_15",
    "conger_kappa",
    "convergence_rate",
    "count_table",
    "cronbach_alpha",
    "cv_change",
    "describe",
    "entropy",
    "fleiss_kappa",
    "friedman",
    "friedman_exact",
    "goodman_kruskal_lambda",
    "group_chi2",
    "gwet_ac",
    "importance_index",
    "individual_chi2",
    "interpolated_median",
    "kendall_w",
    "krippendorff_alpha",
    "leik",
    "mann_whitney",
    "mann_whitney_from_counts",
    "mcnemar",
    "net_change",
    "pair_table",
    "pairwise_agreement",
    "percent_agreement",
    "pitman_morgan",
    "polarisation",
    "quantile",
    "rand_classic_cutoffs",
    "rand_ucla",
    "randolph_kappa",
    "skillings_mack",
    "spearman",
    "spearman_from_table",
    "stability",
    "stuart_maxwell",
    "tastle_wierman_consensus",
    "unchanged",
    "van_der_eijk_agreement",
    "wilcoxon",
    "wilcoxon_from_table",
    "wilson_interval",
]

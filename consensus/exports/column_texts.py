"""What every column of an export means. Read in both languages by the codebook."""

from django.utils.translation import gettext_lazy as _

METHOD_TEXTS = {
    "simulated": _("The panel is simulated: no person gave these answers."),
    "real": _("The answers were given by the members of the panel."),
    "counted": _(
        "Counted are the stored answers of members who did not withdraw, whether the response was submitted or "
        "not. “Cannot judge” and blanks are never part of a denominator."
    ),
    "quantiles": _("Median and quartiles follow the study's quantile definition."),
    "share": _(
        "Shares are of the answers with a value in the protocol's band; intervals are Wilson's, 95 %."
    ),
    "intervals": _(
        "Intervals are of the whole panel, 95 %: of the median by order statistics, of the mean by Student's t; of "
        "the interquartile range, agreement A, consensus and the disagreement index by drawing the counts anew with "
        "the seed of the round."
    ),
    "weights": _(
        "Weighted figures weight each answer by the member's familiarity with the technology, linearly from the "
        "lowest level to the highest (1). Members who rated no familiarity are not in them."
    ),
    "groups": _(
        "Panel groups with fewer answers than the minimum are left out, and further groups where a small one "
        "could be found by subtraction."
    ),
    "parts": _(
        "Figures of some of those who answered (weighted figures, sides and classes, points of a plane, coefficients, "
        "those who answered twice) are left out where these, or the others, are fewer than the minimum."
    ),
    "texts": _(
        "What stands beside “other” is given where at least the minimum of members wrote something there."
    ),
    "pseudonyms": _("Pseudonyms are of the export alone and are the same in every round."),
    "undefined": _("An empty cell is an undefined figure; the note says why."),
}
COLUMN_TEXTS = {
    "pseudonym": _("Name of the member in exports of this study."),
    "panel_group": _(
        "Key of the panel group; “all” is the whole panel, “suppressed” groups too small to name."
    ),
    "round": _("Number of the round."),
    "previous_round": _("Number of the round compared with."),
    "technology": _("Key of the technology; empty for questions asked once per round."),
    "technology_name": _("Name of the technology."),
    "question": _("Key of the question."),
    "value": _("The value answered; in the table of agreement, the statistic's value."),
    "label": _("Label of the value, where it has one."),
    "part": _("Option, axis, pair or class of a composite question; its words are in “label”."),
    "part_n": _("Members whose answers are counted for this part."),
    "k": _("Members who chose the part, placed it, gave it points, preferred the first, or said yes."),
    "first": _("First places; in pairs, members who prefer the first."),
    "equal": _("Members who hold the pair equal."),
    "second": _("Members who prefer the second of the pair."),
    "win_share": _("Share of comparisons won; equal counts half for each."),
    "strength": _("Bradley-Terry strength of the option; the strengths add up to 1."),
    "low": _("Lowest value of a three-point estimate."),
    "high": _("Highest value of a three-point estimate."),
    "special": _("Answer that is no value: cannot judge, already realised, never, cannot say when."),
    "text": _("Free text."),
    "n": _("Members who gave a value."),
    "n_cannot_judge": _("Members who answered “cannot judge”."),
    "n_missing": _("Members who were asked and gave no answer."),
    "already": _("Members who answered “already realised”."),
    "never": _("Members who answered “never”."),
    "cannot_say": _("Members who answered “cannot say when”."),
    "median": _("Median."),
    "q1": _("Lower quartile."),
    "q3": _("Upper quartile."),
    "iqr": _("Interquartile range."),
    "mean": _("Mean."),
    "sd": _("Standard deviation with n - 1."),
    "share": _("Share of the answers in the agreement band."),
    "share_low": _("Lower end of the share's 95 percent interval."),
    "share_high": _("Upper end of the share's 95 percent interval."),
    "band_low": _("Lowest value of the agreement band."),
    "band_high": _("Highest value of the agreement band."),
    "agreement_a": _("Van der Eijk's agreement A, from -1 to 1."),
    "consensus_cns": _("Tastle and Wierman's consensus, from 0 to 1."),
    "disagreement_index": _(
        "RAND/UCLA disagreement index; above 1 is disagreement. Scales from 1 to 9 only."
    ),
    "median_low": _("Lower end of the median's 95 percent interval."),
    "median_high": _("Upper end of the median's 95 percent interval."),
    "median_interval": _("How the median's interval was made."),
    "mean_low": _("Lower end of the mean's 95 percent interval."),
    "mean_high": _("Upper end of the mean's 95 percent interval."),
    "mean_interval": _("How the mean's interval was made."),
    "iqr_low": _("Lower end of the interquartile range's 95 percent interval."),
    "iqr_high": _("Upper end of the interquartile range's 95 percent interval."),
    "iqr_interval": _("How the interquartile range's interval was made."),
    "agreement_a_low": _("Lower end of agreement A's 95 percent interval."),
    "agreement_a_high": _("Upper end of agreement A's 95 percent interval."),
    "agreement_a_interval": _(
        "How agreement A's interval was made; “bca”: bootstrap corrected for bias and skewness, where that is not "
        "possible “percentile”."
    ),
    "consensus_cns_low": _("Lower end of the consensus's 95 percent interval."),
    "consensus_cns_high": _("Upper end of the consensus's 95 percent interval."),
    "consensus_cns_interval": _("How the consensus's interval was made."),
    "disagreement_index_low": _("Lower end of the disagreement index's 95 percent interval."),
    "disagreement_index_high": _("Upper end of the disagreement index's 95 percent interval."),
    "disagreement_index_interval": _("How the disagreement index's interval was made."),
    "interval_draws": _("How often the counts were drawn anew for the bootstrap intervals."),
    "interval_seed": _("Seed of these draws: the same seed draws the same numbers."),
    "weighted_n": _("Members in the familiarity-weighted figures."),
    "weighted_median": _("Familiarity-weighted median."),
    "weighted_mean": _("Familiarity-weighted mean."),
    "weighted_share": _("Familiarity-weighted share in the agreement band."),
    "note": _("Why a figure is undefined, or “suppressed” where too few answered."),
    "n_pairs": _("Members who gave a value in both rounds."),
    "unchanged": _("Share of these members who kept their answer."),
    "net_change": _("Half the sum of absolute changes of shares (Scheibe)."),
    "weighted_kappa": _("Quadratically weighted kappa between the rounds."),
    "spearman": _("Spearman's correlation between the rounds."),
    "wilcoxon_p": _("p of the Wilcoxon signed-rank test."),
    "stuart_maxwell_p": _("p of the Stuart-Maxwell test."),
    "convergence_rate": _("1 - interquartile range of this round / of the round before."),
    "statistic": _("Name of the statistic across technologies."),
    "ci_low": _("Lower end of the 95 percent interval."),
    "ci_high": _("Upper end of the 95 percent interval."),
    "chi2": _("Chi-square."),
    "df": _("Degrees of freedom."),
    "p_value": _("p value."),
    "method": _("How the statistic was computed."),
    "verdict": _("What the protocol's criteria say."),
    "open_because": _("Why an open verdict is open; “undivided”: stable, and members do not disagree."),
    "is_stable": _("Whether the stability rule holds; empty where it cannot be said."),
    "figures": _("The figures behind the verdict, in words."),
    "stance": _("Whether the reason speaks for or against."),
}

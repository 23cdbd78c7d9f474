"""What the columns of the further sheets mean: voices, indicators, attrition, what-if. Read by the codebook."""

from django.utils.translation import gettext_lazy as _

FURTHER_METHODS = {
    "voices": _(
        "Reasons, replies, proposals and reports are those of analysed rounds that a moderator let through, without "
        "author, time or order of writing. Votes are told as multiples of the study's smallest group, rounded down."
    ),
    "authority": _(
        "Cr = (Ca + Cs) / 2, from the members' own statements and the study's table of weights. Of the panel and of "
        "groups every member counts once; of a technology, those who judged it."
    ),
    "attrition": _(
        "Drop-outs are members whom the later round asked and who gave no answer to it. They are compared with those "
        "who came back by their answers in the earlier round."
    ),
    "what_if": _(
        "What-if outcomes apply other usual rules to the stored counts. They are exploratory and never a verdict of "
        "the protocol."
    ),
}
FURTHER_COLUMNS = {
    "reason": _("Name of the reason in exports of this study; replies refer to it."),
    "votes_useful": _("Members who found the reason useful, down to a multiple of the smallest group."),
    "votes_agree": _("Members who agree with the reason, down to a multiple of the smallest group."),
    "replies": _("Number of replies that a moderator let through."),
    "kind": _("A new entry (technology), another wording (rewording) or a report of unclear wording (flag)."),
    "problem": _("What is wrong with the wording, in the words of the report's form."),
    "field": _("Key of the field."),
    "name": _("Name as proposed."),
    "description": _("Description as proposed."),
    "status": _("What the organisers decided; for what-if outcomes, that they are exploratory."),
    "answer": _("The organisers' answer to the proposer."),
    "became": _("Key of the technology that the proposal became, or that covers it."),
    "reports": _("Reports of unclear wording that a moderator let through."),
    "problems": _("Which problems were reported."),
    "answered": _("Members who gave a value or answered “cannot judge”."),
    "cannot_judge_share": _("Share of them who answered “cannot judge”, in the latest round."),
    "sent": _("Members who were asked."),
    "returned": _("Members who began to answer: their answers count, submitted or not."),
    "submitted": _("Members who submitted."),
    "positivity": _("Positivity coefficient: returned / sent."),
    "ca": _("Ca, the coefficient of the basis of judgement."),
    "cs": _("Cs, the degree of familiarity."),
    "cr": _("Cr, the authority coefficient."),
    "n_basis": _("Members who stated the basis of their judgement."),
    "n_familiarity": _("Members who rated their familiarity."),
    "n_before": _("Members who answered the earlier round and were asked again."),
    "came_back": _("Of these, members who answered the later round."),
    "newcomers": _("Members who answered the later round and not the earlier one."),
    "compared_round": _("Number of the round whose verdicts are compared."),
    "n_completers": _("Members who came back, or in verdicts answered every round so far, and gave a value."),
    "n_dropouts": _("Members who did not come back and had given a value."),
    "mean_completers": _("Mean of those who came back; over all technologies, of their mean distances."),
    "mean_dropouts": _("Mean of the drop-outs; over all technologies, of their mean distances."),
    "difference": _("Standardised difference: completers less drop-outs, in pooled standard deviations."),
    "p_adjusted": _("p value, adjusted over the technologies compared (Benjamini-Hochberg)."),
    "n_everyone": _("Members who gave a value."),
    "verdict_everyone": _(
        "Verdict of all members: in the later round the official one, in the earlier round the consensus rule alone."
    ),
    "verdict_completers": _("What the same rule says of the completers alone; a what-if."),
    "rule": _("The rule that was tried, in words."),
    "preset": _("Which usual rule it is."),
    "stability_kept": _("Whether the protocol's stability rule was kept."),
    "outcome": _("What the rule says; never a verdict of the protocol."),
    "changed": _("Whether the outcome differs from the verdict."),
}

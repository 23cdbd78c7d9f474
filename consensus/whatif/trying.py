"""A rule as its form asks for it, tried and said in words: for the page, its file, the exports and the API."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.verdicts.rule_words import words_of_rule
from consensus.whatif.evaluate import WhatIf, what_if
from consensus.whatif.forms import WhatIfForm


def tried(form: WhatIfForm) -> WhatIf:
    """The outcome for a form that is valid."""
    return what_if(
        form.results,
        form.computation,
        form.asked_question,
        form.settings,
        keep_stability=form.keeps_stability,
    )


def words_by_gate(found: WhatIf) -> dict[str, str]:
    return {gate: words_of_rule(rule) for gate, rule in found.criteria.items()}


def rules_in_words(found: WhatIf) -> list[dict[str, str]]:
    labels = {"consensus_in": _("Consensus in"), "consensus_out": _("Consensus out")}
    return [{"label": labels[gate], "text": text} for gate, text in words_by_gate(found).items()]

"""The formula that orders candidates, in the reader's words."""

import re

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scanning.textmining.ranking import Formula

PART_LABELS = {
    "term": (
        _("Attested"),
        _("How well the term is attested: how often, how firmly its words hold together."),
    ),
    "growth": (_("Growing"), _("Its share of documents in the last years against the years before.")),
    "volume": (_("Frequent"), _("The number of documents.")),
    "novelty": (pgettext_lazy("candidates", "New"), _("How late it first appears in the corpus.")),
    "weak_signal": (_("Weak signal"), _("Rare, new, growing and spread over several sources at once.")),
    "spread": (
        pgettext_lazy("candidates", "Spread"),
        _("From how many sources it comes, as good as evenly."),
    ),
}
_PART = re.compile(r"([\d.]+) x (\w+)")


def formula_in_words(formula: Formula) -> str:
    """Weights, their sum, and what diversity takes off."""
    penalties = [
        f" − {_n(weight)} × {label}"
        for weight, label in (
            (formula.similarity_penalty, _("similarity to one above")),
            (formula.field_penalty, _("share of its field above")),
        )
        if weight
    ]
    return _weighted([(weight, name) for name, weight in formula.weights.items() if weight]) + "".join(
        penalties
    )


def stored_in_words(text: str) -> str:
    """The line that was stored with a run, as `Formula.text` wrote it."""
    parts = [(float(weight), name) for weight, name in _PART.findall(text)]
    return _weighted(parts) if parts else text


def _weighted(parts: list[tuple[float, str]]) -> str:
    labels = [(weight, str(PART_LABELS[name][0]) if name in PART_LABELS else name) for weight, name in parts]
    if len(labels) == 1:
        return labels[0][1]
    whole = sum(weight for weight, _label in labels)
    return f"({' + '.join(f'{_n(weight)} × {label}' for weight, label in labels)}) / {_n(whole)}"


def _n(value: float) -> str:
    return number_format(f"{value:g}")

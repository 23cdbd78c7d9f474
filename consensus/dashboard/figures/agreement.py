"""The file of the page on agreement among raters."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.figure import Chart
from consensus.dashboard.agreement import COEFFICIENTS, agreements
from consensus.dashboard.asked import Asked, chosen_round
from consensus.dashboard.figures.base import chart
from consensus.dashboard.words import question_name
from consensus.selectors.results import StudyResults


def coefficient_names() -> dict[str, str]:
    return {
        "percent_agreement": _("Agreement of pairs"),
        "ac1": _("Gwet's AC1"),
        "ac2": _("Gwet's AC2"),
        "alpha": _("Krippendorff's alpha"),
        "fleiss_kappa": _("Fleiss' kappa"),
    }


@chart("agreement", lambda: _("Agreement among raters"))
def agreement(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    """A file without a drawing: the coefficients of every question after one round."""
    computation = chosen_round(results, asked)
    if computation is None:
        return None
    names = coefficient_names()
    rows = [
        [
            computation.round.number,
            question_name(row.question),
            *(None if value is None else round(value, 3) for value, _why in row.cells),
            row.sentence,
        ]
        for row in agreements(results, computation)
    ]
    columns = [_("Round"), _("Question"), *(names[name] for name in COEFFICIENTS), _("In words")]
    return Chart({"data": [], "layout": {}}, columns, rows)

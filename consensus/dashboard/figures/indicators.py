"""Files of the page on expert indicators."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.figure import Cell, Chart, hundredth, percent
from consensus.dashboard.asked import Asked, portion
from consensus.dashboard.figures.base import chart, item_word, role_name
from consensus.dashboard.indicators import Indicators
from consensus.dashboard.realisation import timing_questions
from consensus.dashboard.words import question_name
from consensus.selectors.results import StudyResults


def _file(columns: list[str], rows: list[list[Cell]]) -> Chart:
    return Chart({"data": [], "layout": {}}, columns, rows)


@chart("panel_indicators", lambda: _("The panel and its groups"))
def panel_indicators(results: StudyResults, asked: Asked, technology=None) -> Chart:
    rows: list[list[Cell]] = []
    for row in Indicators(results).panel_rows():
        positivity, authority = row.positivity or {}, row.authority or {}
        rows.append(
            [
                row.round.number,
                row.name or _("Whole panel"),
                positivity.get("sent"),
                positivity.get("returned"),
                percent(positivity.get("value")),
                authority.get("n_used"),
                *(_three(authority.get(name)) for name in ("ca", "cs", "value")),
            ]
        )
    columns = [_("Round"), _("Group"), _("sent"), _("returned"), _("Positivity, %"), "n", "Ca", "Cs", "Cr"]
    return _file(columns, rows)


@chart("coordination", lambda: _("Coordination coefficient"))
def coordination(results: StudyResults, asked: Asked, technology=None) -> Chart:
    rows: list[list[Cell]] = [
        [
            question_name(row.question),
            row.round.number,
            row.w.get("n_used"),
            _three(row.w.get("value")),
            hundredth(row.chi2),
            row.test.get("df"),
            _three(row.test.get("p_value")),
            _("pairwise, test by Skillings and Mack") if row.has_gaps else _("complete ratings"),
        ]
        for row in Indicators(results).coordination()
    ]
    columns = [_("Question"), _("Round"), "n", "W", _("chi-square"), _("df"), "p", _("Method")]
    return _file(columns, rows)


@chart("technology_indicators", lambda: _("Indicators by entry"))
def technology_indicators(results: StudyResults, asked: Asked, technology=None) -> Chart:
    rows: list[list[Cell]] = [
        [
            row.technology.key,
            str(row.technology.name),
            row.round_number,
            row.n,
            *(hundredth(value) for value in (row.mean, row.sd, row.cv)),
            percent(row.full_score),
            hundredth(row.importance),
            *(hundredth(row.authority.get(name)) for name in ("ca", "cs", "value")),
            *(hundredth(year) for year in row.years),
        ]
        for row in Indicators(results).technology_rows(asked, portion(results, asked)[0])
    ]
    columns = [
        "",
        item_word(results),
        _("Round"),
        "n",
        _("mean"),
        _("standard deviation"),
        "CV",
        _("Full-score rate, %"),
        _("Importance index"),
        "Ca",
        "Cs",
        "Cr",
        *(role_name(question) for question in timing_questions(results)),
    ]
    return _file(columns, rows)


def _three(value: float | None) -> float | None:
    return None if value is None else round(value, 3)

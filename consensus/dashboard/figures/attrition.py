"""Charts and files of the attrition page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.figure import Cell, Chart, hundredth, percent
from consensus.charts.pairs import Pair, PairWords, dumbbells
from consensus.dashboard.asked import Asked
from consensus.dashboard.attrition import Attrition
from consensus.dashboard.figures.base import chart, item_word, label_of, value_axis
from consensus.selectors.results import StudyResults


@chart("dropouts", lambda: _("Earlier answers of those who stayed and those who left"))
def dropouts(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    found = Attrition(results, asked)
    if asked.question is None or found.figures is None:
        return None
    rows = found.items
    drawn = dumbbells(
        [
            Pair(
                label_of(results, row.technology),
                row.figures["mean_dropouts"],
                row.figures["mean_completers"],
                marked=row.is_flagged,
            )
            for row in rows
        ],
        words=PairWords(item_word(results), _("Left (mean)"), _("Stayed (mean)"), _("Difference")),
        value_axis=value_axis(asked.question, _("Mean in the earlier round")),
        tokens=("g2", "g1"),
    )
    columns = [
        "",
        item_word(results),
        _("stayed: n"),
        _("left: n"),
        _("stayed: mean"),
        _("left: mean"),
        _("standardised difference"),
        "p",
        _("p, adjusted"),
    ]
    table: list[list[Cell]] = [
        [
            row.technology.key,
            str(row.technology.name),
            row.figures["n_completers"],
            row.figures["n_dropouts"],
            hundredth(row.figures["mean_completers"]),
            hundredth(row.figures["mean_dropouts"]),
            hundredth(row.figures["difference"]),
            _three(row.figures["p_value"]),
            _three(row.figures["p_adjusted"]),
        ]
        for row in rows
    ]
    return Chart(drawn.figure, columns, table)


@chart("attrition_response", lambda: _("Who came back"))
def attrition_response(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    found = Attrition(results, asked)
    rows: list[list[Cell]] = [
        [name or _("Whole panel"), row["n"], row["came_back"], percent(row["came_back"] / row["n"])]
        for name, row in found.response
        if row["n"]
    ]
    columns = [_("Group"), _("answered before"), _("came back"), "%"]
    return Chart({"data": [], "layout": {}}, columns, rows)


@chart("completers", lambda: _("Verdicts among those who stayed"))
def completers(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    found = Attrition(results, asked)
    if found.computation is None or found.figures is None:
        return None
    rows: list[list[Cell]] = [
        [
            number,
            said,
            pair.technology.key,
            str(pair.technology.name),
            *pair.labels,
            pair.figures["n_everyone"],
            pair.figures["n_completers"],
            _("differs") if pair.differs else _("same"),
        ]
        for number, said, pairs in (
            (found.computation.round.number, _("verdict"), found.now),
            (found.figures["earlier"], _("consensus rule alone"), found.before),
        )
        for pair in pairs
    ]
    columns = [
        _("Round"),
        _("What"),
        "",
        item_word(results),
        _("Everyone"),
        _("Completers only"),
        _("everyone: n"),
        _("completers: n"),
        _("Difference"),
    ]
    return Chart({"data": [], "layout": {}}, columns, rows)


def _three(value: float | None) -> float | None:
    return None if value is None else round(value, 3)

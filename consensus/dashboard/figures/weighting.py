"""Charts and files of the page that puts weighted and unweighted results side by side."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.figure import Axis, Chart, hundredth, percent
from consensus.charts.pairs import Pair, PairWords, dumbbells
from consensus.dashboard.asked import Asked, portion
from consensus.dashboard.figures.base import chart, item_word, label_of, value_axis
from consensus.dashboard.weighting import Figures, WeightedRow, weighted_rows
from consensus.selectors.results import StudyResults


@chart("weighting", lambda: _("With and without weights"))
def weighting(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    """Shares in the agreement band where the question has one, else means; the table has all figures."""
    if asked.question is None:
        return None
    rows = weighted_rows(results, asked, portion(results, asked)[0])
    shares = [row for row in rows if row.plain.share is not None and row.weighted.share is not None]
    drawn = dumbbells(
        [_pair(results, row, bool(shares)) for row in shares or rows],
        words=PairWords(item_word(results), _("Unweighted"), _("Weighted by familiarity"), _("Difference")),
        value_axis=Axis(_("Share in the agreement band"), 0, 102, " %")
        if shares
        else value_axis(asked.question, _("Mean")),
    )
    return Chart(drawn.figure, columns(results), [cells(row) for row in rows])


def _pair(results: StudyResults, row: WeightedRow, shares: bool) -> Pair:
    label = label_of(results, row.technology)
    if shares:
        first, second = percent(row.plain.share), percent(row.weighted.share)
    else:
        first, second = row.plain.mean, row.weighted.mean
    return Pair(label, first or 0.0, second or 0.0, marked=not row.is_small)


def columns(results: StudyResults) -> list[str]:
    named = [("", _("unweighted")), ("", _("weighted"))]
    each = [_("n"), _("mean"), _("median"), _("first quartile"), _("third quartile"), _("agreement, %")]
    return [
        "",
        item_word(results),
        _("Round"),
        *(f"{name}: {figure}" for _key, name in named for figure in each),
        _("Difference"),
    ]


def cells(row: WeightedRow) -> list:
    said = _("crosses the threshold") if row.crosses else (_("small") if row.is_small else _("differs"))
    return [
        row.technology.key,
        str(row.technology.name),
        row.round_number,
        *_figures(row.plain),
        *_figures(row.weighted),
        said,
    ]


def _figures(figures: Figures) -> list:
    return [
        figures.n,
        hundredth(figures.mean),
        hundredth(figures.median),
        hundredth(figures.q1),
        hundredth(figures.q3),
        percent(figures.share),
    ]

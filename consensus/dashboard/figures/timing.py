"""Charts of realisation time."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.bars import OptionSeries, option_shares
from consensus.charts.figure import Axis, Chart, hundredth, percent
from consensus.charts.ranges import Quartiles, Series, quartile_ranges
from consensus.charts.stack import Part, stacked_shares
from consensus.dashboard.asked import Asked, portion
from consensus.dashboard.figures.base import (
    chart,
    item_word,
    label_of,
    latest_round_of,
    range_words,
    role_name,
)
from consensus.dashboard.realisation import SPECIALS, Figures, Realised, Stage, realised, timing_questions
from consensus.selectors.results import StudyResults
from surveys.enums import QuestionRole, Special
from surveys.models import Technology

TOKENS, SYMBOLS = ("g1", "g2"), ("circle", "diamond")
SHARE_TOKENS = ("ramp-4", "v-in", "v-out", "v-few")  # a year, already, never, cannot say


def answer_names() -> list[str]:
    return [_("A year"), *(str(special.label) for special in SPECIALS)]


@chart("timing", lambda: _("When it will be realised"))
def timing(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    """Sorted by the last stage's median; the table has weighted and unweighted figures whatever is drawn."""
    questions = timing_questions(results)
    if not questions:
        return None
    rows = sorted(realised(results, portion(results, asked)[0]), key=lambda row: _order(row, asked.weighted))
    series = [
        Series(
            role_name(question),
            TOKENS[place],
            [_quartiles(row.stages[place], asked.weighted) for row in rows],
            SYMBOLS[place],
        )
        for place, question in enumerate(questions)
    ]
    drawn = quartile_ranges(
        [label_of(results, row.technology) for row in rows],
        series,
        words=range_words(results, _("Realisation")),
        value_axis=Axis(_("Year"), whole=True),
    )
    table = [_cells(row, stage) for row in rows for stage in row.stages if stage is not None]
    return Chart(drawn.figure, _columns(results), table)


def _order(row: Realised, weighted: bool) -> tuple[float, int]:
    found = _quartiles(row.stages[-1], weighted)
    return (found.median if found and found.median is not None else 9999.0, row.technology.position)


def _quartiles(stage: Stage | None, weighted: bool) -> Quartiles | None:
    figures = stage and stage.shown(weighted)
    if not figures or figures.median is None:
        return None
    return Quartiles(int(figures.n), figures.q1, figures.median, figures.q3)


def _columns(results: StudyResults) -> list[str]:
    each = [_("first quartile"), _("median"), _("third quartile")]
    return [
        "",
        item_word(results),
        _("Realisation"),
        _("Round"),
        _("answers"),
        _("gave a year"),
        *each,
        *(f"{_('weighted')}: {name}" for name in ["n", *each]),
        *(f"{name}, %" for name in answer_names()[1:]),
    ]


def _cells(row: Realised, stage: Stage) -> list:
    weighted = stage.weighted or Figures(0, None, None, None, None, None)
    return [
        row.technology.key,
        str(row.technology.name),
        role_name(stage.question),
        stage.round_number,
        stage.n_answered,
        stage.years.n,
        *(hundredth(value) for value in (stage.years.q1, stage.years.median, stage.years.q3)),
        weighted.n or None,
        *(hundredth(value) for value in (weighted.q1, weighted.median, weighted.q3)),
        *(percent(share) for share in stage.shares[1:]),
    ]


def _share_chart(results: StudyResults, asked: Asked, role: str) -> Chart | None:
    places = [place for place, question in enumerate(timing_questions(results)) if question.role == role]
    if not places:
        return None
    rows = realised(results, portion(results, asked)[0])
    known = [(row.technology, stage) for row in rows if (stage := row.stages[places[0]]) is not None]
    parts = [
        Part(
            name,
            token,
            [int(stage.years.n) if special is None else stage.specials[special] for _t, stage in known],
        )
        for name, token, special in zip(answer_names(), SHARE_TOKENS, (None, *SPECIALS), strict=True)
    ]
    return stacked_shares(
        [label_of(results, technology) for technology, _stage in known],
        parts,
        row_title=item_word(results),
        share_title=_("Share of answers"),
    )


@chart("answers_lab", lambda: _("In the laboratory: who gave a year, and who did not"))
def answers_lab(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    return _share_chart(results, asked, QuestionRole.YEAR_LAB)


@chart("answers_society", lambda: _("In society: who gave a year, and who did not"))
def answers_society(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    return _share_chart(results, asked, QuestionRole.YEAR_SOCIETY)


@chart("realisation", lambda: _("Realisation time"))
def realisation(results: StudyResults, asked: Asked, technology: Technology | None) -> Chart | None:
    """Already, by years, never and cannot say, laboratory beside society."""
    latest = technology and latest_round_of(results, technology)
    questions = timing_questions(results)
    if technology is None or latest is None or not questions:
        return None
    items = results.items(questions=questions, technologies=[technology.pk])
    names = [Special.ALREADY, None, Special.NEVER, Special.CANNOT_SAY]
    options = [str(name.label) if name else _("A year") for name in names]
    series = []
    for place, question in enumerate(questions):
        item = items.get((latest.pk, technology.pk, question.pk))
        if item is None or item.panel is None:
            continue
        counts = [item.panel.specials.get(name, 0) if name else item.n for name in names]
        series.append(OptionSeries(role_name(question), TOKENS[place], sum(counts), counts))
    if not series:
        return None
    return option_shares(options, series, option_title=_("Answer"), share_title=_("Share of answers"))

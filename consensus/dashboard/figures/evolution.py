"""Charts of how consensus evolved: verdicts, ranges, coefficients, stability."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.bars import Movement, MovementWords, stability_bars
from consensus.charts.figure import Chart
from consensus.charts.lines import Line, LineWords, Point, coefficient_lines
from consensus.charts.ranges import Series, quartile_ranges
from consensus.charts.verdicts import VERDICT_TOKENS, verdict_shares
from consensus.dashboard.asked import Asked, portion
from consensus.dashboard.figures.base import (
    chart,
    item_word,
    label_of,
    quartiles,
    range_words,
    round_token,
    value_axis,
    verdict_names,
)
from consensus.dashboard.words import reason_words
from consensus.selectors.results import StudyResults, panel_results_of
from consensus.selectors.stability import movements


@chart("verdicts", lambda: _("Verdicts after each round"))
def verdicts(results: StudyResults, asked: Asked, technology=None) -> Chart:
    counts: dict[str, list[int]] = {verdict: [] for verdict in VERDICT_TOKENS}
    for computation in results.computations:
        found = [verdict.verdict for verdict in results.verdicts_after(computation).values()]
        for verdict, column in counts.items():
            column.append(found.count(verdict))
    return verdict_shares(
        [str(round) for round in results.rounds],
        counts,
        names=verdict_names(),
        round_title=_("Round"),
        share_title=_("Share of the list"),
    )


@chart("ranges", lambda: _("Quartile ranges, round by round"))
def ranges(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    if asked.question is None:
        return None
    shown, _parts = portion(results, asked)
    items = results.items(questions=[asked.question], technologies=[t.pk for t in shown])
    of = len(results.computations)
    group = asked.group.pk if asked.group else None
    series = [
        Series(
            str(computation.round),
            round_token(place, of),
            [quartiles(items.get((computation.pk, t.pk, asked.question.pk)), group) for t in shown],
        )
        for place, computation in enumerate(results.computations)
    ]
    return quartile_ranges(
        [label_of(results, t) for t in shown],
        series,
        words=range_words(results, _("Round")),
        value_axis=value_axis(asked.question),
    )


@chart("coefficients", lambda: _("Agreement of the whole panel, round by round"))
def coefficients(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    if asked.question is None:
        return None
    found = panel_results_of(results.study, results.computations, [asked.question])
    stored = {computation: statistics for (computation, _question), statistics in found.items()}
    wanted = (
        ("kendall_w", _("Kendall's W"), "g1", "circle"),
        ("alpha", _("Krippendorff's alpha"), "g2", "square"),
        ("ac1", _("Gwet's AC1"), "g3", "diamond"),
        ("percent_agreement", _("Agreement of pairs"), "g8", "triangle-up"),
    )
    lines = [
        Line(name, token, symbol, [_point(stored.get(c.pk, {}).get(key)) for c in results.computations])
        for key, name, token, symbol in wanted
        if any(key in stored.get(c.pk, {}) for c in results.computations)
    ]
    return coefficient_lines(
        [str(round) for round in results.rounds],
        lines,
        words=LineWords(
            _("Round"),
            _("Coefficient"),
            _("Value"),
            _("Lower bound"),
            _("Upper bound"),
            "n",
            _("Not defined because"),
        ),
    )


def _point(stored: dict | None) -> Point:
    if not stored:
        return Point(None, reason=_("not computed"))
    return Point(
        stored.get("value"),
        stored.get("ci_low"),
        stored.get("ci_high"),
        stored.get("n_used"),
        reason_words(stored.get("undefined_reason")),
    )


@chart("stability", lambda: _("Stability since the round before"))
def stability_chart(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    if asked.question is None or len(results.computations) < 2:
        return None
    shown, _parts = portion(results, asked)
    wanted = [technology.pk for technology in shown]
    moved = movements(results.study, [results.latest], questions=[asked.question], technologies=wanted)
    found = {entry.row.technology_id: entry for entry in moved}
    bars = [
        Movement(
            label_of(results, t),
            found[t.pk].row.n_pairs,
            found[t.pk].row.unchanged,
            (found[t.pk].statistics.get("net_change") or {}).get("value"),
        )
        for t in shown
        if t.pk in found
    ]
    return stability_bars(
        bars,
        words=MovementWords(
            item_word(results),
            _("Kept their answer"),
            _("Net change"),
            "n",
            _("Share of members in both rounds"),
        ),
    )

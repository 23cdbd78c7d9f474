"""Quartile ranges, row by row: over rounds, of panel groups, of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consensus.charts.figure import (
    Axis,
    Cell,
    Chart,
    Json,
    Label,
    axis,
    hundredth,
    layout,
    named_rows,
    rows_height,
)


@dataclass(frozen=True)
class Quartiles:
    n: int
    q1: float | None = None
    median: float | None = None
    q3: float | None = None


@dataclass(frozen=True)
class Series:
    """One quartile range for each row (None: nothing to show there)."""

    name: str
    token: str
    points: Sequence[Quartiles | None]
    symbol: str = "circle"


@dataclass(frozen=True)
class RangeWords:
    row: str
    series: str
    q1: str
    median: str
    q3: str
    n: str


def quartile_ranges(
    labels: Sequence[Label], series: Sequence[Series], *, words: RangeWords, value_axis: Axis
) -> Chart:
    """For each row one line from the first to the third quartile per series, a mark at the median."""
    step = min(0.24, 0.64 / max(1, len(series)))
    data: list[Json] = []
    for place, entry in enumerate(series):
        shift = (place - (len(series) - 1) / 2) * step
        data += _traces(labels, entry, shift, words)
    rows: list[list[Cell]] = [
        [label.short, label.name, entry.name, hundredth(p.q1), hundredth(p.median), hundredth(p.q3), p.n]
        for row, label in enumerate(labels)
        for entry in series
        if (p := entry.points[row]) is not None
    ]
    each = max(30, 14 + 13 * len(series))
    return Chart(
        figure={
            "data": data,
            "layout": layout(
                rows_height(len(labels), each=each),
                short_ticks=[label.short or label.tick for label in labels],
                showlegend=len(series) > 1,
                xaxis=axis(value_axis),
                yaxis=named_rows(labels),
            ),
        },
        columns=["", words.row, words.series, words.q1, words.median, words.q3, words.n],
        rows=rows,
    )


def _traces(labels: Sequence[Label], entry: Series, shift: float, words: RangeWords) -> list[Json]:
    line_x: list[float | None] = []
    line_y: list[float | None] = []
    dots: list[tuple[float, float, str]] = []
    for row, point in enumerate(entry.points):
        if point is None or point.median is None:
            continue
        at = row + shift
        line_x += [point.q1, point.q3, None]
        line_y += [at, at, None]
        said = (
            f"{labels[row].tick}<br>{entry.name}: {words.median} {hundredth(point.median):g}"
            f" ({hundredth(point.q1):g}–{hundredth(point.q3):g}), n = {point.n}"
        )
        dots.append((point.median, at, said))
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": line_x,
            "y": line_y,
            "line": {"color": f"token:{entry.token}", "width": 4},
            "opacity": 0.55,
            "hoverinfo": "skip",
            "showlegend": False,
            "legendgroup": entry.name,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": entry.name,
            "legendgroup": entry.name,
            "x": [dot[0] for dot in dots],
            "y": [dot[1] for dot in dots],
            "text": [dot[2] for dot in dots],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {
                "color": f"token:{entry.token}",
                "size": 11,
                "symbol": entry.symbol,
                "line": {"color": "token:surface", "width": 1.5},
            },
        },
    ]

"""Coefficients round by round, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consensus.charts.figure import Axis, Cell, Chart, Json, axis, layout


@dataclass(frozen=True)
class Point:
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    token: str
    symbol: str
    points: Sequence[Point]


@dataclass(frozen=True)
class LineWords:
    round: str
    coefficient: str
    value: str
    low: str
    high: str
    n: str
    reason: str


def coefficient_lines(rounds: Sequence[str], lines: Sequence[Line], *, words: LineWords) -> Chart:
    """From -1 or 0 to 1; an undefined value is a gap in the line and a reason in the table."""
    drawn = [line for line in lines if any(point.value is not None for point in line.points)]
    low = min((p.value for line in drawn for p in line.points if p.value is not None), default=0.0)
    lows = [p.low for line in drawn for p in line.points if p.low is not None]
    floor = -1.0 if min([low, *lows]) < -0.3 else (-0.3 if min([low, *lows]) < 0 else 0.0)
    rows: list[list[Cell]] = [
        [label, line.name, _three(p.value), _three(p.low), _three(p.high), p.n, p.reason or None]
        for line in lines
        for label, p in zip(rounds, line.points, strict=True)
    ]
    return Chart(
        figure={
            "data": [_trace(rounds, line, place, len(drawn)) for place, line in enumerate(drawn)],
            "layout": layout(
                340,
                showlegend=True,
                xaxis={
                    **axis(Axis(options={"showgrid": False})),
                    "tickmode": "array",
                    "tickvals": list(range(len(rounds))),
                    "ticktext": list(rounds),
                    "range": [-0.4, len(rounds) - 0.6],
                    "zeroline": False,
                },
                yaxis=axis(Axis(words.value, floor, 1.02)),
            ),
        },
        columns=[words.round, words.coefficient, words.value, words.low, words.high, words.n, words.reason],
        rows=rows,
    )


def _trace(rounds: Sequence[str], line: Line, place: int, of: int) -> Json:
    shift = (place - (of - 1) / 2) * 0.06
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": line.name,
        "x": [at + shift for at in range(len(rounds))],
        "y": [_three(p.value) for p in line.points],
        "customdata": list(rounds),
        "connectgaps": False,
        "line": {"color": f"token:{line.token}", "width": 2},
        "marker": {"color": f"token:{line.token}", "symbol": line.symbol, "size": 9},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [_reach(p.high, p.value) for p in line.points],
            "arrayminus": [_reach(p.value, p.low) for p in line.points],
            "color": f"token:{line.token}",
            "thickness": 1.25,
            "width": 5,
        },
        "hovertemplate": "%{customdata}: %{y:.3f}<extra>%{fullData.name}</extra>",
    }


def _reach(top: float | None, bottom: float | None) -> float | None:
    return None if top is None or bottom is None else round(max(0.0, top - bottom), 4)


def _three(value: float | None) -> float | None:
    return None if value is None else round(value, 3)

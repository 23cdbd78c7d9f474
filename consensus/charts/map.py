"""Two questions against each other, one mark for each technology."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consensus.charts.figure import Axis, Cell, Chart, Json, Label, axis, hundredth, layout
from consensus.charts.verdicts import VERDICT_TOKENS

SYMBOLS = {
    "consensus_in": "circle",
    "consensus_out": "square",
    "stable_disagreement": "diamond",
    "open": "circle-open",
    "too_few_answers": "x-thin-open",
}


@dataclass(frozen=True)
class Spot:
    label: Label
    x: float
    y: float
    n: int
    verdict: str


@dataclass(frozen=True)
class MapWords:
    row: str
    verdict: str
    n: str
    verdicts: dict[str, str]


def scatter_map(
    spots: Sequence[Spot], *, x_axis: Axis, y_axis: Axis, words: MapWords, named: int = 40
) -> Chart:
    """Marks carry their short names while there are at most `named` of them."""
    data = [
        _trace([s for s in spots if s.verdict == verdict], verdict, words, len(spots) <= named)
        for verdict in VERDICT_TOKENS
        if any(spot.verdict == verdict for spot in spots)
    ]
    rows: list[list[Cell]] = [
        [s.label.short, s.label.name, hundredth(s.x), hundredth(s.y), s.n, words.verdicts[s.verdict]]
        for s in spots
    ]
    return Chart(
        figure={
            "data": data,
            "layout": layout(
                560,
                showlegend=True,
                xaxis=axis(x_axis),
                yaxis=axis(y_axis),
                shapes=_middle(x_axis, y_axis),
            ),
        },
        columns=["", words.row, x_axis.title, y_axis.title, words.n, words.verdict],
        rows=rows,
    )


def _trace(spots: Sequence[Spot], verdict: str, words: MapWords, with_names: bool) -> Json:
    return {
        "type": "scatter",
        "mode": "markers+text" if with_names else "markers",
        "name": words.verdicts[verdict],
        "x": [hundredth(spot.x) for spot in spots],
        "y": [hundredth(spot.y) for spot in spots],
        "text": [spot.label.short for spot in spots],
        "textposition": "top center",
        "textfont": {"size": 11, "color": "token:ink-2"},
        "customdata": [[spot.label.name, spot.n, spot.label.url] for spot in spots],
        "marker": {
            "color": f"token:{VERDICT_TOKENS[verdict]}",
            "symbol": SYMBOLS[verdict],
            "size": 11,
            "line": {"color": f"token:{VERDICT_TOKENS[verdict]}", "width": 1.5},
        },
        "hovertemplate": "%{text} %{customdata[0]}<br>%{x} · %{y}<br>n = %{customdata[1]}"
        "<extra>%{fullData.name}</extra>",
    }


def _middle(x_axis: Axis, y_axis: Axis) -> list[Json]:
    """Dotted lines through the middle of the scales."""
    dotted: Json = {
        "type": "line",
        "layer": "below",
        "line": {"color": "token:line-strong", "width": 1, "dash": "dot"},
    }
    found: list[Json] = []
    if x_axis.low is not None and x_axis.high is not None:
        middle = (x_axis.low + x_axis.high) / 2
        found.append(dotted | {"x0": middle, "x1": middle, "xref": "x", "yref": "paper", "y0": 0, "y1": 1})
    if y_axis.low is not None and y_axis.high is not None:
        middle = (y_axis.low + y_axis.high) / 2
        found.append(dotted | {"y0": middle, "y1": middle, "yref": "y", "xref": "paper", "x0": 0, "x1": 1})
    return found

"""Two figures of the same thing, row by row, joined by a line: weighted and unweighted, those who stayed and left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consensus.charts.figure import Axis, Chart, Json, Label, axis, hundredth, layout, named_rows, rows_height


@dataclass(frozen=True)
class Pair:
    """`marked` rows stand out: their two figures differ more than slightly."""

    label: Label
    first: float
    second: float
    marked: bool = False


@dataclass(frozen=True)
class PairWords:
    row: str
    first: str
    second: str
    difference: str


def dumbbells(
    pairs: Sequence[Pair],
    *,
    words: PairWords,
    value_axis: Axis,
    tokens: tuple[str, str] = ("g8", "accent"),
) -> Chart:
    """A hollow mark for the first figure, a full one for the second."""
    labels = [pair.label for pair in pairs]
    at = list(range(len(pairs)))
    data: list[Json] = [_joints(pairs, False), _joints(pairs, True)]
    for name, token, values, full in (
        (words.first, tokens[0], [pair.first for pair in pairs], False),
        (words.second, tokens[1], [pair.second for pair in pairs], True),
    ):
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [hundredth(value) for value in values],
                "y": at,
                "text": [label.tick for label in labels],
                "hovertemplate": "%{text}<br>%{x}<extra>%{fullData.name}</extra>",
                "marker": {
                    "color": f"token:{token}" if full else "token:surface",
                    "symbol": "circle",
                    "size": 10,
                    "line": {"color": f"token:{token}", "width": 2},
                },
            }
        )
    return Chart(
        figure={
            "data": data,
            "layout": layout(
                rows_height(len(labels), each=24),
                short_ticks=[label.short or label.tick for label in labels],
                showlegend=True,
                xaxis=axis(value_axis),
                yaxis=named_rows(labels),
            ),
        },
        columns=["", words.row, words.first, words.second, words.difference],
        rows=[
            [
                pair.label.short,
                pair.label.name,
                hundredth(pair.first),
                hundredth(pair.second),
                hundredth(pair.second - pair.first),
            ]
            for pair in pairs
        ],
    )


def _joints(pairs: Sequence[Pair], marked: bool) -> Json:
    x: list[float | None] = []
    y: list[float | None] = []
    for place, pair in enumerate(pairs):
        if pair.marked == marked:
            x += [hundredth(pair.first), hundredth(pair.second), None]
            y += [place, place, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": "token:mark" if marked else "token:line-strong", "width": 5 if marked else 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }

"""Shares that add up to all answers, one bar a row."""

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
    layout,
    named_rows,
    percent,
    rows_height,
)


@dataclass(frozen=True)
class Part:
    """One answer: how many gave it in each row (None: nothing to show there)."""

    name: str
    token: str
    counts: Sequence[int | None]


def stacked_shares(
    labels: Sequence[Label], parts: Sequence[Part], *, row_title: str, share_title: str
) -> Chart:
    totals = [sum(part.counts[row] or 0 for part in parts) for row in range(len(labels))]
    data: list[Json] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": part.name,
            "y": list(range(len(labels))),
            "x": [_share(count, total) for count, total in zip(part.counts, totals, strict=True)],
            "customdata": [[label.tick, count] for label, count in zip(labels, part.counts, strict=True)],
            "width": 0.62,
            "marker": {"color": f"token:{part.token}"},
            "hovertemplate": "%{customdata[0]}<br>%{x} % (n = %{customdata[1]})<extra>%{fullData.name}</extra>",
        }
        for part in parts
    ]
    rows: list[list[Cell]] = [
        [label.short, label.name, *(_share(part.counts[row], totals[row]) for part in parts), totals[row]]
        for row, label in enumerate(labels)
        if totals[row]
    ]
    return Chart(
        figure={
            "data": data,
            "layout": layout(
                rows_height(len(labels), each=24),
                short_ticks=[label.short or label.tick for label in labels],
                barmode="stack",
                showlegend=True,
                xaxis=axis(Axis(share_title, 0, 100.5, " %")),
                yaxis=named_rows(labels),
            ),
        },
        columns=["", row_title, *(f"{part.name}: %" for part in parts), "n"],
        rows=rows,
    )


def _share(count: int | None, total: int) -> float | None:
    return percent(count / total) if total and count is not None else None

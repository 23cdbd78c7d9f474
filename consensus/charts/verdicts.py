"""Verdict shares after each round, as stacked bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consensus.charts.figure import Axis, Cell, Chart, axis, layout, percent, rows_height

# Order of the bar's parts and the token of each.
VERDICT_TOKENS = {
    "consensus_in": "v-in",
    "consensus_out": "v-out",
    "stable_disagreement": "v-dissent",
    "open": "v-open",
    "too_few_answers": "v-few",
}


def verdict_shares(
    rounds: Sequence[str],
    counts: Mapping[str, Sequence[int]],
    *,
    names: Mapping[str, str],
    round_title: str,
    share_title: str,
) -> Chart:
    """`counts[verdict][i]` technologies had this verdict after round i."""
    totals = [sum(counts[verdict][place] for verdict in counts) for place in range(len(rounds))]
    used = [verdict for verdict in VERDICT_TOKENS if any(counts.get(verdict, ()))]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": names[verdict],
            "y": list(rounds),
            "x": [
                percent(n / total if total else None)
                for n, total in zip(counts[verdict], totals, strict=True)
            ],
            "text": [str(n) if n else "" for n in counts[verdict]],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "insidetextfont": {"color": "token:surface", "size": 13},
            "marker": {"color": f"token:{VERDICT_TOKENS[verdict]}"},
            "hovertemplate": "%{y}: %{text} (%{x} %)<extra>%{fullData.name}</extra>",
        }
        for verdict in used
    ]
    rows: list[list[Cell]] = [
        [label, *(counts[verdict][place] for verdict in used), totals[place]]
        for place, label in enumerate(rounds)
    ]
    return Chart(
        figure={
            "data": data,
            "layout": layout(
                rows_height(len(rounds), each=46, around=110),
                barmode="stack",
                bargap=0.35,
                showlegend=True,
                xaxis=axis(Axis(share_title, 0, 100.5, " %")),
                yaxis={**axis(Axis()), "autorange": "reversed", "showgrid": False},
            ),
        },
        columns=[round_title, *(names[verdict] for verdict in used), "n"],
        rows=rows,
    )

"""Horizontal bars: stability, shares of options; and distributions as small multiples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consensus.charts.bins import bins, short
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
class Movement:
    """Of `n` members who answered in both rounds: the share that kept the answer, the share moved on balance."""

    label: Label
    n: int
    unchanged: float | None
    net_change: float | None


@dataclass(frozen=True)
class MovementWords:
    row: str
    unchanged: str
    net_change: str
    n: str
    share: str


def stability_bars(movements: Sequence[Movement], *, words: MovementWords) -> Chart:
    """Percent unchanged first; the net change of the whole distribution as a mark on the same axis."""
    labels = [movement.label for movement in movements]
    at = list(range(len(movements)))
    kept = [percent(movement.unchanged) for movement in movements]
    net = [percent(movement.net_change) for movement in movements]
    said = [f"{m.label.tick}<br>n = {m.n}" for m in movements]
    data: list[Json] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": words.unchanged,
            "x": kept,
            "y": at,
            "text": said,
            "textposition": "none",
            "width": 0.56,
            "marker": {"color": "token:ramp-3"},
            "hovertemplate": "%{text}<br>%{x} %<extra>%{fullData.name}</extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": words.net_change,
            "x": net,
            "y": at,
            "text": said,
            "marker": {
                "color": "token:mark",
                "symbol": "diamond",
                "size": 10,
                "line": {"color": "token:surface", "width": 1},
            },
            "hovertemplate": "%{text}<br>%{x} %<extra>%{fullData.name}</extra>",
        },
    ]
    rows: list[list[Cell]] = [
        [m.label.short, m.label.name, k, d, m.n] for m, k, d in zip(movements, kept, net, strict=True)
    ]
    return Chart(
        figure={
            "data": data,
            "layout": layout(
                rows_height(len(labels), each=26),
                short_ticks=[label.short for label in labels],
                showlegend=True,
                xaxis=axis(Axis(words.share, 0, 102, " %")),
                yaxis=named_rows(labels),
            ),
        },
        columns=["", words.row, words.unchanged, words.net_change, words.n],
        rows=rows,
    )


@dataclass(frozen=True)
class OptionSeries:
    """Counts of the options in one round or group; shares are taken of `n`."""

    name: str
    token: str
    n: int
    counts: Sequence[int]


def option_shares(
    options: Sequence[str], series: Sequence[OptionSeries], *, option_title: str, share_title: str
) -> Chart:
    labels = [Label("", option) for option in options]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": entry.name,
            "y": list(range(len(options))),
            "x": [percent(count / entry.n if entry.n else None) for count in entry.counts],
            "customdata": list(entry.counts),
            "marker": {"color": f"token:{entry.token}"},
            "hovertemplate": "%{x} % (n = %{customdata})<extra>%{fullData.name}</extra>",
        }
        for entry in series
    ]
    rows: list[list[Cell]] = [
        [option, *(cell for e in series for cell in _share_cells(e, place))]
        for place, option in enumerate(options)
    ]
    return Chart(
        figure={
            "data": data,
            "layout": layout(
                rows_height(len(options), each=14 + 16 * len(series), around=90),
                short_ticks=[_fold(option) for option in options],
                barmode="group",
                bargap=0.3,
                showlegend=len(series) > 1,
                xaxis=axis(Axis(share_title, 0, None, " %")),
                yaxis=named_rows(labels),
            ),
        },
        columns=[option_title, *(title for e in series for title in (f"{e.name}: %", f"{e.name}: n"))],
        rows=rows,
    )


def _share_cells(entry: OptionSeries, place: int) -> list[Cell]:
    return [percent(entry.counts[place] / entry.n if entry.n else None), entry.counts[place]]


def _fold(text: str, width: int = 16) -> str:
    """Break a label into lines for a narrow screen."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


@dataclass(frozen=True)
class Distribution:
    """How many gave each value, in one round."""

    name: str
    n: int
    values: Sequence[float]
    counts: Sequence[int]
    median: float | None = None
    q1: float | None = None
    q3: float | None = None


@dataclass(frozen=True)
class DistributionWords:
    series: str
    value: str
    n: str
    answers: str
    median: str


def distributions(
    series: Sequence[Distribution],
    *,
    words: DistributionWords,
    classes: bool,
    whole: bool = False,
    value_title: str = "",
) -> Chart:
    """Small multiples under one another on one axis. `classes` groups years and amounts into round classes."""
    values = sorted({value for entry in series for value in entry.values})
    if not values:
        return Chart({"data": [], "layout": layout(180)}, [], [])
    panes = [
        _pane(entry, _bars(entry, classes, whole, values[0], values[-1]), place, len(series))
        for place, entry in enumerate(series)
    ]
    top = max([pane.top for pane in panes if pane.entry.n], default=1.0)
    parts: Json = {f"yaxis{pane.number}": pane.axis(top) for pane in panes}
    parts["xaxis"] = _shared_axis(values, panes, value_title, classes, whole)
    return Chart(
        figure={
            "data": [pane.trace for pane in panes],
            "layout": layout(
                80 + 150 * len(series),
                shapes=[shape for pane in panes for shape in _quartile_shapes(pane.entry, pane.number)],
                annotations=[_note(pane.entry, pane.bottom + pane.height, words) for pane in panes],
                margin={"l": 12, "r": 16, "t": 26, "b": 44},
                **parts,
            ),
        },
        columns=[words.series, words.value, words.answers, "%"],
        rows=[row for pane in panes for row in pane.rows],
    )


@dataclass(frozen=True)
class _Bars:
    x: list[float]
    labels: list[str]
    counts: list[int]
    width: float


@dataclass(frozen=True)
class _Pane:
    """One of the small multiples: its bars, and where it stands on the drawing's height of 1."""

    entry: Distribution
    bars: _Bars
    number: str  # of its axis: Plotly calls the first one by no number
    bottom: float
    height: float

    @property
    def shares(self) -> list[float | None]:
        return [percent(count / self.entry.n if self.entry.n else None) for count in self.bars.counts]

    @property
    def top(self) -> float:
        """The longest bar; classes may be longer than any single value."""
        return max([*self.entry.counts, *self.bars.counts], default=0) / self.entry.n

    @property
    def trace(self) -> Json:
        bars = self.bars
        return {
            "type": "bar",
            "x": bars.x,
            "y": self.shares,
            "width": [bars.width * 0.82] * len(bars.x),
            "xaxis": "x",
            "yaxis": f"y{self.number}",
            "customdata": [[label, count] for label, count in zip(bars.labels, bars.counts, strict=True)],
            "marker": {"color": "token:ramp-4"},
            "name": self.entry.name,
            "hovertemplate": "%{customdata[0]}: %{customdata[1]} (%{y} %)<extra>%{fullData.name}</extra>",
        }

    @property
    def rows(self) -> list[list[Cell]]:
        each = zip(self.bars.labels, self.bars.counts, self.shares, strict=True)
        return [[self.entry.name, label, count, share] for label, count, share in each]

    def axis(self, top: float) -> Json:
        return axis(Axis(suffix=" %")) | {
            "domain": [max(0.0, self.bottom), self.bottom + self.height],
            "nticks": 4,
            "range": [0, round(108 * top, 1)],
        }


def _pane(entry: Distribution, bars: _Bars, place: int, panes: int) -> _Pane:
    gap = 0.09 if panes > 1 else 0.0
    height = (1 - gap * (panes - 1)) / panes
    bottom = 1 - (place + 1) * height - place * gap
    return _Pane(entry, bars, "" if place == 0 else str(place + 1), bottom, height)


def _shared_axis(values: list[float], panes: list[_Pane], title: str, classes: bool, whole: bool) -> Json:
    margin = panes[-1].bars.width if classes else 0.6
    found = axis(Axis(title)) | {
        "range": [values[0] - margin, values[-1] + margin],
        "anchor": f"y{panes[-1].number}",
        "showgrid": False,
    }
    if classes:
        return found | {"tickformat": "d" if whole else ""}
    if len(values) <= 12 and all(float(value).is_integer() for value in values):
        return found | {"dtick": 1}
    return found


def _bars(entry: Distribution, classes: bool, whole: bool, low: float, high: float) -> _Bars:
    if not classes:
        return _Bars(list(entry.values), [short(value) for value in entry.values], list(entry.counts), 1.0)
    found = bins(entry.values, entry.counts, whole=whole, low=low, high=high)
    return _Bars(
        [(b.low + b.high) / 2 for b in found],
        [b.label(whole) for b in found],
        [b.n for b in found],
        found[0].high - found[0].low if found else 1.0,
    )


def _quartile_shapes(entry: Distribution, number: str) -> list[Json]:
    if entry.median is None or entry.q1 is None or entry.q3 is None:
        return []
    at = {"xref": "x", "yref": f"y{number} domain", "y0": 0, "y1": 1, "layer": "below"}
    band = {
        "type": "rect",
        "x0": entry.q1,
        "x1": entry.q3,
        "fillcolor": "token:accent-soft",
        "line": {"width": 0},
    }
    line = {
        "type": "line",
        "x0": entry.median,
        "x1": entry.median,
        "line": {"color": "token:ink", "width": 2},
        "layer": "above",
    }
    return [at | band, at | line]


def _note(entry: Distribution, y: float, words: DistributionWords) -> Json:
    middle = "" if entry.median is None else f" · {words.median} {short(entry.median)}"
    return {
        "text": f"{entry.name} · n = {entry.n}{middle}",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": y,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": "token:ink"},
    }

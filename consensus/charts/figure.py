"""What every chart is: a Plotly figure as plain data, and the same data as a table.

Colours are names of design tokens (`token:v-in`), resolved in the browser, so that a figure follows light and dark.
Texts come ready translated from the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from consensus.verdicts.rounding import rounded

Cell = str | int | float | None
Json = dict[str, Any]

NAME_LENGTH = 48
ROW_HEIGHT = 30
_AXIS: Json = {
    "gridcolor": "token:line",
    "zerolinecolor": "token:line",
    "linecolor": "token:line-strong",
    "tickcolor": "token:line-strong",
    "automargin": True,
    "fixedrange": True,
}


@dataclass(frozen=True)
class Chart:
    """`figure` has `data` and `layout`; `rows` have one cell for each of `columns`."""

    figure: Json
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def is_empty(self) -> bool:
        return not self.rows


@dataclass(frozen=True)
class Label:
    """How a row is named: in full in tables, cut in a wide chart, by `short` in a narrow one."""

    short: str
    name: str
    url: str = ""

    @property
    def tick(self) -> str:
        return cut(f"{self.short} {self.name}".strip())


@dataclass(frozen=True)
class Axis:
    """Title and ends of an axis; None leaves an end to the data."""

    title: str = ""
    low: float | None = None
    high: float | None = None
    suffix: str = ""
    whole: bool = False
    options: Json = field(default_factory=dict)


def cut(text: str, length: int = NAME_LENGTH) -> str:
    """Long names end in an ellipsis; wide (East Asian) characters count as two."""
    width = 0
    for place, character in enumerate(text):
        width += 2 if ord(character) > 0x2E7F else 1
        if width > length:
            return text[: max(place - 1, 1)].rstrip() + "…"
    return text


def axis(spec: Axis) -> Json:
    found: Json = {**_AXIS, "title": {"text": spec.title, "standoff": 10, "font": {"size": 13}}}
    if spec.low is not None and spec.high is not None:
        found["range"] = [spec.low, spec.high]
    elif spec.low is not None:
        found |= {"rangemode": "tozero"} if spec.low == 0 else {}
    if spec.suffix:
        found["ticksuffix"] = spec.suffix
    if spec.whole:
        found |= {"tickformat": "d"}
    return found | spec.options


def named_rows(labels: Sequence[Label], places: Sequence[float] | None = None) -> Json:
    """A vertical axis with one row for each label, the first on top."""
    at = list(places if places is not None else range(len(labels)))
    return {
        **_AXIS,
        "tickmode": "array",
        "tickvals": at,
        "ticktext": [label.tick for label in labels],
        "range": [len(labels) - 0.4, -0.6],
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "ticklabelstandoff": 8,
        "showline": False,
    }


def layout(height: int, *, short_ticks: Sequence[str] = (), **parts: Any) -> Json:
    found: Json = {
        "height": height,
        "margin": {"l": 12, "r": 16, "t": 12, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "token:ink-2", "size": 13},
        "hovermode": "closest",
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": "token:raised",
            "bordercolor": "token:line-strong",
            "font": {"color": "token:ink"},
            "align": "left",
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "traceorder": "normal",
        },
        "showlegend": False,
    }
    if short_ticks:
        found["meta"] = {"shortTicks": list(short_ticks)}
    return found | parts


def rows_height(rows: int, each: int = ROW_HEIGHT, around: int = 96) -> int:
    return max(180, rows * each + around)


def tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def hundredth(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def percent(share: float | None) -> float | None:
    return None if share is None else rounded(100 * share, 1)

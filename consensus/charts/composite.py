"""Small drawings of composite answers as SVG: bars and places of options, a cloud of points in a plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consensus.charts.bins import short
from consensus.charts.figure import cut
from consensus.charts.histogram import Picture

_LEFT, _RIGHT = 18, 342
_ROW = 38
_FIELD_LEFT, _FIELD_TOP, _FIELD = 70, 8, 230
_LONGEST = 46


@dataclass(frozen=True)
class Bar:
    """One option: `length` from 0 to 1, the figure in words, and whether the reader chose it."""

    label: str
    length: float
    text: str
    own: bool = False
    part: float | None = None  # of the bar's length, drawn in full colour; the rest is paler


@dataclass(frozen=True)
class Spread:
    """One option on an axis: mean, the middle half, and the reader's own."""

    label: str
    mean: float
    q1: float | None = None
    q3: float | None = None
    own: float | None = None


@dataclass(frozen=True)
class Plane:
    """The points of both axes, how many stand where (x, y, n), and what is marked."""

    points: Sequence[float]
    cloud: Sequence[Sequence[float]]
    labels: tuple[str, str]
    median: tuple[float, float] | None = None
    previous: tuple[float, float] | None = None


def option_bars(rows: Sequence[Bar], label: str = "") -> str:
    """One row per option: its text above, its bar below, its figure at the end."""
    picture = Picture(max(1, len(rows)) * _ROW)
    for place, row in enumerate(rows):
        y = place * _ROW
        _label(picture, y, row.label, row.own)
        length = (_RIGHT - _LEFT - 52) * min(max(row.length, 0.0), 1.0)
        if length and row.part is not None:
            picture.rect(_LEFT, y + 20, length, 11, "bar is-pale")
            length_of_part = length * row.part
            if length_of_part:
                picture.rect(_LEFT, y + 20, length_of_part, 11, "bar")
        elif length:
            picture.rect(_LEFT, y + 20, length, 11, "bar is-own" if row.own else "bar")
        picture.text(_LEFT + length + 6, y + 30, row.text, "start")
    return picture.svg(label)


def place_spreads(rows: Sequence[Spread], low: float, high: float, label: str = "") -> str:
    """One row per option on a common axis: the middle half as a band, the mean as a dot, the own as a ring."""
    picture = Picture(max(1, len(rows)) * _ROW + 20)
    span = (high - low) or 1

    def place(value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT - 36) * (value - low) / span

    for spot, row in enumerate(rows):
        y = spot * _ROW
        _label(picture, y, row.label, False)
        picture.add(
            f'<line class="axis" x1="{place(low):.1f}" y1="{y + 26}" x2="{place(high):.1f}" y2="{y + 26}"/>'
        )
        if row.q1 is not None and row.q3 is not None:
            picture.rect(place(row.q1) - 3, y + 20, place(row.q3) - place(row.q1) + 6, 12, "band", 3)
        if row.own is not None:
            picture.add(f'<circle class="previous" cx="{place(row.own):.1f}" cy="{y + 26}" r="8"/>')
        picture.add(f'<circle class="dot" cx="{place(row.mean):.1f}" cy="{y + 26}" r="5"/>')
        picture.text(_RIGHT, y + 30, short(row.mean), "end")
    base = len(rows) * _ROW + 14
    picture.text(place(low), base, short(low), "")
    picture.text(place(high), base, short(high), "")
    return picture.svg(label)


def plane_cloud(plane: Plane, label: str = "") -> str:
    """Circles whose area grows with the number of people who stand there."""
    picture = Picture(_FIELD_TOP + _FIELD + 26)
    size = len(plane.points)
    step = _FIELD / max(1, size)
    at = {point: spot for spot, point in enumerate(plane.points)}
    top = max((row[2] for row in plane.cloud), default=1)

    def centre(point: Sequence[float]) -> tuple[float, float]:
        across, up = (step * (_spot(at, value) + 0.5) for value in point[:2])
        return _FIELD_LEFT + across, _FIELD_TOP + _FIELD - up

    picture.rect(_FIELD_LEFT, _FIELD_TOP, _FIELD, _FIELD, "plane-area", 4)
    for row in plane.cloud:
        x, y = centre(row)
        radius = max(2.5, step * 0.46 * (row[2] / top) ** 0.5)
        picture.add(f'<circle class="bubble" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')
        if radius > 7:
            picture.text(x, y + 4, short(row[2]), "on-bubble")
    if plane.median is not None:
        x, y = centre(plane.median)
        picture.add(f'<path class="cross" d="M{x - 7:.1f} {y:.1f}h14M{x:.1f} {y - 7:.1f}v14"/>')
    if plane.previous is not None:
        x, y = centre(plane.previous)
        picture.add(f'<circle class="previous" cx="{x:.1f}" cy="{y:.1f}" r="9"/>')
    _axes(picture, plane, step)
    return picture.svg(label)


def _spot(at: dict[float, int], value: float) -> float:
    """The place of a value that may lie between two points, as a median does."""
    points = sorted(at)
    return value - points[0] if value not in at else at[value]


def _axes(picture: Picture, plane: Plane, step: float) -> None:
    every = max(1, -(-len(plane.points) // 8))
    base = _FIELD_TOP + _FIELD
    for spot, point in enumerate(plane.points):
        if spot % every == 0:
            middle = step * (spot + 0.5)
            picture.text(_FIELD_LEFT + middle, base + 13, short(point))
            picture.text(_FIELD_LEFT - 6, base - middle + 4, short(point), "end")
    picture.text(_FIELD_LEFT + _FIELD / 2, base + 25, f"{cut(plane.labels[0], 40)} →", "strong")
    x, y = _FIELD_LEFT - 26, _FIELD_TOP + _FIELD / 2
    words = Picture(0)
    words.text(x, y, f"{cut(plane.labels[1], 36)} →", "strong")
    picture.add(f'<g transform="rotate(-90 {x:.1f} {y:.1f})">{words.parts[0]}</g>')


def _label(picture: Picture, y: float, text: str, own: bool) -> None:
    picture.text(_LEFT, y + 14, cut(text, _LONGEST), "start strong" if own else "start")
    if own:
        picture.add(f'<circle class="previous" cx="8" cy="{y + 10:.1f}" r="4"/>')


__all__ = ["Bar", "Plane", "Spread", "option_bars", "place_spreads", "plane_cloud"]

"""Small histograms as SVG: geometry in attributes, colour by class, text escaped, no style and no script.

Three forms: rating scales (one bar a point), choices (one row an option), and classes of a continuous axis
(years, percents, amounts). All are drawn for a width of 360 and scale with their box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from consensus.charts.bins import Bin, bins, short

WIDTH = 360
_LEFT, _RIGHT, _TOP, _BASE, _HEIGHT = 18, 342, 22, 96, 128
_ROW = 40
_LONGEST_LABEL = 50


@dataclass(frozen=True)
class Marks:
    """What is drawn over the bars. Anything may be missing."""

    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    previous: float | None = None
    own: float | None = None


@dataclass(frozen=True)
class Picture:
    """A drawing in the making."""

    height: float
    parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, css: str, radius: float = 1.5) -> None:
        self.parts.append(
            f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius}"/>'
        )

    def text(self, x: float, y: float, text: str, css: str = "") -> None:
        attribute = f' class="{css}"' if css else ""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}"{attribute}>{escape(text)}</text>')

    def add(self, part: str) -> None:
        self.parts.append(part)

    def svg(self, label: str) -> str:
        head = f'<svg class="histogram" viewBox="0 0 {WIDTH} {self.height:g}" role="img" aria-label="{escape(label)}">'
        return head + "".join(self.parts) + "</svg>"


def scale_histogram(
    values: Sequence[float],
    counts: Sequence[int],
    marks: Marks = Marks(),
    label: str = "",
) -> str:
    """One bar per point of a rating scale, empty points included."""
    picture = Picture(_HEIGHT)
    if not values:
        return picture.svg(label)
    slot = (_RIGHT - _LEFT) / len(values)
    first, step = values[0], (values[-1] - values[0]) / (len(values) - 1) if len(values) > 1 else 1.0

    def place(value: float) -> float:
        return _LEFT + slot * ((value - first) / step + 0.5)

    _band(picture, marks, place, slot / 2)
    own = {mark for mark in (marks.previous, marks.own) if mark is not None}
    top = max(counts, default=0)
    for value, count in zip(values, counts, strict=True):
        _bar(picture, place(value), slot * 2 / 3, count, top, value in own)
    _axis(picture)
    for value in values:
        picture.text(place(value), _BASE + 17, short(value), "strong" if value == marks.median else "")
    _marks(picture, marks, place)
    return picture.svg(label)


def binned_histogram(
    values: Sequence[float],
    counts: Sequence[int],
    marks: Marks = Marks(),
    label: str = "",
    *,
    whole: bool = False,
    low: float | None = None,
    high: float | None = None,
) -> str:
    """Classes of a continuous axis. `whole`: years and other whole numbers, each as wide as one unit."""
    picture = Picture(_HEIGHT)
    known = [mark for mark in (marks.previous, marks.own) if mark is not None]
    classes = bins([*values, *known], [*counts, *([0] * len(known))], whole=whole, low=low, high=high)
    if not classes:
        return picture.svg(label)
    start, end = classes[0].low, classes[-1].high
    shift = 0.5 if whole else 0.0

    def place(value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (value + shift - start) / (end - start)

    _band(picture, marks, place, 0.0)
    slot = (_RIGHT - _LEFT) / len(classes)
    top = max(entry.n for entry in classes)
    for spot, entry in enumerate(classes):
        own = any(_holds(entry, mark, entry is classes[-1]) for mark in known)
        _bar(picture, _LEFT + slot * (spot + 0.5), slot - 2, entry.n, top, own)
    _axis(picture)
    _edges(picture, classes, slot, whole)
    _marks(picture, marks, place)
    return picture.svg(label)


def choice_histogram(
    labels: Sequence[str], counts: Sequence[int], previous: int | None = None, label: str = ""
) -> str:
    """One row per option: its text above, its bar below, the count at the end. `previous`: index of the own one."""
    picture = Picture(max(1, len(labels)) * _ROW)
    top = max(counts, default=0)
    for place, (text, count) in enumerate(zip(labels, counts, strict=True)):
        y = place * _ROW
        picture.text(_LEFT, y + 14, _shortened(text), "start strong" if place == previous else "start")
        length = (_RIGHT - _LEFT - 30) * count / top if top else 0
        if length:
            picture.rect(_LEFT, y + 20, length, 12, "bar is-own" if place == previous else "bar")
        picture.text(_LEFT + length + 6, y + 30, str(count), "start")
        if place == previous:
            picture.add(f'<circle class="previous" cx="8" cy="{y + 10:.1f}" r="4"/>')
    return picture.svg(label)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1].rstrip() + "…"


def _holds(entry: Bin, value: float, is_last: bool) -> bool:
    return entry.low <= value < entry.high or (is_last and value == entry.high)


def _bar(picture: Picture, centre: float, width: float, count: int, top: int, own: bool) -> None:
    if not count:
        return
    height = (_BASE - _TOP - 14) * count / top
    picture.rect(centre - width / 2, _BASE - height, width, height, "bar is-own" if own else "bar")
    picture.text(centre, _BASE - height - 4, str(count))


def _axis(picture: Picture) -> None:
    picture.add(f'<line class="axis" x1="{_LEFT - 8}" y1="{_BASE}" x2="{_RIGHT + 8}" y2="{_BASE}"/>')


def _edges(picture: Picture, classes: list[Bin], slot: float, whole: bool) -> None:
    """Labels of the classes, as many as fit: at the start of each class, or under it when each is one number."""
    single = whole and classes[0].high - classes[0].low == 1
    starts = [*(entry.low for entry in classes), *(() if single else (classes[-1].high,))]
    widest = max(len(short(value)) for value in starts) * 7 + 6
    every = max(1, int(-(-widest // slot)))
    for spot, value in enumerate(starts):
        if spot % every == 0:
            picture.text(_LEFT + slot * (spot + (0.5 if single else 0)), _BASE + 17, short(value))


def _band(picture: Picture, marks: Marks, place: Callable[[float], float], margin: float) -> None:
    if marks.q1 is None or marks.q3 is None:
        return
    left, right = place(marks.q1) - margin, place(marks.q3) + margin
    picture.rect(left, _TOP - 8, max(right - left, 3), _BASE - _TOP + 8, "band", 2)


def _marks(picture: Picture, marks: Marks, place: Callable[[float], float]) -> None:
    if marks.median is not None:
        x = place(marks.median)
        picture.add(f'<line class="median" x1="{x:.1f}" y1="9" x2="{x:.1f}" y2="24"/>')
        picture.add(f'<path class="median-flag" d="M{x - 5:.1f} 4h10l-5 7z"/>')
    if marks.previous is not None:
        picture.add(f'<circle class="previous" cx="{place(marks.previous):.1f}" cy="122" r="4"/>')
    if marks.own is not None:
        picture.add(f'<circle class="own" cx="{place(marks.own):.1f}" cy="122" r="5"/>')

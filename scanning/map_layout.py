"""Geometry of the topic map: topics as discs that do not overlap, candidates as dots inside. Numbers only."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

STEP = 21.0  # between neighbouring dots
GAP = 10.0
LINE = 13.0
GOLDEN = math.pi * (3 - math.sqrt(5))
SEPARATORS = " ,，、"
WIDEST = 20.0  # of a line of a name, in Latin letters


@dataclass(frozen=True)
class Disc:
    x: float
    y: float
    radius: float
    dots: tuple[tuple[float, float], ...]
    lines: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Room:
    """What a topic needs around its middle: its disc and, above it, the lines of its name."""

    half: float
    above: float
    below: float

    def meets(self, x: float, y: float, other: Room, ox: float, oy: float) -> bool:
        apart = abs(x - ox) >= self.half + other.half + GAP
        return (
            not apart and y - self.above < oy + other.below + GAP and oy - other.above < y + self.below + GAP
        )


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    def __str__(self) -> str:
        return f"{self.x:.0f} {self.y:.0f} {self.width:.0f} {self.height:.0f}"


def discs(
    names: Sequence[str],
    sizes: Sequence[int],
    bonds: dict[tuple[int, int], float],
    outside: Sequence[int] = (),
) -> list[Disc]:
    """A place for each topic: large ones first, bonded ones near each other, `outside` ones last.

    Same input, same map.
    """
    radii = [radius_of(size) for size in sizes]
    lines = [name_lines(name) for name in names]
    rooms = [_room(radius, text) for radius, text in zip(radii, lines, strict=True)]
    placed: dict[int, tuple[float, float]] = {}
    for topic in sorted(range(len(sizes)), key=lambda each: (each in outside, -sizes[each], each)):
        placed[topic] = _free_place(topic, rooms, placed, _pull(topic, placed, bonds))
    return [_disc(*placed[n], radii[n], sizes[n], lines[n]) for n in range(len(sizes))]


def radius_of(size: int) -> float:
    return STEP * math.sqrt(max(size, 1)) * 0.62 + 14


def name_lines(name: str) -> list[str]:
    """A name in at most two lines, broken where it has a comma or a blank, and cut where it is too long."""
    if text_width(name) <= WIDEST:
        return [name] if name else []
    breaks = [n + 1 for n, letter in enumerate(name) if letter in ", -/，、"]
    fitting = [at for at in breaks if text_width(name[:at].strip(SEPARATORS)) <= WIDEST]
    commas = [at for at in fitting if name[at - 1] in ",，、"]
    at = (commas or fitting or [_fits(name)])[-1]
    rest = name[at:].strip(SEPARATORS)
    return [
        name[:at].strip(SEPARATORS),
        rest if text_width(rest) <= WIDEST else rest[: _fits(rest) - 1].rstrip() + "…",
    ]


def text_width(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(letter) in "WF" else 1.0 for letter in text)


def _fits(text: str) -> int:
    at = 0
    while at < len(text) and text_width(text[: at + 1]) <= WIDEST:
        at += 1
    return max(at, 2)


def _room(radius: float, lines: list[str]) -> Room:
    wide = max((text_width(line) for line in lines), default=0.0) * 6.3
    return Room(max(radius, wide / 2), radius + LINE * len(lines) + 6, radius)


def _pull(topic: int, placed: dict, bonds: dict[tuple[int, int], float]) -> tuple[float, float]:
    """The middle of the topics it is bonded with, else of the map."""
    weights = [(bonds.get((min(topic, o), max(topic, o)), 0.0), place) for o, place in placed.items()]
    whole = sum(weight for weight, _place in weights)
    if not whole:
        return 0.0, 0.0
    return (
        sum(weight * place[0] for weight, place in weights) / whole,
        sum(weight * place[1] for weight, place in weights) / whole,
    )


def _free_place(
    topic: int, rooms: list[Room], placed: dict, near: tuple[float, float]
) -> tuple[float, float]:
    """Along a spiral from `near` outwards, flattened to a screen's shape, the first place with room."""
    for n in range(6000):
        distance, angle = 5.0 * math.sqrt(n), n * GOLDEN
        x, y = near[0] + 1.4 * distance * math.cos(angle), near[1] + distance * math.sin(angle)
        if not any(rooms[topic].meets(x, y, rooms[other], *place) for other, place in placed.items()):
            return x, y
    right = max((x + rooms[other].half for other, (x, _y) in placed.items()), default=0.0)
    return right + rooms[topic].half + GAP, 0.0


def _disc(x: float, y: float, radius: float, size: int, lines: list[str]) -> Disc:
    dots = []
    for n in range(size):
        distance = STEP * 0.6 * math.sqrt(n + 0.4) if size > 1 else 0.0
        at = (x + distance * math.cos(n * GOLDEN), y + distance * math.sin(n * GOLDEN))
        dots.append((round(at[0], 1), round(at[1], 1)))
    texts = tuple(
        (round(y - radius - 6 - LINE * (len(lines) - 1 - n), 1), text) for n, text in enumerate(lines)
    )
    return Disc(round(x, 1), round(y, 1), round(radius, 1), tuple(dots), texts)


def box_of(placed: Sequence[Disc], margin: float = 20.0) -> Box:
    if not placed:
        return Box(0, 0, 100, 60)
    rooms = [(disc, _room(disc.radius, [text for _y, text in disc.lines])) for disc in placed]
    low_x, high_x = min(d.x - room.half for d, room in rooms), max(d.x + room.half for d, room in rooms)
    low_y, high_y = min(d.y - room.above for d, room in rooms), max(d.y + room.below for d, room in rooms)
    return Box(low_x - margin, low_y - margin, high_x - low_x + 2 * margin, high_y - low_y + 2 * margin)

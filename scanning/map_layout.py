"""Geometry of the topic map: topics as discs that do not overlap, candidates as dots inside. Numbers only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEP = 21.0  # between neighbouring dots
GAP = 26.0  # between discs: their names stand there
GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True)
class Disc:
    x: float
    y: float
    radius: float
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    def __str__(self) -> str:
        return f"{self.x:.0f} {self.y:.0f} {self.width:.0f} {self.height:.0f}"


def discs(sizes: Sequence[int], bonds: dict[tuple[int, int], float]) -> list[Disc]:
    """A place for each topic, the largest first and bonded ones near each other. Same input, same map."""
    radii = [radius_of(size) for size in sizes]
    placed: dict[int, tuple[float, float]] = {}
    for topic in sorted(range(len(sizes)), key=lambda each: (-sizes[each], each)):
        placed[topic] = _free_place(topic, radii, placed, _pull(topic, placed, bonds))
    return [_disc(*placed[topic], radii[topic], sizes[topic]) for topic in range(len(sizes))]


def radius_of(size: int) -> float:
    return STEP * math.sqrt(max(size, 1)) * 0.62 + 14


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
    topic: int, radii: list[float], placed: dict, near: tuple[float, float]
) -> tuple[float, float]:
    """Along a spiral from `near` outwards, flattened to a screen's shape, the first place with room."""
    for n in range(4000):
        distance, angle = 5.0 * math.sqrt(n), n * GOLDEN
        x, y = near[0] + 1.35 * distance * math.cos(angle), near[1] + distance * math.sin(angle)
        if all(
            math.hypot(x - px, y - py) >= radii[topic] + radii[other] + GAP
            for other, (px, py) in placed.items()
        ):
            return x, y
    return max((px + radii[o] for o, (px, _y) in placed.items()), default=0.0) + radii[topic] + GAP, 0.0


def _disc(x: float, y: float, radius: float, size: int) -> Disc:
    dots = []
    for n in range(size):
        distance = STEP * 0.6 * math.sqrt(n + 0.4) if size > 1 else 0.0
        dots.append(
            (round(x + distance * math.cos(n * GOLDEN), 1), round(y + distance * math.sin(n * GOLDEN), 1))
        )
    return Disc(round(x, 1), round(y, 1), round(radius, 1), tuple(dots))


def box_of(placed: Sequence[Disc], margin: float = 34.0) -> Box:
    if not placed:
        return Box(0, 0, 100, 60)
    low_x, low_y = min(d.x - d.radius for d in placed), min(d.y - d.radius for d in placed)
    high_x, high_y = max(d.x + d.radius for d in placed), max(d.y + d.radius for d in placed)
    return Box(low_x - margin, low_y - margin, high_x - low_x + 2 * margin, high_y - low_y + 2 * margin)

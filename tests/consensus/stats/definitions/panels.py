"""Small random panels: ties, gaps, unanimous columns, single members, scales of two to nine categories."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

SCALES = (
    (1, 2), (0, 1), (1, 2, 3), (1, 2, 3, 4), (1, 2, 3, 4, 5), (-2, -1, 0, 1, 2), (1, 2, 3, 4, 5, 6),
    (1, 2, 3, 4, 5, 6, 7), (1, 3, 4, 7), (2030, 2035, 2050), tuple(range(1, 10)),
)  # fmt: skip


@dataclass(frozen=True)
class RandomPanel:
    """``rows``: members x items, None where there is no answer."""

    seed: int
    scale: tuple[int, ...]
    rows: tuple[tuple[int | None, ...], ...]

    @property
    def matrix(self) -> np.ndarray:
        return np.array([[np.nan if x is None else x for x in row] for row in self.rows], dtype=float)

    @property
    def columns(self) -> list[list[int]]:
        """The answers to each item."""
        return [[x for x in column if x is not None] for column in zip(*self.rows, strict=True)]

    @property
    def counts(self) -> np.ndarray:
        return np.array([[column.count(value) for value in self.scale] for column in self.columns])


def random_panel(
    seed: int, scales=SCALES, members=(1, 11), items=(1, 6), gaps=(0, 0, 0.15, 0.5)
) -> RandomPanel:
    draw = random.Random(seed)
    scale = draw.choice(scales)
    size, width, gap = draw.randint(*members), draw.randint(*items), draw.choice(gaps)
    columns = [_column(draw, scale, size, gap) for _item in range(width)]
    return RandomPanel(seed, scale, tuple(zip(*columns, strict=True)))


def _column(draw: random.Random, scale, size: int, gap: float) -> list[int | None]:
    style = draw.choice(("even", "even", "peak", "ends", "one"))
    weights = {
        "even": [1] * len(scale),
        "peak": [9 if place == len(scale) // 2 else 1 for place in range(len(scale))],
        "ends": [4 if place in (0, len(scale) - 1) else 1 for place in range(len(scale))],
        "one": [0] * (len(scale) - 1) + [1],
    }[style]
    answers = draw.choices(scale, weights, k=size)
    return [None if draw.random() < gap else answer for answer in answers]


@dataclass(frozen=True)
class TwoRounds:
    """The same members' answers to one item; ``table``: earlier x later."""

    seed: int
    scale: tuple[int, ...]
    earlier: tuple[int, ...]
    later: tuple[int, ...]

    @property
    def table(self) -> np.ndarray:
        pairs = list(zip(self.earlier, self.later, strict=True))
        return np.array([[pairs.count((a, b)) for b in self.scale] for a in self.scale])


def two_rounds(seed: int, members=(1, 10)) -> TwoRounds:
    draw = random.Random(1000 + seed)
    scale = draw.choice(SCALES)
    size, stay = draw.randint(*members), draw.choice((0, 0.5, 0.8, 1))
    earlier = _column(draw, scale, size, 0)
    later = [a if draw.random() < stay else draw.choice(scale) for a in earlier]
    return TwoRounds(seed, scale, tuple(earlier), tuple(later))


def over(top, bottom):
    """A quotient, None where there is none."""
    return None if not bottom else Fraction(top) / Fraction(bottom)


def upper(scale):
    """A band at the upper end of the scale."""
    return scale[len(scale) // 2 :]


def same(found, expected, *about) -> None:
    """Equal up to rounding, and undefined together."""
    if expected is None or isinstance(expected, str | bool | tuple):
        assert found == expected, about
    else:
        assert found is not None, (about, "expected", float(expected))
        assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-9), about

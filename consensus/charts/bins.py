"""Group answers that are years, percents or amounts into classes of a round width."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Bin:
    """Answers from `low` up to, not including, `high` (the last class includes it); `n` of them."""

    low: float
    high: float
    n: int

    def label(self, whole: bool) -> str:
        """ "2030-2034" for whole numbers, "10-20" otherwise; one number where the class holds one."""
        top = self.high - 1 if whole else self.high
        return short(self.low) if top <= self.low else f"{short(self.low)}–{short(top)}"


def short(value: float) -> str:
    """A number as people write it: at most two decimals, no trailing zeros, never an exponent."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def round_width(span: float, most: int, whole: bool) -> float:
    """The smallest of 1, 2, 5, 10, 20, ... (or their tenths) with which `most` classes cover `span`."""
    if span <= 0:
        return 1.0
    exponent = math.floor(math.log10(span / most)) if span / most > 0 else 0
    for power in (exponent, exponent + 1):
        for step in _STEPS:
            width = step * 10.0**power
            if width * most >= span * (1 - 1e-9) and (width >= 1 or not whole):
                return width
    return 10.0 ** (exponent + 2)


def bins(
    values: Sequence[float],
    counts: Sequence[int],
    *,
    whole: bool,
    low: float | None = None,
    high: float | None = None,
    most: int = 12,
) -> list[Bin]:
    """Classes that cover all answers, and `low` to `high` where these are given."""
    known = [*values, *(edge for edge in (low, high) if edge is not None)]
    if not known:
        return []
    unit = 1.0 if whole else 0.0
    first, last = min(known), max(known) + unit
    width = round_width(last - first, most, whole)
    start = math.floor(first / width + 1e-9) * width
    size = max(1, math.ceil((last - start) / width - 1e-9))
    if size > most:  # the start was moved down to a round number
        width = round_width((last - start) * 1.01, most, whole)
        start = math.floor(first / width + 1e-9) * width
        size = max(1, math.ceil((last - start) / width - 1e-9))
    held = [0] * size
    for value, count in zip(values, counts, strict=True):
        held[min(size - 1, int((value - start) / width + 1e-9))] += count
    return [Bin(start + place * width, start + (place + 1) * width, n) for place, n in enumerate(held)]

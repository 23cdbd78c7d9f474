"""Figures rounded for readers, who must not find one on the other side of the limit that it is compared with."""

from __future__ import annotations

import math
import operator

_HOLDS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
_MOST_DECIMALS = 6
_SAME = 1e-9


def rounded(value: float, decimals: int = 0) -> float:
    """Halves go up, as in other programs: Python's own rounding makes 12 of 12.5 and 14 of 13.5."""
    scale = 10.0**decimals
    return math.copysign(math.floor(abs(value) * scale + 0.5 + _SAME), value) / scale


def telling(value: float, limit: float, decimals: int) -> str:
    """With as few decimals as tell on which side of the limit it is, `decimals` at least."""
    for places in range(decimals, _MOST_DECIMALS):
        if _side(rounded(value, places), limit) == _side(value, limit):
            return _plain(rounded(value, places), places)
    return _plain(value, _MOST_DECIMALS)


def whole_on_its_side(value: float, limit: float, op: str) -> int:
    """The nearest whole number; the next one where that would make the comparison come out otherwise."""
    whole = int(rounded(value))
    compare = _HOLDS[op]
    if compare(_side(whole, limit), 0) == compare(_side(value, limit), 0):
        return whole
    return math.floor(value) if whole > value else math.ceil(value)


def _side(value: float, limit: float) -> int:
    return 0 if abs(value - limit) < _SAME else (1 if value > limit else -1)


def _plain(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text

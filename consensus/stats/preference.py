"""Strengths of options from comparisons in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from consensus.stats.results import NO_ANSWERS, TOO_FEW_ITEMS, FloatArray, Result

NOT_CONNECTED = "not_connected"
_MOST_STEPS = 10_000
_TOLERANCE = 1e-10


@dataclass(frozen=True, kw_only=True)
class Preference(Result):
    """``value``: Bradley-Terry strengths in the order of the options, summing to 1; ``win_shares`` beside them."""

    win_shares: Any
    n_comparisons: Any


def bradley_terry(wins: npt.ArrayLike) -> Preference:
    """Strengths p with P(i beats j) = p_i / (p_i + p_j), by Zermelo's iteration.

    ``wins``: options x options, ``wins[i, j]`` = how often i was preferred to j; a tie counts half for each; the
    diagonal is 0. p_i <- w_i / sum_j n_ij / (p_i + p_j) with w_i the wins of i and n_ij the comparisons of i
    and j, until no strength moves by more than 1e-10. ``win_shares``: w_i over the comparisons of i (None
    without any), which is defined always.

    Undefined: ``too_few_items`` (< 2 options), ``no_answers``, ``not_connected`` (some options were never
    beaten by the rest, so that their strength has no bound). Error: negative or unfinite counts. Sources:
    Zermelo (1929), Math Z 29:436; Bradley & Terry (1952), Biometrika 39:324; Ford (1957), Am Math Mon 64:28.
    """
    table = np.asarray(wins, dtype=float)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ValueError("wins must be a square table")
    if not np.isfinite(table).all() or (table < 0).any() or np.diag(table).any():
        raise ValueError("wins must be counts of 0 or more, with a diagonal of 0")
    compared = table + table.T
    reason = _undefined(table)
    return Preference(
        value=None if reason else tuple(_strengths(table.sum(axis=1), compared).tolist()),
        n_used=len(table),
        n_missing=0,
        method="Bradley-Terry, ties count half",
        undefined_reason=reason,
        win_shares=tuple(_shares(table.sum(axis=1), compared.sum(axis=1))),
        n_comparisons=float(table.sum()),
    )


def _undefined(table: FloatArray) -> str | None:
    if len(table) < 2:
        return TOO_FEW_ITEMS
    if not table.any():
        return NO_ANSWERS
    reach = (table > 0).astype(float) + np.eye(len(table))
    for _step in range(max(1, len(table).bit_length())):
        reach = ((reach @ reach) > 0).astype(float)
    return None if reach.all() else NOT_CONNECTED


def _shares(won: FloatArray, compared: FloatArray) -> list[float | None]:
    return [float(w / n) if n else None for w, n in zip(won, compared, strict=True)]


def _strengths(won: FloatArray, compared: FloatArray) -> FloatArray:
    strengths = np.full(len(won), 1 / len(won))
    for _step in range(_MOST_STEPS):
        after = won / (compared / (strengths[:, None] + strengths)).sum(axis=1)
        after = after / after.sum()
        moved = np.abs(after - strengths).max()
        strengths = after
        if moved < _TOLERANCE:
            break
    return strengths

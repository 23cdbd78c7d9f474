"""Realisation time: when will a technology be realised, by those who named a year?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .location import Description, describe
from .quantiles import DEFAULT_TYPE
from .results import NO_ANSWERS, FloatArray, Result, first_reason
from .tally import Tally, per_item


@dataclass(frozen=True, kw_only=True)
class Realisation(Result):
    """``value``: median year. ``n_used``: members who gave a year. Shares are of everyone who answered."""

    q1: Any
    q3: Any
    years: Description
    weighted: Any
    n_answered: Any
    year_share: Any
    already_share: Any
    never_share: Any
    cannot_say_share: Any


@dataclass(frozen=True, kw_only=True)
class RealisationStages:
    """The two stages side by side, with the years between their medians."""

    laboratory: Realisation
    society: Realisation
    gap: Any

    def as_dict(self) -> dict[str, Any]:
        return {"laboratory": self.laboratory.as_dict(), "society": self.society.as_dict(), "gap": self.gap}


def realisation_time(
    counts: npt.ArrayLike,
    years: npt.ArrayLike,
    *,
    already: npt.ArrayLike = 0,
    never: npt.ArrayLike = 0,
    cannot_say: npt.ArrayLike = 0,
    weighted_counts: npt.ArrayLike | None = None,
    quantile_type: int = DEFAULT_TYPE,
    missing: npt.ArrayLike | None = None,
) -> Realisation:
    """Quartiles of the years that members named, unweighted and (if given) familiarity-weighted.

    ``counts``: (Y,) or (items, Y) members per year; ``years``: (Y,). "Already realised", "never" and "cannot
    say" are counts of members: they become shares of all who answered, and never years (a "never" coded as
    2100 moves the median). ``weighted_counts``: sums of familiarity weights per year, scaled to the number of
    members. A late median with many "never" is two opinions: read both. Undefined (``no_answers``) where
    nobody gave a year; the shares are then still defined if anybody answered.
    """
    tally = Tally(counts, years, missing=missing)
    special = [
        per_item(already, tally.size, "already"),
        per_item(never, tally.size, "never"),
        per_item(cannot_say, tally.size, "cannot_say"),
    ]
    answered = tally.n + sum(special)
    safe = np.where(answered > 0, answered, np.nan)
    plain_years: Any = describe(tally, quantile_type=quantile_type)
    weighted: Any = None
    if weighted_counts is not None:
        weighted = describe(weighted_counts, years, quantile_type, n_answers=tally.n)
        if np.shape(weighted_counts) != np.shape(counts):
            raise ValueError("weighted_counts must have the shape of counts")
    shares = {
        f"{name}_share": held / safe
        for name, held in zip(("year", "already", "never", "cannot_say"), [tally.n, *special], strict=True)
    }
    found = tally.result(
        Realisation,
        value=_filled(plain_years.median, tally),
        method=f"members who gave a year, quantile type {quantile_type}",
        reasons=first_reason(tally.size, (tally.n <= 0, NO_ANSWERS)),
        q1=_filled(plain_years.q1, tally),
        q3=_filled(plain_years.q3, tally),
        years=None,
        weighted=None,
        n_answered=answered,
        **shares,
    )
    return replace(found, years=plain_years, weighted=weighted)


def _filled(field: Any, tally: Tally) -> FloatArray:
    return (
        np.array([np.nan if field is None else field], dtype=float)
        if tally.single
        else np.ma.filled(field, np.nan)
    )


def realisation_stages(laboratory: Realisation, society: Realisation) -> RealisationStages:
    """Put "realised in the laboratory" and "in society" side by side; ``gap`` = difference of the medians.

    The members who named a year may differ between the stages, so a negative gap can occur and is shown.
    """
    if laboratory.is_table or society.is_table:
        raise ValueError("stages are compared item by item: pass result.item(i)")
    both = laboratory.value is not None and society.value is not None
    return RealisationStages(
        laboratory=laboratory, society=society, gap=society.value - laboratory.value if both else None
    )

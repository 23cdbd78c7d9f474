"""Everything about every item in one pass over a count table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from .alpha import LEVELS, Alpha, alpha_from_counts
from .kappa import Agreement, ItemAgreement, fleiss_kappa, gwet_ac, pairwise_agreement, percent_agreement
from .location import Description, describe
from .ordinal import (
    BlairLacy,
    Ordinal,
    blair_lacy,
    entropy,
    leik,
    polarisation,
    tastle_wierman_consensus,
    van_der_eijk_agreement,
)
from .quantiles import DEFAULT_TYPE
from .rand_ucla import RandUcla, rand_ucla
from .results import Result
from .shares import Comet, Share, agreement_share, comet_70_15
from .tally import Counts, Tally


@dataclass(frozen=True, kw_only=True)
class Battery(Result):
    """``value``: the median. Each field is a full result; those of ``panel`` are of the whole table."""

    description: Description
    share: Any
    comet: Any
    rand_ucla: RandUcla
    agreement: Ordinal
    consensus: Ordinal
    leik: Ordinal
    blair_lacy: BlairLacy
    entropy: Ordinal
    polarisation: Ordinal
    pairwise: ItemAgreement
    panel: Panel | None


@dataclass(frozen=True, kw_only=True)
class Panel(Result):
    """Agreement of the panel over all items: ``value`` = Gwet's AC1. Read the coefficients together."""

    ac1: Agreement
    fleiss: Agreement
    percent: Agreement
    alpha_nominal: Alpha
    alpha_ordinal: Alpha
    alpha_interval: Alpha


def battery(
    counts: Counts,
    values: npt.ArrayLike | None = None,
    *,
    categories: Sequence[float] | None = None,
    quantile_type: int = DEFAULT_TYPE,
    missing: npt.ArrayLike | None = None,
    n_answers: npt.ArrayLike | None = None,
    panel: bool = True,
) -> Battery:
    """The full per-item battery, sharing totals, shares and cumulative counts between statistics.

    ``counts``: (K,) or (items, K), or a ``Tally``; ``categories``: the agreement band for ``share`` (None: no
    share). ``comet`` is given on scales that have the values 1-3 and 7-9, else None. ``panel``: also the
    coefficients over all items (not with weights: they need whole members). ``item(i)`` is one item's
    battery.
    """
    tally = Tally.of(counts, values, missing=missing, n_answers=n_answers)
    description: Any = describe(tally, quantile_type=quantile_type)
    share: Share | None = agreement_share(tally, categories) if categories is not None else None
    comet: Comet | None = comet_70_15(tally) if {1, 2, 3, 7, 8, 9} <= set(tally.values.tolist()) else None
    return Battery(
        value=description.value,
        n_used=description.n_used,
        n_missing=description.n_missing,
        method=description.method,
        undefined_reason=description.undefined_reason,
        description=description,
        share=share,
        comet=comet,
        rand_ucla=rand_ucla(tally, quantile_type),
        agreement=van_der_eijk_agreement(tally),
        consensus=tastle_wierman_consensus(tally),
        leik=leik(tally),
        blair_lacy=blair_lacy(tally),
        entropy=entropy(tally),
        polarisation=polarisation(tally),
        pairwise=pairwise_agreement(tally),
        panel=panel_agreement(tally) if panel and not tally.weighted else None,
    )


def panel_agreement(counts: Counts, values: npt.ArrayLike | None = None) -> Panel:
    """AC1, Fleiss' kappa, percent agreement and alpha (nominal, ordinal, interval) over all items.

    Near unanimity alpha and kappa collapse while AC1 and percent agreement stay high: show all of them.
    """
    tally = Tally.of(counts, values)
    ac1 = gwet_ac(tally)
    alphas = {f"alpha_{level}": alpha_from_counts(tally, level) for level in LEVELS if level != "ratio"}
    return Panel(
        value=ac1.value,
        n_used=ac1.n_used,
        n_missing=ac1.n_missing,
        method="agreement over all items",
        undefined_reason=ac1.undefined_reason,
        ac1=ac1,
        fleiss=fleiss_kappa(tally),
        percent=percent_agreement(tally),
        **alphas,
    )

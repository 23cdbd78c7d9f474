"""Panel quality as Chinese Delphi studies report it: positivity, authority, full-score rate, coordination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .kendall import KendallW, kendall_w
from .results import NO_ANSWERS, Result, first_reason, undefined
from .shares import Share, wilson_interval
from .tally import Counts, Tally

ACCEPTABLE_AUTHORITY = 0.70
USUAL_CV_LIMIT = 0.25


@dataclass(frozen=True)
class WeightPreset:
    """Weights of the judgement basis (large, medium, small influence) and of familiarity levels (high to
    low).
    """

    practice: tuple[float, ...] = (0.5, 0.4, 0.3)
    theory: tuple[float, ...] = (0.3, 0.2, 0.1)
    peers: tuple[float, ...] = (0.1, 0.1, 0.1)
    intuition: tuple[float, ...] = (0.1, 0.1, 0.1)
    familiarity: tuple[float, ...] = (1.0, 0.8, 0.6, 0.4, 0.2)
    note: str = field(default="", compare=False)

    @property
    def basis_weights(self) -> tuple[float, ...]:
        return self.practice + self.theory + self.peers + self.intuition


PRESETS: Mapping[str, WeightPreset] = {
    "common": WeightPreset(note="the table most papers print"),
    "familiarity_nine_to_one": WeightPreset(
        familiarity=(0.9, 0.7, 0.5, 0.3, 0.1), note="familiarity from .9 to .1"
    ),
}


@dataclass(frozen=True, kw_only=True)
class Authority(Result):
    """``value``: Cr = (Ca + Cs) / 2. ``acceptable``: at least .70 (or ``limit``).

    ``n_used``: members behind Cs; ``n_basis``: those of them behind Ca.
    """

    n_basis: Any
    ca: Any
    cs: Any
    acceptable: Any
    limit: float


@dataclass(frozen=True, kw_only=True)
class FullScore(Result):
    """``value``: share of answers at the scale's maximum."""

    k: Any
    maximum: float


def positivity_coefficient(returned: float, sent: float, *, conf: float = 0.95) -> Share:
    """Positivity coefficient: questionnaires returned / sent, with its Wilson interval.

    Undefined (``no_answers``) if none was sent. ``n_missing``: those not returned.
    """
    found = wilson_interval(returned, sent, conf)
    return Share(
        **{**vars(found), "n_missing": sent - returned, "method": "positivity coefficient, Wilson interval"}
    )


def _mean_weight(counts: npt.ArrayLike, weights: npt.ArrayLike, n: float, name: str) -> float:
    people, factor = np.asarray(counts, dtype=float).ravel(), np.asarray(weights, dtype=float).ravel()
    if people.shape != factor.shape:
        raise ValueError(f"{name}: {people.size} counts but {factor.size} weights")
    if (people < 0).any() or not np.isfinite(people).all() or not np.isfinite(factor).all():
        raise ValueError(f"{name}: counts must not be negative, and all numbers finite")
    return float(people @ factor / n)


def authority_coefficient(
    *,
    basis_counts: npt.ArrayLike,
    familiarity_counts: npt.ArrayLike,
    n: float,
    basis_weights: npt.ArrayLike = PRESETS["common"].basis_weights,
    familiarity_weights: npt.ArrayLike = PRESETS["common"].familiarity,
    missing: float = 0,
    limit: float = ACCEPTABLE_AUTHORITY,
    n_basis: float | None = None,
) -> Authority:
    """Authority coefficient of a panel: Cr = (Ca + Cs) / 2, acceptable from .70.

    Ca = sum over judgement bases (practice, theory, peers or literature, intuition) and their influence
    (large, medium, small) of members x weight, / n; Cs = sum over familiarity levels of members x weight, /
    n. ``basis_counts`` and ``basis_weights`` run in the same order (12 in the common table, or any other
    number). Weight tables differ between papers: they are the study's settings; ``PRESETS`` has named ones.
    Each basis is self-rated, so Cr says how authoritative members feel. ``n_basis``: members behind the basis
    counts where they are fewer than ``n``. Undefined (``no_answers``) at n = 0 or n_basis = 0.
    """
    judged = n if n_basis is None else n_basis
    if not (0 <= judged <= n) or not np.isfinite(n):
        raise ValueError("n must be finite and not negative, n_basis at most n")
    method = "Cr = (Ca + Cs) / 2, self-rated"
    if judged == 0:
        return undefined(
            Authority, NO_ANSWERS, method=method, n_used=n, n_basis=0, n_missing=missing, limit=limit
        )
    ca = _mean_weight(basis_counts, basis_weights, judged, "basis")
    cs = _mean_weight(familiarity_counts, familiarity_weights, n, "familiarity")
    cr = (ca + cs) / 2
    return Authority(
        value=cr,
        n_used=n,
        n_missing=missing,
        method=method,
        n_basis=judged,
        ca=ca,
        cs=cs,
        acceptable=cr >= limit - 1e-12,
        limit=limit,
    )


def full_score_rate(
    counts: Counts,
    values: npt.ArrayLike | None = None,
    *,
    maximum: float | None = None,
    missing: npt.ArrayLike | None = None,
    n_answers: npt.ArrayLike | None = None,
) -> FullScore:
    """Share of answers at the *scale's* maximum (not at the highest answer found).

    ``maximum``: default the largest of ``values``. Undefined (``no_answers``) without answers.
    """
    tally = Tally.of(counts, values, missing=missing, n_answers=n_answers)
    top = float(tally.values[-1]) if maximum is None else float(maximum)
    at_top = tally.counts[:, tally.values == top].sum(axis=1)
    return tally.result(
        FullScore,
        value=at_top / tally.safe_n,
        method="full-score rate",
        reasons=first_reason(tally.size, (tally.n <= 0, NO_ANSWERS)),
        k=at_top,
        maximum=top,
    )


def coordination_coefficient(ratings: npt.ArrayLike, **options: Any) -> KendallW:
    """Coordination coefficient: Kendall's W with chi-square and p (see ``kendall_w``), members x items."""
    return kendall_w(ratings, **options)

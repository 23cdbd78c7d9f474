"""What became of the terms flagged at a cut, against others of like frequency, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .agreement import wilson
from .learned import Model
from .outlook import Standing
from .terms import Term


@dataclass(frozen=True, slots=True)
class Backtest:
    """What was flagged at a cut and what came of it.

    `rate`: share of flagged terms whose pooled share in the next `horizon` years was at least `factor` times that
    of the cut's year. `base`: the same among all eligible terms of like frequency (same power of two of documents
    in the cut's year), weighted as the flagged ones are; `like` has it per flagged term. `base_all`: among all
    eligible terms.
    """

    cut: int
    horizon: int
    factor: float
    flagged: tuple[Term, ...]
    rose: tuple[bool, ...]
    like: tuple[float, ...]
    rate: float
    base: float
    base_all: float
    eligible: int

    @property
    def times(self) -> float | None:
        """`rate` over `base`; None where there is no base."""
        return self.rate / self.base if self.base > 0 else None

    def interval(self) -> tuple[float, float] | None:
        """95 % interval of `rate` (E. B. Wilson, JASA 22, 1927); None when nothing was flagged.

        Taken as if terms rose independently. Terms of one topic rise together: in truth it is wider.
        """
        return wilson(sum(self.rose), len(self.rose))

    def times_interval(self) -> tuple[float, float] | None:
        """`interval` over `base`, which counts as known: it comes from far more terms."""
        found = self.interval()
        return (found[0] / self.base, found[1] / self.base) if found and self.base > 0 else None

    def times_error(self, draws: int = 2000, seed: int = 1) -> float | None:
        """Standard error of `times`: the bootstrap over flagged terms, each with its own base.

        B. Efron, Annals of Statistics 7, 1979. Draws without any base are left out; None when none is left.
        """
        size = len(self.rose)
        if not size or not self.base > 0:
            return None
        chosen = np.random.default_rng(seed).integers(0, size, (draws, size))
        rate = np.array(self.rose, dtype=float)[chosen].mean(axis=1)
        base = np.array(self.like)[chosen].mean(axis=1)
        known = base > 0
        return float(np.std(rate[known] / base[known])) if known.any() else None


def flag(standing: Standing, model: Model | None, top: int, rising_only: bool = True) -> list[int]:
    """The `top` terms at a cut, by the model, or by growth alone without one.

    `rising_only` keeps to terms that rise at the cut. Without it a model also flags terms in a dip, whose
    recovery counts as a rise: an easier task, and not what "emerging" means.
    """
    growth = standing.features["growth"]
    score = growth if model is None else model.predict(standing)
    allowed = np.flatnonzero(growth > 0) if rising_only else np.arange(len(growth))
    return sorted(allowed.tolist(), key=lambda n: (-float(score[n]), standing.terms[n].key))[:top]


def judge(standing: Standing, flagged: Sequence[int], horizon: int = 3, factor: float = 1.5) -> Backtest:
    """Compare the flagged terms with all eligible ones of like frequency."""
    rose, size = standing.rose(horizon, factor), standing.frequency()
    like = tuple(float(rose[size == size[n]].mean()) for n in flagged)
    return Backtest(
        standing.cut,
        horizon,
        factor,
        tuple(standing.terms[n] for n in flagged),
        tuple(bool(rose[n]) for n in flagged),
        like,
        float(np.mean(rose[list(flagged)])) if flagged else math.nan,
        float(np.mean(like)) if like else math.nan,
        float(rose.mean()) if len(rose) else math.nan,
        len(rose),
    )

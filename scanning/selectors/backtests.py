"""What a finished backtest reached, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from scanning.models import Backtest
from scanning.services.backtests import DIPS_TOO
from scanning.textmining.agreement import wilson

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reached:
    """Shares in percent. Intervals are Wilson's, of the share of flagged terms that grew; `base` counts as known."""

    flagged: int
    rose: int
    base: float | None
    base_all: float | None
    dips_too: bool

    @property
    def rate(self) -> float:
        return 100 * self.rose / self.flagged

    @property
    def interval(self) -> Interval:
        low, high = wilson(self.rose, self.flagged) or (0.0, 1.0)
        return 100 * low, 100 * high

    @property
    def times(self) -> float | None:
        return self.rate / self.base if self.base else None

    @property
    def times_interval(self) -> Interval | None:
        return (self.interval[0] / self.base, self.interval[1] / self.base) if self.base else None

    @property
    def word(self) -> str:
        """`better`: surely more often than terms of like frequency; `unclear`: chance would do; else `worse`."""
        low, high = self.times_interval or (0.0, 2.0)
        return "better" if low > 1 else "worse" if high < 1 else "unclear"


def reached(backtest: Backtest) -> Reached | None:
    """None while it runs, and where nothing was flagged."""
    result = backtest.result
    if not backtest.finished_at or not result.get("flagged"):
        return None
    return Reached(
        flagged=len(result["flagged"]),
        rose=result["rose"],
        base=_percent(result.get("base")),
        base_all=_percent(result.get("base_all")),
        dips_too=backtest.params.get("by") == DIPS_TOO,
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share

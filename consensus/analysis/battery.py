"""The statistics of one question for many technologies, as rows ready to be stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from consensus import stats
from consensus.analysis.columnar import column, rows_of
from consensus.counting.cells import SPECIALS
from consensus.counting.tables import ItemTable
from consensus.stats.quantiles import quantiles_of
from consensus.stats.rand_ucla import indices_of
from surveys.enums import QuestionType, Special

GROUP_DESCRIPTION = (
    "value", "n_used", "n_missing", "method", "undefined_reason", "mean", "sd", "q1", "q3", "iqr",
)  # fmt: skip
RAND_SCALE = tuple(float(value) for value in range(1, 10))
CONFIDENCE = 0.95
QUARTILES = np.array([0.25, 0.75])
# Figures without an interval of their own get one by drawing the counts anew; quantiles are too lumpy for BCa.
ITEM_DRAWS = 400
DRAWN = {"agreement": "bca", "consensus": "bca", "iqr": "percentile", "rand_ucla": "percentile"}


@dataclass(frozen=True)
class Band:
    """The answers that count as agreement: category values from `low` to `high`."""

    low: float
    high: float
    source: str

    def of(self, values: np.ndarray) -> list[float]:
        return values[(values >= self.low) & (values <= self.high)].tolist()

    def as_dict(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high, "source": self.source}


@dataclass(frozen=True)
class Item:
    """One technology, one slice: figures by column, and everything else as JSON."""

    technology: int  # place on the frame's axis
    slice: int  # 0 the panel, 1.. the panel groups
    n: int
    n_cannot_judge: int
    n_missing: int
    values: list[float]
    counts: list[int]
    specials: dict[str, int]
    median: float | None
    q1: float | None
    q3: float | None
    share: float | None
    statistics: dict[str, Any]


def items(
    question,
    table: ItemTable,
    *,
    ordered: bool,
    band: Band | None,
    quantile_type: int,
    rng: np.random.Generator | None = None,
) -> Iterator[Item]:
    """Every technology of the table for the panel, then for each group. With `rng`, intervals by resampling too."""
    compute = _ordered if ordered else _nominal
    for slice_ in range(len(table.counts)):
        found = compute(question, table, slice_, band, quantile_type)
        if question.type == QuestionType.YEAR:
            _merge(found, "specials", _special_shares(table, slice_))
        if rng is not None and slice_ == 0 and question.type == QuestionType.SCALE:
            _add_drawn_intervals(found, table, quantile_type, rng)
        yield from _items(table, slice_, found, ordered)


def _ordered(question, table: ItemTable, slice_: int, band: Band | None, quantile_type: int) -> list[dict]:
    tally = table.tally(slice_)
    only = None if slice_ == 0 else GROUP_DESCRIPTION
    found = [{} for _ in range(table.size)]
    _merge(found, "describe", rows_of(stats.describe(tally, quantile_type=quantile_type), table.size, only))
    _add_intervals(found, tally)
    _merge(found, "share", _shares(tally, band, table.size))
    if question.type == QuestionType.SCALE:
        _merge(found, "agreement", rows_of(stats.van_der_eijk_agreement(tally), table.size))
        if tuple(table.values) == RAND_SCALE:
            _merge(found, "rand_ucla", rows_of(stats.rand_ucla(tally, quantile_type), table.size))
        if slice_ == 0:
            _merge(found, "consensus", rows_of(stats.tastle_wierman_consensus(tally), table.size))
    if slice_ == 0 and table.n_weighted.any():
        _merge(found, "weighted", _weighted(table, band, quantile_type))
    return found


def _add_intervals(found: list[dict], tally) -> None:
    """Ends of the intervals of median and mean, beside the figures they belong to."""
    intervals = {"median_ci": stats.median_interval, "mean_ci": stats.mean_interval}
    for key, interval in intervals.items():
        ends = interval(tally, conf=CONFIDENCE)
        rows = zip(column(ends.ci_low, len(found)), column(ends.ci_high, len(found)), strict=True)
        for entry, (low, high) in zip(found, rows, strict=True):
            entry["describe"][key] = None if low is None else [low, high]


def _add_drawn_intervals(
    found: list[dict], table: ItemTable, quantile_type: int, rng: np.random.Generator
) -> None:
    """Intervals of what the panel's answers to a scale give without one: A, Cns, the IQR, the disagreement index."""
    statistics: dict[str, Callable[[stats.Tally], Any]] = {
        "agreement": lambda tally: stats.van_der_eijk_agreement(tally).value,
        "consensus": lambda tally: stats.tastle_wierman_consensus(tally).value,
        "iqr": lambda tally: np.diff(quantiles_of(tally, QUARTILES, quantile_type), axis=1)[:, 0],
    }
    if tuple(table.values) == RAND_SCALE:
        statistics["rand_ucla"] = lambda tally: indices_of(tally, quantile_type)
    drawn = stats.bootstrap_counts_cis(
        table.tally(), statistics, rng=rng, n_boot=ITEM_DRAWS, conf=CONFIDENCE, method=DRAWN
    )
    for name, interval in drawn.items():
        lows, highs = column(interval.ci_low, table.size), column(interval.ci_high, table.size)
        for entry, low, high in zip(found, lows, highs, strict=True):
            if name == "iqr":
                entry["describe"]["iqr_ci"] = None if low is None else [low, high]
            else:
                entry[name] |= {"ci_low": low, "ci_high": high, "ci_method": interval.method}


def _weighted(table: ItemTable, band: Band | None, quantile_type: int) -> list[dict]:
    """Familiarity-weighted figures; members without a familiarity answer carry no weight and are not in n."""
    tally = table.weighted_tally()
    described = rows_of(
        stats.describe(tally, quantile_type=quantile_type), table.size, (*GROUP_DESCRIPTION, "median")
    )
    found = [{"describe": row} for row in described]
    _merge(found, "n_effective", table.n_effective.tolist())
    _merge(found, "share", _shares(tally, band, table.size))
    return found


def _shares(tally, band: Band | None, size: int) -> list[dict] | None:
    if band is None:
        return None
    rows = rows_of(stats.agreement_share(tally, band.of(tally.values), conf=CONFIDENCE), size)
    return [row | {"band": band.as_dict()} for row in rows]


def _nominal(question, table: ItemTable, slice_: int, band: Band | None, quantile_type: int) -> list[dict]:
    """Shares of the options with their intervals, all tied modes; no median of codes that have no order."""
    tally = table.tally(slice_)
    found = [{} for _ in range(table.size)]
    each = [
        rows_of(
            stats.agreement_share(tally, [value], conf=CONFIDENCE),
            table.size,
            ("value", "k", "ci_low", "ci_high"),
        )
        for value in table.values.tolist()
    ]
    options = [
        [{"option": value} | row for value, row in zip(table.values.tolist(), rows, strict=True)]
        for rows in zip(*each, strict=True)
    ]
    _merge(found, "options", options)
    top = tally.counts.max(axis=1, keepdims=True)
    modes = (tally.counts == top) & (top > 0)
    _merge(found, "modes", [table.values[row].tolist() for row in modes])
    _merge(found, "entropy", rows_of(stats.entropy(tally), table.size))
    _merge(found, "share", _shares(tally, band, table.size))
    return found


def _special_shares(table: ItemTable, slice_: int) -> list[dict]:
    """Shares of "already", "never" and "cannot say" among those who gave a year or one of the three."""
    timed = [place for place, special in enumerate(SPECIALS) if special != Special.CANNOT_JUDGE]
    base = table.n[slice_] + table.specials[slice_][:, timed].sum(axis=1)
    found: list[dict] = [{} for _ in range(table.size)]
    for place in timed:
        rows = rows_of(stats.wilson_interval(table.specials[slice_][:, place], base, CONFIDENCE), table.size)
        _merge(found, SPECIALS[place].value, rows)
    return found


def _merge(found: list[dict], key: str, rows: list | None) -> None:
    for entry, row in zip(found, rows or (), strict=False):
        entry[key] = row


def _items(table: ItemTable, slice_: int, found: list[dict], ordered: bool) -> Iterator[Item]:
    counts = table.counts[slice_].astype(int).tolist()
    specials = table.specials[slice_].astype(int).tolist()
    values = table.values.tolist()
    n, missing = table.n[slice_].astype(int).tolist(), table.missing[slice_].astype(int).tolist()
    for place, statistics in enumerate(found):
        described = statistics.get("describe", {}) if ordered else {}
        yield Item(
            technology=table.first + place,
            slice=slice_,
            n=n[place],
            n_cannot_judge=specials[place][0],
            n_missing=missing[place],
            **_occupied(question_values=values, counts=counts[place], fixed=table.fixed),
            specials={
                special.value: count
                for special, count in zip(SPECIALS, specials[place], strict=True)
                if count
            },
            median=described.get("value"),
            q1=described.get("q1"),
            q3=described.get("q3"),
            share=(statistics.get("share") or {}).get("value"),
            statistics=statistics,
        )


def _occupied(question_values: list[float], counts: list[int], fixed: bool) -> dict[str, list]:
    """Short scales keep their empty categories; long axes keep only what somebody answered."""
    if fixed:
        return {"values": question_values, "counts": counts}
    kept = [(value, count) for value, count in zip(question_values, counts, strict=True) if count]
    return {"values": [value for value, _ in kept], "counts": [count for _, count in kept]}

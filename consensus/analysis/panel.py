"""What is computed across technologies for one question, and how answers moved since the round before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from consensus import stats
from consensus.analysis.battery import Band
from consensus.analysis.columnar import rows_of
from consensus.analysis.criteria import moved_between
from consensus.counting.tables import ItemTable, pair_tables
from consensus.privacy.guarded import LEAST
from surveys.question_types import kind_of

BOOTSTRAP = 1000
P_ADJUSTMENT = "bh"
# Each of these tests is made once per technology; "individual_chi2" reads the other way but errs as often.
ADJUSTED_TESTS = (
    "wilcoxon", "stuart_maxwell", "bhapkar", "bowker", "mcnemar", "group_chi2", "individual_chi2", "pitman_morgan",
    "spearman",
)  # fmt: skip
PER_TECHNOLOGY = {
    "kendall_w": "mean_rank",
    "kendall_w_complete": "mean_rank",
    "skillings_mack": "adjusted_sums",
}
MOST_CELLS = 2_000_000
MOST_VALUES = 400
NOMINAL_MOVEMENT = (
    "value", "n_used", "n_missing", "method", "undefined_reason", "unchanged", "net_change",
    "goodman_kruskal_lambda", "group_chi2", "individual_chi2", "stuart_maxwell", "bhapkar", "bowker",
)  # fmt: skip


def panel_statistics(
    question, tables: list[ItemTable], ratings: np.ndarray | None, rng, *, least: int = 1
) -> dict[str, Any]:
    """Agreement among raters from the count table; concordance of orders from the answer matrix.

    Technologies of fewer than `least` answers are in neither: what few people said of one would follow from the
    coefficient and from the distributions of the others, which are published.
    """
    found: dict[str, Any] = {LEAST: least}
    tally = _of_enough(tables[0].tally(), least) if len(tables) == 1 else None
    if tally is not None and not tally.size:
        return found
    if tally is not None and len(tally.values) <= MOST_VALUES:
        found |= agreement_among_raters(question, tally)
    elif tables:
        found |= {"skipped": "too_many_values"}
    if ratings is not None:
        n = (~np.isnan(ratings)).sum(axis=0)
        enough = (n == 0) | (n >= least)
        found |= concordance(_without(ratings, ~enough), rng)
        if not enough.all():  # their places no longer say which technology is meant
            for name, vector in PER_TECHNOLOGY.items():
                found.get(name, {}).pop(vector, None)
    return found


def _of_enough(tally: stats.Tally, least: int) -> stats.Tally:
    enough = (tally.n == 0) | (tally.n >= least)
    if enough.all():
        return tally
    return stats.Tally(tally.counts[enough], tally.values, missing=tally.missing[enough])


def _without(ratings: np.ndarray, technologies: np.ndarray) -> np.ndarray:
    """The ratings of the other technologies, by members who gave any."""
    if not technologies.any():
        return ratings
    left = ratings[:, ~technologies]
    return left[~np.isnan(left).all(axis=1)]


def agreement_among_raters(question, tally: stats.Tally) -> dict[str, Any]:
    """Alpha and kappa collapse near unanimity, so AC1 and plain agreement stand beside them.

    Numbers without categories (years, percents) get alpha only: agreement to the very number says little there.
    """
    if kind_of(question).categories(question) is None:
        return {"alpha": stats.alpha_from_counts(tally, "interval").as_dict()}
    ordered = kind_of(question).is_ordered
    found = {
        "alpha": stats.alpha_from_counts(tally, "ordinal" if ordered else "nominal").as_dict(),
        "ac1": stats.gwet_ac(tally).as_dict(),
        "fleiss_kappa": stats.fleiss_kappa(tally).as_dict(),
        "percent_agreement": stats.percent_agreement(tally).as_dict(),
    }
    if ordered:
        found["ac2"] = stats.gwet_ac(tally, "quadratic").as_dict()
    return found


def concordance(ratings: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """Kendall's W. With gaps: the pairwise form over everybody and Skillings-Mack for the test; W of the members
    who rated everything stands beside them, under its own name and with its own n.
    """
    if not np.isnan(ratings).any():
        return {"kendall_w": stats.kendall_w(ratings, n_boot=BOOTSTRAP, rng=rng).as_dict()}
    return {
        "kendall_w": stats.kendall_w(ratings, missing="pairwise_spearman", rng=rng).as_dict(),
        "kendall_w_complete": stats.kendall_w(
            ratings, missing="complete_members", n_boot=BOOTSTRAP, rng=rng
        ).as_dict(),
        "skillings_mack": stats.skillings_mack(ratings).as_dict(),
    }


def movements(
    question, rows: np.ndarray, once: np.ndarray, band: Band | None, quantile_type: int
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """(place, pairs, statistics) of every technology that somebody valued in both rounds.

    `once`: per technology, members who valued it in one of the two rounds only. `band`: the one whose comings and
    goings McNemar's test is about.
    """
    kind = kind_of(question)
    categories, only = kind.categories(question), None if kind.is_ordered else NOMINAL_MOVEMENT
    for places in _portions(rows, categories):
        part = rows[np.isin(rows["technology"], places)].copy()
        part["technology"] = np.searchsorted(places, part["technology"])
        part, grouped = _coarse(part, categories, band)
        tables, values = pair_tables(part, None if categories is None else np.sort(categories), len(places))
        moved = moved_between(tables, values, band, quantile_type=quantile_type, missing=once[places])
        for place, row, n in zip(
            places.tolist(), rows_of(moved, len(places), only), tables.sum(axis=(1, 2)).tolist(), strict=True
        ):
            yield place, int(n), row | ({"grouped_values": grouped} if grouped else {})


def adjust_over_technologies(moved: list[tuple[int, int, dict[str, Any]]]) -> None:
    """Put `p_adjusted` beside every test's p-value: hundreds of technologies make hundreds of tests."""
    for name in ADJUSTED_TESTS:
        tests = [statistics[name] for _place, _n, statistics in moved if name in statistics]
        p_values = [np.nan if test["p_value"] is None else test["p_value"] for test in tests]
        if not tests:
            continue
        adjusted = stats.adjust_pvalues(p_values, P_ADJUSTMENT).value
        for test, p_value in zip(tests, np.ma.asarray(adjusted).tolist(), strict=True):
            test["p_adjusted"] = p_value


def _portions(rows: np.ndarray, categories) -> list[np.ndarray]:
    """Places of technologies, so many at a time that their tables stay small."""
    places = np.unique(rows["technology"])
    if not len(places):
        return []
    k = len(categories) if categories else len(np.unique(np.concatenate([rows["earlier"], rows["later"]])))
    step = max(1, MOST_CELLS // min(k, MOST_VALUES) ** 2)
    return [places[first : first + step] for first in range(0, len(places), step)]


def _coarse(
    rows: np.ndarray, categories, band: Band | None, most: int = MOST_VALUES
) -> tuple[np.ndarray, int]:
    """Amounts with very many distinct values are put into classes for the cross-table; the result says so. No class
    crosses an end of the band.
    """
    if categories is not None or not len(rows):
        return rows, 0
    values = np.unique(np.concatenate([rows["earlier"], rows["later"]]))
    if len(values) <= most:
        return rows, 0
    centres = values[np.linspace(0, len(values) - 1, most).astype(int)]
    if band:
        centres = np.unique([*centres, *band.of(values)[:1]])
    borders = _borders(centres, band)
    rows = rows.copy()
    for name in ("earlier", "later"):
        rows[name] = centres[np.searchsorted(borders, rows[name])]
    return rows, most


def _borders(centres: np.ndarray, band: Band | None) -> np.ndarray:
    """The upper end of each class but the last: half-way to the next centre, or an end of the band between them."""
    borders = (centres[1:] + centres[:-1]) / 2
    for end in (np.nextafter(band.low, -np.inf), band.high) if band else ():
        last = np.searchsorted(centres, end, side="right") - 1
        if 0 <= last < len(borders):
            borders[last] = end
    return borders


def classed(rows: np.ndarray, categories, size: int, band: Band | None) -> np.ndarray:
    """Rows whose cross-tables of all technologies together stay small."""
    most = max(20, int((4 * MOST_CELLS / max(1, size)) ** 0.5))
    return _coarse(rows, categories, band, min(most, MOST_VALUES))[0]

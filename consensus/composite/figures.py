"""The figures of one composite question for all technologies of one slice of the panel, as plain data.

Each maker returns for every technology `parts`, one entry for each option, axis or pair, and `whole`, what is said
of all of them together. Counted are complete answers. No familiarity weights: parts are counted person by person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from consensus import stats
from consensus.analysis.columnar import rows_of
from consensus.composite.reading import Block
from consensus.stats.preference import bradley_terry
from surveys.enums import QuestionType
from surveys.question_types import kind_of

CONFIDENCE = 0.95
MOST_CELLS = 2_000_000
DESCRIBED = ("value", "n_used", "mean", "sd", "q1", "q3", "iqr", "method", "undefined_reason")
CERTAINTY_CLASSES = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 100))
Json = dict[str, Any]
Rows = list[list[Json]]  # technologies x parts


@dataclass(frozen=True)
class Slice:
    """Complete answers of the panel or of a group, by technology; `size` technologies in all."""

    question: Any
    block: Block
    size: int
    quantile_type: int
    is_panel: bool

    @cached_property
    def n(self) -> np.ndarray:
        return self.sums(np.ones(len(self.block.n)))

    def sums(self, weights: np.ndarray) -> np.ndarray:
        """People by technology, of those answers that `weights` marks."""
        return np.bincount(self.block.technology, weights=weights * self.block.n, minlength=self.size)

    def sums_of(self, marks: np.ndarray) -> np.ndarray:
        """The same for each column: technologies x columns."""
        return np.column_stack([self.sums(column) for column in marks.T])

    def of_technology(self, place: int) -> slice:
        return slice(*np.searchsorted(self.block.technology, [place, place + 1]))


def figures(question, block: Block, slice_: int, size: int, quantile_type: int) -> list[Json]:
    """What is known of each technology; only that nobody answered where nobody did."""
    of = Slice(question, block.of_slice(slice_), size, quantile_type, slice_ == 0)
    made = MAKERS[question.type](of) if of.n.any() else iter(())
    found: list[Json] = [{"type": str(question.type), "n": int(n), "parts": [], "whole": {}} for n in of.n]
    for entry, (parts, whole) in zip(found, made, strict=False):
        if entry["n"]:
            entry |= {"parts": parts, "whole": whole}
    return found


def shares(hits: np.ndarray, n: np.ndarray) -> Rows:
    """Shares with Wilson's interval; `hits` and `n` are technologies x parts."""
    n = np.broadcast_to(n, hits.shape)
    found = stats.wilson_interval(hits.ravel(), n.ravel(), CONFIDENCE)
    rows = rows_of(found, hits.size, ("value", "ci_low", "ci_high"))
    named = [
        {"k": int(k), "share": row["value"], "share_low": row["ci_low"], "share_high": row["ci_high"]}
        for k, row in zip(hits.ravel(), rows, strict=True)
    ]
    return folded(named, hits.shape[1])


def described(of: Slice, columns: np.ndarray) -> Rows:
    """Median, quartiles and mean of each column, technology by technology."""
    values, spot = np.unique(columns, return_inverse=True)
    spot = spot.reshape(columns.shape)
    width = columns.shape[1] * len(values)
    step = max(1, MOST_CELLS // max(1, width))
    found: list[Json] = []
    for first in range(0, of.size, step):
        size = min(step, of.size - first)
        part = slice(*np.searchsorted(of.block.technology, [first, first + size]))
        tally = stats.Tally(_spread(of.block, part, first, size, spot[part], len(values)), values)
        found += rows_of(stats.describe(tally, quantile_type=of.quantile_type), tally.size, DESCRIBED)
    for row in found:
        row["median"] = row.pop("value")
    return folded(found, columns.shape[1])


def _spread(block: Block, part: slice, first: int, size: int, spot: np.ndarray, n_values: int) -> np.ndarray:
    """How many gave each value: (technologies * columns) x values."""
    width = spot.shape[1]
    item = (block.technology[part] - first)[:, None] * width + np.arange(width)
    flat = (item * n_values + spot).ravel()
    weights = np.repeat(block.n[part], width)
    return np.bincount(flat, weights=weights, minlength=size * width * n_values).reshape(-1, n_values)


def folded(rows: list[Json], width: int) -> Rows:
    return [rows[first : first + width] for first in range(0, len(rows), width)]


def named(keys: list[str], *pieces: list[Json]) -> list[Json]:
    found = []
    for key, *entries in zip(keys, *pieces, strict=True):
        part: Json = {"part": key}
        for entry in entries:
            part |= entry
        found.append(part)
    return found


def best_first(keys: list[str], scores: list[float | None]) -> list[str]:
    """Ties stay in the order of the options."""
    return [keys[place] for place in sorted(range(len(keys)), key=lambda place: -(scores[place] or 0.0))]


Made = Iterator[tuple[list[Json], Json]]


def multiple(of: Slice) -> Made:
    chosen = ~np.isnan(of.block.parts)
    found = shares(of.sums_of(chosen), of.n[:, None])
    ticks = of.sums(chosen.sum(axis=1))
    for row, n_ticks, n in zip(found, ticks, of.n, strict=True):
        yield named(of.block.keys, row), {"mean_chosen": float(n_ticks / n) if n else None}


def ranking(of: Slice) -> Made:
    """Places; options without one share the mean of the places that are left."""
    places, keys = kind_of(of.question).places(of.question), of.block.keys
    placed = ~np.isnan(of.block.parts)
    ranks = np.where(placed, of.block.parts, (places + 1 + len(keys)) / 2)
    rows = described(of, ranks)
    hits = shares(of.sums_of(placed), of.n[:, None])
    firsts = of.sums_of(of.block.parts == 1).astype(int).tolist()
    for place in range(of.size):
        first = [{"first": count} for count in firsts[place]]
        order = best_first(keys, [-(row["mean"] or 0.0) for row in rows[place]])
        whole: Json = {"places": places, "order": order}
        if of.is_panel and of.n[place]:
            mine = of.of_technology(place)
            members = np.repeat(ranks[mine], of.block.n[mine].astype(int), axis=0)
            whole["kendall_w"] = stats.kendall_w(members).as_dict()
        yield named(keys, rows[place], hits[place], first), whole


def allocation(of: Slice) -> Made:
    keys, total = of.block.keys, kind_of(of.question).total(of.question)
    given = shares(of.sums_of(of.block.parts > 0), of.n[:, None])
    for row, hits in zip(described(of, of.block.parts), given, strict=True):
        order = best_first(keys, [entry["mean"] for entry in row])
        yield named(keys, row, hits), {"total": total, "order": order}


def plane(of: Slice) -> Made:
    points = [float(point) for point in kind_of(of.question).points(of.question)]
    rows = described(of, of.block.parts)
    axes = [of.sums_of(column[:, None] == np.array(points)) for column in of.block.parts.T]
    agreed = [
        rows_of(stats.van_der_eijk_agreement(stats.Tally(counts, points)), of.size, ("value",))
        for counts in axes
    ]
    for place in range(of.size):
        extra = [
            {"agreement": agreed[axis][place]["value"], "counts": axes[axis][place].astype(int).tolist()}
            for axis in (0, 1)
        ]
        whole = {"cloud": _cloud(of, place), "points": points}
        yield named(of.block.keys, rows[place], extra), whole


def _cloud(of: Slice, place: int) -> list[list[int]]:
    mine, found = of.of_technology(place), {}
    for point, n in zip(of.block.parts[mine].astype(int).tolist(), of.block.n[mine].tolist(), strict=True):
        found[tuple(point)] = found.get(tuple(point), 0) + int(n)
    return [[*point, n] for point, n in sorted(found.items())]


def pairwise(of: Slice) -> Made:
    options = [str(choice.value) for choice in of.question.choices.all()]
    first, equal, second = (of.sums_of(of.block.parts == sign) for sign in (1, 0, -1))
    found = shares(first, first + equal + second)
    ends = [[options.index(value) for value in key.split(":")] for key in of.block.keys]
    for place in range(of.size):
        wins = np.zeros((len(options), len(options)))
        counted = []
        for at, (one, other) in enumerate(ends):
            a, b, c = (float(counts[place, at]) for counts in (first, equal, second))
            wins[one, other], wins[other, one] = a + b / 2, c + b / 2
            counted.append({"first": int(a), "equal": int(b), "second": int(c)})
        yield named(of.block.keys, counted, found[place]), _preference(options, wins)


def _preference(options: list[str], wins: np.ndarray) -> Json:
    found = bradley_terry(wins).as_dict()
    return {
        "options": options,
        "win_shares": found["win_shares"],
        "strengths": found["value"],
        "undefined_reason": found["undefined_reason"],
        "method": found["method"],
        "order": best_first(options, found["win_shares"]),
    }


def certainty(of: Slice) -> Made:
    """How many said yes at each degree of certainty, and how certain either side is."""
    degree, yes = of.block.parts[:, 0], of.block.number == 1
    inside = np.column_stack(
        [(degree >= low) & ((degree < high) | (high == 100)) for low, high in CERTAINTY_CLASSES]
    )
    keys, n = [f"{low}-{high}" for low, high in CERTAINTY_CLASSES], of.sums_of(inside)
    said = shares(of.sums_of(inside & yes[:, None]), n)
    sides = {
        name: described(
            Slice(of.question, of.block.where(mask), of.size, of.quantile_type, False), degree[mask][:, None]
        )
        for name, mask in (("all", yes | ~yes), ("yes", yes), ("no", ~yes))
        if mask.any()
    }
    for place in range(of.size):
        counted = [{"n": count} for count in n[place].astype(int).tolist()]
        whole = {name: rows[place][0] for name, rows in sides.items() if rows[place][0]["n_used"]}
        yield named(keys, counted, said[place]), whole


MAKERS: dict[str, Callable[[Slice], Made]] = {
    QuestionType.MULTIPLE: multiple,
    QuestionType.RANKING: ranking,
    QuestionType.ALLOCATION: allocation,
    QuestionType.PLANE: plane,
    QuestionType.PAIRWISE: pairwise,
    QuestionType.CERTAINTY: certainty,
}

"""The figures of one composite question for one technology and one slice of the panel, as plain data.

Each maker takes the complete answers and returns `parts`, one entry for each option, axis or pair, and `whole`,
what is said of all of them together. No familiarity weights: the parts are counted person by person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from consensus import stats
from consensus.columnar import rows_of
from consensus.composite.reading import Block
from consensus.stats.preference import bradley_terry
from surveys.enums import QuestionType
from surveys.question_types import kind_of

CONFIDENCE = 0.95
DESCRIBED = ("value", "n_used", "mean", "sd", "q1", "q3", "iqr", "method", "undefined_reason")
CERTAINTY_CLASSES = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 100))
Json = dict[str, Any]


def figures(question, block: Block, quantile_type: int, *, is_panel: bool) -> Json:
    """What is known of these answers; only the number of them where there is none."""
    n = int(block.n.sum())
    found: Json = {"type": str(question.type), "n": n, "parts": [], "whole": {}}
    if n:
        parts, whole = MAKERS[question.type](question, block, quantile_type, is_panel)
        found |= {"parts": parts, "whole": whole}
    return found


def shares(hits: np.ndarray, n: np.ndarray | int) -> list[Json]:
    """Shares with Wilson's interval."""
    rows = rows_of(
        stats.wilson_interval(hits, np.broadcast_to(n, hits.shape), CONFIDENCE),
        len(hits),
        ("value", "ci_low", "ci_high"),
    )
    return [
        {"k": int(k), "share": row["value"], "share_low": row["ci_low"], "share_high": row["ci_high"]}
        for k, row in zip(hits, rows, strict=True)
    ]


def described(columns: np.ndarray, n: np.ndarray, quantile_type: int) -> tuple[list[Json], stats.Tally]:
    """Median, quartiles and mean of each column, `n` people for each row."""
    values = np.unique(columns)
    spread = [
        np.bincount(np.searchsorted(values, column), weights=n, minlength=len(values)) for column in columns.T
    ]
    tally = stats.Tally(np.array(spread), values)
    rows = rows_of(stats.describe(tally, quantile_type=quantile_type), columns.shape[1], DESCRIBED)
    for row in rows:
        row["median"] = row.pop("value")
    return rows, tally


def _named(keys: list[str], *rows: list[Json]) -> list[Json]:
    found = []
    for key, *pieces in zip(keys, *rows, strict=True):
        entry: Json = {"part": key}
        for piece in pieces:
            entry |= piece
        found.append(entry)
    return found


def multiple(question, block: Block, quantile_type: int, is_panel: bool):
    chosen = ~np.isnan(block.parts)
    hits = (chosen * block.n[:, None]).sum(axis=0)
    parts = _named(block.keys, shares(hits, int(block.n.sum())))
    return parts, {"mean_chosen": float((chosen.sum(axis=1) * block.n).sum() / block.n.sum())}


def ranking(question, block: Block, quantile_type: int, is_panel: bool):
    """Places; options without one share the mean of the places that are left."""
    places, size = kind_of(question).places(question), len(block.keys)
    placed = ~np.isnan(block.parts)
    ranks = np.where(placed, block.parts, (places + 1 + size) / 2)
    rows, _tally = described(ranks, block.n, quantile_type)
    hits = (placed * block.n[:, None]).sum(axis=0)
    firsts = ((block.parts == 1) * block.n[:, None]).sum(axis=0)
    first = [{"first": int(count)} for count in firsts]
    parts = _named(block.keys, rows, shares(hits, int(block.n.sum())), first)
    whole: Json = {"places": places, "order": _order(block.keys, [-row["mean"] for row in rows])}
    if is_panel:
        members = np.repeat(ranks, block.n.astype(int), axis=0)
        whole["kendall_w"] = stats.kendall_w(members).as_dict()
    return parts, whole


def allocation(question, block: Block, quantile_type: int, is_panel: bool):
    rows, _tally = described(block.parts, block.n, quantile_type)
    given = ((block.parts > 0) * block.n[:, None]).sum(axis=0)
    parts = _named(block.keys, rows, shares(given, int(block.n.sum())))
    whole = {
        "total": kind_of(question).total(question),
        "order": _order(block.keys, [row["mean"] for row in rows]),
    }
    return parts, whole


def plane(question, block: Block, quantile_type: int, is_panel: bool):
    points = [float(point) for point in kind_of(question).points(question)]
    rows, _tally = described(block.parts, block.n, quantile_type)
    spread = np.array(
        [[block.n[column == point].sum() for point in points] for column in block.parts.T], dtype=float
    )
    agreement = rows_of(stats.van_der_eijk_agreement(stats.Tally(spread, points)), 2, ("value",))
    agreed = [
        {"agreement": row["value"], "counts": counts}
        for row, counts in zip(agreement, spread.astype(int).tolist(), strict=True)
    ]
    cloud: dict[tuple[int, int], int] = {}
    for (x, y), n in zip(block.parts.astype(int).tolist(), block.n.astype(int).tolist(), strict=True):
        cloud[x, y] = cloud.get((x, y), 0) + n
    whole = {"cloud": [[x, y, n] for (x, y), n in sorted(cloud.items())], "points": points}
    return _named(block.keys, rows, agreed), whole


def pairwise(question, block: Block, quantile_type: int, is_panel: bool):
    options = [str(choice.value) for choice in question.choices.all()]
    wins = np.zeros((len(options), len(options)))
    parts: list[Json] = []
    for key, column in zip(block.keys, block.parts.T, strict=True):
        first, equal, second = (int(block.n[column == sign].sum()) for sign in (1, 0, -1))
        one, other = (options.index(value) for value in key.split(":"))
        wins[one, other] += first + equal / 2
        wins[other, one] += second + equal / 2
        n = np.array([first + equal + second])
        counted = {"first": first, "equal": equal, "second": second}
        parts.append({"part": key} | counted | shares(np.array([first]), n)[0])
    found = bradley_terry(wins).as_dict()
    return parts, {
        "options": options,
        "win_shares": found["win_shares"],
        "strengths": found["value"],
        "undefined_reason": found["undefined_reason"],
        "method": found["method"],
        "order": _order(options, [share or 0.0 for share in found["win_shares"]]),
    }


def certainty(question, block: Block, quantile_type: int, is_panel: bool):
    """How many said yes at each degree of certainty, and how certain either side is."""
    degree, yes = block.parts[:, 0], block.number == 1
    parts = []
    for low, high in CERTAINTY_CLASSES:
        inside = (degree >= low) & ((degree < high) | (high == 100))
        n = np.array([block.n[inside].sum()])
        said = shares(np.array([block.n[inside & yes].sum()]), n)[0]
        parts.append({"part": f"{low}-{high}", "n": int(n[0])} | said)
    whole: Json = {}
    for name, mask in (("all", yes | ~yes), ("yes", yes), ("no", ~yes)):
        if mask.any():
            rows, _tally = described(degree[mask][:, None], block.n[mask], quantile_type)
            whole[name] = rows[0]
    return parts, whole


def _order(keys: list[str], scores: list[float]) -> list[str]:
    """Best first; ties stay in the order of the options."""
    return [keys[place] for place in sorted(range(len(keys)), key=lambda place: -scores[place])]


MAKERS: dict[str, Callable[..., tuple[list[Json], Json]]] = {
    QuestionType.MULTIPLE: multiple,
    QuestionType.RANKING: ranking,
    QuestionType.ALLOCATION: allocation,
    QuestionType.PLANE: plane,
    QuestionType.PAIRWISE: pairwise,
    QuestionType.CERTAINTY: certainty,
}

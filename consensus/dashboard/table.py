"""The overview's table: one row per technology, with a small drawing of its answers."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from consensus.charts.bins import bins, short
from consensus.dashboard.asked import Asked, chosen
from consensus.models import Verdict
from consensus.selectors.results import Item, Row, StudyResults
from foundation.sorting import in_order
from surveys.models import Question, Technology
from surveys.question_types import kind_of

_WIDTH, _HEIGHT = 96, 24


@dataclass(frozen=True)
class TableRow:
    technology: Technology
    verdict: Verdict | None
    round_number: int | None
    row: Row | None
    change: float | None
    too_few: bool
    url: str


def table(results: StudyResults, asked: Asked) -> list[TableRow]:
    """Every technology that the filters leave, sorted. Drawings are added for the rows of one page only."""
    found = chosen(results, asked)
    question = asked.question
    items = results.items(questions=[question]) if question else {}
    rows = [_table_row(results, asked, technology, items) for technology in found]
    return _sorted(rows, asked)


def _table_row(results: StudyResults, asked: Asked, technology: Technology, items) -> TableRow:
    rated = [c for c in results.computations if technology.pk in results.verdicts[c.pk]]
    cells = [items.get((c.pk, technology.pk, asked.question.pk)) if asked.question else None for c in rated]
    now = _pick(cells[-1], asked) if cells else None
    before = _pick(cells[-2], asked) if len(cells) > 1 else None
    moved = None
    if now and before and now.median is not None and before.median is not None:
        moved = now.median - before.median
    return TableRow(
        technology=technology,
        verdict=results.latest_verdicts.get(technology.pk),
        round_number=rated[-1].round.number if rated else None,
        row=now,
        change=moved,
        too_few=bool(cells and cells[-1] and now is None),
        url=reverse("results:technology", args=[results.study.code, technology.code]),
    )


def _pick(item: Item | None, asked: Asked) -> Row | None:
    if item is None:
        return None
    return item.panel if asked.group is None else item.groups.get(asked.group.pk)


def _sorted(rows: list[TableRow], asked: Asked) -> list[TableRow]:
    """Rows without the figure stay at the end whichever way the list runs."""
    keys = {
        "name": lambda r: str(r.technology.name).casefold(),
        "verdict": lambda r: r.verdict and r.verdict.verdict,
        "median": lambda r: r.row and r.row.median,
        "iqr": lambda r: r.row and r.row.iqr,
        "share": lambda r: r.row and r.row.share,
        "n": lambda r: r.row and r.row.n,
        "change": lambda r: r.change,
    }
    key = keys.get(asked.sort)
    if key is None:
        return rows[::-1] if asked.descending else rows
    return in_order(rows, key, asked.descending)


def spark(row: Row | None, question: Question | None) -> SafeString | str:
    """Bars of the distribution in a space as high as a line of text; the figures stand beside it."""
    if row is None or question is None or not sum(row.counts):
        return ""
    label = "; ".join(f"{short(v)}: {c}" for v, c in zip(row.values, row.counts, strict=True) if c)
    values, counts = list(row.values), list(row.counts)
    if kind_of(question).categories(question) is None:
        classes = bins(values, counts, whole=False, most=12)
        counts = [entry.n for entry in classes]
    step, top = _WIDTH / len(counts), max(counts)
    bars = "".join(
        f'<rect class="bar" x="{place * step + step * 0.1:.1f}" y="{_HEIGHT - max(1, 22 * count / top):.1f}"'
        f' width="{step * 0.8:.1f}" height="{max(1, 22 * count / top):.1f}"/>'
        for place, count in enumerate(counts)
    )
    svg = f'<svg class="spark" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">{bars}</svg>'
    return mark_safe(svg)  # noqa: S308 - numbers, and a label that was escaped

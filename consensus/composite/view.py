"""Composite figures as a reader meets them: a drawing, the same as a table, and what is said of the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from consensus.charts.bins import short
from consensus.charts.composite import Bar, Plane, Spread, option_bars, place_spreads, plane_cloud
from consensus.verdicts.words import percent
from surveys.enums import QuestionType
from surveys.question_types import kind_of

Json = dict[str, Any]
Cell = str | int | float | None
DASH = "–"


@dataclass(frozen=True)
class Shown:
    """One composite question for the page. `columns` and `rows` say in a table what the drawing shows."""

    drawing: SafeString
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Source:
    question: Any
    parts: list[Json]
    whole: Json
    own: dict[str, float]

    def label(self, key: str) -> str:
        return kind_of(self.question).part_label(self.question, key)

    def ordered(self) -> list[Json]:
        """The parts best first where there is an order."""
        by_key = {part["part"]: part for part in self.parts}
        return [by_key[key] for key in self.whole.get("order", by_key)]


def show(question, found: Json, own: dict[str, float] | None = None) -> Shown | None:
    """What is known, or None where nobody answered or nothing may be shown."""
    if not found or not found.get("parts"):
        return None
    source = Source(question, found["parts"], found["whole"], own or {})
    return MAKERS[question.type](source)


def number(value: float | None) -> str:
    return DASH if value is None else short(value)


def interval(low: float | None, high: float | None, form: Callable[[float | None], str] = number) -> str:
    return DASH if low is None or high is None else f"{form(low)}–{form(high)}"


def _shown(svg: str, columns: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()):
    return Shown(mark_safe(svg), columns, rows, [note for note in notes if note])  # noqa: S308 - escapes every text


def _sentence(rows: Sequence[Sequence[str]]) -> str:
    return "; ".join(f"{row[0]}: {row[1]}" for row in rows)


def multiple(source: Source) -> Shown:
    rows, bars = [], []
    for part in source.parts:
        label, share = source.label(part["part"]), part.get("share")
        bars.append(Bar(label, share or 0, percent(share), own=bool(source.own.get(part["part"]))))
        bounds = interval(part.get("share_low"), part.get("share_high"), percent)
        rows.append([label, percent(share), number(part.get("k")), bounds])
    # xgettext:no-python-format
    bounds_name = _("95% interval")
    columns = [_("Option"), _("Share"), _("Chosen by"), bounds_name]
    chosen = source.whole.get("mean_chosen")
    note = _("On average %(n)s options were chosen.") % {"n": number(chosen)} if chosen is not None else ""
    return _shown(option_bars(bars, _sentence(rows)), columns, rows, [note])


def ranking(source: Source) -> Shown:
    rows, spreads, size = [], [], len(source.parts)
    for part in source.ordered():
        label = source.label(part["part"])
        if part.get("mean") is not None:
            own = source.own.get(part["part"])
            spreads.append(Spread(label, part["mean"], part.get("q1"), part.get("q3"), own))
        rows.append(
            [
                label,
                number(part.get("mean")),
                number(part.get("median")),
                number(part.get("first")),
                percent(part.get("share")),
            ]
        )
    columns = [
        _("Option"),
        _("Mean place"),
        _("Median place"),
        _("First places"),
        _("Placed among the first %(n)d") % {"n": source.whole["places"]},
    ]
    drawing = place_spreads(spreads, 1, size, _sentence(rows)) if spreads else _by_share(source, rows)
    return _shown(drawing, columns, rows, [_concordance(source.whole)])


def _by_share(source: Source, rows) -> str:
    bars = [
        Bar(row[0], part.get("share") or 0, row[-1]) for row, part in zip(rows, source.parts, strict=True)
    ]
    return option_bars(bars, _sentence([[row[0], row[-1]] for row in rows]))


def _concordance(whole: Json) -> str:
    found = whole.get("kendall_w")
    value = found.get("value") if isinstance(found, dict) else found
    if value is None:
        return ""
    return _("Coordination coefficient W over the options: %(w)s.") % {"w": number(value)}


def allocation(source: Source) -> Shown:
    rows, bars = [], []
    total = source.whole["total"]
    for part in source.ordered():
        label, mean = source.label(part["part"]), part.get("mean")
        share = mean / total if mean is not None else part.get("share")
        text = number(mean) if mean is not None else percent(share)
        bars.append(Bar(label, share or 0, text))
        own = source.own.get(part["part"])
        middle = interval(part.get("q1"), part.get("q3"))
        rows.append([label, number(mean), number(part.get("median")), middle, percent(part.get("share"))])
        if source.own:
            rows[-1].append(number(own))
    columns = [
        _("Option"),
        _("Mean points"),
        _("Median"),
        _("Middle half"),
        _("Gave it any points"),
        *([_("Your earlier answer")] if source.own else []),
    ]
    return _shown(option_bars(bars, _sentence(rows)), columns, rows)


def plane(source: Source) -> Shown:
    rows = [
        [
            source.label(part["part"]),
            number(part.get("median")),
            interval(part.get("q1"), part.get("q3")),
            number(part.get("mean")),
        ]
        for part in source.parts
    ]
    x, y = source.parts
    median = (x["median"], y["median"]) if x.get("median") is not None else None
    previous = (source.own["x"], source.own["y"]) if {"x", "y"} <= set(source.own) else None
    labels = (source.label("x"), source.label("y"))
    cloud = source.whole.get("cloud", [])
    drawing = plane_cloud(Plane(source.whole["points"], cloud, labels, median, previous), _sentence(rows))
    columns = [_("Axis"), _("Median"), _("Middle half"), _("Mean")]
    return _shown(drawing, columns, rows)


def pairwise(source: Source) -> Shown:
    kind, question, whole = kind_of(source.question), source.question, source.whole
    rows = [
        [
            source.label(part["part"]),
            percent(part.get("share")),
            number(part.get("first")),
            number(part.get("equal")),
            number(part.get("second")),
        ]
        for part in source.parts
    ]
    columns = [_("Pair"), _("Prefer the first"), _("First"), _("Equal"), _("Second")]
    shares = dict(zip(whole["options"], whole.get("win_shares") or [], strict=False))
    bars = [
        Bar(kind.option_label(question, key), shares.get(key) or 0, percent(shares.get(key)))
        for key in whole.get("order", [])
    ]
    said = _sentence([[bar.label, bar.text] for bar in bars])
    note = _("Bars: share of comparisons won; equal counts half for each.") if bars else ""
    return _shown(option_bars(bars, said) if bars else "", columns, rows, [note, _strengths(source)])


def _strengths(source: Source) -> str:
    """The strengths of the model beside the plain shares, where they exist."""
    found, kind = source.whole.get("strengths"), kind_of(source.question)
    if not found:
        return ""
    named = dict(zip(source.whole["options"], found, strict=True))
    listed = ", ".join(
        f"{kind.option_label(source.question, key)} {percent(named[key])}" for key in source.whole["order"]
    )
    return _("Bradley-Terry strengths: %(list)s.") % {"list": listed}


def certainty(source: Source) -> Shown:
    rows, bars = [], []
    top = max((part.get("n") or 0 for part in source.parts), default=0) or 1
    for part in source.parts:
        low, high = part["part"].split("-")
        label = _("%(n)s %%") % {"n": f"{low}–{high}"}
        n, share = part.get("n"), part.get("share")
        bars.append(Bar(label, (n or 0) / top, f"{number(part.get('k'))} / {number(n)}", part=share or 0))
        rows.append([label, number(part.get("k")), number(n), percent(share)])
    columns = [_("Certainty"), _("Yes"), _("Answers"), _("Share of yes")]
    means = [
        text % {"mean": number(source.whole[side]["mean"])}
        for side, text in (
            ("yes", _("Mean certainty of those who say yes: %(mean)s %%.")),
            ("no", _("Mean certainty of those who say no: %(mean)s %%.")),
        )
        if source.whole.get(side, {}).get("mean") is not None
    ]
    said = _("Yes among all answers, by certainty: %(list)s.") % {
        "list": "; ".join(f"{bar.label}: {bar.text}" for bar in bars)
    }
    counted = any(part.get("n") is not None for part in source.parts)
    return _shown(option_bars(bars, said) if counted else "", columns, rows, means)


MAKERS: dict[str, Callable[[Source], Shown]] = {
    QuestionType.MULTIPLE: multiple,
    QuestionType.RANKING: ranking,
    QuestionType.ALLOCATION: allocation,
    QuestionType.PLANE: plane,
    QuestionType.PAIRWISE: pairwise,
    QuestionType.CERTAINTY: certainty,
}

"""How one member's answer to one question went from round to round, beside the group's: in figures and as a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from surveys.enums import QuestionType
from surveys.models import Question
from surveys.question_types import Value, kind_of
from surveys.respond.words import short, value_words

WIDTH, LEFT, RIGHT, ROW, HEAD = 320, 34, 308, 26, 6


@dataclass(frozen=True)
class Step:
    """One round: the member's answer, and the group's quartiles and median where they were shown."""

    number: int
    own: Value
    group: tuple[float, float, float] | None

    @property
    def is_inside(self) -> bool:
        return (
            self.group is not None
            and self.own.number is not None
            and self.group[0] <= self.own.number <= self.group[2]
        )


@dataclass(frozen=True)
class Journey:
    question: Question
    steps: list[Step]

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @cached_property
    def own_steps(self) -> list[Step]:
        return [step for step in self.steps if step.own.number is not None]

    @property
    def is_drawn(self) -> bool:
        return any(step.group for step in self.steps)

    @property
    def place(self) -> str:
        """Where the last answer lies: `inside`, `below`, `above`; empty where there is nothing to compare."""
        number, group = self.last.own.number, self.last.group
        if number is None or group is None:
            return ""
        return "inside" if self.last.is_inside else ("below" if number < group[0] else "above")

    @property
    def move(self) -> str:
        """`kept`, `closer` to the group that the member saw, `away` from it, or `moved`; empty for one answer only."""
        if len(self.own_steps) < 2:
            return ""
        before, after = self.own_steps[-2:]
        if before.own.number == after.own.number:
            return "kept"
        if before.group is None:
            return "moved"
        was, now = (abs(step.own.number - before.group[1]) for step in (before, after))
        return "closer" if now < was else "away" if now > was else "moved"

    @property
    def rows(self) -> list[dict]:
        """The drawing's twin."""
        return [
            {
                "number": step.number,
                "own": value_words(self.question, step.own),
                "median": short(step.group[1]) if step.group else "",
                "half": "–".join(short(step.group[at]) for at in (0, 2)) if step.group else "",
            }
            for step in self.steps
        ]

    @cached_property
    def span(self) -> tuple[float, float]:
        low, high = kind_of(self.question).bounds(self.question)
        shown = [
            part for step in self.steps for part in (*(step.group or ()), step.own.number) if part is not None
        ]
        if self.question.type != QuestionType.SCALE or low is None or high is None:
            low, high = min(shown), max(shown)
        return (low, high) if high > low else (low - 1, high + 1)

    @property
    def svg(self) -> SafeString:
        base = HEAD + ROW * len(self.steps)
        points = " ".join(f"{self._x(s.own.number):.1f},{self._y(at):.1f}" for at, s in self._own())
        return format_html(
            '<svg class="histogram journey" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
            '<polyline class="journey-path" points="{}"/>{}'
            '<line class="axis" x1="{}" y1="{}" x2="{}" y2="{}"/>{}</svg>',
            WIDTH,
            base + 20,
            self._sentence(),
            format_html_join("", "{}", ((self._row(at, step),) for at, step in enumerate(self.steps))),
            points,
            format_html_join("", "{}", ((self._dot(at, step),) for at, step in self._own())),
            LEFT,
            base,
            RIGHT,
            base,
            self._ends(base),
        )

    def _own(self) -> list[tuple[int, Step]]:
        return [(at, step) for at, step in enumerate(self.steps) if step.own.number is not None]

    def _x(self, number: float) -> float:
        low, high = self.span
        return LEFT + 8 + (RIGHT - LEFT - 16) * (number - low) / (high - low)

    def _y(self, at: int) -> float:
        return HEAD + ROW * (at + 0.5)

    def _row(self, at: int, step: Step) -> SafeString:
        y = self._y(at)
        name = format_html(
            '<text class="start" x="0" y="{}">{}</text>',
            f"{y + 4:.1f}",
            _("R%(number)d") % {"number": step.number},
        )
        if step.group is None:
            return name
        left, middle, right = (self._x(part) for part in step.group)
        return format_html(
            '{}<rect class="band" x="{}" y="{}" width="{}" height="16" rx="2"/>'
            '<line class="median" x1="{}" y1="{}" x2="{}" y2="{}"/>',
            name,
            f"{left - 4:.1f}",
            f"{y - 8:.1f}",
            f"{right - left + 8:.1f}",
            f"{middle:.1f}",
            f"{y - 8:.1f}",
            f"{middle:.1f}",
            f"{y + 8:.1f}",
        )

    def _dot(self, at: int, step: Step) -> SafeString:
        kind = "own" if step is self.own_steps[-1] else "previous"
        return format_html(
            '<circle class="{}" cx="{}" cy="{}" r="5.5"/>',
            kind,
            f"{self._x(step.own.number or 0):.1f}",
            f"{self._y(at):.1f}",
        )

    def _ends(self, base: int) -> SafeString:
        low, high = self.span
        return format_html(
            '<text x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text>',
            f"{self._x(low):.1f}",
            base + 15,
            short(low),
            f"{self._x(high):.1f}",
            base + 15,
            short(high),
        )

    def _sentence(self) -> str:
        parts = []
        for row in self.rows:
            words = (
                _("Round %(number)d: you %(own)s")
                if row["own"]
                else _("Round %(number)d: no answer of yours")
            )
            if row["median"]:
                words += _(", group median %(median)s, middle half %(half)s")
            parts.append(words % row)
        return "; ".join(parts) + "."

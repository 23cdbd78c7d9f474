"""Frozen feedback as a reader meets it: figures in words, a drawing, and the same in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consensus.charts.bins import short
from consensus.charts.histogram import Marks, binned_histogram, choice_histogram, scale_histogram
from consensus.composite.guard import STATISTIC, frozen_shown
from consensus.composite.view import show
from consensus.feedback.reasons import still_shown
from consensus.models import FrozenFeedback
from consensus.privacy.suppress import shown_groups
from consensus.services.feedback import feedback_history, freeze_reasons, with_minimum
from foundation.localized import localized
from surveys.enums import BINARY_TYPES, FINAL_VERDICTS, QuestionType, Special
from surveys.models import Round
from surveys.question_types import Value, kind_of
from surveys.respond.words import with_unit

_NOTHING: dict[str, Any] = {}
_BINNED = (QuestionType.YEAR, QuestionType.PERCENT, QuestionType.NUMBER, QuestionType.ESTIMATE)
_PERCENTS = (QuestionType.PERCENT, QuestionType.ESTIMATE)
_CHOICES = (QuestionType.CHOICE, *BINARY_TYPES)


@dataclass(frozen=True)
class FeedbackPage:
    """The feedback of all technologies on one page, read with one query; with their reasons, two."""

    rows: dict[int, FrozenFeedback] = field(default_factory=dict)
    before: dict[int, FrozenFeedback] = field(default_factory=dict)

    def payload(self, technology) -> dict[str, Any]:
        row = self.rows.get(technology.pk)
        return row.payload if row else _NOTHING

    def figures(self, technology, question) -> dict[str, Any]:
        if not question.show_feedback:
            return _NOTHING
        row = self.rows.get(technology.pk)
        return _figures(row, question) if row else _NOTHING

    def figures_before(self, technology, question) -> dict[str, Any]:
        """The same of the round before the one that is shown."""
        row = self.before.get(technology.pk)
        if row is None or not question.show_feedback:
            return _NOTHING
        figures = _figures(row, question)
        return figures | {"round": row.round.number} if figures else _NOTHING

    def seen(self, technology) -> tuple:
        """Stands for all that is told of a technology; equal for readers who may see the same."""
        rows = (self.rows.get(technology.pk), self.before.get(technology.pk))
        return tuple((row.hash, row.minimum_now) for row in rows if row)  # type: ignore[attr-defined]

    def brief(self, technology, question, own=None) -> SafeString:
        """One line for a table's cell: the median with the middle half, and the reader's own earlier answer."""
        return brief(self.figures(technology, question), question, Own.of(own))

    def reasons(self, technology) -> list[dict[str, Any]]:
        return still_shown(self.payload(technology).get("reasons", []))

    def round_number(self, technology) -> int | None:
        return self.payload(technology).get("round")

    def decided(self, technology) -> str:
        """The final verdict as frozen; empty while it is open."""
        verdict = self.payload(technology).get("verdict", "")
        return verdict if verdict in FINAL_VERDICTS else ""


def _figures(row: FrozenFeedback, question) -> dict[str, Any]:
    figures = row.payload.get("questions", {}).get(question.key, _NOTHING)
    return readable(figures, row.minimum_now) if figures else _NOTHING  # type: ignore[attr-defined]


def readable(figures: dict[str, Any], minimum: int) -> dict[str, Any]:
    """A question's frozen figures as they may be read now; the row itself stays as it was shown."""
    if figures.get("n", minimum) < minimum:
        return {"too_few": True}
    found = dict(figures)
    if STATISTIC in found:
        found[STATISTIC] = frozen_shown(found[STATISTIC], minimum)
    if groups := found.get("groups"):
        sizes = {group["key"]: group["n"] for group in groups}
        kept = shown_groups(sizes, found["n"], minimum)
        found["groups"] = [group for group in groups if group["key"] in kept]
    return found


def load_page(round: Round, technologies) -> FeedbackPage:
    """What this round shows of earlier ones; nothing when it shows no feedback."""
    if not round.shows_feedback:
        return FeedbackPage()
    keys = [technology.pk for technology in technologies]
    history = feedback_history(round, keys)
    if any("reasons" not in rows[-1].payload for rows in history.values()):
        # The process that opened the round ended before it froze the reasons: make up for it, once.
        freeze_reasons(round_id=round.pk)
        history = feedback_history(round, keys)
    return FeedbackPage(
        {key: rows[-1] for key, rows in history.items()},
        {key: rows[-2] for key, rows in history.items() if len(rows) > 1},
    )


def load_round(round: Round, technologies) -> FeedbackPage:
    """What was frozen at the end of this round, without others' reasons: those wait for the next round."""
    keys = [technology.pk for technology in technologies]
    rows = with_minimum(FrozenFeedback.objects.filter(round=round, technology_id__in=keys))
    page = FeedbackPage({row.technology_id: row for row in rows.select_related("round")})
    for row in page.rows.values():
        row.payload = {name: part for name, part in row.payload.items() if name != "reasons"}
    return page


@dataclass(frozen=True)
class Own:
    """The reader's own earlier answer."""

    number: float | None = None
    special: str = ""
    parts: dict[str, float] | None = None

    @classmethod
    def of(cls, answer: Any) -> Own:
        """From an answer row, a mapping as the API gives it, or a bare number."""
        if answer is None or answer == "":
            return cls()
        if isinstance(answer, dict):
            return cls(answer.get("number"), answer.get("special", ""), answer.get("parts"))
        if isinstance(answer, int | float):
            return cls(float(answer))
        return cls(
            getattr(answer, "number", None), getattr(answer, "special", ""), getattr(answer, "parts", None)
        )


def describe(
    figures: dict[str, Any], question, own: Own, before: dict[str, Any] = _NOTHING
) -> dict[str, Any]:
    """Context of the template: every entry is there or not as the frozen row has it."""
    if not figures:
        return {"shown": False}
    if figures.get("too_few"):
        return {"shown": True, "too_few": True}
    return {
        "shown": True,
        "n": figures["n"],
        "median": _value(figures.get("median"), question),
        "q1": _value(figures.get("q1"), question),
        "q3": _value(figures.get("q3"), question),
        "specials": _specials(figures),
        "own": _own_text(own, question),
        "has_previous": own.number is not None and bool(figures.get("counts")),
        "groups": _groups(figures, question),
        "moved": _moved(figures, before, question),
        "drawing": drawing(figures, question, own),
        "composite": show(question, figures.get("composite", _NOTHING), own.parts),
    }


def brief(figures: dict[str, Any], question, own: Own) -> SafeString:
    """The group's median and middle half in a few words, and the own earlier answer; empty without either."""
    parts = []
    if earlier := _own_text(own, question):
        parts.append(("brief-own", _("earlier: %(place)s") % {"place": earlier}))
    if figures and figures.get("median") is not None:
        words = {"median": _value(figures["median"], question)}
        words |= {name: short(figures[name]) for name in ("q1", "q3")}
        parts.append(("brief-group", _("group: %(median)s (%(q1)s–%(q3)s)") % words))
    if not parts:
        return SafeString("")
    spans = " ".join(f'<span class="{name}">{escape(words)}</span>' for name, words in parts)
    return SafeString(f'<small class="brief">{spans}</small>')


def drawing(figures: dict[str, Any], question, own: Own) -> SafeString | str:
    values, counts = figures.get("values"), figures.get("counts")
    if not values or not counts:
        return ""
    label = sentence(figures, question, own)
    marks = Marks(figures.get("median"), figures.get("q1"), figures.get("q3"), previous=own.number)
    if question.type in _CHOICES:
        names = [option_label(question, value) for value in values]
        at = values.index(own.number) if own.number in values else None
        svg = choice_histogram(names, counts, at, label)
    elif question.type in _BINNED:
        low, high = kind_of(question).bounds(question) if question.type in _PERCENTS else (None, None)
        svg = binned_histogram(
            values,
            counts,
            marks,
            label,
            whole=question.type == QuestionType.YEAR,
            low=low,
            high=high,
        )
    else:
        svg = scale_histogram(values, counts, marks, label)
    return mark_safe(svg)  # noqa: S308 - the drawing escapes every text that it takes


def sentence(figures: dict[str, Any], question, own: Own) -> str:
    """The drawing in words, for those who do not see it."""
    parts = [ngettext("%(n)d answer.", "%(n)d answers.", figures["n"]) % {"n": figures["n"]}]
    if figures.get("median") is not None:
        parts.append(
            _("Median %(median)s, middle half %(q1)s to %(q3)s.")
            % {name: _value(figures[name], question) for name in ("median", "q1", "q3")}
        )
    counted = zip(figures.get("values", ()), figures.get("counts", ()), strict=True)
    listed = [f"{option_label(question, value)}: {count}" for value, count in counted if count]
    if listed:
        parts.append(_("Answers given: %(list)s.") % {"list": "; ".join(listed)})
    if own_text := _own_text(own, question):
        parts.append(_("Your earlier answer: %(answer)s.") % {"answer": own_text})
    return " ".join(parts)


def option_label(question, value: float) -> str:
    """The words of an option; of a rating scale the number, which is what its points show."""
    if question.type in BINARY_TYPES:
        return _("Yes") if value else _("No")
    if question.type == QuestionType.CHOICE:
        for choice in question.choices.all():
            if choice.value == value:
                return str(choice.label)
    return short(value)


def _value(value: float | None, question) -> str | None:
    if value is None:
        return None
    return with_unit(question, short(value))


def _own_text(own: Own, question) -> str:
    if own.special:
        return str(Special(own.special).label)
    composed = kind_of(question).words(question, Value(parts=own.parts)) if own.parts else ""
    if own.number is None:
        return composed
    if question.type in _CHOICES:
        label = option_label(question, own.number)
        return f"{label} ({composed})" if composed else label
    return _value(own.number, question) or ""


def _specials(figures: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": Special(name).label, "n": count}
        for name, count in figures.get("specials", {}).items()
        if count
    ]


def _moved(figures: dict[str, Any], before: dict[str, Any], question) -> dict[str, Any]:
    """Median and middle half of the round before the one that is shown; nothing where either hides them."""
    if figures.get("median") is None or before.get("median") is None:
        return _NOTHING
    names = ("median", "q1", "q3")
    words = {name: _value(before[name], question) for name in names}
    return words | {"round": before["round"], "same": all(before[name] == figures[name] for name in names)}


def _groups(figures: dict[str, Any], question) -> list[dict[str, Any]]:
    return [
        {
            "name": localized(group["name"]),
            "n": group["n"],
            **{name: _value(group.get(name), question) for name in ("median", "q1", "q3")},
        }
        for group in figures.get("groups", [])
    ]

"""One question as a template draws it. `QuestionKind.template` names the template; this is its `w`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from surveys.enums import ChangeCause, QuestionType, Special
from surveys.respond.reading import base_token, name_of, typed
from surveys.respond.sheet import Cell, is_familiarity
from surveys.respond.words import short, unit_of, value_words
from surveys.services.answers import Outcome

SPECIAL_LABELS = {
    Special.CANNOT_JUDGE: lambda: _("I cannot judge this"),
    Special.ALREADY: lambda: Special.ALREADY.label,
    Special.NEVER: lambda: Special.NEVER.label,
    Special.CANNOT_SAY: lambda: Special.CANNOT_SAY.label,
}
CAUSES = [cause for cause in ChangeCause if cause]


@dataclass
class Widget:
    """`parts` holds what the inputs show: as stored, or as typed when that could not be stored."""

    cell: Cell
    parts: dict[str, str]
    errors: list[str] = field(default_factory=list)
    theirs: str = ""
    base: str = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cell, name)

    @property
    def name(self) -> str:
        return name_of(self.cell)

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def label(self) -> str:
        return str(self.cell.question.text)

    @property
    def help(self) -> str:
        return str(self.cell.question.help)

    @property
    def help_id(self) -> str:
        return f"{self.id}-help" if self.help else ""

    @property
    def error_id(self) -> str:
        return f"{self.id}-errors"

    @property
    def describedby(self) -> str:
        return " ".join(filter(None, (self.help_id, self.error_id)))

    @property
    def is_familiarity(self) -> bool:
        return is_familiarity(self.cell.question)

    @property
    def unit(self) -> str:
        return unit_of(self.cell.question)

    @property
    def bounds(self) -> tuple[str, str]:
        low, high = self.cell.kind.bounds(self.cell.question)
        return short(low), short(high)

    @property
    def low_label(self) -> str:
        return str(self.cell.question.low_label)

    @property
    def high_label(self) -> str:
        return str(self.cell.question.high_label)

    @property
    def options(self) -> list[dict[str, str]]:
        """Points of a scale with their labels, or the choices."""
        question = self.cell.question
        if question.type == QuestionType.YES_NO:
            return [{"value": "1", "label": _("Yes")}, {"value": "0", "label": _("No")}]
        labels = {choice.value: str(choice.label) for choice in question.choices.all()}
        values = [int(value) for value in self.cell.kind.categories(question) or ()]
        if question.type == QuestionType.SCALE and len(labels) < len(values):
            # The ends are written under the scale; a few labels among nine points would only crowd it.
            labels = {}
        return [{"value": str(value), "label": labels.get(value, "")} for value in values]

    @property
    def has_labels(self) -> bool:
        return any(option["label"] for option in self.options)

    @property
    def chosen(self) -> str:
        """The radio that is on: a number or a special answer."""
        return self.parts.get("special") or self.parts.get("number", "")

    @property
    def specials(self) -> list[dict[str, str]]:
        return [
            {"value": special, "label": SPECIAL_LABELS[special]()}
            for special in self.cell.kind.specials_of(self.cell.question)
        ]

    @property
    def cannot_judge(self) -> str:
        return str(Special.CANNOT_JUDGE) if self.cell.question.allow_cannot_judge else ""

    @property
    def earlier_words(self) -> str:
        return value_words(self.cell.question, self.cell.earlier)

    @property
    def earlier_chosen(self) -> str:
        earlier = self.cell.earlier
        return earlier.special or short(earlier.number)

    @property
    def earlier_json(self) -> str:
        return json.dumps(self.cell.earlier.as_dict()) if self.earlier_words else ""

    @property
    def half_text(self) -> str:
        return ",".join(short(part) for part in self.cell.half) if self.cell.half else ""

    @property
    def half_words(self) -> tuple[str, ...]:
        words = [f"{short(part)} {self.unit}".strip() for part in self.cell.half or ()]
        return tuple(words)

    @property
    def causes(self) -> list[dict[str, Any]]:
        return [
            {"value": cause.value, "label": cause.label, "on": cause == self.cell.cause} for cause in CAUSES
        ]


def widget(cell: Cell, outcome: Outcome | None = None, post: QueryDict | None = None) -> Widget:
    """The cell as it is stored, or as it was typed when `outcome` says that it was not stored."""
    parts = {
        part: short(each) if part in ("number", "low", "high") else each
        for part, each in cell.value.as_dict().items()
    }
    drawn = Widget(cell, parts, base=base_token(cell.revision, cell.value))
    if outcome is not None and post is not None and outcome.status in ("invalid", "conflict", "stale"):
        drawn.parts = typed(cell, post)
        drawn.errors = outcome.errors
        if outcome.status != "invalid":
            drawn.theirs = value_words(cell.question, cell.value) or _("no answer")
    return drawn

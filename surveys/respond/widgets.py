"""One question as a template draws it. `QuestionKind.template` names the template; this is its `w`."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from surveys.enums import BINARY_TYPES, ChangeCause, QuestionType, Special
from surveys.question_types.base import as_number
from surveys.respond.reading import NUMBERS, base_token, name_of, typed
from surveys.respond.scale import scale_html
from surveys.respond.sheet import Cell, is_familiarity
from surveys.respond.words import short, unit_of, value_words, with_unit
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
    parts: dict[str, Any]
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
        if question.type in BINARY_TYPES:
            return [{"value": "1", "label": _("Yes")}, {"value": "0", "label": _("No")}]
        labels = {choice.value: str(choice.label) for choice in question.choices.all()}
        values = [int(value) for value in self.cell.kind.categories(question) or ()]
        if question.type == QuestionType.SCALE and len(labels) < len(values):
            # The ends are written under the scale; a few labels among nine points would only crowd it.
            labels = {}
        return [{"value": str(value), "label": labels.get(value, "")} for value in values]

    @property
    def scale(self) -> SafeString:
        return scale_html(self)

    @property
    def items(self) -> list[dict[str, Any]]:
        """What a composite question asks about: each option, axis or pair with what was said of it."""
        kind, question = self.cell.kind, self.cell.question
        typed_parts, before = self.parts.get("parts") or {}, self.cell.earlier.parts or {}
        return [
            {
                "key": key,
                "name": f"{self.name}.p.{key}",
                "id": f"{self.id}-p-{key}".replace(":", "_"),
                "label": kind.part_label(question, key),
                "value": typed_parts.get(key, ""),
                "earlier": short(before.get(key)),
            }
            for key in kind.part_keys(question)
        ]

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

    # What single types ask for, in templates that are theirs alone.

    @property
    def limits(self) -> tuple[int, int]:
        return self.cell.kind.limits(self.cell.question)

    @property
    def places(self) -> range:
        return range(1, self.cell.kind.places(self.cell.question) + 1)

    @property
    def total(self) -> int:
        return self.cell.kind.total(self.cell.question)

    @property
    def points_given(self) -> str:
        return short(sum(self._numbers))

    @property
    def points_left(self) -> str:
        return short(self.total - sum(self._numbers))

    @property
    def _numbers(self) -> list[float]:
        """As typed: what is no number counts as nothing until it is one."""
        found = []
        for text in (self.parts.get("parts") or {}).values():
            with contextlib.suppress(ValidationError):
                found.append(as_number(text))
        return found

    @property
    def n_answered(self) -> int:
        return len(self.parts.get("parts") or {})

    @property
    def axes(self) -> list[dict[str, Any]]:
        return [
            item | self.cell.kind.axis(self.cell.question, item["key"]) | {"points": self.points}
            for item in self.items
        ]

    @property
    def points(self) -> list[str]:
        return [str(point) for point in self.cell.kind.points(self.cell.question)]

    @property
    def pairs(self) -> list[dict[str, Any]]:
        kind, question = self.cell.kind, self.cell.question
        return [
            item | dict(zip(("first", "second"), _ends(kind, question, item["key"]), strict=True))
            for item in self.items
        ]

    @property
    def kind_allows_ties(self) -> bool:
        return self.cell.kind.allows_ties(self.cell.question)

    @property
    def certainty_bounds(self) -> tuple[str, str]:
        low, high = self.cell.kind.certainty_bounds(self.cell.question)
        return short(low), short(high)

    @property
    def half_words(self) -> tuple[str, ...]:
        return tuple(with_unit(self.cell.question, short(part)) for part in self.cell.half or ())

    @property
    def causes(self) -> list[dict[str, Any]]:
        return [
            {"value": cause.value, "label": cause.label, "on": cause == self.cell.cause} for cause in CAUSES
        ]


def _ends(kind, question, pair: str) -> list[str]:
    return [kind.option_label(question, value) for value in pair.split(":")]


def _shown(part: str, each: Any) -> Any:
    if part == "parts":
        return {key: short(number) for key, number in each.items()}
    return short(each) if part in NUMBERS else each


def widget(cell: Cell, outcome: Outcome | None = None, post: QueryDict | None = None) -> Widget:
    """The cell as it is stored, or as it was typed when `outcome` says that it was not stored."""
    parts = {part: _shown(part, each) for part, each in cell.value.as_dict().items()}
    drawn = Widget(cell, parts, base=base_token(cell.revision, cell.value))
    if outcome is not None and post is not None and outcome.status in ("invalid", "conflict", "stale"):
        drawn.parts = typed(cell, post)
        drawn.errors = outcome.errors
        if outcome.status != "invalid":
            drawn.theirs = value_words(cell.question, cell.value) or _("no answer")
    return drawn

"""The dense layout: technologies by questions. What fits a cell is answered in it; the rest opens over the table.

Cells are written without templates: a template would cost more than all the rest of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from html import escape
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from surveys.enums import QuestionType
from surveys.models import Question
from surveys.question_types import kind_of
from surveys.respond.openers import answer_opener, message_list, reason_opener
from surveys.respond.plain import FormSave, reason_box
from surveys.respond.sheet import Cell, Chapter, Entry, Sheet
from surveys.respond.widgets import Widget, widget

TYPED = (QuestionType.YEAR, QuestionType.NUMBER, QuestionType.PERCENT)
EMPTY: Mapping[int, Chapter] = {}
SELECTED = mark_safe(" selected")


def fits(question: Question) -> bool:
    """Whether the answer is given in the cell itself."""
    return question.type in TYPED or kind_of(question).fits_cell(question)


def _problems(drawn: Widget) -> list[str]:
    return drawn.errors or ([_changed_elsewhere(drawn.theirs)] if drawn.theirs else [])


def _changed_elsewhere(value: str) -> str:
    return _("Changed elsewhere to: %(value)s") % {"value": value}


class Grid:
    def __init__(
        self,
        sheet: Sheet,
        entries: list[Entry],
        saved: FormSave | None = None,
        heads: Mapping[int, Chapter] = EMPTY,
    ):
        self.sheet, self.entries, self.saved, self.heads = sheet, entries, saved, heads
        self._options: dict[tuple[int, str], SafeString] = {}

    @cached_property
    def questions(self) -> list[Question]:
        return [cell.question for cell in self.entries[0].cells] if self.entries else []

    @cached_property
    def asks_reason(self) -> bool:
        return bool(self.entries) and self.entries[0].asks_reason

    @property
    def width(self) -> int:
        """Columns, that of the names included."""
        return 1 + len(self.questions) + self.asks_reason

    @property
    def opens(self) -> bool:
        """Whether some cells open an editor."""
        return self.asks_reason or not all(fits(question) for question in self.questions)

    @cached_property
    def rows(self) -> list[dict]:
        return [
            {
                "entry": entry,
                "head": self.heads.get(at),
                "cells": [self._cell(cell) for cell in entry.cells],
                "reason": self._reason(entry) if self.asks_reason else None,
            }
            for at, entry in enumerate(self.entries)
        ]

    @property
    def unsettled(self) -> list[Widget]:
        """What was typed in editors and could not be stored: it stays in them."""
        drawn = [each["drawn"] for row in self.rows for each in row["cells"]]
        return [w for w in drawn if not fits(w.question) and (w.errors or w.theirs)]

    @property
    def unsettled_reasons(self) -> list[dict]:
        boxes = [row | {"box": row["reason"]["box"]} for row in self.rows if row["reason"]]
        return [row for row in boxes if row["box"]["errors"] or row["box"]["theirs"] is not None]

    def _cell(self, cell: Cell) -> dict:
        drawn = self.saved.widget(cell) if self.saved else widget(cell)
        inside = fits(cell.question)
        return {
            "cell": cell,
            "question": cell.question,
            "drawn": drawn,
            "html": self._opened(cell) + self._input(drawn) if inside else answer_opener(drawn),
            "messages": message_list(_problems(drawn)),
        }

    def _reason(self, entry: Entry) -> dict:
        box = self.saved.reason(entry) if self.saved else reason_box(entry)
        theirs = [] if box["theirs"] is None else [_changed_elsewhere(box["theirs"] or "–")]
        messages = message_list([*box["errors"], *theirs])
        return {"box": box, "html": reason_opener(entry, box), "messages": messages}

    @staticmethod
    def _opened(cell: Cell) -> SafeString:
        question, code = cell.question, cell.technology.code if cell.technology else ""
        return SafeString(
            f'<td class="question is-cell" data-question="{escape(question.key)}"'
            f' data-technology="{escape(code)}" data-kind="{escape(question.type)}">'
        )

    def _input(self, drawn: Widget) -> SafeString:
        invalid = ' aria-invalid="true"' if _problems(drawn) else ""
        name, label = escape(drawn.name), f"{drawn.cell.technology}: {drawn.label}"
        typed = drawn.question.type in TYPED
        answer = (
            self._typed(drawn, name, label, invalid) if typed else self._chosen(drawn, name, label, invalid)
        )
        return SafeString(f'{answer}<input type="hidden" name="{name}.base" value="{escape(drawn.base)}">')

    def _chosen(self, drawn: Widget, name: str, label: str, invalid: str) -> str:
        return (
            f'<select class="input cell-input" name="{name}" aria-label="{escape(label)}"{invalid}>'
            f"{self._select(drawn)}</select>"
        )

    def _typed(self, drawn: Widget, name: str, label: str, invalid: str) -> str:
        """A number to type, and beside it the answers that are no number."""
        special = ""
        if drawn.specials:
            instead = _("%(question)s, instead of a number") % {"question": label}
            special = (
                f'<select class="input cell-input cell-special" name="{name}.special"'
                f' aria-label="{escape(instead)}">{self._specials(drawn)}</select>'
            )
        number = escape(str(drawn.parts.get("number", "")))
        return (
            '<span class="cell-typed"><input class="input cell-number" type="text" inputmode="decimal" '
            f'maxlength="30" autocomplete="off" data-part="number" name="{name}" value="{number}"'
            f' aria-label="{escape(label)}"{invalid}>{special}</span>'
        )

    def _specials(self, drawn: Widget) -> SafeString:
        chosen = drawn.parts.get("special", "")
        return self._written((drawn.question.pk, chosen), chosen, lambda: drawn.specials, empty=_("or …"))

    def _select(self, drawn: Widget) -> SafeString:
        return self._written(
            (drawn.question.pk, drawn.chosen), drawn.chosen, lambda: [*self._points(drawn), *drawn.specials]
        )

    @staticmethod
    def _points(drawn: Widget) -> list[dict[str, str]]:
        if drawn.question.type != QuestionType.SCALE:
            return drawn.options
        return [
            {"value": option["value"], "label": f"{option['value']} {option['label']}".strip()}
            for option in drawn.options
        ]

    def _written(self, key: tuple[int, str], chosen: str, options, empty: str = "–") -> SafeString:
        """The options, written once for each question and choice."""
        if key not in self._options:
            self._options[key] = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (each["value"], SELECTED if each["value"] == chosen else "", each["label"])
                    for each in [{"value": "", "label": empty}, *options()]
                ),
            )
        return self._options[key]


def row_cells(row: dict, feedback: Any) -> SafeString:
    """The cells of a row up to its reason, each with what the group said; `feedback` as `load_feedback` gives it."""
    technology = row["entry"].technology
    return SafeString(
        "".join(
            f"{each['html']}{feedback.brief(technology, each['question'], each['cell'].before)}"
            f"<div data-errors>{each['messages']}</div></td>"
            for each in row["cells"]
        )
    )

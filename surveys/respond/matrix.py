"""The dense layout: technologies by the questions whose answers fit a cell.

Cells are written without templates: a template would cost more than all the rest of the page.
"""

from __future__ import annotations

from functools import cached_property
from html import escape

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from surveys.enums import QuestionType
from surveys.models import Question
from surveys.question_types import kind_of
from surveys.respond.plain import FormSave
from surveys.respond.sheet import Cell, Entry, Sheet
from surveys.respond.widgets import Widget, widget

PAGE = 20
TYPED = (QuestionType.YEAR, QuestionType.NUMBER, QuestionType.PERCENT)
SELECTED = mark_safe(" selected")


class Grid:
    def __init__(self, sheet: Sheet, entries: list[Entry], saved: FormSave | None = None):
        self.sheet, self.entries, self.saved = sheet, entries, saved
        self._options: dict[tuple[int, str], SafeString] = {}

    @cached_property
    def questions(self) -> list[Question]:
        """Those whose answers fit a cell."""
        asked = [cell.question for cell in self.entries[0].cells] if self.entries else []
        return [q for q in asked if q.type in TYPED or kind_of(q).fits_cell(q)]

    @property
    def others(self) -> int:
        """How many questions a row leaves to the technology's own page."""
        return (len(self.entries[0].cells) if self.entries else 0) - len(self.questions)

    @cached_property
    def rows(self) -> list[dict]:
        shown = {question.pk for question in self.questions}
        return [
            {"entry": entry, "cells": [self._cell(c) for c in entry.cells if c.question.pk in shown]}
            for entry in self.entries
        ]

    def _cell(self, cell: Cell) -> dict:
        drawn = self.saved.widget(cell) if self.saved else widget(cell)
        return {"cell": cell, "question": cell.question, "html": self._opened(cell) + self._input(drawn)}

    @staticmethod
    def _opened(cell: Cell) -> SafeString:
        question, code = cell.question, cell.technology.code if cell.technology else ""
        return SafeString(
            f'<td class="question is-cell" data-question="{escape(question.key)}"'
            f' data-technology="{escape(code)}" data-kind="{escape(question.type)}">'
        )

    def _input(self, drawn: Widget) -> SafeString:
        problem = "; ".join(drawn.errors) or (
            _("Changed elsewhere to: %(value)s") % {"value": drawn.theirs} if drawn.theirs else ""
        )
        invalid = ' aria-invalid="true"' if problem else ""
        name, label = escape(drawn.name), f"{drawn.cell.technology}: {drawn.label}"
        typed = drawn.question.type in TYPED
        answer = (
            self._typed(drawn, name, label, invalid) if typed else self._chosen(drawn, name, label, invalid)
        )
        told = f'<ul class="errorlist"><li>{escape(problem)}</li></ul>' if problem else ""
        return SafeString(
            f'{answer}<input type="hidden" name="{name}.base" value="{escape(drawn.base)}">{told}'
        )

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

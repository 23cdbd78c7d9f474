"""The dense layout: technologies by the questions whose answers fit a cell.

Cells are written without templates: a template would cost more than all the rest of the page.
"""

from __future__ import annotations

from functools import cached_property

from django.utils.html import format_html, format_html_join
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
SELECTED, INVALID = mark_safe(" selected"), mark_safe(' aria-invalid="true"')


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
        return {"cell": cell, "question": cell.question, "html": self._input(drawn)}

    def _input(self, drawn: Widget) -> SafeString:
        problem = "; ".join(drawn.errors) or (
            _("Changed elsewhere to: %(value)s") % {"value": drawn.theirs} if drawn.theirs else ""
        )
        invalid = INVALID if problem else ""
        typed = drawn.question.type in TYPED
        return format_html(
            '{}<input type="hidden" name="{}.base" value="{}">{}',
            self._typed(drawn, invalid) if typed else self._chosen(drawn, invalid),
            drawn.name,
            drawn.base,
            format_html('<ul class="errorlist"><li>{}</li></ul>', problem) if problem else "",
        )

    def _chosen(self, drawn: Widget, invalid: str) -> SafeString:
        return format_html(
            '<select class="input cell-input" name="{}" aria-label="{}"{}>{}</select>',
            drawn.name,
            f"{drawn.cell.technology}: {drawn.label}",
            invalid,
            self._select(drawn),
        )

    def _typed(self, drawn: Widget, invalid: str) -> SafeString:
        """A number to type, and beside it the answers that are no number."""
        label = f"{drawn.cell.technology}: {drawn.label}"
        special = (
            format_html(
                '<select class="input cell-input cell-special" name="{}.special" aria-label="{}">{}</select>',
                drawn.name,
                _("%(question)s, instead of a number") % {"question": label},
                self._specials(drawn),
            )
            if drawn.specials
            else ""
        )
        return format_html(
            '<span class="cell-typed"><input class="input cell-number" type="text" inputmode="decimal" '
            'maxlength="30" autocomplete="off" data-part="number" name="{}" value="{}" aria-label="{}"{}>{}</span>',
            drawn.name,
            drawn.parts.get("number", ""),
            label,
            invalid,
            special,
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

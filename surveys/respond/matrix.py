"""The dense layout: technologies by questions that have few values.

Cells are written without templates: a template would cost more than all the rest of the page.
"""

from __future__ import annotations

from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from surveys.models import Question
from surveys.question_types import kind_of
from surveys.respond.plain import FormSave
from surveys.respond.sheet import Cell, Entry, Sheet
from surveys.respond.widgets import Widget, widget

PAGE = 20
SELECTED, INVALID = mark_safe(" selected"), mark_safe(' aria-invalid="true"')


class Grid:
    def __init__(self, sheet: Sheet, entries: list[Entry], saved: FormSave | None = None):
        self.sheet, self.entries, self.saved = sheet, entries, saved
        self._options: dict[tuple[int, str], SafeString] = {}

    @cached_property
    def questions(self) -> list[Question]:
        """Those whose answers fit a cell."""
        asked = [cell.question for cell in self.entries[0].cells] if self.entries else []
        return [question for question in asked if kind_of(question).fits_cell(question)]

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
        label = f"{drawn.cell.technology}: {drawn.label}"
        problem = "; ".join(drawn.errors) or (
            _("Changed elsewhere to: %(value)s") % {"value": drawn.theirs} if drawn.theirs else ""
        )
        return format_html(
            '<select class="input cell-input" name="{0}" aria-label="{1}"{2}>{3}</select>'
            '<input type="hidden" name="{0}.base" value="{4}">{5}',
            drawn.name,
            label,
            INVALID if problem else "",
            self._select(drawn),
            drawn.base,
            format_html('<ul class="errorlist"><li>{}</li></ul>', problem) if problem else "",
        )

    def _select(self, drawn: Widget) -> SafeString:
        """The options, written once for each question and choice."""
        key = (drawn.question.pk, drawn.chosen)
        if key not in self._options:
            options = [{"value": "", "label": "–"}]
            for option in drawn.options:
                both = (
                    f"{option['value']} {option['label']}"
                    if drawn.question.type == "scale"
                    else option["label"]
                )
                options.append({"value": option["value"], "label": both.strip()})
            options += drawn.specials
            self._options[key] = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (each["value"], SELECTED if each["value"] == drawn.chosen else "", each["label"])
                    for each in options
                ),
            )
        return self._options[key]

"""The dense layout: technologies by questions. What fits a cell is answered in it; the rest opens over the table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from surveys.models import Question
from surveys.respond.cells import Cells, changed_elsewhere, fits
from surveys.respond.openers import message_list, reason_opener
from surveys.respond.plain import FormSave, reason_box
from surveys.respond.sheet import Chapter, Entry, Sheet
from surveys.respond.widgets import Widget

EMPTY: Mapping[int, Chapter] = {}


class Grid:
    def __init__(
        self,
        sheet: Sheet,
        entries: list[Entry],
        saved: FormSave | None = None,
        heads: Mapping[int, Chapter] = EMPTY,
    ):
        self.sheet, self.entries, self.saved, self.heads = sheet, entries, saved, heads
        self.cells = Cells(saved)

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
                "reason": self._reason(entry) if self.asks_reason else None,
            }
            for at, entry in enumerate(self.entries)
        ]

    @property
    def unsettled(self) -> list[Widget]:
        """What was typed in editors and could not be stored: it stays in them."""
        if self.saved is None:
            return []
        opened = (cell for entry in self.entries for cell in entry.cells if not fits(cell.question))
        return [w for w in map(self.saved.widget, opened) if w.errors or w.theirs]

    @property
    def unsettled_reasons(self) -> list[dict]:
        boxes = [row | {"box": row["reason"]["box"]} for row in self.rows if row["reason"]]
        return [row for row in boxes if row["box"]["errors"] or row["box"]["theirs"] is not None]

    def _reason(self, entry: Entry) -> dict:
        box = self.saved.reason(entry) if self.saved else reason_box(entry)
        theirs = [] if box["theirs"] is None else [changed_elsewhere(box["theirs"] or "–")]
        messages = message_list([*box["errors"], *theirs])
        return {"box": box, "html": reason_opener(entry, box), "messages": messages}


def row_cells(grid: Grid, row: dict, feedback: Any) -> SafeString:
    """The cells of a row up to its reason, each with what the group said; `feedback` as `load_feedback` gives it."""
    return SafeString("".join(grid.cells.html(cell, feedback) for cell in row["entry"].cells))

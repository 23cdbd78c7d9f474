"""Saving by plain form: what works with scripts off, and what scripts fall back on."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import get_language

from surveys.exceptions import RoundNotOpen
from surveys.respond.reading import name_of, read_cell, read_reason
from surveys.respond.sheet import Cell, Entry
from surveys.respond.typed import Typed, as_text, stray_texts
from surveys.respond.visit import Visit
from surveys.respond.widgets import Widget, widget
from surveys.services.answers import Outcome
from surveys.services.reasons import ReasonOutcome
from surveys.services.response import save_response

TAKEN = ("saved", "unchanged")


@dataclass
class FormSave:
    """What became of a posted page."""

    request: HttpRequest
    answers: dict[tuple[str | None, str], Outcome] = field(default_factory=dict)
    reasons: dict[str, ReasonOutcome] = field(default_factory=dict)
    strays: list[Typed] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all that the page carried is stored."""
        outcomes = (*self.answers.values(), *self.reasons.values())
        return not self.strays and all(each.status in TAKEN for each in outcomes)

    @property
    def stray_text(self) -> str:
        return as_text(self.strays)

    @property
    def refused(self) -> set[str | None]:
        """Codes of the technologies of which an answer was not stored."""
        return {each.technology for each in self.answers.values() if each.status not in TAKEN}

    def widget(self, cell: Cell) -> Widget:
        code = cell.technology.code if cell.technology else None
        return widget(cell, self.answers.get((code, cell.question.key)), self.request.POST)

    def reason(self, entry: Entry) -> dict:
        return reason_box(entry, self.reasons.get(entry.technology.code), self.request.POST)


def save_form(request: HttpRequest, visit: Visit, cells: list[Cell], entries: list[Entry]) -> FormSave:
    """Save the page's cells and reasons, and note what else it carries that has no place among them.

    Raises RoundNotOpen when another round was meant than is open.
    """
    require_round(visit, request.POST.get("round", ""))
    changes = [change for cell in cells if (change := read_cell(cell, request.POST))]
    reasons = [change for entry in entries if (change := read_reason(entry, request.POST))]
    saved = save_response(
        round=visit.round,
        member=visit.member,
        changes=changes,
        reasons=reasons,
        language=get_language() or "",
    )
    return FormSave(
        request,
        {(each.technology, each.question): each for each in saved.answers},
        {each.technology: each for each in saved.reasons},
        stray_texts(visit, request.POST, _names(cells, entries)),
    )


def _names(cells: list[Cell], entries: list[Entry]) -> set[str]:
    return {name_of(cell) for cell in cells} | {f"r.{entry.technology.code}" for entry in entries}


def require_round(visit: Visit, number: object) -> None:
    """A page of an earlier round may still be open somewhere: it never writes into a later one."""
    if visit.round is None or str(number) != str(visit.round.number):
        raise RoundNotOpen


def reason_box(entry: Entry, outcome: ReasonOutcome | None = None, post=None) -> dict:
    """What the reason's inputs show."""
    reason = entry.reason
    name = f"r.{entry.technology.code}"
    box = {
        "name": name,
        "id": name.replace(".", "-"),
        "text": reason.text if reason else "",
        "stance": reason.stance if reason else "",
        "base": reason.revision if reason else 0,
        "moderation": reason.moderation if reason and reason.text else "",
        "note": reason.moderation_note if reason else "",
        "errors": [],
        "theirs": None,
    }
    if outcome is not None and post is not None and outcome.status in ("invalid", "conflict"):
        box |= {
            "text": post.get(f"{name}.text", ""),
            "stance": post.get(f"{name}.stance", ""),
            "errors": outcome.errors,
            "theirs": outcome.text if outcome.status == "conflict" else None,
        }
    return box

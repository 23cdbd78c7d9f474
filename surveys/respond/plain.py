"""Saving by plain form: what works with scripts off, and what scripts fall back on."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.exceptions import RoundNotOpen
from surveys.respond.discussion import typed_replies
from surveys.respond.reading import in_text, name_of, read_cell, read_reason, typed
from surveys.respond.sheet import Cell, Entry, Sheet, load_sheet
from surveys.respond.visit import Visit
from surveys.respond.widgets import Widget, widget
from surveys.services.answers import Outcome
from surveys.services.reasons import ReasonOutcome
from surveys.services.response import save_response


@dataclass
class FormSave:
    """What became of a posted page."""

    request: HttpRequest
    answers: dict[tuple[str | None, str], Outcome] = field(default_factory=dict)
    reasons: dict[str, ReasonOutcome] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        outcomes = (*self.answers.values(), *self.reasons.values())
        return all(each.status in ("saved", "unchanged") for each in outcomes)

    def widget(self, cell: Cell) -> Widget:
        code = cell.technology.code if cell.technology else None
        return widget(cell, self.answers.get((code, cell.question.key)), self.request.POST)

    def reason(self, entry: Entry) -> dict:
        return reason_box(entry, self.reasons.get(entry.technology.code), self.request.POST)


def save_form(request: HttpRequest, visit: Visit, cells: list[Cell], entries: list[Entry]) -> FormSave:
    """Save the page's cells and reasons. Raises RoundNotOpen when another round was meant than is open."""
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
    )


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


def typed_texts(visit: Visit, post) -> list[dict[str, str]]:
    """Everything a refused page carried, for its author to keep."""
    asked = next((r for r in visit.rounds if str(r.number) == post.get("round")), visit.latest_answered)
    if asked is None or asked.pk not in visit.participations:
        return []
    sheet: Sheet = load_sheet(visit, asked)
    rows = []
    for cell in sheet.cells:
        if f"{name_of(cell)}.base" in post and (parts := typed(cell, post)):
            about = str(cell.technology) if cell.technology else ""
            rows.append({"about": about, "label": str(cell.question), "text": in_text(cell, parts)})
    for code, entry in sheet.by_code.items():
        if text := post.get(f"r.{code}.text", "").strip():
            rows.append({"about": str(entry.technology), "label": "", "text": text})
    return rows + [{"about": "", "label": _("Reply"), "text": text} for text in typed_replies(post)]

"""Parts of a page that are drawn once for all to whom they look alike: a question's block, a cell of the table.

Drawing is what a page of the questionnaire costs, and most of it is the same for very many members. A part is drawn
from nothing but what its key is made of: the version of the question, the technology, the own answer with the one
before, and the group's figures that this reader may see at this moment. Who reads is no part of it, and neither is
anything that is secret to a session. So a part can be kept for whoever comes with the same key, and nothing has to
be dropped when something changes: it has another key then. See docs/decisions/0020.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from surveys.question_types import Value
from surveys.respond.sheet import Cell
from surveys.respond.widgets import Widget

TEMPLATE = "respond/parts/question.html"
DRAWN = "drawn"


def question_block(w: Widget, feedback: Any = None) -> SafeString:
    """The block of one question; `feedback` as `load_feedback` gives it, or nothing."""

    def draw() -> SafeString:
        return render_to_string(TEMPLATE, {"w": w, "fb": feedback})

    if w.errors or w.theirs:  # an answer that was refused is nobody else's
        return draw()
    return drawn_once("block", w.cell, feedback, draw)


def drawn_once(part: str, cell: Cell, feedback: Any, draw: Callable[[], str]) -> SafeString:
    """What `draw` makes of this cell and feedback, drawn now or kept from before. It may use nothing else."""
    key = _key(part, cell, feedback)
    kept = caches[DRAWN].get(key) if key else None
    if kept is None:
        kept = str(draw())
        if key:
            caches[DRAWN].set(key, kept)
    return mark_safe(kept)  # noqa: S308 - `draw` escapes what it takes


def _key(part: str, cell: Cell, feedback: Any) -> str:
    """Empty where nothing is kept: for texts that somebody wrote, and while the protocol may still change."""
    version = getattr(cell.question, "version", None)
    if version is None or cell.value.text or cell.earlier.text:
        return ""
    technology = cell.technology
    drawn_from = (
        part,
        get_language(),
        version,
        cell.question.pk,
        (technology.code, str(technology)) if technology else "",
        cell.revision,
        _given(cell.value),
        _given(cell.earlier),
        cell.cause,
        cell.half,
        feedback.seen(technology) if feedback and technology else "",
    )
    return hashlib.sha256(repr(drawn_from).encode()).hexdigest()


def _given(value: Value) -> tuple:
    return value.number, value.low, value.high, value.special, value.parts

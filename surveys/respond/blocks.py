"""A question's block of the page, drawn once for all to whom it looks alike.

Drawing is what a page of the questionnaire costs, and most of it is the same for very many members. A block is drawn
from nothing but what its key is made of: the version of the question, the technology, the own answer with the one
before, and the group's figures that this reader may see at this moment. Who reads is no part of it, and neither is
anything that is secret to a session. So a block can be kept for whoever comes with the same key, and nothing has to
be dropped when something changes: it has another key then. See docs/decisions/0020.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from surveys.respond.widgets import Widget

TEMPLATE = "respond/parts/question.html"
DRAWN = "drawn"


def question_block(w: Widget, feedback: Any = None) -> SafeString:
    """The block of one question; `feedback` as `load_feedback` gives it, or nothing."""
    key = _key(w, feedback)
    if not key:
        return _draw(w, feedback)
    kept = caches[DRAWN].get(key)
    if kept is None:
        kept = str(_draw(w, feedback))
        caches[DRAWN].set(key, kept)
    return mark_safe(kept)  # noqa: S308 - a template drew it


def _draw(w: Widget, feedback: Any) -> SafeString:
    return render_to_string(TEMPLATE, {"w": w, "fb": feedback})


def _key(w: Widget, feedback: Any) -> str:
    """Empty for a block that is nobody else's: texts that somebody wrote, and answers that were refused."""
    cell = w.cell
    version = getattr(cell.question, "version", None)
    if version is None or w.errors or w.theirs or cell.value.text or cell.earlier.text:
        return ""
    seen = feedback.seen(cell.technology, cell.question) if feedback and cell.technology else None
    of = cell.technology.code if cell.technology else ""
    drawn_from = (
        get_language(),
        version,
        cell.question.pk,
        of,
        w.base,
        cell.cause,
        cell.earlier,
        cell.half,
        seen,
    )
    return hashlib.sha256(repr(drawn_from).encode()).hexdigest()

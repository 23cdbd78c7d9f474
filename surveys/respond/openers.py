"""Cells of the table whose answer needs more room: a button with the own answer in words, which opens an editor.

The editor holds the same widget as the technology's own page and is fetched when it is asked for: a table of twenty
rows with all its widgets would weigh ten times as much. Without scripts the button saves the page and leads there.
"""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from surveys.enums import Special
from surveys.respond.sheet import Entry
from surveys.respond.widgets import SPECIAL_LABELS, Widget
from surveys.respond.words import value_words

LONGEST = 120


def answer_opener(drawn: Widget) -> SafeString:
    """The cell of one question up to its messages."""
    question, code = drawn.question, drawn.technology.code
    words = answer_summary(drawn)
    needs = drawn.kind.parts_needed(question)
    return _opener(
        key=f"a {code} {question.key}",
        go=f"at:{code}:{question.key}",
        name=f"{drawn.technology}: {drawn.label}",
        words=words,
        more=f' data-needs="{needs}"' if needs else "",
    )


def reason_opener(entry: Entry, box: dict) -> SafeString:
    """The cell of the reason for a row's answers."""
    code = entry.technology.code
    return _opener(
        key=f"r {code}",
        go=f"at:{code}",
        name=f"{entry.technology}: {_('Your reason')}",
        words=_short(box["text"]),
        more=told_of_reason(entry),
    )


def told_of_reason(entry: Entry) -> SafeString:
    """What the server knows of the demand for a reason; the page's scripts see what changes it."""
    given = " data-given" if entry.reason and entry.reason.text else ""
    agreed = " data-agreed" if entry.is_agreed else ""
    return SafeString(f' data-demands="{escape(entry.demands)}"{given}{agreed}')


def asked_mark(entry: Entry) -> SafeString:
    """The mark of a reason that the protocol wants and that is not given: read out when it appears."""
    code, words = escape(entry.technology.code), escape(_("reason asked"))
    off = "" if entry.needs_reason else " hidden"
    mark = f'<span class="badge is-warn" data-asked="{code}"{off}>{words}</span>'
    return SafeString(f'<span role="status">{mark}</span>')


def answer_summary(drawn: Widget) -> str:
    """The own answer in a few words, with a remark where a part of it is still open."""
    value = drawn.value
    if value.special:
        return str(SPECIAL_LABELS[Special(value.special)]())
    words = _short(value_words(drawn.question, value))
    if words and not drawn.kind.is_complete(drawn.question, value):
        return _("%(answer)s · unfinished") % {"answer": words}
    return words


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LONGEST)


def _opener(*, key: str, go: str, name: str, words: str, more: str = "") -> SafeString:
    return SafeString(
        f'<td class="is-cell is-opener" data-cell="{escape(key)}"{more}><button class="cell-open" name="go"'
        f' value="{escape(go)}"><span class="visually-hidden">{escape(name)}: </span>'
        f"<span data-own>{escape(words)}</span></button>"
    )


def message_list(messages: list[str]) -> SafeString | str:
    """What is wrong with a cell, as its column of messages shows it."""
    if not messages:
        return ""
    lines = "".join(f"<li>{escape(str(each))}</li>" for each in messages)
    return SafeString(f'<ul class="errorlist">{lines}</ul>')

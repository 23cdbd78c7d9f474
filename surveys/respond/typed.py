"""What a page carried and could not be stored: every text of it, in words that its author knows.

A page may ask about what is no longer asked: the round closed, a technology left the member's list, a question moved.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from surveys.models import Question, Technology
from surveys.respond.discussion import typed_replies
from surveys.respond.reading import in_text, read_cell, typed
from surveys.respond.sheet import Cell
from surveys.respond.visit import Visit
from surveys.respond.words import value_words

_ANSWER = re.compile(r"(a\.([A-Za-z0-9]{0,16})\.([\w-]{1,40}))\.base", re.ASCII)
_REASON = re.compile(r"(r\.([A-Za-z0-9]{1,16}))\.text")


@dataclass(frozen=True)
class Typed:
    """One text: the technology and the question it is about, where they have a name, and what was typed."""

    about: str
    label: str
    text: str

    def __str__(self) -> str:
        return "\n".join(filter(None, (self.about, self.label, self.text)))


def as_text(rows: list[Typed]) -> str:
    return "\n\n".join(str(row) for row in rows)


def typed_texts(visit: Visit, post: QueryDict) -> list[Typed]:
    """Everything a refused page carried, for its author to keep. At most three queries."""
    return stray_texts(visit, post, ()) + [Typed("", _("Reply"), text) for text in typed_replies(post)]


def stray_texts(visit: Visit, post: QueryDict, known: Container[str]) -> list[Typed]:
    """Answers and reasons of a page whose inputs are not among the `known` names."""
    answers = [found for name in post if (found := _ANSWER.fullmatch(name)) and found[1] not in known]
    reasons = [
        found
        for name in post
        if (found := _REASON.fullmatch(name)) and found[1] not in known and post[name].strip()
    ]
    if not answers and not reasons:
        return []
    technologies = _technologies(visit, {found[2] for found in (*answers, *reasons)} - {""})
    questions = _questions(visit, {found[3] for found in answers})
    rows = [
        Typed(str(technologies[code]) if code else "", str(questions.get(key, key)), text)
        for name, code, key in (found.groups() for found in answers)
        if (text := _answer(post, name, technologies.get(code), questions.get(key), anything=not known))
    ]
    return rows + [
        Typed(str(technologies[code]), _("Your reason"), post[f"{name}.text"].strip())
        for name, code in (found.groups() for found in reasons)
    ]


def _technologies(visit: Visit, codes: set[str]) -> dict[str, Technology]:
    """Only what a round that asked this member was about has a name for them; the others have a code."""
    if not codes:
        return {}
    rows = Technology.objects.filter(
        study=visit.study, code__in=codes, round_technologies__round__in=list(visit.participations)
    )
    return {code: Technology(code=code) for code in codes} | {each.code: each for each in rows.distinct()}


def _questions(visit: Visit, keys: set[str]) -> dict[str, Question]:
    rows = (
        Question.objects.filter(study=visit.study, key__in=keys).prefetch_related("choices") if keys else ()
    )
    return {each.key: each for each in rows}


def _answer(
    post, name: str, technology: Technology | None, question: Question | None, *, anything: bool
) -> str:
    """In words where it is an answer, as it was typed where it is none. Unless `anything`, only what was touched."""
    if question is None:
        own = (name, f"{name}.text", f"{name}.number", f"{name}.low", f"{name}.high")
        return ", ".join(text for each in own if (text := post.get(each, "").strip()))
    cell = Cell(question, technology)
    if not anything and read_cell(cell, post) is None:
        return ""
    given = typed(cell, post)
    try:
        return value_words(question, cell.kind.clean(question, given))
    except ValidationError:
        return in_text(cell, given)


def form_texts(form: forms.Form | None) -> list[Typed]:
    """What was entered into a form that cannot be taken; what it offered of itself is left out."""
    rows = []
    for field in form or ():
        value = str(field.value() or "").strip()
        choices = dict(getattr(field.field, "choices", ()))
        if value and value != str(field.initial or "").strip():
            rows.append(Typed("", str(field.label), str(choices.get(value, value))))
    return rows

"""The questionnaire before anybody answers it: every technology and every question, drawn as for a member.

There is no member behind it. Nothing is assigned, so all technologies are there, and nothing can be stored.
"""

from __future__ import annotations

from surveys.enums import AskedPer, RoundStatus
from surveys.models import Question, Round, Study, Technology
from surveys.respond.sheet import Cell, Entry, Sheet
from surveys.selectors.asked import questions_of
from surveys.services.rounds import PLANNED, round_technologies


def rehearsed_round(study: Study) -> Round:
    """The round that is asking or planned; else the one that would come next, which is not stored."""
    latest = study.rounds.order_by("-number").first()
    if latest is not None and latest.status in (*PLANNED, RoundStatus.OPEN):
        latest.study = study
        return latest
    return Round(study=study, number=latest.number + 1 if latest else 1)


def rehearsed_sheet(round: Round) -> Sheet:
    """What a member is asked whom the round asks about everything. Four queries, whatever the length of the list."""
    questions = list(questions_of(round.study))
    entries = [
        Entry(technology, _cells(questions, technology), None, place)
        for place, technology in enumerate(_technologies(round), 1)
    ]
    return Sheet(None, round, questions, entries, _cells(questions, None), [])  # type: ignore[arg-type]


def _cells(questions: list[Question], technology: Technology | None) -> list[Cell]:
    asked = AskedPer.TECHNOLOGY if technology else AskedPer.ROUND
    return [Cell(question, technology) for question in questions if question.asked_per == asked]


def _technologies(round: Round) -> list[Technology]:
    """In chapters, as members find them: by field, and within it in the order of the list."""
    fields = {field.pk: field for field in round.study.fields.all()}
    if round.is_open:
        found = list(round.study.technologies.filter(round_technologies__round=round))
    else:
        found = round_technologies(round)
    for technology in found:
        technology.field = fields.get(technology.field_id)
    return sorted(found, key=_place)


def _place(technology: Technology) -> tuple:
    field = technology.field
    chapter = (field.position, field.pk) if field else (1 << 30, 0)
    return chapter, technology.position, technology.pk

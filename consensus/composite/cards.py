"""Composite questions on the dashboards: the latest analysed round that asked them, small panels withheld."""

from __future__ import annotations

from dataclasses import dataclass

from consensus.composite.guard import STATISTIC
from consensus.composite.view import Shown, show
from consensus.selectors.results import Item, StudyResults
from surveys.enums import AskedPer
from surveys.models import Question, Round, Technology
from surveys.question_types import kind_of


@dataclass(frozen=True)
class Card:
    question: Question
    round: Round
    n: int
    shown: Shown | None


def cards(results: StudyResults, technology: Technology | None = None) -> list[Card]:
    """Of one technology, or of the questions asked once per round. One query."""
    per = AskedPer.TECHNOLOGY if technology else AskedPer.ROUND
    asked = [q for q in results.questions if q.asked_per == per and "parts" in kind_of(q).parts]
    if not asked:
        return []
    only = {"technologies": [technology.pk]} if technology else {}
    items = results.items(questions=asked, with_statistics=True, **only)
    found = [_card(results, question, technology.pk if technology else None, items) for question in asked]
    return [card for card in found if card is not None]


def _card(results: StudyResults, question: Question, technology_id: int | None, items) -> Card | None:
    for computation in reversed(results.computations):
        item: Item | None = items.get((computation.pk, technology_id, question.pk))
        if item is not None:
            row = item.panel
            shown = show(question, row.statistics.get(STATISTIC, {})) if row else None
            return Card(question, computation.round, item.n if row else 0, shown)
    return None

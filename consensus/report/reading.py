"""What the sections of one report share, each part read once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consensus.charts.bins import short
from consensus.counting.frame import COUNTED_STATUSES
from consensus.dashboard.words import question_name
from consensus.exports.supplements import Stored
from consensus.selectors.results import Item, Row, StudyResults
from consensus.selectors.voices import Thread, threads
from consensus.verdicts.rule_words import words_of_rule
from consensus.verdicts.words import percent
from surveys.models import Round, Study
from surveys.selectors.studies import with_response

NONE = "–"


class Reported:
    def __init__(self, study: Study):
        self.study = study
        self.stored = Stored(study)
        self.results: StudyResults = self.stored.results

    @cached_property
    def rounds(self) -> list[Round]:
        """Rounds that are over, with their counts of members."""
        over = self.study.rounds.filter(status__in=COUNTED_STATUSES)
        return list(with_response(over).order_by("number"))

    @cached_property
    def response(self) -> dict[int, dict[str, int]]:
        """By round number: sent, returned, submitted. As the indicators count them, else as the rounds page does."""
        found = {
            row.number: {
                "sent": row.n_asked,
                "returned": row.n_started + row.n_submitted,
                "submitted": row.n_submitted,
            }
            for row in self.rounds
        }
        return found | {number: each["panel"] for number, each in self.positivity.items() if each["panel"]}

    @cached_property
    def positivity(self) -> dict[int, dict[str, Any]]:
        """By round number, groups that may be shown only."""
        stored = self.stored.authority_figures
        return {
            computation.round.number: stored[computation.pk]["positivity"]
            for computation in self.results.computations
            if computation.pk in stored
        }

    @cached_property
    def attrition(self) -> list[tuple[int, dict[str, Any]]]:
        stored = self.stored.attrition_figures
        return [(c.round.number, stored[c.pk]) for c in self.results.computations if c.pk in stored]

    @cached_property
    def threads(self) -> dict[int, list[Thread]]:
        """Reasons that may be read, by technology; those found useful by most before the others."""
        found: dict[int, list[Thread]] = {}
        for thread in sorted(threads(self.study), key=lambda each: -each.useful):
            if not thread.gone:
                found.setdefault(thread.technology.pk, []).append(thread)
        return found

    @cached_property
    def versions(self) -> list:
        return list(self.study.protocol_versions.order_by("number"))

    @cached_property
    def rules(self) -> list[tuple[str, str, str]]:
        """Kind, question and words of each criterion."""
        criteria = self.study.criteria.select_related("question")
        return [
            (str(row.get_kind_display()), question_name(row.question), words_of_rule(row.expression))
            for row in criteria
        ]

    @cached_property
    def main_items(self) -> dict[tuple[int, int | None, int], Item]:
        question = self.results.main_question
        return self.results.items(questions=[question]) if question else {}


def day(moment) -> str:
    return date_format(localtime(moment), "DATE_FORMAT") if moment else NONE


def rate(part: int, whole: int) -> str:
    return percent(part / whole) if whole else NONE


def number(value: float | None) -> str:
    return NONE if value is None else short(value)


def middle(row: Row | None) -> str:
    """Median with quartiles."""
    if row is None or row.median is None:
        return NONE
    return f"{short(row.median)} ({number(row.q1)}–{number(row.q3)})"


def listed(texts: Iterable[Any]) -> str:
    return _(", ").join(str(text) for text in texts)


def pair(name: Any, value: Any) -> str:
    return _("%(name)s: %(value)s") % {"name": name, "value": value}


def stated(text: str) -> str:
    """A clause as a sentence."""
    return _("%(text)s.") % {"text": text}


def spoken(sentences: Iterable[str]) -> str:
    """One after the other; Chinese puts no space between them."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(text for text in sentences if text)

"""The form of the what-if page. It is sent with GET: the address is the whole question, and nothing is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consensus.models import Computation
from consensus.selectors.results import StudyResults
from consensus.whatif.evaluate import has_stability_rule
from consensus.whatif.rules import SCALES_ONLY, TYPES, Preset, Settings, mirrored
from surveys.enums import CriterionKind, QuestionRole, QuestionType
from surveys.models import Question
from surveys.question_types import kind_of

TOP_THIRD = 2 / 3


def usable_questions(results: StudyResults) -> list[Question]:
    """Questions on which a consensus rule means something, the protocol's own first."""
    return [q for q in results.ordered if q.type in TYPES and q.role != QuestionRole.FAMILIARITY]


class WhatIfForm(forms.Form):
    round = forms.TypedChoiceField(label=_("Round"), coerce=int)
    question = forms.ChoiceField(label=_("Question"))
    preset = forms.ChoiceField(label=_("Rule"), choices=Preset.choices)
    low = forms.FloatField(label=_("Band from"))
    high = forms.FloatField(label=_("Band to"))
    threshold = forms.FloatField(
        label=_("Share in percent"), min_value=1, max_value=100, help_text=_("For rules on the share.")
    )
    iqr = forms.FloatField(
        label=_("Interquartile range at most"),
        min_value=0,
        help_text=_("For rules on the interquartile range."),
    )
    cv = forms.FloatField(
        label=_("Coefficient of variation at most"), min_value=0, help_text=_("For the rule on it.")
    )
    keep_stability = forms.BooleanField(label=_("Keep the protocol's stability rule"), required=False)

    def __init__(self, results: StudyResults, query) -> None:
        self.results = results
        self.questions = {question.key: question for question in usable_questions(results)}
        asked = "preset" in query
        super().__init__(query if asked else first_values(results, self.questions))
        self.fields["round"].choices = [(c.round.number, str(c.round)) for c in results.computations]
        self.fields["question"].choices = [(key, _name(q)) for key, q in self.questions.items()]
        if not has_stability_rule(results):
            del self.fields["keep_stability"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        question = self.questions.get(cleaned.get("question", ""))
        low, high = cleaned.get("low"), cleaned.get("high")
        if question is None or low is None or high is None:
            return cleaned
        if low > high:
            self.add_error("high", _("The band ends before it begins."))
        elif cleaned.get("preset") in SCALES_ONLY:
            self._clean_scale(question, cleaned)
        return cleaned

    def _clean_scale(self, question: Question, cleaned: dict[str, Any]) -> None:
        if question.type != QuestionType.SCALE:
            self.add_error("preset", _("This rule is for rating scales."))
        elif cleaned["preset"] != Preset.RAND_UCLA and mirrored(question, self.settings) is None:
            self.add_error("low", _("The band and its mirror image at the other end overlap."))

    @property
    def settings(self) -> Settings:
        named = ("preset", "low", "high", "iqr", "cv")
        share = self.cleaned_data.get("threshold") or 0
        return Settings(threshold=share / 100, **{name: self.cleaned_data.get(name) or 0 for name in named})

    @property
    def keeps_stability(self) -> bool:
        return bool(self.cleaned_data.get("keep_stability"))

    @property
    def computation(self) -> Computation:
        number = self.cleaned_data["round"]
        return next(c for c in self.results.computations if c.round.number == number)

    @property
    def asked_question(self) -> Question:
        return self.questions[self.cleaned_data["question"]]


def _name(question: Question) -> str:
    return str(question.get_role_display() if question.role else question)


def first_values(results: StudyResults, questions: dict[str, Question]) -> dict[str, Any]:
    """Before anything is asked: the latest round by the share that the protocol asks for, or a usual one."""
    question = next(iter(questions.values()))
    low, high, share = _protocol_share(results, question) or (*_top_third(question), 0.75)
    number = results.computations[-1].round.number
    return {
        "round": number,
        "question": question.key,
        "preset": Preset.COMET if question.type == QuestionType.SCALE else Preset.IQR,
        "low": f"{low:g}",
        "high": f"{high:g}",
        "threshold": f"{100 * share:g}",
        "iqr": f"{_usual_iqr(question):g}",
        "cv": "0.25",
        "keep_stability": "on" if number > 1 else "",
    }


def _protocol_share(results: StudyResults, question: Question) -> tuple[float, float, float] | None:
    for criterion in results.study.criteria.all():
        rule = criterion.expression
        inwards = criterion.kind == CriterionKind.CONSENSUS_IN and criterion.question_id == question.pk
        if inwards and rule.get("kind") == "share":
            return min(rule["band"]), max(rule["band"]), rule["threshold"]
    return None


def _top_third(question: Question) -> tuple[float, float]:
    low, high = kind_of(question).bounds(question)
    low, high = (0 if low is None else low), (100 if high is None else high)
    return float(round(low + TOP_THIRD * (high - low + 1))), float(high)


def _usual_iqr(question: Question) -> float:
    """A quarter of the scale, rounded: 2 on a scale from 1 to 9, 1 on one from 1 to 5."""
    low, high = kind_of(question).bounds(question)
    return 25.0 if low is None or high is None else max(1.0, round((high - low) / 4))

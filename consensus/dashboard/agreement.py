"""Agreement among raters, question by question: coefficients that correct for chance beside those that do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consensus.charts.bins import short
from consensus.dashboard.words import reason_words
from consensus.models import Computation
from consensus.selectors.results import StudyResults, panel_results_of
from consensus.verdicts.words import whole_percent
from surveys.enums import BASIS_ROLES, QuestionRole
from surveys.models import Question

COEFFICIENTS = ("percent_agreement", "ac1", "ac2", "alpha", "fleiss_kappa")
HIGH_AGREEMENT, COLLAPSED = 0.8, 0.4
STRONG, TENTATIVE = 0.8, 0.667  # Krippendorff's usual cuts


@dataclass(frozen=True)
class Agreement:
    """The coefficients of one question after one round; what was not computed is not in `figures`."""

    question: Question
    figures: dict[str, dict[str, Any]]

    def value(self, name: str) -> float | None:
        return (self.figures.get(name) or {}).get("value")

    @property
    def cells(self) -> list[tuple[float | None, str]]:
        """Value and, where there is none, why."""
        return [(self.value(name), self._why_not(name)) for name in COEFFICIENTS]

    def _why_not(self, name: str) -> str:
        if name not in self.figures:
            return ""  # the kind of question has no such coefficient
        return reason_words(self.figures[name].get("undefined_reason"))

    @property
    def is_unanimous(self) -> bool:
        return self.value("percent_agreement") == 1

    @property
    def collapsed(self) -> bool:
        """Nearly everybody agrees, and alpha does not show it."""
        plain = max((v for name in COEFFICIENTS[:3] if (v := self.value(name)) is not None), default=0.0)
        alpha = self.value("alpha")
        return not self.is_unanimous and alpha is not None and plain >= HIGH_AGREEMENT and alpha < COLLAPSED

    @property
    def sentence(self) -> str:
        alpha = self.value("alpha")
        if self.is_unanimous:
            return _("Everybody gave the same answer to each entry.")
        if self.collapsed:
            return self._collapse(alpha or 0.0)
        if alpha is None:
            return ""
        said = {"alpha": short(alpha)}
        if alpha >= STRONG:
            return _("Alpha %(alpha)s: the answers tell the entries apart in much the same way.") % said
        if alpha >= TENTATIVE:
            return _("Alpha %(alpha)s: enough for tentative conclusions.") % said
        return (
            _(
                "Alpha %(alpha)s, below the usual floor of 0.667: experts differ much beside what sets entries apart."
            )
            % said
        )

    def _collapse(self, alpha: float) -> str:
        share = self.value("percent_agreement")
        ac = self.value("ac2") if self.value("ac2") is not None else self.value("ac1")
        return _(
            "%(share)s of pairs agree exactly and AC is %(ac)s, yet alpha is only %(alpha)s: nearly all answers are"
            " alike, so there is little left by which chance could be told from agreement, and a few other answers"
            " weigh heavily. This is near unanimity, not discord."
        ) % {
            "share": whole_percent(share) if share is not None else "–",
            "ac": short(ac) if ac is not None else "–",
            "alpha": short(alpha),
        }


def agreements(results: StudyResults, computation: Computation) -> list[Agreement]:
    """Of every question that a coefficient was computed for; familiarity is no opinion about a technology."""
    skipped = {QuestionRole.FAMILIARITY, *BASIS_ROLES}
    questions = [question for question in results.per_technology if question.role not in skipped]
    stored = panel_results_of(results.study, [computation], questions)
    found = [Agreement(question, stored.get((computation.pk, question.pk), {})) for question in questions]
    return [row for row in found if any(name in row.figures for name in COEFFICIENTS)]

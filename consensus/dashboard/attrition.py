"""Attrition on a page: response, who left, and whether the verdicts hang on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consensus.dashboard.asked import Asked, chosen_round
from consensus.models import Computation
from consensus.selectors.results import StudyResults
from consensus.selectors.supplements import attrition_of
from surveys.enums import VerdictKind
from surveys.models import Question, Technology


@dataclass(frozen=True)
class Compared:
    """Drop-outs and completers on one technology, in the earlier round."""

    technology: Technology
    figures: dict[str, Any]
    is_flagged: bool


@dataclass(frozen=True)
class VerdictPair:
    """`official` is what the protocol's rules said; `completers` a what-if beside it."""

    technology: Technology
    official: str
    completers: str
    figures: dict[str, int]

    @property
    def differs(self) -> bool:
        return self.official != self.completers

    @property
    def labels(self) -> tuple[str, str]:
        return str(VerdictKind(self.official).label), str(VerdictKind(self.completers).label)


class Attrition:
    """What may be shown of the step from one round to the next."""

    def __init__(self, results: StudyResults, asked: Asked, *, of_groups: bool = False):
        self.results, self.asked = results, asked
        self.later = results.computations[1:]
        self.computation: Computation | None = chosen_round(results, asked, self.later)
        computation = self.computation
        self.figures = attrition_of(results, computation, of_groups=of_groups) if computation else None
        self.by_key = {technology.key: technology for technology in results.technologies.values()}

    @property
    def response(self) -> list[tuple[str, dict[str, int]]]:
        """The panel's row (name empty) and those of the groups that may be shown."""
        found = self.figures["response"] if self.figures else None
        if not found:
            return []
        rows = [(str(group), found["groups"].get(group.key)) for group in self.results.groups]
        return [("", found), *((name, row) for name, row in rows if row)]

    @property
    def together(self) -> list[tuple[Question, dict[str, Any]]]:
        return [
            (question, part["together"])
            for question in self.results.ordered
            if (part := self._part(question)) and part["together"]
        ]

    @property
    def items(self) -> list[Compared]:
        part = self._part(self.asked.question)
        alpha = self.figures["alpha"] if self.figures else 0.0
        found = [
            Compared(self.by_key[key], row, row["p_adjusted"] is not None and row["p_adjusted"] < alpha)
            for key, row in (part or {}).get("items", {}).items()
            if key in self.by_key
        ]
        return sorted(found, key=lambda row: (row.technology.position, row.technology.pk))

    @property
    def withheld(self) -> int:
        return (self._part(self.asked.question) or {}).get("withheld", 0)

    def _part(self, question: Question | None) -> dict[str, Any] | None:
        return self.figures["questions"].get(question.key) if self.figures and question else None

    @property
    def now(self) -> list[VerdictPair]:
        """Verdicts of the later round; the official ones are those that are stored."""
        verdicts = self.results.verdicts[self.computation.pk] if self.computation else {}
        found = [
            VerdictPair(technology, verdicts[technology.pk].verdict, row["completers"], row)
            for key, row in (self.figures or {}).get("verdicts", {}).get("now", {}).items()
            if (technology := self.by_key.get(key)) and technology.pk in verdicts
        ]
        return sorted(found, key=lambda pair: (not pair.differs, pair.technology.position))

    @property
    def before(self) -> list[VerdictPair]:
        """The consensus rule alone, in the earlier round: there is no stability to test it against."""
        found = [
            VerdictPair(self.by_key[key], row["everyone"], row["completers"], row)
            for key, row in (self.figures or {}).get("verdicts", {}).get("before", {}).items()
            if key in self.by_key
        ]
        return sorted(found, key=lambda pair: (not pair.differs, pair.technology.position))

    @property
    def everyone_stayed(self) -> bool:
        """Nobody in the later round had been missing before: both verdicts are of the same people."""
        return all(pair.figures["n_everyone"] == pair.figures["n_completers"] for pair in self.now)

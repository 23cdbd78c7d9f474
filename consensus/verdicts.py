"""What the protocol's criteria say of each technology after a round, with the figures that led to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from consensus import stats
from consensus.analysis import Analysis
from consensus.battery import CONFIDENCE
from consensus.panel import movements
from consensus.tables import ItemTable
from surveys.enums import CriterionKind, VerdictKind

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    # A share of exactly 75 % passes ">= 75 %" whatever its binary fraction.
    ">=": lambda measured, needed: measured >= needed - 1e-12,
    ">": lambda measured, needed: measured > needed + 1e-12,
    "<=": lambda measured, needed: measured <= needed + 1e-12,
    "<": lambda measured, needed: measured < needed - 1e-12,
}


@dataclass(frozen=True)
class Found:
    verdict: str
    is_stable: bool | None
    figures: list[dict[str, Any]] = field(default_factory=list)


class QuestionFacts:
    """What tests can ask about one question, for all technologies of the round."""

    def __init__(self, analysis: Analysis, question):
        self.analysis, self.question = analysis, question
        self.size = len(analysis.frame.technologies)
        self.tables: list[ItemTable] = list(analysis.tables(question))

    @cached_property
    def n(self) -> np.ndarray:
        return np.concatenate([table.n[0] for table in self.tables]) if self.tables else np.zeros(0)

    @cached_property
    def described(self) -> list[stats.Result]:
        quantile_type = self.analysis.frame.study.quantile_type
        return [
            found
            for table in self.tables
            for found in stats.describe(table.tally(), quantile_type=quantile_type).items()
        ]

    @cached_property
    def moved(self) -> dict[int, dict[str, Any]]:
        rows = self.analysis.pairs.get(self.question.pk)
        if rows is None:
            return {}
        once = self.analysis.answered_once(self.question)
        quantile_type = self.analysis.frame.study.quantile_type
        return {place: row for place, _n, row in movements(self.question, rows, once, None, quantile_type)}

    def shares(self, low: float, high: float) -> list[dict[str, Any]]:
        found = []
        for table in self.tables:
            tally = table.tally()
            band = tally.values[(tally.values >= low) & (tally.values <= high)].tolist()
            share = stats.agreement_share(tally, band, conf=CONFIDENCE)
            found += [share.item(place).as_dict() for place in range(table.size)]
        return found


def verdicts_of(analysis: Analysis) -> list[Found]:
    """One verdict per technology. The two gates stay apart: consensus by its rules, stability by its own."""
    frame = analysis.frame
    facts: dict[int, QuestionFacts] = {}
    for criterion in frame.criteria.values():
        facts.setdefault(criterion.question_id, QuestionFacts(analysis, criterion.question))
    return [_verdict(frame, facts, place) for place in range(len(frame.technologies))]


def _verdict(frame, facts: dict[int, QuestionFacts], place: int) -> Found:
    results, figures = {}, []
    for kind in CriterionKind:
        criterion = frame.criteria.get(kind)
        if criterion is None:
            continue
        tests: list[dict[str, Any]] = []
        results[kind] = _holds(criterion.expression, facts[criterion.question_id], place, tests)
        figures += [{"criterion": kind.value, "question": criterion.question.key} | test for test in tests]
    stable = results.get(CriterionKind.STABILITY)
    return Found(_word(frame, facts, place, results, stable), stable, figures)


def _word(frame, facts, place: int, results: dict, stable: bool | None) -> str:
    if any(entry.n[place] < frame.study.minimum_answers for entry in facts.values()):
        return VerdictKind.TOO_FEW
    if results.get(CriterionKind.CONSENSUS_IN):
        return VerdictKind.CONSENSUS_IN
    if results.get(CriterionKind.CONSENSUS_OUT):
        return VerdictKind.CONSENSUS_OUT
    return VerdictKind.STABLE_DISAGREEMENT if stable else VerdictKind.OPEN


def _holds(node: dict, facts: QuestionFacts, place: int, tests: list[dict]) -> bool | None:
    """True, False, or None where the figure is undefined (no earlier round, no answers)."""
    test = _measure(node, facts, place)
    measured = test["measured"]
    test["passed"] = None if measured is None else _COMPARE[node["op"]](measured, node["threshold"])
    tests.append(test)
    return test["passed"]


def _measure(node: dict, facts: QuestionFacts, place: int) -> dict[str, Any]:
    base = {"kind": node["kind"], "op": node["op"], "needed": node["threshold"], "n": int(facts.n[place])}
    if node["kind"] == "share":
        share = facts.shares(*node["band"])[place]
        return base | {
            "band": node["band"],
            "measured": share["value"],
            "ci_low": share["ci_low"],
            "ci_high": share["ci_high"],
        }
    if node["kind"] == "net_change":
        moved = facts.moved.get(place)
        return base | {"measured": moved["net_change"]["value"] if moved else None}
    return base | {"measured": getattr(facts.described[place], node["kind"])}

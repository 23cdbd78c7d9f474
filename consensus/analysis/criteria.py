"""The protocol's criteria: which answers count as agreement, and which tests a rule is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from consensus.analysis.battery import Band
from consensus.counting.frame import Frame
from surveys.enums import CriterionKind, QuestionType
from surveys.question_types import kind_of


def leaves(expression: Any) -> Iterator[dict[str, Any]]:
    """The single tests of an expression tree, in order."""
    if isinstance(expression, list):
        for part in expression:
            yield from leaves(part)
    elif isinstance(expression, dict):
        if "kind" in expression:
            yield expression
        for part in expression.values():
            if isinstance(part, list | dict):
                yield from leaves(part)


def named(expression: Any, question: str) -> Any:
    """The expression with the question's key in every test that names none."""
    if isinstance(expression, list):
        return [named(part, question) for part in expression]
    if not isinstance(expression, dict):
        return expression
    if "kind" in expression:
        return {"question": question} | {key: part for key, part in expression.items() if part is not None}
    return {key: named(part, question) for key, part in expression.items()}


def agreement_band(frame: Frame) -> tuple[Any, Band] | None:
    """(question, band) of the share that makes consensus in."""
    criterion = frame.criteria.get(CriterionKind.CONSENSUS_IN)
    if criterion is None:
        return None
    for test in leaves(criterion.expression):
        if test["kind"] == "share" and "band" in test:
            low, high = test["band"]
            return criterion.question, Band(float(low), float(high), "criterion")
    return None


def band_of(frame: Frame, question) -> Band | None:
    """The protocol's band for its own question; the same band for other questions on the same rating scale."""
    found = agreement_band(frame)
    if found is None:
        return None
    ruled, band = found
    if ruled.pk == question.pk:
        return band
    both_scales = ruled.type == question.type == QuestionType.SCALE
    if both_scales and kind_of(ruled).bounds(ruled) == kind_of(question).bounds(question):
        return Band(band.low, band.high, "same scale") if question != frame.familiarity else None
    return None

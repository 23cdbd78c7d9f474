"""The protocol's criteria: which answers count as agreement, and which tests a rule is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from consensus.analysis.battery import Band
from consensus.counting.frame import Frame
from consensus.stats import stability
from consensus.stats.shares import COMET_BANDS
from consensus.stats.stability import Stability
from surveys.enums import CriterionKind, QuestionType
from surveys.question_types import kind_of

Bands: TypeAlias = list[tuple[str, Sequence[float]]]


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


def band_of(frame: Frame, question) -> Band | None:
    """The protocol's band of the share that makes consensus in, for the question that its test asks about; the same
    band for other questions on the same rating scale.
    """
    return _band_for(frame, question, _shares(frame, CriterionKind.CONSENSUS_IN))


def moved_band(frame: Frame, question) -> Band | None:
    """The band that members entered or left (McNemar's test): that of the rule for consensus in, else of that for
    consensus out. Each by its ends: both together would hide who went from one end of the scale to the other.
    """
    for kind, end in ((CriterionKind.CONSENSUS_IN, "high"), (CriterionKind.CONSENSUS_OUT, "low")):
        band = _band_for(frame, question, [*_shares(frame, kind), *_comets(frame, kind, end)])
        if band is not None:
            return band
    return None


def moved_between(
    tables: np.ndarray, values: np.ndarray, band: Band | None, *, quantile_type: int, missing: np.ndarray
) -> Stability:
    """How answers moved (technologies x earlier x later): for stability rules and the page of movements alike."""
    return stability(
        tables,
        values,
        categories=band.of(values) if band else None,
        quantile_type=quantile_type,
        missing=missing,
    )


def _shares(frame: Frame, kind: str) -> Bands:
    """(question key, band) of every share that the rule tests, in order."""
    return [(key, leaf["band"]) for key, leaf in _tests(frame, kind) if leaf["kind"] == "share"]


def _comets(frame: Frame, kind: str, end: str) -> Bands:
    return [
        (key, leaf.get(end, COMET_BANDS[end])) for key, leaf in _tests(frame, kind) if leaf["kind"] == "comet"
    ]


def _tests(frame: Frame, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    criterion = frame.criteria.get(kind)
    if criterion is not None:
        for leaf in leaves(criterion.expression):
            yield leaf.get("question") or criterion.question.key, leaf


def _band_for(frame: Frame, question, bands: Bands) -> Band | None:
    own = [band for key, band in bands if key == question.key]
    if own:
        return _from_end_to_end(own[0], "criterion")
    if not bands or question == frame.familiarity:
        return None
    key, band = bands[0]
    ruled = next((one for one in frame.questions if one.key == key), None)
    return _from_end_to_end(band, "same scale") if ruled and _same_scale(ruled, question) else None


def _same_scale(ruled, question) -> bool:
    both_scales = ruled.type == question.type == QuestionType.SCALE
    return both_scales and kind_of(ruled).bounds(ruled) == kind_of(question).bounds(question)


def _from_end_to_end(band: Sequence[float], source: str) -> Band:
    return Band(float(min(band)), float(max(band)), source)

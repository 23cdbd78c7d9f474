"""Answers to the questions that surveys asks of whoever computes results."""

from __future__ import annotations

from collections.abc import Iterable

from consensus.enums import ComputationStatus
from consensus.models import FrozenFeedback, Verdict
from surveys.enums import FINAL_VERDICTS
from surveys.hooks import MiddleHalves, Positions
from surveys.models import Question


def decided_technologies(study_id: int) -> set[int]:
    """Technologies whose latest verdict is final."""
    rows = Verdict.objects.filter(
        computation__status=ComputationStatus.CURRENT, computation__round__study_id=study_id
    ).order_by("computation__round__number")
    latest = dict(rows.values_list("technology_id", "verdict"))
    return {technology_id for technology_id, verdict in latest.items() if verdict in FINAL_VERDICTS}


def middle_halves(round_id: int, technology_ids: Iterable[int]) -> MiddleHalves:
    """Quartiles as frozen after the round; nothing where the protocol did not show them."""
    keys = dict(Question.objects.filter(study__rounds=round_id).values_list("key", "pk"))
    frozen = FrozenFeedback.objects.filter(round_id=round_id, technology_id__in=list(technology_ids))
    return {
        (technology_id, keys[key]): (figures["q1"], figures["q3"])
        for technology_id, payload in frozen.values_list("technology_id", "payload")
        for key, figures in payload["questions"].items()
        if key in keys and figures.get("q1") is not None and figures.get("q3") is not None
    }


def group_positions(round_ids: Iterable[int], technology_ids: Iterable[int]) -> Positions:
    """Quartiles and median as frozen after each of these rounds of one study; nothing where they were not shown."""
    rounds, asked = list(round_ids), list(technology_ids)
    keys = dict(Question.objects.filter(study__rounds__in=rounds).values_list("key", "pk"))
    frozen = FrozenFeedback.objects.filter(round_id__in=rounds, technology_id__in=asked)
    found: Positions = {}
    for round_id, technology_id, payload in frozen.values_list("round_id", "technology_id", "payload"):
        for key, figures in payload["questions"].items():
            three = tuple(figures.get(name) for name in ("q1", "median", "q3"))
            if key in keys and None not in three:
                found[round_id, technology_id, keys[key]] = three
    return found


def verdicts_after(round_id: int) -> dict[int, str]:
    rows = Verdict.objects.filter(
        computation__status=ComputationStatus.CURRENT, computation__round_id=round_id
    )
    return dict(rows.values_list("technology_id", "verdict"))

"""What of composite figures is frozen for the panel: as much as the protocol's policies let everybody see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consensus.composite.guard import FROZEN_WITH, STATISTIC, composite_shown
from consensus.models import Computation, ItemResult
from surveys.models import Study
from surveys.question_types import kind_of

Json = dict[str, Any]
ALWAYS = ("part", "places", "total", "points", "options")
AVERAGES = ("median", "q1", "q3", "mean", "order", "win_shares", "mean_chosen")
COUNTS = ("k", "n", "share", "share_low", "share_high", "first", "equal", "second", "counts", "cloud")


def composite_statistics(computation: Computation, questions: Iterable) -> dict[tuple[int, int], Json]:
    """Figures of the panel by technology and question; no query where nothing composite was asked."""
    asked = [question for question in questions if "parts" in kind_of(question).parts]
    if not asked:
        return {}
    rows = ItemResult.objects.filter(
        computation=computation, question__in=asked, group=None, technology__isnull=False
    )
    found = rows.values_list("technology_id", "question_id", "statistics").iterator()
    return {(technology, question): each.get(STATISTIC) or {} for technology, question, each in found}


def composite_payload(found: Json | None, study: Study) -> Json:
    """The frozen part of a question's feedback; empty where the protocol shows neither kind of figure."""
    names = (*(AVERAGES if study.feedback_median else ()), *(COUNTS if study.feedback_distribution else ()))
    if not found or not names:
        return {}
    kept = {*ALWAYS, *names}
    found = composite_shown(found, study.minimum_group)
    return {
        STATISTIC: {
            "type": found["type"],
            FROZEN_WITH: study.minimum_group,
            "parts": [_only(part, kept) for part in found["parts"]],
            "whole": _whole(found["whole"], kept, study),
        }
    }


def _only(entry: Json, names: set[str]) -> Json:
    return {key: value for key, value in entry.items() if key in names}


def _whole(whole: Json, kept: set[str], study: Study) -> Json:
    found = _only(whole, kept)
    if study.feedback_median:
        if concordance := whole.get("kendall_w"):
            found["kendall_w"] = concordance.get("value")
        found |= {side: _only(whole[side], kept) for side in ("all", "yes", "no") if side in whole}
    return found

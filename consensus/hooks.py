"""Answers to the questions that surveys asks of whoever computes results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.urls import reverse

from consensus.enums import ComputationStatus
from consensus.frozen_payload import as_text, read
from consensus.models import FrozenFeedback, ItemResult, Verdict
from foundation.prepared import Prepared
from surveys.enums import FINAL_VERDICTS, VerdictKind
from surveys.hooks import CannotJudge, Decided, MiddleHalves, Outcome, Positions
from surveys.models import Question, Round


def latest_verdicts(study_id: int) -> dict[int, str]:
    """The latest verdict of each technology that has one."""
    rows = Verdict.objects.filter(
        computation__status=ComputationStatus.CURRENT, computation__round__study_id=study_id
    ).order_by("computation__round__number")
    return dict(rows.values_list("technology_id", "verdict"))


def decided_technologies(study_id: int) -> set[int]:
    """Technologies whose latest verdict is final."""
    latest = latest_verdicts(study_id)
    return {technology_id for technology_id, verdict in latest.items() if verdict in FINAL_VERDICTS}


def middle_halves(
    round_id: int, technology_ids: Iterable[int], keys: dict[str, int] | None = None
) -> MiddleHalves:
    """Quartiles as frozen after the round; nothing where the protocol did not show them.

    `keys` are the ids of the study's questions by key, where the caller has read them already.
    """
    keys = keys or dict(Question.objects.filter(study__rounds=round_id).values_list("key", "pk"))
    return {
        (technology_id, keys[key]): (figures["q1"], figures["q3"])
        for technology_id, payload in _FROZEN.all(round=round_id, technologies=list(technology_ids))
        for key, figures in read(payload)["questions"].items()
        if key in keys and figures.get("q1") is not None and figures.get("q3") is not None
    }


_FROZEN = Prepared(
    lambda round, technologies: (
        as_text(FrozenFeedback.objects.filter(round=round, technology__pk__in=technologies))
        .values_list("technology_id", "payload_text")
        .order_by()
    )
)


def group_positions(round_ids: Iterable[int], technology_ids: Iterable[int]) -> Positions:
    """Quartiles and median as frozen after each of these rounds of one study; nothing where they were not shown."""
    rounds, asked = list(round_ids), list(technology_ids)
    keys = dict(Question.objects.filter(study__rounds__in=rounds).values_list("key", "pk"))
    frozen = FrozenFeedback.objects.filter(round_id__in=rounds, technology_id__in=asked)
    found: Positions = {}
    wanted = frozen.values_list("round_id", "technology_id", "payload__questions")
    for round_id, technology_id, questions in wanted:
        for key, figures in questions.items():
            three = tuple(figures.get(name) for name in ("q1", "median", "q3"))
            if key in keys and None not in three:
                found[round_id, technology_id, keys[key]] = three
    return found


def verdicts_after(round_id: int) -> dict[int, str]:
    """As frozen after the round; nothing where the protocol did not show them."""
    rows = FrozenFeedback.objects.filter(round_id=round_id).values_list("technology_id", "payload__verdict")
    return {technology_id: verdict for technology_id, verdict in rows if verdict}


def decided_results(round_id: int, technology_ids: Iterable[int]) -> dict[int, Decided]:
    """Final verdicts as frozen before this round; nothing where the protocol did not show them."""
    number = Round.objects.filter(pk=round_id).values("number")
    rows = FrozenFeedback.objects.filter(
        technology_id__in=list(technology_ids), round__number__lt=number, round__study__rounds=round_id
    ).order_by("round__number")
    latest = {
        technology_id: (verdict or "", number)
        for technology_id, verdict, number in rows.values_list(
            "technology_id", "payload__verdict", "round__number"
        )
    }
    return {
        technology_id: Decided(verdict, number)
        for technology_id, (verdict, number) in latest.items()
        if verdict in FINAL_VERDICTS
    }


def outcome_of(round: Round) -> Outcome:
    """Where the round's results are read, and its verdicts counted."""
    verdicts = Verdict.objects.filter(computation__status=ComputationStatus.CURRENT, computation__round=round)
    counted = Counter(verdicts.values_list("verdict", flat=True))
    shown = {str(kind): counted[kind] for kind in VerdictKind if counted[kind]}
    return Outcome(reverse("results:overview", args=[round.study.code]), shown)


def cannot_judge_counts(study_id: int) -> dict[tuple[int, int], CannotJudge]:
    """Of the latest results of each technology: who could not judge, of all who answered."""
    rows = ItemResult.objects.filter(
        computation__status=ComputationStatus.CURRENT,
        computation__round__study_id=study_id,
        group=None,
        technology__isnull=False,
    ).order_by("computation__round__number")
    wanted = rows.values_list("technology_id", "question_id", "n", "n_cannot_judge")
    return {
        (technology_id, question_id): CannotJudge(cannot, n + cannot)
        for technology_id, question_id, n, cannot in wanted
    }

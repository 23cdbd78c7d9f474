"""Feedback, frozen: what the group's answers looked like at the end of a round, as the next round shows it.

Written once by the first computation after the closing. A recomputation, a late withdrawal or a changed policy
never touches it. Reasons are moderated after the closing, so they are frozen when the next round opens.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from consensus.composite.frozen import composite_payload, composite_statistics
from consensus.frame import Frame
from consensus.models import Computation, FrozenFeedback, ItemResult
from consensus.suppress import shown_groups
from experts.enums import MemberStatus
from foundation.services.audit import canonical_json, sha256
from surveys.enums import Moderation
from surveys.models import Reason, Round, Study

_COLUMNS = (
    "technology_id", "question_id", "group_id", "n", "n_cannot_judge", "values", "counts", "specials",
    "median", "q1", "q3", "share",
)  # fmt: skip
_FIGURES = ("median", "q1", "q3")


def payload_hash(payload: dict) -> str:
    return sha256(canonical_json(payload))


def freeze_feedback(*, computation: Computation, frame: Frame) -> int:
    """One row per technology of the round that has none yet. Returns how many were written."""
    if FrozenFeedback.objects.filter(round=frame.round).exists():
        return 0
    shown = {question.pk: question for question in frame.questions if question.show_feedback}
    results = ItemResult.objects.filter(
        computation=computation, question__in=shown, technology__isnull=False
    ).values(*_COLUMNS)
    composite = composite_statistics(computation, shown.values())
    by_technology: dict[int, dict[int, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for row in results.iterator():
        if row["group_id"] is None:
            row["composite"] = composite.get((row["technology_id"], row["question_id"]))
        by_technology[row["technology_id"]][row["question_id"]].append(row)
    now = timezone.now()
    frozen = [
        _row(computation, frame, technology, _payload(frame, shown, by_technology[technology.pk]), now)
        for technology in frame.technologies
    ]
    FrozenFeedback.objects.bulk_create(frozen, batch_size=500, ignore_conflicts=True)
    return len(frozen)


def _row(computation: Computation, frame: Frame, technology, payload: dict, now) -> FrozenFeedback:
    return FrozenFeedback(
        round=frame.round,
        technology=technology,
        computation=computation,
        payload=payload,
        hash=payload_hash(payload),
        frozen_at=now,
    )


def _payload(frame: Frame, shown: dict, by_question: dict[int, list[dict]]) -> dict:
    questions = {
        question.key: _question_payload(frame, by_question[pk])
        for pk, question in shown.items()
        if pk in by_question
    }
    return {"round": frame.round.number, "questions": questions}


def _question_payload(frame: Frame, rows: list[dict]) -> dict:
    """What the protocol lets experts see of one question; nothing else is kept in the row."""
    study = frame.study
    panel = next(row for row in rows if row["group_id"] is None)
    if panel["n"] < study.minimum_group:
        return {"too_few": True}
    payload = {"n": panel["n"], "n_cannot_judge": panel["n_cannot_judge"], "specials": panel["specials"]}
    if study.feedback_median:
        payload |= {name: panel[name] for name in _FIGURES}
        payload["share"] = panel["share"]
    if study.feedback_distribution:
        payload |= {"values": panel["values"], "counts": panel["counts"]}
    payload |= composite_payload(panel["composite"], study)
    if study.feedback_groups:
        payload["groups"] = _groups_payload(frame, panel["n"], rows)
    return payload


def _groups_payload(frame: Frame, total: int, rows: list[dict]) -> list[dict]:
    """Groups that are large enough, and whose absence from the list gives no small group away."""
    of_group = {row["group_id"]: row for row in rows if row["group_id"] is not None}
    sizes = {key: row["n"] for key, row in of_group.items()}
    kept = shown_groups(sizes, total, frame.study.minimum_group)
    figures = _FIGURES if frame.study.feedback_median else ()
    return [
        {"key": group.key, "name": dict(group.name), "n": sizes[group.pk]}
        | {name: of_group[group.pk][name] for name in figures}
        for group in frame.groups
        if group.pk in kept
    ]


@transaction.atomic
def freeze_reasons(*, round_id: int) -> int:
    """Put the reasons approved so far into the feedback that this round will show. Done once for each row."""
    round = Round.objects.select_related("study").get(pk=round_id)
    rows = [row for row in feedback_rows(round) if "reasons" not in row.payload]
    reasons = _reasons(round.study, round, [row.technology_id for row in rows])
    for row in rows:
        row.payload = row.payload | {"reasons": reasons[row.technology_id]}
        row.hash = payload_hash(row.payload)
    FrozenFeedback.objects.bulk_update(rows, ["payload", "hash"], batch_size=200)
    return len(rows)


def feedback_rows(round: Round, technology_ids: Iterable[int] | None = None) -> list[FrozenFeedback]:
    """For each technology the latest feedback from before this round."""
    rows = FrozenFeedback.objects.filter(round__study_id=round.study_id, round__number__lt=round.number)
    if technology_ids is not None:
        rows = rows.filter(technology_id__in=list(technology_ids))
    else:
        rows = rows.filter(technology__round_technologies__round=round)
    latest: dict[int, FrozenFeedback] = {}
    for row in rows.select_related("round").order_by("round__number"):
        latest[row.technology_id] = row
    return list(latest.values())


def _reasons(study: Study, round: Round, technology_ids: list[int]) -> dict[int, list[dict]]:
    """Approved texts by technology: each member's latest, without author or time, in an order that says nothing."""
    found: dict[int, list[dict]] = defaultdict(list)
    if not study.feedback_reasons:
        return found
    approved = Reason.objects.filter(
        round__study=study,
        round__number__lt=round.number,
        technology_id__in=technology_ids,
        moderation=Moderation.APPROVED,
    ).exclude(member__status=MemberStatus.WITHDRAWN)
    latest = {(row.technology_id, row.member_id): row for row in approved.order_by("round__number")}
    for (technology_id, _member), reason in latest.items():
        if reason.text.strip():
            found[technology_id].append(
                {
                    "code": reason.code,
                    "text": reason.text,
                    "stance": reason.stance,
                    "language": reason.language,
                }
            )
    shuffle = random.SystemRandom().shuffle
    for texts in found.values():
        shuffle(texts)
    return found

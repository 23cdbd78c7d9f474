"""Feedback, frozen: what the group's answers looked like at the end of a round, as the next round shows it.

Written once by the first computation after the closing. A recomputation, a late withdrawal or a changed policy
never touches it. Reasons are moderated after the closing, so they are frozen when the next round opens: see
`consensus.services.frozen_reasons`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from consensus.composite.frozen import composite_payload, composite_statistics
from consensus.counting.frame import Frame
from consensus.frozen_payload import as_text, read
from consensus.models import Computation, FrozenFeedback, ItemResult, Verdict
from consensus.privacy.suppress import shown_groups
from consensus.services.frozen_reasons import drawn_reasons
from foundation.prepared import Prepared
from foundation.services.audit import canonical_json, sha256
from surveys.models import Round

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
    verdicts = _shown_verdicts(computation, frame)
    frozen = [
        _row(
            computation,
            frame,
            technology,
            _payload(frame, shown, by_technology[technology.pk]) | verdicts.get(technology.pk, {}),
            now,
        )
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


def _shown_verdicts(computation: Computation, frame: Frame) -> dict[int, dict[str, str]]:
    """A verdict tells what the group answered, so it is kept back where the protocol shows no figures."""
    if not (frame.study.feedback_median or frame.study.feedback_distribution):
        return {}
    rows = Verdict.objects.filter(computation=computation).values_list("technology_id", "verdict")
    return {technology_id: {"verdict": verdict} for technology_id, verdict in rows}


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
    reasons = drawn_reasons(round, {row.technology_id: row.round.number for row in rows})
    for row in rows:
        row.payload = row.payload | {"reasons": reasons[row.technology_id]}
        row.hash = payload_hash(row.payload)
    FrozenFeedback.objects.bulk_update(rows, ["payload", "hash"], batch_size=200)
    return len(rows)


def with_minimum(rows: QuerySet[FrozenFeedback]) -> QuerySet[FrozenFeedback]:
    """Each with the study's smallest group now: it may have been raised since the row was frozen."""
    return rows.annotate(minimum_now=F("round__study__minimum_group"))


def feedback_rows(round: Round, technology_ids: Iterable[int] | None = None) -> list[FrozenFeedback]:
    """For each technology the latest feedback from before this round."""
    return [history[-1] for history in feedback_history(round, technology_ids).values()]


def feedback_history(
    round: Round, technology_ids: Iterable[int] | None = None
) -> dict[int, list[FrozenFeedback]]:
    """For each technology all feedback from before this round, the latest last."""
    if technology_ids is not None:
        keys = list(technology_ids)
        rows = _HISTORY.all(study=round.study_id, number=round.number, technologies=keys)
    else:
        about = _before(round.study_id, round.number)
        rows = about.filter(technology__round_technologies__round=round)
    found: dict[int, list[FrozenFeedback]] = defaultdict(list)
    for row in rows:
        row.payload = read(row.payload_text)
        found[row.technology_id].append(row)
    return dict(found)


def _before(study, number) -> QuerySet[FrozenFeedback]:
    rows = FrozenFeedback.objects.filter(round__study=study, round__number__lt=number)
    return as_text(with_minimum(rows)).select_related("round").defer("payload").order_by("round__number")


_HISTORY = Prepared(
    lambda study, number, technologies: _before(study, number).filter(technology__pk__in=technologies)
)

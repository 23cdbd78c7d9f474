"""The job that runs when a round closes: statistics, verdicts, frozen feedback.

Everything is written under a `Computation` that nobody reads until it becomes the current one, in one transaction
at the end. A run that dies leaves its finished questions behind; the next run takes them up when the input is
still the same, and starts afresh when it is not.
"""

from __future__ import annotations

import hashlib
import platform

import numpy as np
import scipy
from django.db import connection, transaction
from django.utils import timezone

from consensus.analysis.battery import CONFIDENCE, DRAWN, ITEM_DRAWS
from consensus.analysis.panel import ADJUSTED_TESTS, BOOTSTRAP, P_ADJUSTMENT
from consensus.analysis.round import Analysis
from consensus.counting.expert_weights import familiarity_method
from consensus.counting.frame import COUNTED_STATUSES, Frame, frame_of
from consensus.enums import ComputationStatus
from consensus.models import Computation, Verdict
from consensus.services.feedback import freeze_feedback
from consensus.services.store import BATCH, ResultHash, store_items, store_movements, store_panel
from consensus.verdicts.judging import verdicts_of
from experts.enums import MemberStatus
from foundation.services.audit import canonical_json, record, sha256
from foundation.services.jobs import Progress
from surveys.enums import ParticipationStatus
from surveys.exceptions import WrongState
from surveys.models import Answer, Participation, Round
from surveys.services.rounds import mark_analysed

MOST_STARTS = 3


class InputChanged(Exception):
    """Somebody withdrew or was erased while the statistics were computed."""


def compute_round(*, round_id: int, progress: Progress | None = None) -> Computation:
    """Compute a closed round and make the result the current one."""
    round = Round.objects.select_related("study__panel").get(pk=round_id)
    if round.status not in COUNTED_STATUSES:
        raise WrongState
    for start in range(MOST_STARTS):
        try:
            return _compute(frame_of(round), progress)
        except InputChanged:
            if start + 1 == MOST_STARTS:
                raise
    raise AssertionError("unreachable")


def _compute(frame: Frame, progress: Progress | None) -> Computation:
    print_ = fingerprint(frame)
    computation = _resume_or_start(frame, print_)
    analysis = Analysis(frame, computation.seed)
    total = len(frame.questions) + 1
    for place, question in enumerate(frame.questions):
        if question.key not in computation.method["questions"]:
            _compute_question(computation, analysis, question, progress, place, total)
    _note(progress, len(frame.questions), total)
    return _finish(computation, analysis, print_)


def _note(progress: Progress | None, done: int, total: int) -> None:
    """Report and prove that this run still holds the job: a run that lost it must not write."""
    if progress is not None:
        progress.update(done, total, message=f"{done}/{total}")


def fingerprint(frame: Frame) -> str:
    """What the input depends on that can still change once a round is closed: the panel, erased answers."""
    members = frame.study.panel.members.order_by("pk").values_list("pk", "status", "group_id")
    rounds = [frame.round.pk] + ([frame.previous.pk] if frame.previous else [])
    answers = [Answer.objects.filter(round_id=pk).count() for pk in rounds]
    return sha256(canonical_json([list(members), rounds, answers, method_of(frame)]))


def method_of(frame: Frame) -> dict:
    """How the figures were made: enough for another analyst to make them again."""
    study = frame.study
    return {
        "quantile_type": study.quantile_type,
        "confidence": CONFIDENCE,
        "share_interval": "wilson",
        "median_interval": "order statistics",
        "mean_interval": "student t",
        "bootstrap_of": ["kendall_w"],
        "bootstrap_draws": BOOTSTRAP,
        "resampled_counts_of": DRAWN,
        "resampled_counts_draws": ITEM_DRAWS,
        "p_adjustment": {"method": P_ADJUSTMENT, "over": "technologies", "tests": list(ADJUSTED_TESTS)},
        "counted": "stored answers of members who did not withdraw, submitted or not",
        "familiarity_weights": familiarity_method(frame.familiarity) if frame.familiarity else None,
        "minimum_group": study.minimum_group,
        "minimum_answers": study.minimum_answers,
        "minimum_answers_of": "the whole panel, and every figure of a rule (groups, weights, pairs)",
        "coefficients_of": "technologies with no fewer answers than minimum_group",
        "protocol_hash": study.protocol_hash,
        "previous_round": frame.previous.number if frame.previous else None,
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
    }


def seed_of(frame: Frame) -> int:
    """The same round always draws the same numbers."""
    text = f"{frame.study.code}:{frame.round.number}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


@transaction.atomic
def _resume_or_start(frame: Frame, print_: str) -> Computation:
    left_behind = Computation.objects.filter(round=frame.round, status=ComputationStatus.RUNNING)
    for computation in left_behind:
        if computation.method.get("fingerprint") == print_:
            return computation
        computation.delete()
    return Computation.objects.create(
        round=frame.round,
        seed=seed_of(frame),
        method=method_of(frame) | {"fingerprint": print_, "questions": {}},
    )


@transaction.atomic
def _compute_question(computation, analysis: Analysis, question, progress, place: int, total: int) -> None:
    found, digest = analysis.question(question), ResultHash()
    store_items(computation, analysis.frame, question, found.items, digest)
    if found.panel is not None:
        store_panel(computation, question, found.panel, digest)
    store_movements(computation, analysis.frame, question, found.movements, digest)
    computation.method["questions"][question.key] = {
        "input": analysis.input_digest(question),
        "result": digest.hexdigest(),
    }
    computation.save(update_fields=["method"])
    _note(progress, place + 1, total)


@transaction.atomic
def _finish(computation: Computation, analysis: Analysis, print_: str) -> Computation:
    """Make the results current: all at once, and only if they are still about what is stored."""
    frame = analysis.frame
    round = _locked(frame.round)
    if fingerprint(frame) != print_:
        computation.delete()
        raise InputChanged
    result = _store_verdicts(computation, analysis)
    _describe(computation, frame, analysis, result)
    old = Computation.objects.filter(round=round, status=ComputationStatus.CURRENT)
    repeated = bool(old.update(status=ComputationStatus.SUPERSEDED))
    computation.status = ComputationStatus.CURRENT
    computation.save()
    freeze_feedback(computation=computation, frame=frame)
    mark_analysed(round_id=round.pk)
    record(
        stream=frame.study.stream,
        action="round.recomputed" if repeated else "round.computed",
        target=f"round {round.number}",
        detail={
            "computation": computation.code,
            "input": computation.input_hash,
            "result": computation.result_hash,
        },
    )
    return computation


def _locked(round: Round) -> Round:
    rounds = Round.objects.all()
    if connection.features.has_select_for_update:
        rounds = rounds.select_for_update()
    return rounds.get(pk=round.pk)


def _store_verdicts(computation: Computation, analysis: Analysis) -> str:
    digest, rows = ResultHash(), []
    for place, found in enumerate(verdicts_of(analysis)):
        technology = analysis.frame.technologies[place]
        digest.add(
            "verdict", technology.key, found.verdict, found.open_because, found.is_stable, found.figures
        )
        rows.append(
            Verdict(
                computation=computation,
                technology=technology,
                verdict=found.verdict,
                open_because=found.open_because,
                is_stable=found.is_stable,
                figures=found.figures,
            )
        )
    Verdict.objects.bulk_create(rows, batch_size=BATCH)
    return digest.hexdigest()


def _describe(computation: Computation, frame: Frame, analysis: Analysis, verdicts: str) -> None:
    parts = computation.method["questions"]
    axes = [[technology.key for technology in frame.technologies], [group.key for group in frame.groups]]
    bare = {key: entry for key, entry in method_of(frame).items() if key != "versions"}
    computation.input_hash = sha256(
        canonical_json([axes, bare, [parts[q.key]["input"] for q in frame.questions]])
    )
    computation.result_hash = sha256(
        canonical_json([[parts[q.key]["result"] for q in frame.questions], verdicts])
    )
    present = Participation.objects.filter(round=frame.round).exclude(member__status=MemberStatus.WITHDRAWN)
    computation.n_members = present.count()
    computation.n_participants = present.exclude(status=ParticipationStatus.NOT_STARTED).count()
    computation.n_answers = analysis.n_answers
    computation.finished_at = timezone.now()

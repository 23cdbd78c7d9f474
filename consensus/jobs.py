"""Kinds of background work of this app. Registered when the app is ready."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consensus.counting.frame import COUNTED_STATUSES
from consensus.selectors.supplements import without_supplements
from consensus.services.compute import compute_round
from consensus.services.exports import EXPORT, write_export
from consensus.services.supplements import write_supplements
from experts.enums import Capability
from experts.permissions import require
from foundation.models import Job
from foundation.services.audit import record
from foundation.services.jobs import Progress, job_kind, request_job
from surveys.enums import RoundStatus
from surveys.exceptions import WrongState
from surveys.models import Round, Study

COMPUTE_ROUND = "consensus.compute_round"
SUPPLEMENTS = "consensus.supplements"
RETRY_AFTER = timedelta(minutes=10)


@job_kind(COMPUTE_ROUND, _("Statistics of a round"))
def run_compute_round(progress: Progress) -> dict:
    computation = compute_round(round_id=progress.params["round_id"], progress=progress)
    write_supplements(computation_id=computation.pk)
    return {"computation": computation.code, "result_hash": computation.result_hash}


def request_computation(*, round_id: int, actor=None):
    """Ask for the statistics of a round. While a run is under way, the same job is returned."""
    round = Round.objects.select_related("study").get(pk=round_id)
    return request_job(
        kind=COMPUTE_ROUND,
        params={"round_id": round_id},
        label=str(round.number),
        stream=round.study.stream,
        dedupe_key=f"round:{round_id}",
        actor=actor,
    )


@transaction.atomic
def compute_again(*, round: Round, actor) -> Job:
    """Ask anew for the results of a round: after a failure, or after somebody left. Frozen feedback stays."""
    require(actor, round.study.panel, Capability.RUN_ROUNDS)
    if round.status not in COUNTED_STATUSES:
        raise WrongState(_("Only a closed round has results."))
    job = request_computation(round_id=round.pk, actor=actor)
    record(
        stream=round.study.stream,
        action="round.computation_requested",
        actor=actor,
        target=f"round {round.number}",
        detail={"job": job.code},
    )
    return job


def computation_job(round: Round) -> Job | None:
    """The latest run of the round's statistics."""
    return Job.objects.filter(kind=COMPUTE_ROUND, dedupe_key=f"round:{round.pk}").first()


def compute_again_url(round: Round) -> str:
    return reverse("consensus:compute_again", args=[round.study.code, round.number])


@job_kind(SUPPLEMENTS, _("Expert indicators and attrition of a round"))
def run_supplements(progress: Progress) -> dict:
    written = write_supplements(computation_id=progress.params["computation_id"], progress=progress)
    return {row.kind: row.result_hash for row in written}


def request_supplements(*, study: Study, actor) -> list[Job]:
    """Ask for the figures beside the statistics of every analysed round that lacks them."""
    require(actor, study.panel, Capability.EXPORT)
    return [
        request_job(
            kind=SUPPLEMENTS,
            params={"computation_id": computation.pk},
            label=str(computation.round.number),
            stream=study.stream,
            dedupe_key=f"computation:{computation.pk}",
            actor=actor,
        )
        for computation in without_supplements(study)
    ]


@job_kind(EXPORT, _("Export"))
def run_export(progress: Progress) -> dict:
    export = write_export(export_id=progress.params["export_id"], progress=progress)
    return {"export": export.code, "sha256": export.sha256} if export else {}


def request_missing_computations() -> int:
    """Closed rounds that nobody is computing: the process that closed them ended before it could ask."""
    waiting = Round.objects.filter(status=RoundStatus.CLOSED)
    asked = Job.objects.filter(kind=COMPUTE_ROUND, created_at__gte=timezone.now() - RETRY_AFTER)
    known = {params["round_id"] for params in asked.values_list("params", flat=True)}
    missing = [pk for pk in waiting.values_list("pk", flat=True) if pk not in known]
    for round_id in missing:
        request_computation(round_id=round_id)
    return len(missing)

"""Kinds of background work of this app. Registered when the app is ready."""

from consensus.services.compute import compute_round
from foundation.services.jobs import Progress, job_kind, request_job
from surveys.models import Round

COMPUTE_ROUND = "consensus.compute_round"


@job_kind(COMPUTE_ROUND)
def run_compute_round(progress: Progress) -> dict:
    computation = compute_round(round_id=progress.params["round_id"], progress=progress)
    return {"computation": computation.code, "result_hash": computation.result_hash}


def request_computation(*, round_id: int, actor=None):
    """Ask for the statistics of a round. While a run is under way, the same job is returned."""
    round = Round.objects.select_related("study").get(pk=round_id)
    return request_job(
        kind=COMPUTE_ROUND,
        params={"round_id": round_id},
        label=f"{round.study} · {round}",
        stream=round.study.stream,
        dedupe_key=f"round:{round_id}",
        actor=actor,
    )

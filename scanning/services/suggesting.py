"""Asking the model about candidates. What it says becomes suggestions; candidates stay as they were mined."""

import time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.models import Job
from foundation.services import jobs
from foundation.services.audit import record
from foundation.services.jobs import Progress, job_kind
from scanning.enums import CandidateStatus, SuggestionKind
from scanning.exceptions import NothingToAsk
from scanning.llm import naming
from scanning.llm.config import configured
from scanning.llm.errors import BadAnswer, CutOff, NotConfigured
from scanning.models import Candidate, Evidence, Suggestion
from scanning.services.fence import hold
from scanning.services.model_calls import Answer, ask
from surveys.models import Study

SUGGEST = "scanning.suggest"
PASSAGES = 3
BEFORE, AFTER = 160, 320
MOST = 500


def unasked(study: Study):
    """Candidates waiting for review that this model, with this prompt, has not been asked about."""
    config = configured()
    waiting = Candidate.objects.visible().filter(study=study, status=CandidateStatus.PENDING)
    if config is None:
        return waiting.none()
    asked = Suggestion.objects.filter(
        kind=SuggestionKind.WORDING, model=config.model, prompt_version=naming.TASK.version
    )
    return waiting.exclude(pk__in=asked.values("candidate")).order_by("rank", "pk")


@transaction.atomic
def request_suggestions(*, study: Study, actor, limit: int = 100) -> Job:
    """Ask about the next candidates of the queue, in the background."""
    require(actor, study.panel, Capability.REVIEW)
    config = configured()
    if config is None:
        raise NotConfigured
    keys = list(unasked(study).values_list("pk", flat=True)[: max(1, min(limit, MOST))])
    if not keys:
        raise NothingToAsk
    job = jobs.request_job(
        kind=SUGGEST,
        params={"study": study.pk, "candidates": keys},
        label=str(len(keys)),
        stream=study.stream,
        dedupe_key=f"suggest:{study.code}",
        actor=actor,
        total=len(keys),
    )
    record(
        stream=study.stream,
        action="model.asked",
        actor=actor,
        target=config.model,
        detail={"job": job.code, "candidates": len(keys), "prompt": naming.TASK.version, "host": config.host},
    )
    return job


@job_kind(SUGGEST, _("Suggestions of the language model"))
def run_suggestions(progress: Progress) -> dict:
    """Batch by batch. Begun anew, it gets what was answered before from the cache and writes nothing twice."""
    study = Study.objects.filter(pk=progress.params["study"]).first()
    keys, config = progress.params["candidates"], configured()
    if study is None:
        return {}
    if config is None:
        raise NotConfigured
    made = failed = 0
    for start in range(0, len(keys), config.batch):
        wait = pauser(progress, start, len(keys))
        new, kept = _batch(study, keys[start : start + config.batch], progress, wait)
        made, failed = made + new, failed + kept
        progress.update(min(start + config.batch, len(keys)), len(keys))
    return {"suggestions": made, "kept as mined": failed}


def _batch(study: Study, keys: list[int], progress: Progress, wait) -> tuple[int, int]:
    """How many suggestions were made, and of how many candidates the mined label stays."""
    batch = batch_of(study, keys)
    if not batch.items:
        return 0, 0
    try:
        return _suggest(study, batch, progress, wait), 0
    except CutOff:
        if len(keys) == 1:
            return 0, 1
        half = len(keys) // 2
        parts = (_batch(study, part, progress, wait) for part in (keys[:half], keys[half:]))
        (made, failed), (more, further) = parts
        return made + more, failed + further
    except BadAnswer:
        return 0, len(batch.items)


def pauser(progress: Progress, done: int, total: int):
    """Waiting inside a job: a cancelled one does not wait to the end."""

    def wait(seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            progress.update(done, total)
            time.sleep(min(1.0, left))

    return wait


def batch_of(study: Study, keys: list[int]) -> naming.Batch:
    """What the model is shown: mined names and at most three passages each, under ids made for this batch."""
    rows = {row.pk: row for row in Candidate.objects.visible().filter(study=study, pk__in=keys)}
    found = [rows[key] for key in keys if key in rows]
    passages = _passages(found)
    items = []
    for number, candidate in enumerate(found, 1):
        quoted = tuple(
            naming.Passage(f"c{number}p{place}", text, key)
            for place, (key, text) in enumerate(passages.get(candidate.pk, []), 1)
        )
        items.append(
            naming.Item(
                f"c{number}",
                candidate.pk,
                candidate.mined_name,
                candidate.language,
                candidate.n_documents,
                quoted,
            )
        )
    return naming.Batch(tuple(items), {f"f{row.pk}": str(row.name) for row in study.fields.all()})


def _passages(candidates: list[Candidate]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    rows = Evidence.objects.filter(candidate__in=candidates).select_related("document")
    for row in rows.order_by("candidate", "-weight", "pk").iterator():
        best = found.setdefault(row.candidate_id, [])
        if len(best) < PASSAGES and (text := passage(row)):
            best.append((row.pk, text))
    return found


def passage(row: Evidence) -> str:
    """The title, and the abstract around the first place where the candidate is named."""
    document, at = row.document, row.start if row.part == "abstract" else 0
    low = max(0, at - BEFORE)
    clip = document.abstract[low : at + AFTER].strip()
    return f"{document.title[:300]} … {clip}" if clip else document.title[:300]


def _suggest(study: Study, batch: naming.Batch, progress: Progress, wait) -> int:
    answer = ask(study=study, task=naming.TASK, supplied=batch, wait=wait)
    rows = [*_rows(study, batch, answer, progress.job)]
    with transaction.atomic():
        hold(progress)
        return len(Suggestion.objects.bulk_create(rows, ignore_conflicts=True))


def _rows(study: Study, batch: naming.Batch, answer: Answer, job: Job):
    proposals: naming.Proposals = answer.value
    codes = dict(Candidate.objects.filter(pk__in=[i.key for i in batch.items]).values_list("pk", "code"))
    fields = {f"f{row.pk}": row.code for row in study.fields.all()}

    def row(key: int, kind: str, content: dict) -> Suggestion:
        return Suggestion(
            candidate_id=key,
            kind=kind,
            content=content,
            call=answer.call,
            job=job,
            model=answer.call.model,
            prompt_version=answer.call.prompt_version,
        )

    for key, wording in proposals.wordings.items():
        yield row(key, SuggestionKind.WORDING, wording | {"field": fields.get(wording["field"], "")})
    for key, merge in proposals.merges.items():
        yield row(key, SuggestionKind.MERGE, merge | {"into": codes[merge["into"]]})
    for key, split in proposals.splits.items():
        yield row(key, SuggestionKind.SPLIT, split)

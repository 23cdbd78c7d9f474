"""Summaries of reasons between rounds: drafted by the model, read and approved by an organiser, then shown."""

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability, MemberStatus
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.models import Job
from foundation.services import jobs
from foundation.services.audit import record
from foundation.services.jobs import Progress, job_kind
from scanning.enums import CallStatus, SummaryStatus
from scanning.exceptions import AlreadyDecided, NothingToAsk
from scanning.llm import summaries
from scanning.llm.config import configured
from scanning.llm.errors import BadAnswer, NotConfigured
from scanning.models import ModelCall, ReasonSummary
from scanning.services.fence import hold
from scanning.services.model_calls import ask
from scanning.services.suggesting import pauser
from surveys.enums import Moderation, RoundStatus
from surveys.models import Reason, Round

SUMMARISE = "scanning.summarise"
FEWEST = 3
MOST_CHARACTERS = 60_000
OVER = (RoundStatus.CLOSED, RoundStatus.ANALYSED)


def shown_reasons():
    """Reasons that others may read: approved, and of members who did not withdraw."""
    approved = Reason.objects.filter(moderation=Moderation.APPROVED).exclude(text="")
    return approved.exclude(member__status=MemberStatus.WITHDRAWN)


def approved_reasons(round: Round):
    return shown_reasons().filter(round=round)


def worth_summarising(round: Round) -> list[int]:
    """Technologies with enough approved reasons that have no summary yet, waiting or approved."""
    done = ReasonSummary.objects.filter(
        round=round, status__in=(SummaryStatus.WAITING, SummaryStatus.APPROVED)
    )
    counted = approved_reasons(round).exclude(technology__in=done.values("technology"))
    counted = counted.values("technology").annotate(n=Count("pk")).filter(n__gte=FEWEST)
    return list(counted.order_by("technology").values_list("technology", flat=True))


@transaction.atomic
def request_summaries(*, round: Round, actor) -> Job:
    study = round.study
    require(actor, study.panel, Capability.RUN_ROUNDS)
    config = configured()
    if config is None:
        raise NotConfigured
    keys = worth_summarising(round) if round.status in OVER else []
    if not keys:
        raise NothingToAsk
    job = jobs.request_job(
        kind=SUMMARISE,
        params={"round": round.pk, "technologies": keys},
        label=str(round.number),
        stream=study.stream,
        dedupe_key=f"summarise:{round.code}",
        actor=actor,
        total=len(keys),
    )
    record(
        stream=study.stream,
        action="model.asked",
        actor=actor,
        target=config.model,
        detail={"job": job.code, "round": round.number, "technologies": len(keys)},
    )
    return job


@job_kind(SUMMARISE, _("Summaries of reasons, round"))
def run_summaries(progress: Progress) -> dict:
    round = Round.objects.select_related("study").filter(pk=progress.params["round"]).first()
    keys = progress.params["technologies"]
    made = failed = 0
    if round is None:
        return {}
    for place, key in enumerate(keys):
        given = given_for(round, key)
        if len(given.given) >= FEWEST:
            try:
                made += _summarise(round, key, given, progress, pauser(progress, place, len(keys)))
            except BadAnswer:
                failed += 1
        progress.update(place + 1, len(keys))
    return {"summaries": made, "failed": failed}


def given_for(round: Round, technology_id: int) -> summaries.Reasons:
    """The approved reasons without author or time, in an order that says nothing of either."""
    rows = approved_reasons(round).filter(technology=technology_id).select_related("technology")
    given, size, name = [], 0, ""
    for number, row in enumerate(rows.order_by("code"), 1):
        size += len(row.text)
        if size > MOST_CHARACTERS:
            break
        name = str(row.technology.name)
        given.append(summaries.Given(f"r{number}", row.code, row.revision, row.text, row.stance))
    return summaries.Reasons(name, tuple(given))


def _summarise(round: Round, key: int, given: summaries.Reasons, progress: Progress, wait) -> int:
    answer = ask(study=round.study, task=summaries.TASK, supplied=given, wait=wait)
    if not answer.value:
        raise BadAnswer
    with transaction.atomic():
        hold(progress)
        _summary, made = ReasonSummary.objects.get_or_create(
            round=round,
            technology_id=key,
            status=SummaryStatus.WAITING,
            defaults={
                "sentences": answer.value,
                "n_reasons": len(given.given),
                "call": answer.call,
                "job": progress.job,
                "model": answer.call.model,
                "prompt_version": answer.call.prompt_version,
            },
        )
    return int(made)


@transaction.atomic
def approve_summary(*, summary: ReasonSummary, actor, keep: list[int]) -> ReasonSummary:
    """Let experts of later rounds see the chosen sentences. Sentences whose reasons changed are not to be had."""
    fresh = _locked(summary, actor)
    standing = [sentence for sentence, stands in standing_sentences([fresh])[fresh.pk] if stands]
    chosen = [each for number, each in enumerate(fresh.sentences) if number in keep and each in standing]
    if not chosen:
        raise InvalidInput(_("Choose at least one sentence whose reasons are unchanged."))
    return _decide(fresh, actor, SummaryStatus.APPROVED, sentences=chosen)


@transaction.atomic
def reject_summary(*, summary: ReasonSummary, actor) -> ReasonSummary:
    """Not to be shown. An approved one is taken back by this too."""
    return _decide(_locked(summary, actor), actor, SummaryStatus.REJECTED)


def _locked(summary: ReasonSummary, actor) -> ReasonSummary:
    require(actor, summary.round.study.panel, Capability.RUN_ROUNDS)
    return (
        ReasonSummary.objects.select_for_update(of=("self",))
        .select_related("round__study")
        .get(pk=summary.pk)
    )


def _decide(summary: ReasonSummary, actor, status: str, **values) -> ReasonSummary:
    allowed = [SummaryStatus.WAITING]
    if status == SummaryStatus.REJECTED:
        allowed.append(SummaryStatus.APPROVED)
    if summary.status not in allowed:
        raise AlreadyDecided(_("Somebody else has decided this summary in the meantime."))
    values |= {
        "status": status,
        "decided_by": actor,
        "reviewer_label": actor.audit_label,
        "decided_at": timezone.now(),
    }
    for name, value in values.items():
        setattr(summary, name, value)
    summary.save(update_fields=list(values))
    record(
        stream=summary.round.study.stream,
        action=f"summary.{status}",
        actor=actor,
        target=f"summary {summary.code}",
        detail={
            "round": summary.round.number,
            "technology": summary.technology_id,
            "sentences": summary.sentences,
            "model": summary.model,
            "prompt": summary.prompt_version,
        },
    )
    return summary


def standing_sentences(rows: list[ReasonSummary]) -> dict[int, list[tuple[dict, bool]]]:
    """Each sentence with whether all reasons that it rests on are still approved and unchanged. One query."""
    cited = {code for row in rows for each in row.sentences for code, _revision in each["reasons"]}
    revisions = dict(shown_reasons().filter(code__in=cited).values_list("code", "revision"))
    return {
        row.pk: [
            (each, all(revisions.get(code) == revision for code, revision in each["reasons"]))
            for each in row.sentences
        ]
        for row in rows
    }


@transaction.atomic
def erase_words(*, member_ids: list[int]) -> None:
    """Remove what a model wrote from reasons of these members, and what the log of its calls holds of it."""
    mine = set(Reason.objects.filter(member__in=member_ids).values_list("code", flat=True))
    rounds = Reason.objects.filter(member__in=member_ids).values("round")
    for row in ReasonSummary.objects.select_for_update().filter(round__in=rounds):
        cited = {code for each in row.sentences for code, _revision in each["reasons"]}
        if cited & mine:
            row.status, row.sentences = SummaryStatus.ERASED, []
            row.save(update_fields=["status", "sentences"])
    # An answer may repeat words of a reason that none of its sentences cites.
    ModelCall.objects.filter(
        task=summaries.TASK.name, status=CallStatus.DONE, study__rounds__in=rounds
    ).update(answer=None, request_hash="")

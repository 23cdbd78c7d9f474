"""Asking the model: cache, budget, rate limit, the request, the check, one attempt at repair, and the record of it.

No network call happens inside a transaction. A budget is reserved before anything leaves, so that calls at the same
time cannot overspend it together, and a call whose worker died stays counted.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from foundation.services.audit import canonical_json, sha256
from scanning.enums import CallStatus
from scanning.llm.answers import Checked, parse
from scanning.llm.client import Client
from scanning.llm.config import Config, configured
from scanning.llm.errors import BadAnswer, ModelError, NotConfigured, OverBudget, Rejected
from scanning.llm.task import Task
from scanning.models import ModelCall
from surveys.models import Study

Wait = Callable[[float], None]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    call: ModelCall
    value: Any
    fresh: bool


@dataclass
class Asking:
    """One question to the model, with what its calls have in common."""

    study: Study
    task: Task
    config: Config
    client: Client
    request_hash: str
    wait: Wait


def ask(*, study: Study, task: Task, supplied, wait: Wait = time.sleep) -> Answer:
    """What the model says of `supplied`, as far as it passed the checks. Equal questions are asked once a study."""
    config = configured()
    if config is None:
        raise NotConfigured
    key = sha256(
        canonical_json([config.base_url, config.model, task.version, task.messages(supplied), task.schema])
    )
    known = ModelCall.objects.filter(study=study, request_hash=key, status=CallStatus.DONE)
    if earlier := known.filter(answer__isnull=False).first():
        return Answer(earlier, task.check(earlier.answer, supplied).value, fresh=False)
    asking = Asking(study, task, config, Client(config, wait=wait), key, wait)
    return _ask(asking, supplied)


def _ask(asking: Asking, supplied) -> Answer:
    task = asking.task
    call, text = _call(asking, task.messages(supplied))
    document, checked = _checked(task, text, supplied)
    if checked.faults:
        call, document, checked = _repaired(asking, supplied, call, text, document, checked)
    if document is None:
        _note(call, status=CallStatus.FAILED, error=BadAnswer.code, faults=len(checked.faults))
        raise BadAnswer
    _note(call, answer=document, faults=len(checked.faults))
    return Answer(call, checked.value, fresh=True)


def _checked(task: Task, text: str, supplied) -> tuple[dict | None, Checked]:
    document = parse(text, tuple(task.schema["properties"]))
    if document is None:
        return None, Checked(None, ["the answer is not one JSON object"])
    return document, task.check(document, supplied)


def _repaired(asking: Asking, supplied, call, text, document, checked):
    """The better of both answers. When the second attempt fails, what passed of the first is kept."""
    _note(call, faults=len(checked.faults))
    try:
        second, again = _call(asking, asking.task.repair(supplied, text, checked.faults), repair=True)
    except ModelError as error:
        # A server may refuse the attempt itself (an empty answer quoted back): that is no reason to end the run.
        if document is None and not isinstance(error, Rejected):
            raise
        return call, document, checked
    mended, verdict = _checked(asking.task, again, supplied)
    if mended is None or (document is not None and len(verdict.faults) > len(checked.faults)):
        _note(second, error=BadAnswer.code, faults=len(verdict.faults))
        return call, document, checked
    return second, mended, verdict


def _call(asking: Asking, messages: list[dict], repair: bool = False) -> tuple[ModelCall, str]:
    config, task = asking.config, asking.task
    guess = estimate(messages)
    _keep_pace(config, asking.wait)
    call = _reserve(asking, guess, repair)
    started = time.monotonic()
    try:
        done = asking.client.complete(messages=messages, schema=task.schema, name=task.name)
    except ModelError as error:
        # Whoever failed may have read and billed it: count what was sent, and what came.
        sent = max(error.used[0], guess * asking.client.attempts)
        _settle(call, config, sent, error.used[1], started, asking.client.attempts, error.code)
        raise
    except BaseException:
        _settle(call, config, guess * asking.client.attempts, 0, started, asking.client.attempts, "stopped")
        raise
    tokens_in, tokens_out = done.tokens_in or guess, done.tokens_out or estimate(done.text)
    _settle(call, config, tokens_in, tokens_out, started, done.attempts)
    return call, done.text


def estimate(content) -> int:
    """Tokens, on the safe side: a token is about four Latin letters, or one Chinese character."""
    text = content if isinstance(content, str) else "".join(each["content"] for each in content)
    wide = sum(1 for c in text if ord(c) > 0x2E7F)
    return wide + (len(text) - wide) // 3 + 10


def _keep_pace(config: Config, wait: Wait) -> None:
    while True:
        since = timezone.now() - timedelta(minutes=1)
        if ModelCall.objects.filter(created_at__gt=since).count() < config.per_minute:
            return
        wait(1.0)


def _reserve(asking: Asking, guess: int, repair: bool) -> ModelCall:
    """Reserve first, then look whether the sum is within the budgets: of two at once at least one sees both."""
    config = asking.config
    call = ModelCall.objects.create(
        study=asking.study,
        task=asking.task.name,
        prompt_version=asking.task.version,
        model=config.model,
        host=config.host,
        repair=repair,
        request_hash=asking.request_hash,
        tokens=guess + config.max_output_tokens,
        cost=config.cost(guess, config.max_output_tokens),
    )
    if _over(config, asking.study):
        _note(call, status=CallStatus.FAILED, error=OverBudget.code, tokens=0, cost=Decimal(0))
        raise OverBudget
    return call


def _over(config: Config, study: Study) -> bool:
    day, whole = spent_today(), spent_by(study)
    return any(
        limit and used > limit
        for used, limit in (
            (day["tokens"], config.day_tokens),
            (day["cost"], config.day_cost),
            (whole["tokens"], config.study_tokens),
            (whole["cost"], config.study_cost),
        )
    )


def _spent(calls) -> dict:
    sums = calls.aggregate(tokens=Sum("tokens"), cost=Sum("cost"))
    return {"tokens": sums["tokens"] or 0, "cost": sums["cost"] or Decimal(0)}


def spent_today() -> dict:
    """Of all studies in the last 24 hours."""
    return _spent(ModelCall.objects.filter(created_at__gt=timezone.now() - DAY))


def spent_by(study: Study) -> dict:
    return _spent(ModelCall.objects.filter(study=study))


def _settle(call, config, tokens_in, tokens_out, started, attempts, error="") -> None:
    _note(
        call,
        status=CallStatus.FAILED if error else CallStatus.DONE,
        error=error,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        tokens=tokens_in + tokens_out,
        cost=config.cost(tokens_in, tokens_out),
        attempts=attempts,
        milliseconds=int((time.monotonic() - started) * 1000),
    )


def _note(call: ModelCall, **values) -> None:
    for name, value in values.items():
        setattr(call, name, value)
    call.save(update_fields=list(values))

"""Asking: cache, repair, budgets, pace, and the record that is kept."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from scanning.enums import CallStatus
from scanning.llm import naming
from scanning.llm.errors import BadAnswer, NotConfigured, OverBudget, Unreachable
from scanning.models import ModelCall
from scanning.services.model_calls import ask, spent_by, spent_today
from tests.factories import make_study
from tests.scanning.llm.conftest import KEY
from tests.scanning.llm.standin import answer, raw

pytestmark = pytest.mark.django_db

SECRET = "a secret passage"
BATCH = naming.Batch(
    (naming.Item("c1", 1, "battery", "en", 3, (naming.Passage("c1p1", SECRET, 7),)),),
)
BOTH = {"en": "Battery", "zh": "电池"}
EMPTY = {"text": {"en": "", "zh": ""}, "cites": []}
GOOD = {
    "candidates": [
        {"id": "c1", "name": BOTH, "description": EMPTY, "scope_note": EMPTY, "why": EMPTY, "field": ""}
    ],
    "merges": [],
    "splits": [],
}
WRONG = {**GOOD, "candidates": [{**GOOD["candidates"][0], "id": "c7"}]}


def put(study, **more):
    return ask(study=study, task=naming.TASK, supplied=BATCH, **more)


def clean(document=GOOD):
    """An answer without faults: no claims are made, so none lacks passages."""
    return answer(document)


def limit(settings, **values):
    settings.LLM_LIMITS = settings.LLM_LIMITS | values


def test_without_a_model_nothing_is_asked(study):
    with pytest.raises(NotConfigured):
        put(study)


def test_a_call_is_recorded_without_key_prompt_or_passage(model, settings, study):
    limit(settings, price_in=Decimal(2), price_out=Decimal(10))
    model.script = [clean()]
    call = put(study).call
    call.refresh_from_db()
    assert (call.status, call.model, call.prompt_version) == (CallStatus.DONE, "stand-in-1", "naming-2")
    assert (call.tokens_in, call.tokens_out, call.tokens, call.attempts) == (120, 40, 160, 1)
    assert call.cost == Decimal("0.000640")
    kept = json.dumps({f.name: str(getattr(call, f.name)) for f in ModelCall._meta.fields})
    assert SECRET not in kept
    assert KEY not in kept


def test_an_equal_question_is_asked_once_a_study(model, study):
    model.script = [clean(), clean()]
    first, again = put(study), put(study)
    assert (again.value.wordings, again.call) == (first.value.wordings, first.call)
    assert (first.fresh, again.fresh, len(model.requests)) == (True, False, 1)
    other = make_study(technologies=0, members=0)
    assert put(other).fresh


def test_another_model_is_asked_again(model, settings, study):
    model.script = [clean(), clean()]
    put(study)
    settings.LLM_MODEL = "stand-in-2"
    assert put(study).call.model == "stand-in-2"


def test_a_faulty_answer_is_sent_back_once_with_its_faults(model, study):
    model.script = [clean(WRONG), clean()]
    assert put(study).value.wordings[1]["name"]["en"] == "Battery"
    first, second = model.bodies
    assert second["messages"][: len(first["messages"])] == first["messages"]
    assert "'c7' was not supplied" in second["messages"][-1]["content"]
    assert list(ModelCall.objects.order_by("pk").values_list("repair", flat=True)) == [False, True]
    assert not put(study).fresh


@pytest.mark.parametrize("text", ["I am sorry, I cannot.", '{"candidates": [', "[]"])
def test_what_stays_broken_is_a_bad_answer_and_is_asked_anew(model, study, text):
    model.otherwise = answer(text)
    with pytest.raises(BadAnswer):
        put(study)
    assert len(model.requests) == 2
    assert not ModelCall.objects.exclude(answer=None).exists()
    model.otherwise = clean()
    assert put(study).fresh


def test_when_repair_fails_what_passed_is_kept(model, study):
    both = naming.Batch((*BATCH.items, naming.Item("c2", 2, "gnn", "en", 3, ())))
    model.script = [clean(), raw(401)]
    found = ask(study=study, task=naming.TASK, supplied=both)
    assert set(found.value.wordings) == {1}


def test_a_days_budget_holds_over_all_studies_and_is_free_again_after_a_day(model, settings, study):
    limit(settings, day_tokens=10_000)
    other = make_study(technologies=0, members=0)
    ModelCall.objects.create(study=other, task="naming", model="m", host="h", tokens=9_900)
    model.otherwise = clean()
    with pytest.raises(OverBudget):
        put(study)
    assert model.requests == []
    assert spent_today()["tokens"] == 9_900
    ModelCall.objects.filter(study=other).update(created_at=timezone.now() - timedelta(hours=25))
    assert put(study).fresh


@pytest.mark.parametrize(
    ("budget", "spent"),
    [
        ({"study_tokens": 9_000}, {"tokens": 8_999}),
        ({"study_cost": Decimal("0.1"), "price_out": Decimal(1)}, {"cost": Decimal("0.099")}),
        ({"day_cost": Decimal("0.1"), "price_out": Decimal(1)}, {"cost": Decimal("0.099")}),
    ],
)
def test_budgets_in_tokens_and_money_refuse_before_anything_leaves(model, settings, study, budget, spent):
    limit(settings, **budget)
    ModelCall.objects.create(study=study, task="naming", model="m", host="h", **spent)
    with pytest.raises(OverBudget):
        put(study)
    assert model.requests == []
    assert spent_by(study)["tokens"] == spent.get("tokens", 0)


def test_repair_is_paid_from_the_budget_too(model, settings, study):
    model.script = [answer(WRONG, tokens=(100, 8_500))]
    limit(settings, study_tokens=13_000)
    assert put(study).value.wordings == {}
    assert len(model.requests) == 1


def test_what_failed_is_counted_as_sent(model, settings, study):
    model.otherwise = raw(503)
    with pytest.raises(Unreachable):
        put(study)
    call = ModelCall.objects.get()
    assert (call.status, call.error, call.attempts) == (CallStatus.FAILED, "model_unreachable", 4)
    assert call.tokens == call.tokens_in > 4 * 400


def test_a_call_whose_worker_died_stays_counted(model, study):
    class Died(BaseException):
        pass

    def die(seconds):
        assert ModelCall.objects.get().tokens > 8_000
        raise Died

    model.script = [raw(503)]
    with pytest.raises(Died):
        put(study, wait=die)
    assert spent_by(study)["tokens"] > 0


def test_no_more_calls_a_minute_than_allowed(model, settings, study):
    limit(settings, per_minute=1)
    ModelCall.objects.create(study=study, task="naming", model="m", host="h")
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            ModelCall.objects.update(created_at=timezone.now() - timedelta(minutes=2))

    model.script = [clean()]
    put(study, wait=wait)
    assert waits == [1.0, 1.0, 1.0]

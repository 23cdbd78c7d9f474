"""What members were told and asked is part of the locked protocol: it changes by amendment, and never while asked."""

import pytest
from django.urls import reverse

from foundation.exceptions import InvalidInput
from surveys.exceptions import ProtocolLocked
from surveys.models import ConsentVersion, Study
from surveys.services.protocol import snapshot
from surveys.services.rounds import close_round, mark_analysed
from surveys.services.studies import edit_question, edit_study
from tests.factories import make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db
PATIENT, CITIZEN = {"en": "As a patient"}, {"en": "As a citizen"}


@pytest.fixture
def round():
    study = make_study()
    edit_study(study=study, actor=owner_of(study), perspective=PATIENT, consent={"en": "One"})
    return make_open_round(study)


@pytest.fixture
def study(round):
    return Study.objects.get(pk=round.study_id)


@pytest.fixture
def between(round, study):
    close_round(round=round)
    mark_analysed(round_id=round.pk)
    return study


def test_perspective_and_consent_are_in_the_locked_protocol(study):
    policies = study.protocol_versions.get().snapshot["policies"]
    assert (policies["perspective"], policies["consent"]) == (PATIENT, {"en": "One"})


def test_a_study_without_them_has_the_snapshot_that_it_had():
    assert not {"perspective", "consent"} & set(snapshot(make_study())["policies"])


def test_the_perspective_changes_between_rounds_by_amendment(between):
    owner = owner_of(between)
    with pytest.raises(ProtocolLocked):
        edit_study(study=between, actor=owner, perspective=CITIZEN)
    edit_study(study=between, actor=owner, reason="Asked for by patients", perspective=CITIZEN)
    latest = between.protocol_versions.last()
    assert (latest.number, latest.reason) == (2, "Asked for by patients")
    assert latest.snapshot["policies"]["perspective"] == CITIZEN


def test_the_perspective_stays_while_a_round_is_open(study):
    with pytest.raises(InvalidInput, match="perspective"):
        edit_study(study=study, actor=owner_of(study), reason="why not", perspective=CITIZEN)
    assert Study.objects.get(pk=study.pk).perspective == PATIENT


def test_another_consent_text_is_an_amendment_and_a_version_at_once(study):
    owner = owner_of(study)
    with pytest.raises(ProtocolLocked):
        edit_study(study=study, actor=owner, consent={"en": "Two"})
    edit_study(study=study, actor=owner, reason="The board asked for it", consent={"en": "Two"})
    assert study.protocol_versions.last().snapshot["policies"]["consent"] == {"en": "Two"}
    assert dict(ConsentVersion.objects.get(study=study).text) == {"en": "Two"}


def test_a_protocol_locked_before_snapshots_held_a_text_is_not_amended_by_a_greeting(study):
    older = study.protocol_versions.get()
    Study.objects.filter(pk=study.pk).update(protocol_hash="0" * 64)
    study.refresh_from_db()
    edit_study(study=study, actor=owner_of(study), welcome={"en": "Hello"})
    assert list(study.protocol_versions.all()) == [older]


def test_the_pages_ask_the_reason_where_these_texts_are_changed(client, study):
    client.force_login(owner_of(study))
    texts = client.get(reverse("surveys:edit_texts", args=[study.code])).context["form"]
    policies = client.get(reverse("surveys:edit_policies", args=[study.code])).context["form"]
    assert not {"perspective", "consent"} & set(texts.fields)
    assert {"perspective", "consent", "reason"} <= set(policies.fields)
    version = client.get(reverse("surveys:protocol_version", args=[study.code, 1])).content.decode()
    assert "As a patient" in version
    assert "As a patient" in client.get(reverse("surveys:protocol", args=[study.code])).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"role": "feasibility"},
        {"required": False},
        {"allow_cannot_judge": False},
        {"ask_reason": "changed"},
        {"show_feedback": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_a_question_demands_stays_while_it_is_asked(round, study, change):
    question = study.questions.first()
    (field,) = change
    assert getattr(question, field) != change[field]
    with pytest.raises(InvalidInput, match="only the wording"):
        edit_question(question=question, actor=owner_of(study), reason="r", **change)
    assert getattr(study.questions.get(pk=question.pk), field) != change[field]
    edit_question(
        question=study.questions.get(pk=question.pk), actor=owner_of(study), reason="r", text={"en": "Or?"}
    )
    close_round(round=round)
    mark_analysed(round_id=round.pk)
    edit_question(question=study.questions.get(pk=question.pk), actor=owner_of(study), reason="r", **change)
    assert study.protocol_versions.count() == 3

"""The disk is full while an expert saves: an error status, "not saved", nothing torn, and what was typed is kept."""

import json

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import resolve, reverse

from delphi_platform.failing import server_error
from foundation.models import AuditEntry
from surveys.models import Answer, Participation, Reason
from tests.recovery.full_disk import full_disk
from tests.surveys.respond.conftest import open_link

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]
LONG = "关键在于膜的供应。" * 400  # pages of its own in the database


@pytest.fixture
def expert(world):
    client = Client(raise_request_exception=False)
    open_link(client, world.members[0], world.owner)
    return client


def stored():
    return (
        list(Answer.objects.values_list("number", "revision")),
        list(Reason.objects.values_list("text", "revision")),
        list(Participation.objects.order_by("pk").values_list("status", "saved_at")),
        AuditEntry.objects.count(),
    )


def test_fault_05_autosave_is_told_not_saved_and_nothing_is_torn(expert, world):
    technology = world.technologies[0].code
    answer = {"question": "importance", "technology": technology, "value": {"number": 7}, "base_revision": 0}
    reason = {"technology": technology, "text": LONG, "stance": "for", "base_revision": 0, "sequence": 1}
    body = json.dumps({"round": 1, "answers": [answer | {"sequence": 1, "cause": ""}], "reasons": [reason]})

    def save():
        return expert.post(
            reverse("respond:save", args=[world.study.code]), body, content_type="application/json"
        )

    before = stored()
    with full_disk():
        refused = save()
    assert (refused.status_code, refused.json()["code"]) == (503, "not_saved")
    assert refused["Cache-Control"] == "no-store, private"
    assert stored() == before
    assert [each["status"] for each in save().json()["answers"]] == ["saved"]
    assert Reason.objects.get().text == LONG


def test_fault_05_other_forms_are_not_repeated_because_they_may_hold_a_password(rf):
    request = rf.post(reverse("account_login"), {"login": "a@example.org", "password": "not-to-be-shown"})
    request.resolver_match = resolve(request.path)
    try:
        raise OperationalError
    except OperationalError:
        refused = server_error(request)
    assert refused.status_code == 503
    assert "Nothing was saved just now" in refused.content.decode()
    assert "not-to-be-shown" not in refused.content.decode()


def test_fault_05_a_program_is_told_in_its_own_form(expert, world):
    from experts import tokens
    from experts.models import Invitation

    token = tokens.derive(Invitation.objects.get(member=world.members[0]).nonce)
    technology = world.technologies[0].code
    reason = {"technology": technology, "text": LONG, "stance": "for", "base_revision": 0, "sequence": 1}
    before = stored()
    with full_disk():
        refused = expert.post(
            f"/api/v1/studies/{world.study.code}/answers/",
            json.dumps({"round": 1, "answers": [], "reasons": [reason]}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
    assert (refused.status_code, refused.json()["code"]) == (503, "not_saved")
    assert stored() == before

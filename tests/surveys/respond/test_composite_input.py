"""What programs send instead of composite answers: refused with a reason, nothing stored, nothing broken."""

import json

import pytest
from django.urls import reverse

from experts import tokens
from experts.services.invitations import invite
from surveys.models import Answer, Participation
from surveys.services.submission import missing
from tests.factories import make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import open_link

pytestmark = pytest.mark.django_db

MANY = {str(n): 1 for n in range(101)}
# Refused as a whole: no questionnaire of ours could have sent it.
MALFORMED = [
    {"parts": [1, 2]},
    {"parts": "1"},
    {"parts": {"1": [1]}},
    {"parts": {"1": {"2": 1}}},
    {"parts": {"1": True}},
    {"parts": {"1'; DROP TABLE": 1}},
    {"parts": {"1\x00": 1}},
    {"parts": MANY},
    {"pieces": {"1": 1}},
]
# Refused as an answer, in words.
INVALID = [
    ("sectors", {"parts": {"9": 1}}),
    ("sectors", {"parts": {"1": 1, "2": 1, "3": 1, "4": 1}}),
    ("sectors", {"parts": {"other": 1}}),
    ("sectors", {"text": "x" * 301}),
    ("obstacles", {"parts": {"1": 1, "2": 1}}),
    ("obstacles", {"parts": {"1": 4}}),
    ("funding", {"parts": {"1": 99}}),
    ("funding", {"parts": {"1": 101}}),
    ("funding", {"parts": {"1": "Infinity"}}),
    ("funding", {"parts": {"1": "1e400"}}),
    ("position", {"parts": {"x": 8}}),
    ("position", {"parts": {"z": 1}}),
    ("preference", {"parts": {"1:2": 2}}),
    ("preference", {"parts": {"2:1": 1}}),
    ("breakthrough", {"parts": {"certainty": 10}}),
    ("breakthrough", {"number": 1, "parts": {"certainty": 101}}),
    ("importance", {"parts": {"1": 1}}),
    ("goals", {"parts": {"1": 1, "2": 1}}),
]


@pytest.fixture
def survey(client):
    study = make_study(template="every_type", technologies=1, members=2)
    round = make_open_round(study)
    member = study.panel.members.order_by("pk").first()
    invitation = invite(member=member, actor=owner_of(study))
    return study, round, member, tokens.derive(invitation.nonce)


def change(study, key, value):
    technology = None if key == "goals" else study.technologies.get().code
    return {"question": key, "technology": technology, "value": value, "base_revision": 0, "sequence": 1}


def nested(depth):
    return '{"1":' * depth + "1" + "}" * depth


def test_the_questionnaire_refuses_bad_parts_and_stores_nothing(client, survey):
    study, _round, member, _token = survey
    open_link(client, member, owner_of(study))
    url = reverse("respond:save", args=[study.code])

    def send(body):
        return client.post(url, body, content_type="application/json")

    for value in MALFORMED:
        body = json.dumps({"round": 1, "answers": [change(study, "funding", value)]})
        told = send(body)
        assert (told.status_code, told.json()["code"]) == (400, "malformed"), value
    for key, value in INVALID:
        told = send(json.dumps({"round": 1, "answers": [change(study, key, value)]})).json()["answers"][0]
        assert told["status"] == "invalid", (key, value)
        assert told["errors"][0].endswith("."), (key, value)
    for depth in (200, 900, 100_000):
        shell = json.dumps({"round": 1, "answers": [change(study, "funding", {"parts": "BOMB"})]})
        assert send(shell.replace('"BOMB"', nested(depth))).status_code in (400, 413), depth
    for number in ("NaN", "-Infinity"):
        shell = json.dumps({"round": 1, "answers": [change(study, "funding", {"parts": {"1": "N"}})]})
        assert send(shell.replace('"N"', number)).json()["answers"][0]["status"] == "invalid"
    assert not Answer.objects.exists()
    assert Participation.objects.get(member=member).status == "not_started"


def test_the_api_refuses_the_same_with_a_status_of_4xx(client, survey):
    study, _round, _member, token = survey
    url = reverse("api:answers", args=[study.code])

    def send(value, key="funding"):
        body = json.dumps({"round": 1, "answers": [change(study, key, value)]})
        return client.post(
            url, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )

    for value in MALFORMED:
        assert send(value).status_code in (400, 422), value
    for key, value in INVALID:
        assert send(value, key).status_code in (400, 422), (key, value)
    for depth in (200, 900, 100_000):
        bomb = json.dumps({"round": 1, "answers": [change(study, "funding", {"parts": "BOMB"})]})
        body = bomb.replace('"BOMB"', nested(depth))
        said = client.post(
            url, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )
        assert said.status_code in (400, 413), depth
    assert send({"text": "x" * 1_000_000}, "comment").status_code in (400, 413, 422)
    assert not Answer.objects.exists()
    said = send({"parts": {"1": 60, "2": 40}})
    assert (said.status_code, said.json()["answers"][0]["status"]) == (200, "saved")
    assert Answer.objects.get().parts == {"1": 60, "2": 40, "3": 0, "4": 0}
    read = client.get(
        reverse("api:questionnaire", args=[study.code]), headers={"Authorization": f"Bearer {token}"}
    ).json()
    assert read["answers"][0]["value"] == {"parts": {"1": 60.0, "2": 40.0, "3": 0.0, "4": 0.0}}
    assert {q["key"]: q["settings"] for q in read["questions"]}["obstacles"] == {"top": 3}


def test_a_plain_form_keeps_what_was_typed_and_names_the_fault(client, survey):
    study, _round, member, _token = survey
    open_link(client, member, owner_of(study))
    code = study.technologies.get().code
    page = reverse("respond:technology", args=[study.code, code])
    typed = {
        f"a.{code}.funding.p.1": "eleven",
        f"a.{code}.funding.p.2": "89",
        f"a.{code}.funding.base": "0|{}",
    }
    answer = client.post(page, {"round": 1, **typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="eleven"' in text
    assert 'value="89"' in text
    assert "Enter a number." in text
    assert not Answer.objects.exists()


def test_a_required_composite_is_missing_until_nothing_of_it_is_open(client, survey):
    study, round, member, _token = survey
    study.questions.exclude(key="obstacles").update(required=False)
    study.questions.filter(key="obstacles").update(required=True)
    open_link(client, member, owner_of(study))
    gaps = []
    for parts in ({"1": 1}, {"1": 1, "2": 2, "3": 3}):
        body = {
            "round": 1,
            "answers": [change(study, "obstacles", {"parts": parts}) | {"base_revision": None}],
        }
        body["answers"][0]["sequence"] = len(parts)
        client.post(
            reverse("respond:save", args=[study.code]), json.dumps(body), content_type="application/json"
        )
        gaps.append([gap.question for gap in missing(round=round, member=member)])
    assert gaps == [["obstacles"], []]


def test_own_answers_say_composites_in_words(client, survey):
    study, _round, member, _token = survey
    open_link(client, member, owner_of(study))
    values = {
        "sectors": {"parts": {"1": 1, "other": 1}, "text": "=Space"},
        "obstacles": {"parts": {"2": 2, "5": 1, "1": 3}},
        "preference": {"parts": {"1:2": 1, "1:3": 0, "2:3": -1}},
        "breakthrough": {"number": 1, "parts": {"certainty": 80}},
    }
    body = {"round": 1, "answers": [change(study, key, value) for key, value in values.items()]}
    client.post(reverse("respond:save", args=[study.code]), json.dumps(body), content_type="application/json")
    file = client.get(reverse("respond:own_answers_file", args=[study.code, "csv"])).content.decode(
        "utf-8-sig"
    )
    for words in (
        "Health; Other: =Space",
        "1. Public acceptance; 2. Reliability; 3. Cost",
        "Public research > Pilot projects; Public research = Training; Pilot projects < Training",
        "Yes (80 %)",
    ):
        assert words in file

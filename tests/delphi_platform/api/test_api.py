"""The API: who may read what, what a member may save, and what never appears in an answer."""

import json

import pytest
from django.core.cache import cache

from consensus.services.compute import compute_round
from experts import tokens
from experts.enums import Role
from experts.models import ApiToken
from experts.services.api_tokens import create_token, revoke_token
from experts.services.invitations import invite
from surveys.models import Answer, Participation
from surveys.services.answers import Change, save_answers
from surveys.services.rounds import close_round
from tests.factories import give_role, make_open_round, make_study, make_user, owner_of

pytestmark = pytest.mark.django_db

READS = ("", "technologies/", "questions/", "rounds/", "rounds/1/results/")


@pytest.fixture(autouse=True)
def _no_failures_left():
    cache.clear()


@pytest.fixture
def analysed(django_capture_on_commit_callbacks):
    study = make_study(members=6)
    round = make_open_round(study)
    first, second = study.technologies.all()
    for place, member in enumerate(study.panel.members.all()):
        changes = [Change("agreement", first.code, {"number": 4 + place % 2})]
        if place < 3:
            changes.append(Change("agreement", second.code, {"number": 1}))
        save_answers(round=round, member=member, changes=changes)
    with django_capture_on_commit_callbacks(execute=True):
        close_round(round=round)
    return study


@pytest.fixture
def round():
    return make_open_round()


@pytest.fixture
def member(round):
    return round.study.panel.members.first()


@pytest.fixture
def token(round, member):
    return tokens.derive(invite(member=member, actor=owner_of(round.study)).nonce)


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def get(client, study, place, headers=None):
    return client.get(f"/api/v1/studies/{study.code}/{place}", headers=headers or {})


def send(client, study, place, body, token):
    return client.post(
        f"/api/v1/studies/{study.code}/{place}", body, content_type="application/json", headers=bearer(token)
    )


def answers(round, technology, number, **more):
    answer = {"question": "agreement", "technology": technology.code, "value": {"number": number}} | more
    return {"round": round.number, "answers": [answer]}


@pytest.mark.parametrize("place", READS)
@pytest.mark.parametrize("role", list(Role))
def test_every_role_of_the_study_reads(client, analysed, role, place):
    client.force_login(give_role(analysed, role))
    assert get(client, analysed, place).status_code == 200


@pytest.mark.parametrize("place", READS)
def test_outsiders_learn_nothing(client, analysed, place):
    client.force_login(make_user("outsider"))
    missing = client.get("/api/v1/studies/nosuchcode/")
    refused = get(client, analysed, place)
    assert (refused.status_code, refused.json()) == (404, missing.json())


def test_visitors_are_asked_to_authenticate(client, analysed):
    assert get(client, analysed, "").status_code == 401


def test_the_list_holds_ones_own_studies_only(client, analysed):
    make_study()
    client.force_login(owner_of(analysed))
    listed = client.get("/api/v1/studies/").json()["results"]
    assert [study["code"] for study in listed] == [analysed.code]


def test_no_person_appears_in_any_answer(client, analysed):
    client.force_login(owner_of(analysed))
    said = "".join(get(client, analysed, place).content.decode() for place in READS)
    for member in analysed.panel.members.select_related("expert"):
        for secret in (
            member.code,
            member.pseudonym,
            member.expert.name,
            member.expert.email,
            member.expert.code,
        ):
            assert secret not in said


def test_results_of_few_answers_are_withheld(client, analysed):
    client.force_login(owner_of(analysed))
    results = get(client, analysed, "rounds/1/results/").json()["results"]
    first, second = (technology.code for technology in analysed.technologies.all())
    shown = {row["technology"]: row for row in results if row["question"] == "agreement"}
    assert (shown[first]["suppressed"], shown[first]["n"], shown[first]["median"]) == (False, 6, 4.5)
    assert (shown[second]["suppressed"], shown[second]["n"], shown[second]["counts"]) == (True, None, [])


def test_results_carry_their_intervals_and_how_they_were_made(client, analysed):
    client.force_login(owner_of(analysed))
    results = get(client, analysed, "rounds/1/results/").json()["results"]
    first, second = (technology.code for technology in analysed.technologies.all())
    shown = {row["technology"]: row for row in results if row["question"] == "agreement"}
    stored = analysed.rounds.get().computations.get(status="current")
    intervals = {each["figure"]: each for each in shown[first]["intervals"]}
    assert {name: (each["method"], each["draws"], each["seed"]) for name, each in intervals.items()} == {
        "median": ("order statistics", None, None),
        "mean": ("student t", None, None),
        "share": ("wilson", None, None),
        "iqr": ("percentile", 400, stored.seed),
        "agreement_a": ("bca", 400, stored.seed),
        "consensus_cns": ("bca", 400, stored.seed),
    }
    assert (intervals["median"]["value"], intervals["median"]["low"], intervals["median"]["high"]) == (
        4.5,
        4,
        5,
    )
    assert all(each["low"] <= each["high"] for each in intervals.values())
    assert shown[second]["intervals"] == []


def test_intervals_need_as_many_values_as_the_minimum_whoever_else_could_not_judge(client):
    study = make_study(members=6)
    round = make_open_round(study)
    technology = study.technologies.first()
    for place, member in enumerate(study.panel.members.all()):
        value = {"number": 4} if place < 4 else {"special": "cannot_judge"}
        save_answers(round=round, member=member, changes=[Change("agreement", technology.code, value)])
    close_round(round=round)
    compute_round(round_id=round.pk)
    client.force_login(owner_of(study))
    results = get(client, study, "rounds/1/results/").json()["results"]
    assert next(row for row in results if row["technology"] == technology.code)["intervals"] == []


def test_results_of_an_open_round_are_not_there(client, round):
    client.force_login(owner_of(round.study))
    assert get(client, round.study, "rounds/1/results/").status_code == 404


def test_an_account_token_reads_until_it_is_revoked(client, analysed):
    owner = owner_of(analysed)
    token, text = create_token(user=owner, name="notebook")
    assert text not in str(ApiToken.objects.values())
    assert get(client, analysed, "", bearer(text)).status_code == 200
    revoke_token(token=token, actor=owner)
    assert get(client, analysed, "", bearer(text)).status_code == 404


def test_a_member_reads_and_saves_and_submits(client, round, member, token):
    study = round.study
    asked = get(client, study, "questionnaire/", bearer(token)).json()
    assert [entry["code"] for entry in asked["technologies"]] == [t.code for t in study.technologies.all()]
    for technology in study.technologies.all():
        saved = send(client, study, "answers/", answers(round, technology, 4, base_revision=0), token)
        assert saved.json()["answers"][0]["status"] == "saved"
    assert send(client, study, "submit/", {}, token).json()["status"] == "submitted"
    assert Participation.objects.get(round=round, member=member).status == "submitted"
    again = get(client, study, "questionnaire/", bearer(token)).json()["answers"]
    assert {(row["value"]["number"], row["revision"]) for row in again} == {(4.0, 1)}


def test_nothing_is_saved_before_the_member_agreed_to_the_text_that_they_read(client, round, member, token):
    study, technology = round.study, round.study.technologies.first()
    round.participations.update(consented_at=None)
    for place, body in (("answers/", answers(round, technology, 4)), ("submit/", {})):
        refused = send(client, study, place, body, token)
        assert (refused.status_code, refused.json()["code"]) == (403, "consent_required")
    told = get(client, study, "questionnaire/", bearer(token)).json()["consent"]
    assert told["agreed_at"] is None
    assert "voluntary" in told["text"]["en"]
    assert send(client, study, "consent/", {"hash": "0" * 64}, token).json()["code"] == "text_changed"
    assert send(client, study, "consent/", {}, token).status_code == 400
    assert send(client, study, "consent/", {"hash": told["hash"]}, token).status_code == 204
    saved = send(client, study, "answers/", answers(round, technology, 4), token)
    assert saved.json()["answers"][0]["status"] == "saved"
    part = Participation.objects.get(round=round, member=member)
    assert part.consent_version.hash == told["hash"]


def test_a_conflict_carries_the_other_value(client, round, token):
    technology = round.study.technologies.first()
    send(client, round.study, "answers/", answers(round, technology, 4), token)
    outcome = send(client, round.study, "answers/", answers(round, technology, 1, base_revision=0), token)
    assert outcome.json()["answers"][0] | {"errors": []} == {
        "question": "agreement",
        "technology": technology.code,
        "status": "conflict",
        "revision": 1,
        "value": {"number": 4.0},
        "errors": [],
    }


def test_an_early_submission_says_what_is_missing(client, round, token):
    refused = send(client, round.study, "submit/", {}, token)
    assert (refused.status_code, refused.json()["code"]) == (400, "incomplete")
    assert [gap["question"] for gap in refused.json()["details"]["missing"]] == ["agreement", "agreement"]


def test_a_late_answer_is_refused_by_name(client, round, token):
    close_round(round=round)
    late = send(client, round.study, "answers/", answers(round, round.study.technologies.first(), 4), token)
    assert (late.status_code, late.json()["code"]) == (409, "round_not_open")
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"value": {"number": "many"}},
        {"value": {"number": 4, "is_open": True}},
        {"value": [4]},
        {"technology": 5, "question": ""},
        {"base_revision": -1},
        {"cause": "because"},
        {"member": "another"},
        {"question": "x" * 200_000},
    ],
)
def test_malformed_answers_are_refused_and_nothing_is_stored(client, round, token, change):
    body = answers(round, round.study.technologies.first(), 4)
    body["answers"][0] |= change
    refused = send(client, round.study, "answers/", body, token)
    assert refused.status_code in (400, 404)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("body", ["[]", "nonsense", '{"round": 1, "expert_id": 3}', '{"answers": {}}', "5"])
def test_malformed_bodies_are_refused(client, round, token, body):
    refused = client.post(
        f"/api/v1/studies/{round.study.code}/answers/",
        body,
        content_type="application/json",
        headers=bearer(token),
    )
    assert refused.status_code == 400
    assert set(refused.json()) == {"code", "message", "details"}


def test_an_out_of_range_value_is_told_and_the_others_are_saved(client, round, token):
    first, second = round.study.technologies.all()
    body = answers(round, first, 9)
    body["answers"] += answers(round, second, 3)["answers"]
    said = send(client, round.study, "answers/", body, token).json()["answers"]
    assert [row["status"] for row in said] == ["invalid", "saved"]


def test_a_member_of_another_study_is_answered_as_if_there_were_none(client, round, token):
    other = make_open_round()
    refused = send(
        client, other.study, "answers/", answers(other, other.study.technologies.first(), 3), token
    )
    assert refused.status_code == 404
    assert not Answer.objects.exists()


def test_a_member_cannot_read_as_an_account_nor_an_account_answer(client, round, token):
    assert get(client, round.study, "", bearer(token)).status_code in (401, 404)
    _token, text = create_token(user=owner_of(round.study), name="x")
    refused = send(client, round.study, "answers/", answers(round, round.study.technologies.first(), 3), text)
    assert refused.status_code in (401, 404)


def test_fault_20_guessed_tokens_open_nothing_and_lock_nobody_out(client, round, token):
    guesses = [get(client, round.study, "questionnaire/", bearer("x" * 43)).status_code for _ in range(40)]
    assert set(guesses) <= {404, 429}
    assert guesses[-1] == 429
    assert get(client, round.study, "questionnaire/", bearer(token)).status_code == 200


def test_the_schema_describes_every_address(client):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert len(json.loads(schema.content)["paths"]) == 15


def test_a_token_is_made_shown_once_and_revoked_on_its_page(client):
    user = make_user("reader")
    client.force_login(user)
    made = client.post("/account/tokens/", {"name": "notebook"})
    text = made.context["shown"]
    assert text in made.content.decode()
    assert text not in client.get("/account/tokens/").content.decode()
    token = user.api_tokens.get()
    client.force_login(make_user("somebody"))
    assert client.post(f"/account/tokens/{token.code}/revoke/").status_code == 404
    client.force_login(user)
    client.post(f"/account/tokens/{token.code}/revoke/")
    client.logout()
    assert client.get("/api/v1/studies/", headers=bearer(text)).status_code == 404

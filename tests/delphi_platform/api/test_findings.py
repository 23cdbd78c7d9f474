"""What experts said and what stands beside the results, through the API: who may read it, and what is never in it."""

import json

import pytest

from consensus.models import Supplement
from experts.enums import Role
from surveys.enums import Moderation
from surveys.models import Proposal, Reply
from tests.consensus.test_attrition import GONE, LEAVE, STAY
from tests.consensus.test_exports_of_supplements import judged, left
from tests.consensus.test_exports_of_voices import ended, proposed, spoken
from tests.consensus.test_what_if import studied
from tests.factories import give_role, make_user, owner_of
from tests.surveys.voice_world import FOR

pytestmark = pytest.mark.django_db
VIEW, EXPORT = ("discussion/", "rounds/1/supplements/"), ("proposals/", "wordings/", "rounds/1/what-if/")
EVERYWHERE = (*VIEW, *EXPORT)
MAY_EXPORT = {Role.OWNER, Role.ORGANISER, Role.ANALYST}


@pytest.fixture
def world():
    return proposed(spoken())


def get(client, study, place, **query):
    return client.get(f"/api/v1/studies/{study.code}/{place}", query)


def read(client, study, place, **query):
    client.force_login(owner_of(study))
    response = get(client, study, place, **query)
    assert response.status_code == 200, response.content
    return response.json()


def test_fault_22_each_role_reads_what_the_table_allows_and_nothing_is_stored(client):
    study = judged((7,))
    for role in Role:
        client.force_login(give_role(study, role))
        for place in EVERYWHERE:
            response = get(client, study, place)
            allowed = place in VIEW or role in MAY_EXPORT
            assert response.status_code == (200 if allowed else 404), (role, place)
            assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("place", EVERYWHERE)
def test_outsiders_and_visitors_learn_nothing(client, world, place):
    assert get(client, world.study, place).status_code == 401
    client.force_login(make_user("outsider"))
    refused, missing = get(client, world.study, place), client.get("/api/v1/studies/nosuchcode/")
    assert (refused.status_code, refused.json()) == (404, missing.json())


def test_no_person_code_or_time_is_in_any_answer(client, world):
    client.force_login(owner_of(world.study))
    said = "".join(get(client, world.study, place).content.decode() for place in EVERYWHERE)
    for member in world.study.panel.members.select_related("expert"):
        for secret in (member.code, member.pseudonym, member.expert.name, member.expert.email):
            assert secret not in said
    rows = [*Reply.objects.all(), *Proposal.objects.all(), *world.reasons.values()]
    assert not [row.code for row in rows if row.code in said]


def test_a_discussion_tells_votes_in_steps_and_approved_replies(client, world):
    found = read(client, world.study, "discussion/")
    assert found["count"] == 3
    row = next(row for row in found["results"] if row["text"] == FOR)
    assert row == {
        "name": row["name"], "round": 1, "technology": world.technologies[0].code, "gone": False, "stance": "for",
        "text": FOR, "useful": 5, "agree": 0, "replies": [{"round": 2, "text": "固态电池已经商用"}],
    }  # fmt: skip
    assert len(read(client, world.study, "discussion/", limit=1)["results"]) == 1


def test_proposals_that_nobody_let_through_are_not_there(client, world):
    found = read(client, world.study, "proposals/")["results"]
    approved = Proposal.objects.filter(moderation=Moderation.APPROVED).count()
    assert (len(found), approved, Proposal.objects.count()) == (4, 4, 6)
    entry = next(row for row in found if row["status"] == "accepted")
    assert entry["name"] == {"zh-hans": "地下储热"}
    assert entry["became"] == Proposal.objects.get(status="accepted").became.code
    assert set(entry) == {
        "round", "kind", "technology", "question", "problem", "field", "name", "description", "text", "status",
        "answer", "became",
    }  # fmt: skip


def test_wordings_come_with_their_problems(client, world):
    assert read(client, world.study, "wordings/")["results"] == [
        {
            "technology": world.technologies[0].code, "question": None, "reports": 1, "problems": {"jargon": 1},
            "answered": None, "cannot_judge_share": None,
        }
    ]  # fmt: skip


def test_nothing_of_an_open_round_is_there(client):
    world = spoken()
    found = read(client, world.study, "discussion/")["results"]
    assert {(row["useful"], len(row["replies"])) for row in found} == {(0, 0)}
    for place in ("rounds/2/supplements/", "rounds/2/what-if/"):
        assert get(client, world.study, place).status_code == 404
    ended(world)
    assert get(client, world.study, "rounds/2/supplements/").status_code == 200


def test_supplements_hold_back_what_few_judged(client):
    study = judged()
    first, second = study.technologies.order_by("position")
    found = read(client, study, "rounds/1/supplements/")
    assert {row["panel_group"] for row in found["indicators"]} == {"all", "academia"}
    rows = {row["technology"]: row for row in found["authority"]}
    assert (rows[first.code]["cr"], rows[first.code]["note"]) == (1, None)
    assert (rows[second.code]["cr"], rows[second.code]["n_basis"], rows[second.code]["note"]) == (
        None, None, "suppressed",
    )  # fmt: skip
    assert (found["attrition"], found["dropouts"], found["completers"]) == ([], [], [])
    assert found["hashes"] == dict(Supplement.objects.values_list("kind", "result_hash"))


def test_supplements_of_a_later_round_tell_attrition_and_completers(client):
    study = left(STAY + LEAVE, STAY + GONE)
    found = read(client, study, "rounds/2/supplements/")
    assert found["attrition"][0] == {
        "panel_group": "all", "previous_round": 1, "n_before": 12, "came_back": 6, "newcomers": 0,
    }  # fmt: skip
    assert [row["technology"] for row in found["dropouts"]] == [None, study.technologies.first().code]
    assert {row["compared_round"] for row in found["completers"]} == {1, 2}


def test_what_if_is_asked_by_query_and_says_that_it_is_no_verdict(client):
    study = studied()
    found = read(client, study, "rounds/1/what-if/", preset="share", threshold="50")
    assert found["status"] == "exploratory"
    assert found["rule"]["consensus_in"].startswith("at least 50")
    assert [row["outcome"] for row in found["outcomes"]] == ["consensus_in"] * 3
    usual = read(client, study, "rounds/1/what-if/")
    assert usual["settings"]["preset"] == "comet"
    assert json.dumps(usual) != json.dumps(found)


@pytest.mark.parametrize("query", [{"preset": "nothing"}, {"threshold": "many"}, {"low": "5", "high": "1"}])
def test_a_rule_that_cannot_be_tried_is_refused_by_field(client, query):
    study = studied()
    client.force_login(owner_of(study))
    refused = get(client, study, "rounds/1/what-if/", **query)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert set(refused.json()["details"]["errors"]) <= set(query)

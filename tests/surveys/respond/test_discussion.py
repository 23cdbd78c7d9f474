"""Others' reasons on the page: votes, agreement, replies; by scripts and by plain form."""

from copy import deepcopy

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Reason, ReasonVote, Reply
from surveys.services.discussion import reply, vote
from surveys.services.reasons import save_reason
from surveys.services.rounds import close_round
from surveys.services.submission import missing
from tests.consensus.worlds import answer
from tests.surveys.respond.conftest import open_link
from tests.surveys.voice_world import AGAINST, FOR, OWN, approve, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]


@pytest.fixture(scope="module")
def made(module_transaction):
    return make_world()


@pytest.fixture
def world(made):
    return deepcopy(made)


def browser(world, member):
    client = Client()
    open_link(client, member, world.owner)
    return client


@pytest.fixture
def client(world):
    """The first member, who rated far below the others and said why in round 1."""
    return browser(world, world.members[0])


def address(world, name="technology"):
    codes = [world.technologies[0].code] if name == "technology" else []
    return reverse(f"respond:{name}", args=[world.study.code, *codes])


def page(client, world):
    return client.get(address(world)).content.decode()


def post(client, world, **fields):
    """The page's form as a browser without scripts sends it: nothing answered, and `fields`."""
    shown = client.get(address(world))
    given = {"round": "2", "go": "next"}
    for w in shown.context["widgets"]:
        given |= {f"{w.name}.base": w.base, w.name: w.chosen or w.parts.get("text", "")}
    box = shown.context["reason"]
    given |= {f"{box['name']}.{part}": box[part] for part in ("text", "stance", "base")}
    return client.post(
        address(world), given | {name.replace("__", "."): each for name, each in fields.items()}
    )


def react(client, world, reason, **fields):
    given = {"round": "2", "reason": world.reasons[reason].code} | fields
    return client.post(address(world, "react"), given, headers={"accept": "application/json"})


def test_the_page_shows_reasons_by_stance_and_marks_the_own_one(client, world):
    html = page(client, world)
    assert html.index("In favour") < html.index(FOR) < html.index(AGAINST)
    assert "Your reason" in html[html.index(OWN) :]
    assert f'value="useful:{world.reasons[FOR].code}:1"' in html
    assert world.reasons[OWN].code + ":1" not in html  # nothing to press on the own one


def test_a_vote_is_cast_once_and_taken_back_by_plain_form(client, world):
    code = world.reasons[FOR].code
    for _twice in range(2):
        assert post(client, world, voice=f"useful:{code}:1")["Location"].endswith("#reasons")
    assert ReasonVote.objects.count() == 1
    assert f'value="useful:{code}:0" aria-pressed="true"' in page(client, world)
    post(client, world, voice=f"useful:{code}:0")
    assert not ReasonVote.objects.exists()


def test_scripts_vote_and_reply_with_the_same_services(client, world):
    assert react(client, world, FOR, kind="agree", on="1").json() == {"on": True}
    told = react(client, world, FOR, text="Which bench?", base="0:0").json()
    assert told["moderation"] == "pending"
    assert Reply.objects.get().text == "Which bench?"
    assert react(client, world, FOR, text="", base=told["base"]).json()["moderation"] == ""
    assert "Which bench?" not in page(client, world)


def test_a_reply_typed_beside_the_answers_is_saved_with_whatever_button_sends_the_page(client, world):
    code = world.reasons[FOR].code
    response = post(client, world, **{f"reply__{code}": "Which bench?", f"reply__{code}__base": "0:0"})
    assert response.status_code == 302
    html = page(client, world)
    assert "Which bench?" in html
    assert "Waiting for a moderator" in html
    assert "Which bench?" not in page(browser(world, world.members[5]), world)


def test_fault_06_a_reply_changed_in_another_tab_is_not_overwritten(client, world):
    code = world.reasons[FOR].code
    react(client, world, FOR, text="From the phone", base="0:0")
    stale = {f"reply__{code}": "From the old tab", f"reply__{code}__base": "0:0"}
    response = post(client, world, **stale)
    html = response.content.decode()
    assert response.status_code == 422
    assert "From the old tab" in html
    assert "From the phone" in html
    assert Reply.objects.get().text == "From the phone"
    untouched = {f"reply__{code}": "", f"reply__{code}__base": "0:0"}
    assert post(client, world, **untouched).status_code == 302
    assert Reply.objects.get().text == "From the phone"


def test_scripts_are_told_what_is_stored_so_that_saving_again_means_this_text(client, world):
    react(client, world, FOR, text="From the phone", base="0:0")
    refused = react(client, world, FOR, text="From the old tab", base="0:0")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    again = react(client, world, FOR, text="From the old tab", base=refused.json()["base"])
    assert again.status_code == 200
    assert Reply.objects.get().text == "From the old tab"


def test_a_reply_to_a_reason_that_was_taken_out_meanwhile_stays_with_its_author(client, world):
    code = world.reasons[FOR].code
    approve(world.reasons[FOR], world.owner, "rejected")
    response = post(client, world, **{f"reply__{code}": "Long thought", f"reply__{code}__base": "0:0"})
    assert response.status_code == 422
    assert "Long thought" in response.content.decode()
    assert FOR not in response.content.decode()


def test_fault_09_a_reply_that_comes_after_the_closing_is_shown_back(client, world):
    code = world.reasons[FOR].code
    page(client, world)
    close_round(round=world.second, actor=world.owner)
    given = {"round": "2", f"reply.{code}": "Too late", f"reply.{code}.base": "0:0"}
    response = client.post(address(world), given)
    assert response.status_code == 409
    assert "Too late" in response.content.decode()
    assert react(client, world, FOR, kind="useful", on="1").status_code == 409
    assert not Reply.objects.exists()


def test_fault_30_only_a_reason_that_the_page_shows_can_be_reacted_to(client, world):
    save_reason(
        round=world.second, member=world.members[4], technology=world.technologies[0].code, text="Of now"
    )
    current = Reason.objects.get(text="Of now")
    approve(current, world.owner)
    approve(world.reasons[AGAINST], world.owner, "rejected")
    foreign = make_world().reasons[FOR]
    world.reasons |= {"now": current, "foreign": foreign}
    for reason in (OWN, AGAINST, "now", "foreign"):
        assert react(client, world, reason, kind="useful", on="1").status_code == 404
        assert react(client, world, reason, text="x").status_code == 404
    assert react(client, world, FOR, kind="adore", on="1").status_code == 400
    for code in ("\0", "", "x" * 400, "(no code)"):
        given = {"round": "2", "reason": code, "kind": "useful", "on": "1"}
        assert client.post(address(world, "react"), given).status_code == 404
    assert not ReasonVote.objects.exists()


@pytest.mark.parametrize("kept", ["allows_discussion", "shows_feedback"])
def test_where_the_round_does_not_allow_it_nothing_can_be_pressed_or_sent(kept):
    world = make_world(**{kept: False})
    client = browser(world, world.members[0])
    html = page(client, world)
    assert "data-vote" not in html
    assert (FOR in html) == (kept == "allows_discussion")
    assert react(client, world, FOR, kind="useful", on="1").status_code == 404
    assert react(client, world, FOR, text="x").status_code == 404


def test_agreeing_with_a_reason_serves_as_the_demanded_one_until_it_is_taken_out(world):
    member = world.members[0]
    for technology in world.technologies:
        answer(world.second, member, "agreement", technology, 1)

    def demanded():
        return {gap.technology for gap in missing(round=world.second, member=member)}

    first, second = world.technologies
    assert demanded() == {first.code, second.code}
    about = {"round": world.second, "member": member, "reason": world.reasons[AGAINST].code}
    vote(**about, kind="useful", on=True)
    assert demanded() == {first.code, second.code}
    vote(**about, kind="agree", on=True)
    assert demanded() == {second.code}
    approve(world.reasons[AGAINST], world.owner, "rejected")
    assert demanded() == {first.code, second.code}


def test_outside_the_middle_half_the_page_says_so_and_keeps_with_one_press(client, world):
    html = page(client, world)
    assert "Your earlier answer lies outside the middle half of the group, 3 to 4." in html
    name = f"a.{world.technologies[0].code}.agreement"
    post(client, world, keep=name)
    html = page(client, world)
    assert "Your answer lies outside the middle half of the group, 3 to 4." in html
    assert "data-earlier-outside" not in html


def test_a_rejected_reply_of_a_study_that_moderates_afterwards_waits_when_it_is_edited(world):
    world.study.moderate_reasons = False
    world.study.save()
    world.second.study.refresh_from_db()
    about = {"round": world.second, "member": world.members[1], "reason": world.reasons[FOR].code}
    assert reply(**about, text="Insult").moderation == "approved"
    approve(Reply.objects.get(), world.owner, "rejected")
    assert reply(**about, text="Insult, reworded").moderation == "pending"


def test_a_page_takes_the_same_queries_however_much_is_said(client, world):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(address(world))
        return len(caught)

    page(client, world)
    before = queries()
    for at, member in enumerate(world.members[1:5]):
        vote(round=world.second, member=member, reason=world.reasons[AGAINST].code, kind="agree", on=True)
        reply(round=world.second, member=member, reason=world.reasons[FOR].code, text=f"Reply {at}")
    vote(round=world.second, member=world.members[0], reason=world.reasons[FOR].code, kind="useful", on=True)
    reply(round=world.second, member=world.members[0], reason=world.reasons[AGAINST].code, text="Mine")
    assert queries() == before


def test_fault_25_markup_in_a_reply_is_shown_as_text(world):
    evil = "<script>alert(1)</script> [x](javascript:alert(1))"
    code = world.reasons[FOR].code
    member = world.members[0]
    reply(round=world.second, member=member, reason=code, text=evil)
    html = page(browser(world, member), world)
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html

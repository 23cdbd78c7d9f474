"""Nothing of the group is seen before the protocol allows it, on any address of the questionnaire or the API."""

import pytest
from django.test import Client
from django.urls import reverse

from consensus.enums import ExportKind
from consensus.services.compute import compute_round
from experts import tokens
from experts.services.invitations import invite
from foundation.models import OutboxMail
from surveys.models import Reason
from surveys.services.discussion import reply
from surveys.services.proposals import propose_technology
from surveys.services.submission import submit
from tests.consensus.test_exports import tables
from tests.consensus.test_report import words
from tests.consensus.worlds import answer_all, close
from tests.delphi_platform.test_fault_19_every_route import routes
from tests.surveys.respond.conftest import open_link
from tests.surveys.voice_world import AGAINST, FOR, VALUES, approve, finish, make_world, next_round

pytestmark = pytest.mark.django_db

SIGNS = (FOR, AGAINST, "data-half", "iddle half", "feedback-figures", "histogram", "Consensus in", "v-in")


def everything(world, member) -> str:
    """All that this member can get, from every address of the questionnaire and with their API token."""
    client, token = Client(), tokens.derive(invite(member=member, actor=world.owner).nonce)
    open_link(client, member, world.owner)
    reason = next(iter(world.reasons.values()))
    parts = {
        "code": world.study.code,
        "technology_code": world.technologies[0].code,
        "entry_kind": "reason",
        "entry_code": reason.code,
        "format": "json",
        "number": 1,
        "kind": "x",
    }
    bodies = []
    for name, names in routes():
        if not name.startswith(("respond:", "api:")) or name == "api:schema" or not set(names) <= set(parts):
            continue
        path = reverse(name, kwargs={each: parts[each] for each in names})
        headers = {"Authorization": f"Bearer {token}"} if name.startswith("api:") else {}
        for query in ("", "?show=outside", "?show=changed"):
            bodies.append(client.get(path + query, headers=headers).content.decode())
        sent = client.post(path, {"round": world.study.rounds.count()}, headers=headers)
        bodies.append(sent.content.decode())
    assert len(bodies) > 40
    return "\n".join(bodies)


def seen(world, at=0) -> set[str]:
    text = everything(world, world.members[at])
    return {sign for sign in SIGNS if sign in text}


def test_a_round_that_shows_the_group_shows_it():
    """What the tests below look for is there when it is allowed: else they would say nothing."""
    assert seen(make_world()) >= {FOR, AGAINST, "data-half", "iddle half", "histogram"}


def test_fault_23_a_round_that_hides_the_group_shows_nothing_of_it_on_any_address():
    assert seen(make_world(shows_feedback=False)) == set()


def test_fault_23_a_round_that_hides_the_group_does_not_tell_by_demanding_a_reason():
    world = make_world(shows_feedback=False)
    for technology in world.technologies:
        answer_all(world.second, "agreement", technology, VALUES)
    assert seen(world) == set()
    submit(round=world.second, member=world.members[0])  # far outside, and not asked why


def test_fault_23_nothing_of_an_open_or_just_closed_round_is_seen_until_the_next_one():
    world = make_world(shows_feedback=False)
    for technology in world.technologies:
        answer_all(world.second, "agreement", technology, (5,) * 8)
    for reason in Reason.objects.filter(round=world.second):
        approve(reason, world.owner)
    assert seen(world, at=1) == set()
    close(world.second)
    assert seen(world, at=1) == set()


def test_a_decided_technology_is_shown_with_its_result_on_a_card_and_in_the_overview():
    world = make_world()
    _decide_first(world)
    world.study.refresh_from_db()
    next_round_of_undecided(world)
    client = Client()
    open_link(client, world.members[2], world.owner)
    overview = client.get(reverse("respond:overview", args=[world.study.code])).content.decode()
    card = reverse("respond:decided", args=[world.study.code, world.technologies[0].code])
    assert card in overview
    assert "Already decided" in overview
    html = client.get(card).content.decode()
    assert "Consensus in" in html
    assert "after round 3" in html
    assert "Your earlier answer" in html
    assert "<textarea" not in html
    other = reverse("respond:decided", args=[world.study.code, world.technologies[1].code])
    assert client.get(other).status_code == 404


def test_fault_23_the_result_of_a_decided_technology_is_hidden_where_the_round_hides_the_group():
    world = make_world()
    _decide_first(world)
    next_round_of_undecided(world, shows_feedback=False)
    client = Client()
    open_link(client, world.members[2], world.owner)
    card = reverse("respond:decided", args=[world.study.code, world.technologies[0].code])
    assert client.get(card).status_code == 404
    assert (
        "Already decided"
        not in client.get(reverse("respond:overview", args=[world.study.code])).content.decode()
    )
    assert seen(world, at=2) == set()


def _decide_first(world):
    """Rounds 2 and 3 agree on the first technology and move on the second: decided, open."""
    first, second = world.technologies
    answer_all(world.second, "agreement", first, (5,) * 8)
    answer_all(world.second, "agreement", second, (5,) * 4 + (1,) * 4)
    finish(world.second)
    third = next_round(world.study)
    answer_all(third, "agreement", first, (5,) * 8)
    answer_all(third, "agreement", second, (3,) * 8)
    compute_round(round_id=close(third).pk)


def next_round_of_undecided(world, **fields):
    opened = next_round(world.study, **({"scope": "undecided"} | fields))
    assert [row.technology_id for row in opened.round_technologies.all()] == [world.technologies[1].pk]
    return opened


def published(world) -> str:
    """What others get of the study: exports, results, the API's results, mails, another expert's every page."""
    client = Client()
    client.force_login(world.owner)
    places = [
        reverse("results:technology", args=[world.study.code, world.technologies[0].code]),
        reverse("api:results", args=[world.study.code, world.study.rounds.count() - 1]),
        reverse("api:technologies", args=[world.study.code]),
        reverse("surveys:technologies", args=[world.study.code]),
    ]
    texts = [client.get(path).content.decode() for path in places]
    texts += [str(tables(world.study, kind)) for kind in ExportKind if kind != ExportKind.REPORT]
    texts.append(words(world.study))  # of the report
    texts += [mail.text + mail.html for mail in OutboxMail.objects.all()]
    return "\n".join([*texts, everything(world, world.members[2])])


def test_a_rejected_text_is_shown_nowhere_once_it_is_rejected():
    """User request 6: a rejected comment that still reached the report."""
    world = make_world(allows_proposals=True)
    about = {"round": world.second, "member": world.members[1]}
    answered = reply(**about, reason=world.reasons[FOR].code, text="Reply that names Ms Li")
    proposal = propose_technology(**about, name="Entry that insults", language="en")
    approve(answered, world.owner)
    finish(world.second)
    next_round(world.study)
    text = published(world)
    assert FOR in text
    assert "Reply that names Ms Li" in text
    for entry in (world.reasons[FOR], answered, proposal):
        approve(entry, world.owner, "rejected", note="Names a person")
    text = published(world)
    assert AGAINST in text
    hidden = (FOR, "Reply that names Ms Li", "Entry that insults", "Names a person")
    assert [each for each in hidden if each in text] == []

"""The moderation page: one queue for reasons, replies and proposals."""

from copy import deepcopy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from experts.enums import Role
from foundation.models import AuditEntry
from surveys.models import Proposal, Reason, Reply
from surveys.services.discussion import reply
from surveys.services.proposals import flag_wording
from surveys.services.reasons import save_reason
from tests.factories import give_role
from tests.surveys.respond.conftest import open_link
from tests.surveys.voice_world import FOR, OWN, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]


@pytest.fixture(scope="module")
def made(module_transaction):
    """With a new reason, a reply and a report that wait, each of its own text."""
    world = make_world()
    first, second = world.technologies
    for member, technology, text in ((1, first, "Waits one"), (2, second, "Waits two")):
        save_reason(
            round=world.second,
            member=world.members[member],
            technology=technology.code,
            text=text,
            stance="for",
        )
    reply(round=world.second, member=world.members[3], reason=world.reasons[FOR].code, text="Waiting reply")
    flag_wording(
        round=world.second, member=world.members[4], technology=first.code, problem="jargon", text="Odd word"
    )
    return world


@pytest.fixture
def world(made):
    return deepcopy(made)


@pytest.fixture
def moderator(client, world):
    client.force_login(give_role(world.study, Role.MODERATOR))
    return client


def shown(client, world, **query):
    return client.get(reverse("surveys:moderation", args=[world.study.code]), query).content.decode()


def decide(client, world, entry, decision, kind="reason", **fields):
    entry.refresh_from_db()
    path = reverse("surveys:moderate", args=[world.study.code, kind, entry.code])
    given = {"decision": decision, "revision": entry.revision, "at_kind": kind} | fields
    return client.post(path, given, follow=True).content.decode()


def test_each_kind_has_its_queue_with_what_it_is_about(moderator, world):
    reasons = shown(moderator, world)
    assert "Waits one" in reasons
    assert "Waits two" in reasons
    assert FOR not in reasons
    replies = shown(moderator, world, kind="reply")
    assert "Waiting reply" in replies
    assert FOR in replies  # what it replies to
    assert "Odd word" in shown(moderator, world, kind="proposal")
    for html in (reasons, replies):
        assert not [m for m in world.members if m.pseudonym in html or m.expert.name in html]


def test_the_queue_is_filtered_by_words_technology_and_round(moderator, world):
    one = world.technologies[0].code
    assert "Waits two" not in shown(moderator, world, technology=one)
    assert "Waits two" not in shown(moderator, world, q="waits one")
    assert "Waits one" not in shown(moderator, world, round="1")
    assert FOR in shown(moderator, world, round="1", status="approved")
    for odd in ({"round": "²"}, {"kind": "x", "status": "withdrawn"}, {"last": "reason:\u00e9"}):
        assert "Waits one" in shown(moderator, world, **odd)


def test_a_decision_comes_with_its_undo_and_stands_in_the_audit_trail(moderator, world):
    entry = Reason.objects.get(text="Waits one")
    html = decide(moderator, world, entry, "rejected", note="Names a person", at_q="waits")
    assert "Undo" in html
    assert 'value="waits"' in html  # still the same list
    entry.refresh_from_db()
    assert (entry.moderation, entry.moderation_note) == ("rejected", "Names a person")
    decide(moderator, world, entry, "pending")
    entry.refresh_from_db()
    assert entry.moderation == "pending"
    actions = AuditEntry.objects.filter(stream=world.study.stream, target=f"reason {entry.code}")
    assert list(actions.order_by("sequence").values_list("action", flat=True)) == [
        "reason.rejected",
        "reason.pending",
    ]


def test_many_are_approved_at_once_but_not_those_that_changed_meanwhile(moderator, world):
    one, two = Reason.objects.get(text="Waits one"), Reason.objects.get(text="Waits two")
    chosen = [f"{each.code}:{each.revision}" for each in (one, two)]
    save_reason(
        round=world.second,
        member=two.member,
        technology=two.technology.code,
        text="Quite another",
        stance="for",
    )
    path = reverse("surveys:moderate_selected", args=[world.study.code])
    bad = ["\0:1", "nobody:1", world.reasons[OWN].code + ":99999999999"]
    html = moderator.post(path, {"chosen": chosen + bad, "at_kind": "reason"}, follow=True).content.decode()
    assert "1 text is now shown to others." in html
    states = dict(Reason.objects.filter(pk__in=(one.pk, two.pk)).values_list("text", "moderation"))
    assert states == {"Waits one": "approved", "Quite another": "pending"}


def test_fault_30_a_garbled_decision_moderates_nothing(moderator, world):
    entry = Reply.objects.get()
    for decision in ("withdrawn", "shown", ""):
        decide(moderator, world, entry, decision, kind="reply")
    decide(moderator, world, entry, "approved", kind="reply", revision="²")
    entry.refresh_from_db()
    assert entry.moderation == "pending"
    wrong = reverse("surveys:moderate", args=[world.study.code, "vote", entry.code])
    assert moderator.post(wrong, {"decision": "approved"}).status_code in (302, 404)


def test_fault_19_only_those_who_moderate_this_study_decide(client, world):
    other = make_world()
    entry = Reply.objects.get(round=world.second)
    for user in (give_role(world.study, Role.ANALYST), other.owner):
        client.force_login(user)
        for name in ("surveys:moderate", "surveys:moderate_selected", "surveys:moderation"):
            args = [world.study.code] + (["reply", entry.code] if name == "surveys:moderate" else [])
            assert client.post(reverse(name, args=args), {"decision": "approved"}).status_code == 404
    client.force_login(other.owner)  # through a study of their own
    path = reverse("surveys:moderate", args=[other.study.code, "reply", entry.code])
    assert client.post(path, {"decision": "approved", "revision": 1}).status_code == 404
    entry.refresh_from_db()
    assert entry.moderation == "pending"


def test_the_author_reads_the_decision_and_the_note(client, world):
    entry = Reason.objects.get(text="Waits one")
    client.force_login(world.owner)
    decide(client, world, entry, "rejected", note="Please leave the company out")
    decide(client, world, Proposal.objects.get(), "rejected", kind="proposal", note="Impolite")
    client.logout()
    open_link(client, world.members[1], world.owner)
    own = reverse("respond:contributions", args=[world.study.code])
    page = reverse("respond:technology", args=[world.study.code, world.technologies[0].code])
    for path in (own, page):
        html = client.get(path).content.decode()
        assert "Waits one" in html
        assert "Please leave the company out" in html
        assert "Impolite" not in html
    open_link(client, world.members[4], world.owner)
    html = client.get(own).content.decode()
    assert "Impolite" in html
    assert "Waits one" not in html


def test_a_study_that_moderates_afterwards_says_so_and_shows_at_once(moderator, world):
    assert "only after a moderator has read it" in shown(moderator, world)
    world.study.moderate_reasons = False
    world.study.save()
    assert "texts are shown at once" in shown(moderator, world)
    world.second.study.refresh_from_db()
    save_reason(
        round=world.second, member=world.members[6], technology=world.technologies[1].code, text="At once"
    )
    assert Reason.objects.get(text="At once").moderation == "approved"


def test_the_page_takes_the_same_queries_for_few_and_many(moderator, world):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            shown(moderator, world)
        return len(caught)

    before = queries()
    for member in world.members[3:]:
        save_reason(
            round=world.second,
            member=member,
            technology=world.technologies[1].code,
            text="More",
            stance="for",
        )
    assert queries() == before

"""Reasons with their votes and replies, as the next round shows them."""

import json
from copy import deepcopy

import pytest

from consensus.feedback.reasons import by_stance, still_shown
from consensus.models import FrozenFeedback
from consensus.services.frozen_reasons import drawn_reasons
from experts.enums import MemberStatus
from surveys.models import Reason, Reply
from surveys.services.discussion import reply, vote
from surveys.services.reasons import save_reason, withdraw_reason
from tests.surveys.voice_world import AGAINST, FOR, OWN, approve, finish, make_world, next_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]


@pytest.fixture(scope="module")
def made(module_transaction):
    return make_world()


@pytest.fixture
def world(made):
    return deepcopy(made)


def cast(world, reason, members, kind="useful"):
    for member in members:
        vote(round=world.second, member=member, reason=reason.code, kind=kind, on=True)


def frozen(world, round):
    latest = {world.technologies[0].pk: world.second.number}
    return {entry["text"]: entry for entry in drawn_reasons(round, latest)[world.technologies[0].pk]}


def third(world):
    finish(world.second)
    return next_round(world.study)


def answered_by(world, member, text, reason=FOR):
    return reply(round=world.second, member=member, reason=world.reasons[reason].code, text=text)


def test_votes_are_told_in_steps_of_the_smallest_group_and_only_in_the_next_round(world):
    cast(world, world.reasons[FOR], [m for m in world.members if m != world.members[5]])  # seven
    cast(world, world.reasons[AGAINST], world.members[:4])
    payload = FrozenFeedback.objects.get(round=world.first, technology=world.technologies[0]).payload
    assert {entry["useful"] for entry in payload["reasons"]} == {0}
    told = frozen(world, third(world))
    assert {text: told[text]["useful"] for text in told} == {FOR: 5, AGAINST: 0, OWN: 0}


def test_fault_23_one_more_vote_below_the_next_step_changes_neither_figure_nor_order(world):
    cast(world, world.reasons[FOR], world.members[:5])
    before = [e["useful"] for e in frozen(world, _later(world)).values()]
    cast(world, world.reasons[FOR], world.members[6:7])
    cast(world, world.reasons[AGAINST], world.members[:3])
    assert [e["useful"] for e in frozen(world, _later(world)).values()] == before == [5, 0, 0]


def _later(world):
    """The round after the second, as it would be if it opened now."""
    return type(world.second)(study=world.study, number=3, shows_feedback=True)


def test_new_and_useful_reasons_come_first(world):
    cast(world, world.reasons[AGAINST], world.members[:5])
    save_reason(
        round=world.second, member=world.members[7], technology=world.technologies[0].code, text="Just in"
    )
    approve(Reason.objects.get(text="Just in"), world.owner)
    order = list(frozen(world, third(world)))
    assert order[:2] == ["Just in", AGAINST]


def test_fault_23_nothing_frozen_says_who_wrote_or_when(world):
    for member in world.members[:4]:
        approve(answered_by(world, member, f"Reply of {member.pk}"), world.owner)
    cast(world, world.reasons[FOR], world.members[:5], "agree")
    text = json.dumps(drawn_reasons(third(world), {world.technologies[0].pk: 2}))
    secrets = [m.pseudonym for m in world.members] + [m.expert.name for m in world.members]
    secrets += [m.code for m in world.members]
    assert not [secret for secret in secrets if secret in text]
    assert set(frozen(world, world.study.rounds.get(number=3))[FOR]) == {
        "code", "text", "stance", "language", "gone", "new", "useful", "agree", "replies",
    }  # fmt: skip
    reply_keys = {key for e in json.loads(text).values() for r in e for s in r["replies"] for key in s}
    assert reply_keys == {"code", "text", "language"}
    times = {field.name for field in Reply._meta.get_fields() if "_at" in field.name}
    assert times == {"moderated_at"}


def test_replies_come_in_another_order_than_they_were_written(world):
    for number, member in enumerate(world.members[:5]):
        approve(answered_by(world, member, f"Reply {number}"), world.owner)
    round = _later(world)
    orders = {tuple(r["text"] for r in frozen(world, round)[FOR]["replies"]) for _ in range(30)}
    assert len(orders) > 1


def test_only_approved_replies_are_shown_and_those_of_the_withdrawn_are_not(world):
    kept = answered_by(world, world.members[1], "Approved reply")
    answered_by(world, world.members[2], "Pending reply")
    gone = answered_by(world, world.members[3], "Reply of one who left")
    bad = answered_by(world, world.members[4], "Rejected reply")
    for entry, decision in ((kept, "approved"), (gone, "approved"), (bad, "rejected")):
        approve(entry, world.owner, decision)
    world.members[3].status = MemberStatus.WITHDRAWN
    world.members[3].save()
    assert [r["text"] for r in frozen(world, third(world))[FOR]["replies"]] == ["Approved reply"]


def test_a_reason_taken_back_keeps_its_thread_and_loses_its_text(world):
    approve(answered_by(world, world.members[1], "But the data are ours"), world.owner)
    round = third(world)
    withdraw_reason(reason=world.reasons[FOR], member=world.members[5])
    withdraw_reason(reason=world.reasons[AGAINST], member=world.members[6])
    row = FrozenFeedback.objects.get(round=world.second, technology=world.technologies[0])
    shown = still_shown(row.payload["reasons"])
    assert {e["text"] for e in shown} == {"", OWN}  # the one without replies is gone
    thread = next(e for e in shown if e["gone"])
    assert [r["text"] for r in thread["replies"]] == ["But the data are ours"]
    finish(round)
    later = frozen(world, next_round(world.study))
    assert FOR not in later
    assert AGAINST not in later
    assert later[""]["replies"][0]["text"] == "But the data are ours"


def test_what_a_moderator_keeps_back_later_disappears_from_what_was_frozen(world):
    written = answered_by(world, world.members[1], "Names a colleague")
    approve(written, world.owner)
    third(world)
    approve(written, world.owner, "rejected")
    approve(world.reasons[OWN], world.owner, "rejected")
    row = FrozenFeedback.objects.get(round=world.second, technology=world.technologies[0])
    assert "Names a colleague" in json.dumps(row.payload)
    shown = json.dumps(still_shown(row.payload["reasons"]))
    assert "Names a colleague" not in shown
    assert OWN not in shown


def test_reasons_stand_by_stance_and_the_rest_is_folded():
    reasons = [
        {"code": f"c{at}", "text": f"t{at}", "stance": "for", "replies": [], "new": at == 0}
        for at in range(5)
    ]
    (group,) = by_stance(reasons)
    assert ([e.text for e in group.first], [e.text for e in group.more]) == (
        ["t0", "t1", "t2"],
        ["t3", "t4"],
    )
    assert [e.new for e in group.first] == [True, False, False]


def test_freezing_takes_the_same_queries_for_one_reason_and_for_many(world, django_assert_num_queries):
    latest = {world.technologies[0].pk: 2}
    approve(answered_by(world, world.members[1], "One"), world.owner)
    with django_assert_num_queries(3):
        drawn_reasons(_later(world), latest)
    for member in world.members[2:5]:
        approve(answered_by(world, member, "Many", AGAINST), world.owner)
        cast(world, world.reasons[OWN], [member])
    with django_assert_num_queries(3):
        drawn_reasons(_later(world), latest)

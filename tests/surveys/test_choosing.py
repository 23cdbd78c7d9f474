"""Choosing what to be asked about, late: after submitting, and after having said something."""

from copy import deepcopy

import pytest
from django.urls import reverse

from foundation.models import AuditEntry
from surveys.models import Assignment, Participation
from surveys.services.answers import Change, save_answers
from surveys.services.choosing import choose_technologies
from surveys.services.discussion import reply, vote
from surveys.services.proposals import flag_wording, propose_wording, withdraw_proposal
from surveys.services.submission import submit
from tests.factories import make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import open_link
from tests.surveys.voice_world import FOR, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asked")]


def pick(round, member, *technologies):
    return choose_technologies(round=round, member=member, technologies=[each.code for each in technologies])


@pytest.fixture
def submitted():
    """A member who chose one of three technologies, answered it and submitted."""
    study = make_study(technologies=3, members=1, routing="chosen")
    round, member = make_open_round(study), study.panel.members.get()
    first = study.technologies.order_by("position").first()
    pick(round, member, first)
    save_answers(round=round, member=member, changes=[Change("agreement", first.code, {"number": 4})])
    submit(round=round, member=member)
    return round


def listed(round):
    return list(round.study.technologies.order_by("position"))


def test_choosing_more_after_submitting_takes_the_submission_back(submitted):
    member, technologies = submitted.study.panel.members.get(), listed(submitted)
    choice = pick(submitted, member, *technologies[:2])
    part = Participation.objects.get(round=submitted)
    assert (choice.technologies, choice.reopened) == (2, True)
    assert (part.status, part.submitted_at) == ("started", None)
    assert AuditEntry.objects.filter(action="response.reopened").count() == 1
    save_answers(
        round=submitted, member=member, changes=[Change("agreement", technologies[1].code, {"number": 4})]
    )
    assert submit(round=submitted, member=member).status == "submitted"


def test_choosing_the_same_again_leaves_a_submission_as_it_is(submitted):
    choice = pick(submitted, submitted.study.panel.members.get(), listed(submitted)[0])
    assert (choice.technologies, choice.reopened) == (1, False)
    assert Participation.objects.get(round=submitted).status == "submitted"


def test_the_person_is_told_that_the_answers_no_longer_count_as_submitted(client, submitted):
    study = submitted.study
    open_link(client, study.panel.members.get(), owner_of(study))
    page = client.post(
        reverse("respond:choose", args=[study.code]),
        {"round": 1, "technology": [each.code for each in listed(submitted)]},
        follow=True,
    )
    html = page.content.decode()
    assert "no longer count as submitted" in html
    assert "Submitted on" not in html


# --- What was said stays ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(module_transaction):
    made = make_world(allows_proposals=True)
    type(made.study).objects.filter(pk=made.study.pk).update(routing="chosen")
    made.study.refresh_from_db()
    made.second.study = made.study
    return made


@pytest.fixture
def world(asked):
    return deepcopy(asked)


def _replies(world, member):
    reply(round=world.second, member=member, reason=world.reasons[FOR].code, text="And then?")


def _votes(world, member):
    vote(round=world.second, member=member, reason=world.reasons[FOR].code, kind="useful", on=True)


def _proposes(world, member):
    propose_wording(round=world.second, member=member, technology=world.technologies[0].code, name="Better")


def _reports(world, member):
    flag_wording(round=world.second, member=member, technology=world.technologies[0].code, problem="other")


@pytest.mark.parametrize("says", [_replies, _votes, _proposes, _reports])
def test_a_technology_about_which_the_member_said_something_stays_chosen(client, world, says):
    member = world.members[0]
    says(world, member)
    pick(world.second, member, world.technologies[1])
    own = Assignment.objects.filter(round=world.second, member=member)
    assert set(own.values_list("technology", flat=True)) == {each.pk for each in world.technologies}
    open_link(client, member, world.owner)
    menu = client.get(reverse("respond:choose", args=[world.study.code])).context["menu"]
    fixed = [item.technology for section in menu.sections for item in section.items if item.is_fixed]
    assert fixed == world.technologies[:1]


def test_what_was_taken_back_holds_nothing(world):
    member = world.members[0]
    _replies(world, member)
    reply(round=world.second, member=member, reason=world.reasons[FOR].code, text="")
    proposal = propose_wording(
        round=world.second, member=member, technology=world.technologies[0].code, name="Better"
    )
    withdraw_proposal(proposal=proposal, member=member)
    assert pick(world.second, member, world.technologies[1]).technologies == 1

"""Experts propose technologies and wordings and report unclear ones; organisers decide and answer."""

import pytest
from django.test import Client
from django.urls import reverse

from consensus.models import ItemResult
from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry
from surveys.enums import Origin, ProposalStatus
from surveys.exceptions import RoundNotOpen, WrongState
from surveys.models import Proposal, Technology
from surveys.selectors.wording import troubled_wordings
from surveys.services import proposals as services
from surveys.services.rounds import close_round
from surveys.services.studies import add_field
from tests.factories import give_role, make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import open_link
from tests.surveys.voice_world import approve, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    return make_open_round(make_study(technologies=2, members=3), allows_proposals=True)


@pytest.fixture
def study(round):
    return round.study


@pytest.fixture
def owner(study):
    return owner_of(study)


@pytest.fixture
def member(study):
    return study.panel.members.order_by("pk").first()


@pytest.fixture
def expert(study, member, owner):
    client = Client()
    open_link(client, member, owner)
    return client


@pytest.fixture
def organiser(client, owner):
    client.force_login(owner)
    return client


def propose(round, member, name="地下储热", **fields):
    return services.propose_technology(round=round, member=member, name=name, language="zh-hans", **fields)


def decide(client, proposal, decision, **fields):
    path = reverse("surveys:decide_proposal", args=[proposal.round.study.code, proposal.code])
    given = {f"{proposal.code}-{name}": value for name, value in fields.items()}
    return client.post(path, given | {"decision": decision}, follow=True)


def test_an_expert_proposes_and_reads_the_answer(expert, organiser, study, member):
    field = add_field(study=study, actor=owner_of(study), key="heat", name={"en": "Heat"})
    path = reverse("respond:contributions", args=[study.code])
    given = {"round": 1, "name": "Stored heat", "description": "In aquifers", "text": "Half of it is heat"}
    assert expert.post(path, given | {"field": field.code}).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.name["en"], proposal.field, proposal.status) == ("Stored heat", field, "waiting")
    queue = organiser.get(reverse("surveys:proposals", args=[study.code])).content.decode()
    assert "Half of it is heat" in queue
    assert member.pseudonym not in queue
    assert member.expert.name not in queue
    decide(
        organiser,
        proposal,
        "accept",
        name_en="Seasonal heat stores",
        name_zh_hans="跨季节储热",
        answer="Thanks!",
    )
    html = expert.get(path).content.decode()
    assert "Seasonal heat stores" in html
    assert "Thanks!" in html
    assert "Accepted" in html


def test_an_accepted_proposal_is_on_the_list_as_an_experts_and_points_back(round, study, member, owner):
    proposal = propose(round, member)
    accepted = services.accept_proposal(
        proposal=proposal, actor=owner, name={"en": "Heat store", "zh-hans": "地下储热"}
    )
    entry = Technology.objects.get(source_code=proposal.code)
    assert (entry.origin, entry.name["en"], accepted.became) == (Origin.EXPERT, "Heat store", entry)
    assert not entry.round_technologies.exists()  # the open round asks what it asked


def test_a_name_that_is_on_the_list_is_not_accepted_but_merged(organiser, round, study, member):
    proposal = propose(round, member, name="技术1")
    html = decide(organiser, proposal, "accept", name_zh_hans="技术1").content.decode()
    assert "Already on the list." in html
    proposal.refresh_from_db()
    assert proposal.is_waiting
    into = study.technologies.first()
    assert "Choose an entry of the list." in decide(organiser, proposal, "merge").content.decode()
    decide(organiser, proposal, "merge", into=into.pk, answer="See there")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.became) == (ProposalStatus.MERGED, into)


def test_a_refusal_says_why_and_can_be_undone(organiser, round, member):
    proposal = propose(round, member)
    assert "Say why" in decide(organiser, proposal, "reject").content.decode()
    decide(organiser, proposal, "reject", answer="Outside the study")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.answer) == ("rejected", "Outside the study")
    decide(organiser, proposal, "reopen")
    proposal.refresh_from_db()
    assert proposal.is_waiting


def test_of_two_organisers_one_decides(round, member, owner):
    proposal = propose(round, member)
    services.reject_proposal(proposal=Proposal.objects.get(), actor=owner, answer="No")
    with pytest.raises(WrongState):
        services.accept_proposal(proposal=proposal, actor=owner)
    assert not Technology.objects.filter(source_code=proposal.code).exists()


def test_what_a_moderator_kept_back_or_its_author_took_back_cannot_be_accepted(round, member, owner):
    kept, taken = propose(round, member, "甲"), propose(round, member, "乙")
    approve(kept, owner, "rejected")
    services.withdraw_proposal(proposal=taken, member=member)
    for proposal in (kept, taken):
        with pytest.raises(WrongState):
            services.accept_proposal(proposal=proposal, actor=owner)


def test_a_wording_waits_for_the_end_of_the_round_that_asks_about_it(round, study, member, owner):
    target = study.technologies.first()
    about = {"round": round, "member": member, "technology": target.code, "language": "en"}
    with pytest.raises(InvalidInput):
        services.propose_wording(**about, name="Technology 1", description="")
    proposal = services.propose_wording(**about, name="Technology one, clearer")
    with pytest.raises(InvalidInput, match="when the round is over"):
        services.accept_proposal(proposal=proposal, actor=owner)
    proposal.refresh_from_db()
    assert proposal.is_waiting
    close_round(round=round, actor=owner)
    services.accept_proposal(proposal=proposal, actor=owner)
    target.refresh_from_db()
    assert target.name == {"en": "Technology one, clearer", "zh-hans": "技术1"}


def test_an_expert_reports_a_wording_on_its_page(expert, study, member):
    target, question = study.technologies.first(), study.questions.first()
    path = reverse("respond:wording", args=[study.code, target.code])
    assert str(question) in expert.get(path).content.decode()
    bad = expert.post(path, {"round": 1, "what": "flag", "flag-text": "Hm"})
    assert bad.status_code == 422
    assert "Hm" in bad.content.decode()
    given = {"round": 1, "what": "flag", "flag-problem": "double_barrelled", "flag-question": question.key}
    assert expert.post(path, given | {"flag-text": "Two things"}).status_code == 302
    assert expert.post(path, given | {"flag-text": "Two things, I mean"}).status_code == 302
    flag = Proposal.objects.get()
    assert (flag.question, flag.problem, flag.text) == (question, "double_barrelled", "Two things, I mean")


def test_where_the_round_does_not_allow_it_nothing_is_offered_or_taken(member):
    round = make_open_round(make_study(members=2), allows_proposals=False, allows_flags=False)
    member, technology = round.study.panel.members.first(), round.study.technologies.first()
    client = Client()
    open_link(client, member, owner_of(round.study))
    contributions = reverse("respond:contributions", args=[round.study.code])
    wording = reverse("respond:wording", args=[round.study.code, technology.code])
    page = client.get(reverse("respond:technology", args=[round.study.code, technology.code]))
    assert wording not in page.content.decode()
    assert client.get(wording).status_code == 404
    assert client.post(contributions, {"round": 1, "name": "x"}).status_code == 409
    for call, fields in (
        (services.propose_technology, {"name": "x"}),
        (services.propose_wording, {"technology": technology.code, "name": "x"}),
        (services.flag_wording, {"technology": technology.code, "problem": "other"}),
    ):
        with pytest.raises(NotAllowed):
            call(round=round, member=member, **fields)
    assert not Proposal.objects.exists()


def test_nothing_is_taken_after_the_closing(round, member, owner):
    close_round(round=round, actor=owner)
    with pytest.raises(RoundNotOpen):
        propose(round, member)


def test_fault_19_only_organisers_see_and_decide(client, round, study, member):
    proposal = propose(round, member)
    queue = reverse("surveys:proposals", args=[study.code])
    for role in (Role.MODERATOR, Role.ANALYST):
        client.force_login(give_role(study, role))
        assert client.get(queue).status_code == 404
        assert decide(client, proposal, "accept").status_code == 404
    other = make_study()
    client.force_login(owner_of(other))
    path = reverse("surveys:decide_proposal", args=[other.code, proposal.code])
    assert client.post(path, {"decision": "accept"}).status_code == 404
    proposal.refresh_from_db()
    assert proposal.is_waiting


def test_fault_19_nobody_takes_back_what_another_wrote(study, round, member, owner):
    proposal = propose(round, member)
    other = Client()
    open_link(other, study.panel.members.last(), owner)
    for kind in ("proposal", "reason", "reply"):
        path = reverse("respond:take_back", args=[study.code, kind, proposal.code])
        assert other.post(path).status_code == 404
    proposal.refresh_from_db()
    assert proposal.moderation == "pending"


def test_fault_23_the_audit_trail_does_not_say_who_proposed(round, study, member, owner):
    proposal = propose(round, member)
    written = AuditEntry.objects.filter(stream=study.stream, action__startswith="proposal")
    assert (
        not written.exists()
    )  # an entry at the time of writing would stand beside the same person's submission
    services.accept_proposal(proposal=proposal, actor=owner)
    entry = written.get()
    told = f"{entry.actor_label} {entry.target} {entry.detail}"
    assert not [secret for secret in (member.pseudonym, member.code, member.expert.name) if secret in told]


def test_wordings_that_many_cannot_judge_are_marked_beside_the_reports():
    world = make_world()
    first, second = world.technologies
    for member, problem in ((1, "jargon"), (2, "jargon"), (3, "leading")):
        services.flag_wording(
            round=world.second, member=world.members[member], technology=first.code, problem=problem
        )
    ItemResult.objects.filter(technology=second, question__key="agreement", group=None).update(
        n=6, n_cannot_judge=2
    )
    rows = troubled_wordings(world.study)
    assert [(row.technology, row.question and row.question.key) for row in rows] == [
        (first, None),
        (second, "agreement"),
    ]
    assert [n for _words, n in rows[0].problem_words] == [2, 1]
    assert (rows[1].percent, rows[1].is_high, rows[1].reports) == (25, True, 0)
    ItemResult.objects.filter(technology=second).update(n=2, n_cannot_judge=2)  # below the smallest group
    assert [row.technology for row in troubled_wordings(world.study)] == [first]


def test_the_queue_takes_the_same_queries_for_one_and_many(organiser, round, study, member):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as caught:
            organiser.get(reverse("surveys:proposals", args=[study.code]))
        return len(caught)

    propose(round, member, "甲")
    before = queries()
    for name in "乙丙丁":
        propose(round, member, name)
    assert queries() == before


def test_fault_25_markup_in_a_proposal_is_text_in_the_queue(organiser, round, study, member):
    propose(round, member, name="<script>alert(1)</script>")
    html = organiser.get(reverse("surveys:proposals", args=[study.code])).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


def test_fault_23_the_share_who_could_not_judge_tells_of_no_few_who_could():
    """Nine of eleven could not judge: beside the number of answers the share would tell of two who could."""
    world = make_world()
    second = world.technologies[1]
    results = ItemResult.objects.filter(technology=second, question__key="agreement", group=None)
    for valued, listed in ((2, []), (0, [second]), (5, [second])):
        results.update(n=valued, n_cannot_judge=9)
        assert [row.technology for row in troubled_wordings(world.study)] == listed


def test_a_proposal_sent_twice_is_one_proposal(expert, study, round, member):
    contributions = reverse("respond:contributions", args=[study.code])
    technology = study.technologies.first()
    wording = reverse("respond:wording", args=[study.code, technology.code])
    for path, given in (
        (contributions, {"name": "Stored heat", "description": "In aquifers"}),
        (wording, {"what": "wording", "wording-name": "Other words"}),
        (wording, {"what": "flag", "flag-problem": "other", "flag-text": "Two things"}),
    ):
        before = Proposal.objects.count()
        for _each in range(2):
            assert expert.post(path, {"round": 1} | given).status_code == 302
        assert Proposal.objects.count() == before + 1
    assert set(Proposal.objects.values_list("revision", flat=True)) == {1}
    expert.post(contributions, {"round": 1, "name": "Stored heat", "description": "In salt"})
    assert Proposal.objects.count() == 4


def test_what_was_taken_back_can_be_proposed_anew(round, member):
    services.withdraw_proposal(proposal=propose(round, member), member=member)
    propose(round, member)
    assert list(Proposal.objects.order_by("pk").values_list("moderation", flat=True)) == [
        "withdrawn",
        "pending",
    ]


@pytest.mark.parametrize("takes_back", [False, True])
def test_a_report_that_was_kept_back_is_read_again_when_it_is_edited(round, study, member, owner, takes_back):
    code = study.technologies.first().code

    def report(text):
        return services.flag_wording(round=round, member=member, technology=code, problem="other", text=text)

    flag = approve(report("Rude"), owner, "rejected")
    if takes_back:
        services.withdraw_proposal(proposal=flag, member=member)
    type(study).objects.filter(pk=study.pk).update(moderate_reasons=False)
    round.study.refresh_from_db()
    assert report("Rude again").moderation == "pending"
    assert propose(round, member).moderation == "approved"

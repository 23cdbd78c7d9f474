"""Consent in versions, the choice of technologies, the receipt, and where a member stands in the end."""

import json

import pytest
from django.core import mail
from django.urls import reverse

from foundation.models import AuditEntry, OutboxMail
from surveys.models import Assignment, ConsentVersion, Participation
from surveys.services.answers import Change, save_answers
from surveys.services.rounds import close_round, mark_analysed
from surveys.services.studies import edit_study
from tests.factories import make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import in_round_two, open_link

pytestmark = pytest.mark.django_db


def address(study, name, *args):
    return reverse(f"respond:{name}", args=[study.code, *args])


# --- Consent ----------------------------------------------------------------------------------------


@pytest.fixture
def arrived(client):
    """At the welcome page of an open round, not yet agreed to."""
    study = make_study(members=2)
    round = make_open_round(study, consented=False)
    open_link(client, study.panel.members.order_by("pk").first(), owner_of(study))
    return round


def agree(client, round, shown=None):
    page = address(round.study, "welcome")
    shown = shown or client.get(page).context["consent_hash"]
    return client.post(page, {"round": round.number, "consent": shown})


def test_the_version_that_was_read_is_stored_with_the_consent(client, arrived):
    edit_study(
        study=arrived.study, actor=owner_of(arrived.study), reason="r", consent={"en": "One", "zh-hans": "一"}
    )
    agree(client, arrived)
    part = Participation.objects.exclude(consented_at=None).get()
    assert (part.consent_version.number, dict(part.consent_version.text)) == (
        1,
        {"en": "One", "zh-hans": "一"},
    )
    assert part.consent_version.hash in str(AuditEntry.objects.get(action="consent.version").detail)


def test_a_later_text_is_another_version_and_the_earlier_consent_keeps_its_own(client, arrived):
    study, owner = arrived.study, owner_of(arrived.study)
    edit_study(study=study, actor=owner, reason="r", consent={"en": "One"})
    agree(client, arrived)
    edit_study(study=study, actor=owner, reason="r", consent={"en": "Two"})
    other = study.panel.members.order_by("pk").last()
    open_link(client, other, owner)
    agree(client, arrived)
    numbers = Participation.objects.order_by("member_id").values_list("consent_version__number", flat=True)
    assert list(numbers) == [1, 2]
    edit_study(study=study, actor=owner, reason="r", consent={"en": "One"})
    assert ConsentVersion.objects.count() == 2


def test_nobody_agrees_to_a_text_that_changed_while_they_read(client, arrived):
    old = client.get(address(arrived.study, "welcome")).context["consent_hash"]
    edit_study(
        study=arrived.study, actor=owner_of(arrived.study), reason="r", consent={"en": "Something else"}
    )
    response = agree(client, arrived, shown=old)
    assert response["Location"] == address(arrived.study, "welcome")
    assert not Participation.objects.exclude(consented_at=None).exists()
    assert "Something else" in client.get(response["Location"]).content.decode()


def test_without_a_text_of_its_own_the_study_has_the_platform_s_in_both_languages(client, arrived):
    agree(client, arrived)
    assert set(ConsentVersion.objects.get().text) == {"en", "zh-hans"}


def test_the_welcome_page_says_what_was_agreed_to(client, arrived):
    edit_study(study=arrived.study, actor=owner_of(arrived.study), reason="r", consent={"en": "As it was"})
    agree(client, arrived)
    edit_study(study=arrived.study, actor=owner_of(arrived.study), reason="r", consent={"en": "As it is now"})
    html = client.get(address(arrived.study, "welcome")).content.decode()
    assert "As it was" in html
    assert "As it is now" not in html


def test_the_page_explains_scale_and_perspective_where_the_study_wrote_nothing(client, arrived):
    html = client.get(address(arrived.study, "welcome")).content.decode()
    assert "society as a whole" in html
    assert "example-point is-on" in html
    edit_study(
        study=arrived.study,
        actor=owner_of(arrived.study),
        worked_example={"en": "An engineer says 6"},
    )
    type(arrived.study).objects.update(perspective={"en": "As a patient"})
    html = client.get(address(arrived.study, "welcome")).content.decode()
    assert "society as a whole" not in html
    assert "As a patient" in html
    assert "An engineer says 6" in html
    assert "example-point" not in html


# --- Choosing ---------------------------------------------------------------------------------------


@pytest.fixture
def chooser(client):
    world = in_round_two(client, technologies=4, field_every=2)
    type(world.study).objects.filter(pk=world.study.pk).update(routing="chosen")
    Assignment.objects.filter(round=world.round, member=world.member).delete()
    return world


def chosen(world):
    rows = Assignment.objects.filter(round=world.round, member=world.member).order_by("position")
    return [row.technology for row in rows]


def test_who_has_chosen_nothing_is_led_to_the_choice(client, chooser):
    assert client.get(address(chooser.study, "overview")).context["go_on"] == address(chooser.study, "choose")
    page = client.get(address(chooser.study, "choose"))
    assert page.content.decode().count('name="technology"') == 4
    response = client.post(address(chooser.study, "choose"), {"round": 2})
    assert response.status_code == 422
    assert chosen(chooser) == []


def test_a_field_brings_all_of_it_and_without_scripts_can_be_given_back(client, chooser):
    field, page = chooser.technologies[0].field.code, address(chooser.study, "choose")
    single = chooser.technologies[2].code
    client.post(page, {"round": 2, "field": field, "technology": single})
    assert chosen(chooser) == chooser.technologies[:3]
    still = [each.code for each in chooser.technologies[:3]]
    client.post(page, {"round": 2, "technology": still})
    assert chosen(chooser) == [chooser.technologies[2]]


def test_a_ticked_field_with_an_entry_unticked_means_the_rest_of_it(client, chooser):
    field, page = chooser.technologies[0].field.code, address(chooser.study, "choose")
    client.post(page, {"round": 2, "field": field})
    client.post(page, {"round": 2, "field": field, "technology": chooser.technologies[1].code})
    assert chosen(chooser) == [chooser.technologies[1]]


def test_where_nothing_is_to_choose_the_page_is_not_there(client):
    world = in_round_two(client)
    assert client.get(address(world.study, "choose")).status_code == 404
    assert client.post(address(world.study, "choose"), {"round": 2}).status_code == 404


# --- After ------------------------------------------------------------------------------------------


def rate(world, number, at=0):
    save_answers(
        round=world.round,
        member=world.member,
        changes=[Change("importance", world.technologies[at].code, {"number": number})],
    )


def analysed(world):
    from consensus.services.compute import compute_round

    close_round(round=world.round, actor=world.owner)
    compute_round(round_id=world.round.pk)
    mark_analysed(round_id=world.round.pk)


def test_results_tell_where_the_member_stands_and_how_they_moved(client):
    world = in_round_two(client)
    for at, number in enumerate((7, 2, 1)):
        rate(world, number, at)
    for member in world.study.panel.members.order_by("pk")[1:]:
        save_answers(
            round=world.round,
            member=member,
            changes=[Change("importance", t.code, {"number": 7}) for t in world.technologies],
        )
    analysed(world)
    page = client.get(address(world.study, "results"))
    standing = page.context["standing"]
    assert [(r.main.place, r.main.move) for r in standing.results] == [
        ("inside", "closer"),
        ("below", "kept"),
        ("below", "away"),
    ]
    assert (standing.summary["inside"], standing.summary["closer"], standing.summary["away"]) == (1, 1, 1)
    html = page.content.decode()
    assert html.count('class="histogram journey"') >= 3
    assert sum(count for _kind, count in standing.decided) == 3


def test_results_of_a_round_that_hides_them_stay_hidden(client):
    world = in_round_two(client)
    world.round.shows_feedback = False
    world.round.save()
    assert client.get(address(world.study, "results")).status_code == 302


def test_results_of_the_open_round_are_never_in_it(client):
    """No peeking: while round 2 is open the page is of round 1."""
    world = in_round_two(client)
    rate(world, 9)
    page = client.get(address(world.study, "results"))
    assert page.context["analysed"] == world.first
    assert all(len(result.main.steps) == 1 for result in page.context["standing"].results)


def test_results_cost_as_many_queries_for_many_technologies(client, django_assert_max_num_queries):
    world = in_round_two(client, technologies=25)
    with django_assert_max_num_queries(18):
        client.get(address(world.study, "results"))


def test_a_member_s_results_hold_nobody_else_s_answers(client):
    world = in_round_two(client, numbers=(4, 4, 4, 4, 4, 9))
    html = client.get(address(world.study, "results")).content.decode()
    others = world.study.panel.members.exclude(pk=world.member.pk).select_related("expert")
    assert not any(m.pseudonym in html or m.expert.name in html or m.code in html for m in others)


def test_the_receipt_offers_the_own_answers_as_file_and_nothing_is_mailed(client, visit, world):
    member = world.members[0]
    for technology in world.technologies:
        save_answers(
            round=world.round,
            member=member,
            changes=[
                Change("familiarity", technology.code, {"number": 3}),
                Change("importance", technology.code, {"number": 8}),
            ],
        )
    Participation.objects.filter(member=member).update(status="submitted", submitted_at="2030-01-01T00:00Z")
    before = OutboxMail.objects.count()
    html = visit("receipt").content.decode()
    for format in ("csv", "json"):
        file = f"{address(world.study, 'welcome')}answers.{format}"
        assert file in html
        assert "no-store" in client.get(file)["Cache-Control"]
    assert "Read, print or save as PDF" in html
    assert "Save as PDF" in visit("own_answers").content.decode()
    rows = json.loads(client.get(f"{address(world.study, 'welcome')}answers.json").content)["answers"]
    assert len(rows) == 6
    assert OutboxMail.objects.count() == before
    assert mail.outbox == []


def test_before_a_second_round_there_is_nothing_to_compare(visit):
    assert set(visit("overview").context["list"].counts) == {"unanswered", "flagged"}

"""What was typed into a page that changed meanwhile: stored where it has a place, else shown and offered as a file."""

import pytest
from django.urls import reverse

from surveys.models import Answer, Assignment, Proposal, Reason, Technology
from surveys.services.rounds import close_round, mark_analysed, open_round, plan_round
from surveys.services.studies import add_field
from tests.factories import agreed, make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import open_link

pytestmark = pytest.mark.django_db
FILE = 'data-save-text="kept-words"'


def address(world, name, *args):
    return reverse(f"respond:{name}", args=[world.study.code, *args])


def rated(*ratings, round=1):
    """A matrix as a browser without scripts sends it; `ratings` are pairs of technology and what was typed."""
    given = {"round": str(round), "go": "stay"}
    for technology, number in ratings:
        name = f"a.{technology.code}.importance"
        given |= {name: str(number), f"{name}.base": "0|{}"}
    return given


def unassign(world, *technologies):
    rows = Assignment.objects.filter(member=world.members[0], technology__in=technologies)
    assert rows.delete()[0] == len(technologies)


def stored():
    return {each.technology_id: each.number for each in Answer.objects.all()}


# --- The matrix ---------------------------------------------------------------------------------------


def test_rows_that_are_on_another_page_by_now_are_saved(client, visit, world):
    first, second, _third = world.technologies
    field = add_field(study=world.study, actor=world.owner, key="late", name={"en": "Late"})
    Technology.objects.filter(pk=second.pk).update(field=field)
    response = client.post(address(world, "matrix") + "?chapter=-", rated((first, 7), (second, 8)))
    assert response.status_code == 302
    assert stored() == {first.pk: 7, second.pk: 8}


def test_a_fault_in_a_row_of_another_page_is_shown_with_what_was_typed(client, visit, world):
    first, second, _third = world.technologies
    field = add_field(study=world.study, actor=world.owner, key="late", name={"en": "Late"})
    Technology.objects.filter(pk=second.pk).update(field=field)
    name = f"a.{second.code}.year_lab"
    given = rated((first, 7)) | {name: "soonish", f"{name}.base": "0|{}"}
    response = client.post(address(world, "matrix") + "?chapter=-", given)
    assert response.status_code == 422
    assert 'value="soonish"' in response.content.decode()
    assert stored() == {first.pk: 7}


def test_rows_that_left_the_list_are_shown_and_the_others_saved(client, visit, world):
    first, second, third = world.technologies
    unassign(world, second)
    response = client.post(address(world, "matrix"), rated((first, 7), (second, 8), (third, "")))
    html = response.content.decode()
    assert response.status_code == 422
    assert f"Technology 2\n{world.study.questions.get(key='importance')}\n8</textarea>" in html
    assert FILE in html
    assert stored() == {first.pk: 7}


def test_rows_that_left_the_list_untouched_hold_nobody_up(client, visit, world):
    first, second, _third = world.technologies
    unassign(world, second)
    assert client.post(address(world, "matrix"), rated((first, 7), (second, ""))).status_code == 302


def test_a_matrix_of_which_nothing_is_left_is_shown_back(client, visit, world):
    unassign(world, *world.technologies)
    response = client.post(address(world, "matrix"), rated((world.technologies[0], 7)))
    assert response.status_code == 409
    assert "\n7</textarea>" in response.content.decode()
    assert client.get(address(world, "matrix")).status_code == 404


def test_a_page_of_more_than_a_thousand_fields_is_taken(client, visit, world):
    given = rated((world.technologies[0], 7)) | {f"x{n}": "" for n in range(1_100)}
    assert client.post(address(world, "matrix"), given).status_code == 302


# --- One technology -----------------------------------------------------------------------------------


def test_a_technology_that_was_unticked_meanwhile_shows_what_was_typed(client, visit, world):
    gone = world.technologies[0]
    unassign(world, gone)
    given = rated((gone, 7)) | {
        f"a.{gone.code}.comment": "Long <thought>",
        f"a.{gone.code}.comment.base": "0|{}",
        f"r.{gone.code}.text": "Because\nof this",
        f"r.{gone.code}.base": "0",
        "reply.abc": "And a reply",
    }
    response = client.post(address(world, "technology", gone.code), given)
    html = response.content.decode()
    assert response.status_code == 409
    for text in ("Technology 1", "\n7\n", "Long &lt;thought&gt;", "Because\nof this", "And a reply", FILE):
        assert text in html
    assert not Answer.objects.exists()
    assert not Reason.objects.exists()


def test_a_foreign_technology_has_no_name_and_without_text_there_is_no_page(client, visit, world):
    foreign = make_study(template="foresight").technologies.first()
    Technology.objects.filter(pk=foreign.pk).update(name={"en": "Secret"})
    page = address(world, "technology", foreign.code)
    assert client.post(page, {"round": 1}).status_code == 404
    response = client.post(page, rated((foreign, 7)))
    assert response.status_code == 409
    assert "Secret" not in response.content.decode()


@pytest.mark.parametrize("key", ["importance", "gone_question"])
def test_an_answer_to_a_question_without_a_place_is_shown(client, visit, world, key):
    first, second, _third = world.technologies
    name = f"a.{second.code}.{key}"
    given = rated((first, 7)) | {name: "6", f"{name}.base": "0|{}"}
    response = client.post(address(world, "technology", first.code), given)
    assert response.status_code == 422
    assert "\n6</textarea>" in response.content.decode()
    assert stored() == {first.pk: 7}


# --- Proposals, rewordings, reports -------------------------------------------------------------------

VOICES = [
    ("contributions", {"name": "Heat <store>", "description": "In aquifers", "text": "Half of it"}),
    ("wording", {"what": "wording", "wording-name": "Heat <store>", "wording-text": "Half of it"}),
    ("wording", {"what": "flag", "flag-problem": "double_barrelled", "flag-text": "Heat <store>"}),
]


@pytest.fixture
def speaker(client):
    """A member in a round that takes proposals; `speak(name, fields)` sends one."""
    study = make_study(template="foresight", technologies=2, members=1)
    round = make_open_round(study, allows_proposals=True)
    open_link(client, study.panel.members.get(), owner_of(study))
    technology = study.technologies.first()

    def speak(name, fields):
        args = [study.code] if name == "contributions" else [study.code, technology.code]
        return client.post(reverse(f"respond:{name}", args=args), {"round": "1"} | fields)

    speak.round, speak.study = round, study
    return speak


def is_shown(response, fields):
    html = response.content.decode()
    assert response.status_code == 409
    assert "Heat &lt;store&gt;" in html
    assert all(
        f"{text}" in html
        for name, text in fields.items()
        if name.endswith(("description", "-text")) and "<" not in text
    )
    assert FILE in html
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(("name", "fields"), VOICES)
def test_a_text_that_comes_after_the_closing_is_shown(speaker, name, fields):
    close_round(round=speaker.round)
    is_shown(speaker(name, fields), fields)


@pytest.mark.parametrize(("name", "fields"), VOICES)
def test_a_text_of_an_earlier_round_is_shown_in_the_next(speaker, name, fields):
    close_round(round=speaker.round)
    mark_analysed(round_id=speaker.round.pk)
    study = type(speaker.study).objects.get(pk=speaker.study.pk)
    planned = plan_round(study=study, actor=owner_of(study), scope="all", allows_proposals=True)
    agreed(open_round(round=planned, actor=owner_of(study)))
    is_shown(speaker(name, fields), fields)


@pytest.mark.parametrize(("name", "fields"), VOICES)
def test_a_text_for_which_the_round_has_no_place_any_more_is_shown(speaker, name, fields):
    type(speaker.round).objects.filter(pk=speaker.round.pk).update(allows_proposals=False, allows_flags=False)
    is_shown(speaker(name, fields), fields)


def test_a_report_about_a_technology_that_left_the_list_is_shown(speaker):
    Assignment.objects.all().delete()
    is_shown(speaker(*VOICES[2]), VOICES[2][1])


def test_what_a_form_offered_of_itself_is_not_taken_for_typed(speaker):
    close_round(round=speaker.round)
    response = speaker("wording", {"what": "wording", "wording-name": "Technology 1", "wording-text": "Mine"})
    assert response.context["typed"] == "Why\nMine"

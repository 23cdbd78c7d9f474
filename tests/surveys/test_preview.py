"""The whole questionnaire before it asks anybody: as an expert would see it, with nothing stored."""

import pytest
from django.urls import reverse

from experts.enums import Role
from surveys.models import Answer, Participation, Round
from surveys.services.rounds import plan_round
from surveys.services.studies import add_field
from surveys.services.technologies import Entry, add_technologies
from surveys.study_templates import TEMPLATES
from tests.factories import give_role, make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


def pages(client, study):
    """The first page and all that it leads to, by address."""
    start = reverse("surveys:preview", args=[study.code])
    once = reverse("surveys:preview_once", args=[study.code])
    found = {start: client.get(start)}
    for technology in study.technologies.all():
        address = reverse("surveys:preview_technology", args=[study.code, technology.code])
        assert address in found[start].content.decode()
        found[address] = client.get(address)
    if study.questions.filter(asked_per="round").exists():
        assert once in found[start].content.decode()
        found[once] = client.get(once)
    return found


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_technology_and_every_question_can_be_read_before_round_1(client, template):
    study = make_study(template=template, technologies=2, members=0)
    client.force_login(owner_of(study))
    found = pages(client, study)
    assert {response.status_code for response in found.values()} == {200}
    texts = "".join(response.content.decode() for response in found.values())
    for question in study.questions.all():
        shown = texts.count(f'data-question="{question.key}"')
        assert shown == (2 if question.asked_per == "technology" else 1)


def test_nothing_is_stored_and_no_form_is_sent(client):
    study = make_study(template="foresight")
    client.force_login(owner_of(study))
    for address, response in pages(client, study).items():
        text = response.content.decode().split("<main")[1].split("</main>")[0]
        assert 'method="post"' not in text
        assert client.post(address).status_code == 405
    assert [model.objects.count() for model in (Round, Participation, Answer)] == [0, 0, 0]


def test_it_follows_the_order_that_experts_find(client):
    study = make_study(technologies=2)
    last = study.technologies.last()
    last.field = add_field(study=study, actor=owner_of(study), key="first", name={"en": "First field"})
    last.save()
    client.force_login(owner_of(study))
    response = client.get(reverse("surveys:preview", args=[study.code]))
    assert response.context["first"].technology == last
    assert "First field" in response.content.decode()


def test_it_shows_the_technologies_of_the_open_round(client):
    opened = make_open_round()
    study = opened.study
    gone = study.technologies.first()
    gone.status = "dropped"
    gone.save()
    client.force_login(owner_of(study))
    response = client.get(reverse("surveys:preview", args=[study.code]))
    assert len(response.context["sheet"].entries) == 2
    assert response.context["round"] == opened


def test_a_study_without_questions_says_what_is_missing(client):
    study = make_study(technologies=0, members=0)
    study.criteria.all().delete()
    study.questions.all().delete()
    client.force_login(owner_of(study))
    text = client.get(reverse("surveys:preview", args=[study.code])).content.decode()
    assert "There is nothing to ask yet" in text


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_it_is_for_those_who_write_it(client, role):
    study = make_study()
    client.force_login(give_role(study, role))
    assert client.get(reverse("surveys:preview", args=[study.code])).status_code == 404


def test_it_is_found_where_it_is_needed(client):
    study = make_study()
    plan_round(study=study, actor=owner_of(study))
    client.force_login(owner_of(study))
    preview = reverse("surveys:preview", args=[study.code])
    for address in (
        reverse("surveys:protocol", args=[study.code]),
        reverse("surveys:round", args=[study.code, 1]),
        reverse("surveys:open_round", args=[study.code, 1]),
    ):
        assert preview in client.get(address).content.decode()


def test_its_queries_do_not_grow_with_the_list(client, django_assert_max_num_queries):
    study = make_study(technologies=12)
    client.force_login(owner_of(study))
    address = reverse("surveys:preview", args=[study.code])
    client.get(address)
    with django_assert_max_num_queries(14):
        client.get(address)


def test_a_long_list_comes_in_pages(client):
    study = make_study(technologies=0, members=0)
    entries = [Entry({"en": f"Sensor {number:03d}"}) for number in range(130)]
    add_technologies(study=study, actor=owner_of(study), entries=entries)
    client.force_login(owner_of(study))
    address = reverse("surveys:preview", args=[study.code])
    first, last = client.get(address), client.get(address, {"page": 3})
    assert len(first.content) < 60_000
    assert "Sensor 129" not in first.content.decode()
    assert "Sensor 129" in last.content.decode()
    assert "Who sees what" in first.content.decode()
    assert "Who sees what" not in last.content.decode()  # its list would be below all that was read already

from copy import deepcopy

import pytest
from django.urls import reverse

from surveys.models import Answer, Participation
from tests.surveys.respond.conftest import first_round, open_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

PAGES = ["welcome", "overview", "matrix", "review", "own_answers"]


def test_the_link_leads_to_the_welcome_page_and_consent_to_the_first_technology(client, world):
    world.round.participations.update(consented_at=None)
    landing = open_link(client, world.members[0], world.owner)
    assert landing == f"/r/{world.study.code}/"
    page = client.get(landing)
    assert page.status_code == 200
    assert "I agree, begin" in page.content.decode()
    assert client.get(f"{landing}overview/")["Location"] == landing
    response = client.post(landing, {"round": 1, "consent": page.context["consent_hash"]})
    assert response["Location"] == f"{landing}t/{world.technologies[0].code}/"
    assert Participation.objects.get(member=world.members[0]).consented_at is not None


@pytest.mark.parametrize("name", PAGES)
def test_pages_answer_and_are_kept_nowhere(visit, name):
    page = visit(name)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]


def test_a_technology_page_asks_every_question_with_its_label(visit, world):
    html = visit("technology", world.technologies[0].code).content.decode()
    for question in world.study.questions.all():
        assert str(question.text) in html


@pytest.fixture(scope="module")
def opened(module_transaction):
    return first_round()


@pytest.fixture
def world(opened):
    return deepcopy(opened)


@pytest.fixture
def form(client, visit, world):
    """Post the first technology's page as a browser without scripts does: all fields, then what is changed."""

    def post(changes, technology=None, **more):
        technology = technology or world.technologies[0]
        url = reverse("respond:technology", args=[world.study.code, technology.code])
        page = client.get(url)
        fields = {"round": "1", "go": "next"}
        for w in page.context["widgets"]:
            fields[f"{w.name}.base"] = w.base
            fields[w.name] = w.chosen or w.parts.get("text", "")
            if "special" in w.parts and w.question.type == "year":
                fields[w.name], fields[f"{w.name}.special"] = "", w.parts["special"]
        reason = page.context["reason"]
        fields |= {f"{reason['name']}.{part}": reason[part] for part in ("text", "stance", "base")}
        prefix = f"a.{technology.code}."
        changed = {(prefix + key if not key.startswith("r.") else key): v for key, v in changes.items()}
        return client.post(url, fields | changed | more)

    return post


def answers(member):
    rows = Answer.objects.filter(member=member).select_related("question")
    return {row.question.key: row.special or row.text or row.number for row in rows}


def test_a_plain_form_saves_and_leads_on(form, world):
    response = form(
        {
            "familiarity": "3",
            "importance": "8",
            "year_lab": "2035",
            "constraint": "2",
            "feasibility": "cannot_judge",
        }
    )
    assert response.status_code == 302
    assert response["Location"].endswith(f"/t/{world.technologies[1].code}/")
    assert answers(world.members[0]) == {
        "familiarity": 3, "importance": 8, "year_lab": 2035, "constraint": 2, "feasibility": "cannot_judge",
    }  # fmt: skip


def test_a_plain_form_changes_never_into_a_year_although_never_stays_chosen(form, world):
    form({"year_lab.special": "never"})
    assert answers(world.members[0]) == {"year_lab": "never"}
    form({"year_lab": "2040"})
    assert answers(world.members[0]) == {"year_lab": 2040}
    form({"year_lab.special": "cannot_say"})
    assert answers(world.members[0]) == {"year_lab": "cannot_say"}


def test_what_cannot_be_stored_stays_in_its_field_with_the_reason_beside_it(form, world):
    response = form({"year_lab": "soon", "importance": "7", "comment": "x" * 5000})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="soon"' in html
    assert "Enter a number." in html
    assert "x" * 5000 in html
    assert "At most 4000 characters" in html
    assert answers(world.members[0]) == {"importance": 7}


def test_fault_06_an_untouched_field_never_overwrites_what_another_tab_saved(client, form, world):
    url = reverse("respond:technology", args=[world.study.code, world.technologies[0].code])
    old = {w.name: w.base for w in client.get(url).context["widgets"]}
    form({"importance": "8"})
    name = f"a.{world.technologies[0].code}.feasibility"
    stale = {f"{key}.base": base for key, base in old.items()} | {name: "5", "round": "1"}
    assert client.post(url, stale).status_code == 302
    assert answers(world.members[0]) == {"importance": 8, "feasibility": 5}


def test_fault_06_a_conflict_in_a_plain_form_shows_both_and_the_next_save_decides(client, form, world):
    url = reverse("respond:technology", args=[world.study.code, world.technologies[0].code])
    name = f"a.{world.technologies[0].code}.importance"
    base = {f"{w.name}.base": w.base for w in client.get(url).context["widgets"]}
    form({"importance": "8"})
    response = client.post(url, base | {name: "2", "round": "1"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Changed in another tab or on another device, where it now is: 8" in html
    assert answers(world.members[0]) == {"importance": 8}
    again = {f"{w.name}.base": w.base for w in response.context["widgets"]}
    assert client.post(url, again | {name: "2", "round": "1"}).status_code == 302
    assert answers(world.members[0]) == {"importance": 2}

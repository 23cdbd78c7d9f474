"""Answers that fit no cell: the table shows them in words and opens the card's own widget over itself."""

import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Answer, Reason
from surveys.services.answers import Change, save_answers
from tests.factories import make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import in_round_two, open_link

pytestmark = pytest.mark.django_db

OPENED = ["sectors", "obstacles", "funding", "position", "preference", "breakthrough", "saving", "comment"]
ANSWERS = {
    "sectors": {"parts": {"2": 1, "other": 1}, "text": "Space"},
    "obstacles": {"parts": {"1": 2, "3": 1}},
    "funding": {"parts": {"1": 60, "2": 40}},
    "position": {"parts": {"x": 3, "y": 5}},
    "preference": {"parts": {"1:2": 1, "1:3": 0}},
    "breakthrough": {"number": 1, "parts": {"certainty": 85}},
    "saving": {"number": 20, "low": 10, "high": 30},
    "comment": {"text": "Half a sentence <b>"},
}


def asking(client, technologies=1):
    study = make_study(template="every_type", technologies=technologies, members=2)
    round = make_open_round(study)
    member = study.panel.members.order_by("pk").first()
    open_link(client, member, owner_of(study))
    client.post(reverse("respond:welcome", args=[study.code]), {"round": 1})
    return study, round, member, list(study.technologies.order_by("position"))


def url(study, name, *args):
    return reverse(f"respond:{name}", args=[study.code, *args])


def cells(html):
    """The words of each cell that opens, by what it asks."""
    found = re.findall(r'data-cell="([^"]+)".*?<span data-own>(.*?)</span>', html, re.DOTALL)
    return {key.split(" ")[-1]: words for key, words in found}


def test_every_question_and_the_reason_are_in_the_table(client):
    study, _round, _member, (technology,) = asking(client)
    html = client.get(url(study, "matrix")).content.decode()
    assert set(cells(html)) == {*OPENED, technology.code}
    asked = study.questions.filter(asked_per="technology").values_list("key", flat=True)
    inside = re.findall(rf'data-question="([^"]+)" data-technology="{technology.code}"', html)
    assert {*inside, *OPENED} == set(asked)
    assert set(inside) & set(OPENED) == set()


def test_own_answers_stand_in_the_cells_in_words_and_unfinished_ones_say_so(client):
    study, round, member, (technology,) = asking(client)
    changes = [Change(key, technology.code, value) for key, value in ANSWERS.items()]
    save_answers(round=round, member=member, changes=changes)
    assert cells(client.get(url(study, "matrix")).content.decode()) == {
        "sectors": "Energy; Other: Space",
        "obstacles": "1. Regulation and standards; 2. Cost · unfinished",
        "funding": "Public research: 60; Pilot projects: 40; Training: 0; Standards: 0",
        "position": "Benefit: 3; Risk: 5",
        "preference": "Public research &gt; Pilot projects; Public research = Training · unfinished",
        "breakthrough": "Yes (85 %)",
        "saving": "20 hours a month (10 … 30)",
        "comment": "Half a sentence &lt;b&gt;",
        technology.code: "",
    }


def test_a_long_answer_does_not_make_the_table_heavy(client):
    study, round, member, technologies = asking(client, 20)
    long = "Why this is so takes long to say. " * 100
    changes = [Change("comment", technology.code, {"text": long}) for technology in technologies]
    save_answers(round=round, member=member, changes=changes)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url(study, "matrix"))
    assert len(cells(page.content.decode())["comment"]) == 120
    assert len(gzip.compress(page.content, 6)) <= 60_000
    assert len(queries) <= 12


@pytest.mark.parametrize("key", OPENED)
def test_the_editor_is_the_card_s_own_widget(client, key):
    study, round, member, (technology,) = asking(client)
    save_answers(round=round, member=member, changes=[Change(key, technology.code, ANSWERS[key])])
    editor = client.get(url(study, "ask_editor", technology.code, key)).content.decode().strip()
    card = client.get(url(study, "technology", technology.code)).content.decode()
    assert editor.startswith(f'<div class="question" id="a-{technology.code}-{key}"')
    assert editor in card


def test_the_editor_of_a_later_round_shows_the_group_s_and_the_earlier_answer(client):
    world = in_round_two(client)
    asked = reverse("respond:ask_editor", args=[world.study.code, world.technologies[0].code, "importance"])
    html = client.get(asked).content.decode()
    assert "data-keep" in html
    assert "feedback" in html


def test_editors_show_nobody_what_is_not_theirs(client, django_user_model):
    study, _round, _member, (technology,) = asking(client)
    other = make_study(template="every_type", technologies=1, members=1)
    make_open_round(other)
    foreign = other.technologies.get().code
    assert client.get(url(study, "ask_editor", foreign, "sectors")).status_code == 404
    assert client.get(url(study, "ask_editor", technology.code, "goals")).status_code == 404
    assert client.get(url(study, "ask_editor", technology.code, "nothing")).status_code == 404
    assert client.get(url(study, "reason_editor", foreign)).status_code == 404
    assert client.post(url(study, "ask_editor", technology.code, "sectors")).status_code == 405
    client.cookies.clear()
    assert client.get(url(study, "ask_editor", technology.code, "sectors")).status_code != 200


def test_editors_are_kept_by_nobody(client):
    study, _round, _member, (technology,) = asking(client)
    for address in (
        url(study, "ask_editor", technology.code, "sectors"),
        url(study, "reason_editor", technology.code),
    ):
        assert "no-store" in client.get(address)["Cache-Control"]


@pytest.mark.parametrize("key", ["obstacles", ""])
def test_without_scripts_the_button_saves_the_table_and_leads_to_the_question(client, key):
    study, round, member, (technology,) = asking(client)
    name = f"a.{technology.code}.importance"
    fields = {f"{name}.base": "0|{}", name: "6", "round": "1"}
    place = f"{technology.code}:{key}".rstrip(":")
    response = client.post(url(study, "matrix"), fields | {"go": f"at:{place}"})
    part = f"#a-{technology.code}-{key}" if key else f"#r-{technology.code}"
    assert response["Location"] == url(study, "technology", technology.code) + part
    assert Answer.objects.get(round=round, member=member).number == 6
    strange = client.post(url(study, "matrix"), {"round": "1", "go": "at://evil.example"})
    assert strange["Location"] == url(study, "once")


def test_what_an_editor_held_and_could_not_be_stored_stays_in_it(client):
    """A change of language sends the whole page, editors included."""
    study, round, member, (technology,) = asking(client)
    name, reason = f"a.{technology.code}.funding", f"r.{technology.code}"
    fields = {
        f"{name}.base": "0|{}",
        f"{name}.p.1": "90",
        f"{reason}.base": "0",
        f"{reason}.text": "x" * 5000,
    }
    response = client.post(url(study, "matrix"), fields | {"round": "1", "go": "language:en"})
    html = response.content.decode()
    assert response.status_code == 422
    assert re.search(rf'name="{re.escape(name)}\.p\.1"[^>]* value="90"', html)
    assert html.count("They add up to 90: 10 left.") == 2  # in the cell and in the editor
    assert "x" * 5000 in html
    assert not Answer.objects.exists()
    fields |= {f"{name}.p.2": "10", f"{reason}.text": "Because."}
    assert client.post(url(study, "matrix"), fields | {"round": "1"}).status_code == 302
    assert Answer.objects.get(round=round, member=member).parts == {"1": 90, "2": 10, "3": 0, "4": 0}
    assert Reason.objects.get(round=round, member=member).text == "Because."

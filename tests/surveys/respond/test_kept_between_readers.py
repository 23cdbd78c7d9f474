"""What a process keeps from one page to the next never carries one reader's state to another.

Statements, sentences and the texts of frozen feedback are kept. Every test serves somebody first, so that all of it is
there already, and then somebody else, or the same person after something has changed.
"""

import json
import re
from copy import deepcopy

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from consensus.models import FrozenFeedback
from consensus.services.feedback import payload_hash
from experts.enums import InvitationStatus
from experts.models import Invitation
from surveys.models import Participation, Round, Study
from surveys.services.rounds import close_round
from tests.surveys.respond.conftest import open_link, second_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]
OF_THE_GROUP = ("feedback-figures", "brief-group", "data-half")


@pytest.fixture(scope="module")
def opened(module_transaction):
    return second_round()


@pytest.fixture
def world(client, opened):
    world = deepcopy(opened)
    open_link(client, world.member, world.owner)
    return world


class Reader:
    def __init__(self, world, at):
        self.world, self.client = world, Client()
        self.member = world.study.panel.members.order_by("pk")[at]
        open_link(self.client, self.member, world.owner)

    def page(self, name, language="en"):
        places = [self.world.technologies[0].code] if name == "technology" else []
        address = reverse(f"respond:{name}", args=[self.world.study.code, *places])
        self.client.cookies["django_language"] = language
        return self.client.get(address)

    def html(self, *args):
        return self.page(*args).content.decode()

    def save(self, number):
        body = {"round": 2, "answers": [self.answer(number)], "reasons": []}
        address = reverse("respond:save", args=[self.world.study.code])
        return self.client.post(address, json.dumps(body), content_type="application/json")

    def answer(self, number):
        code = self.world.technologies[0].code
        return {"question": "importance", "technology": code, "value": {"number": number}, "sequence": number}


@pytest.fixture
def readers(world):
    """Their earlier answers were 2 and 8."""
    return Reader(world, 0), Reader(world, 5)


def earlier(html):
    return re.search(r'data-question="importance"[^>]*data-earlier="\{&quot;number&quot;: (\d)', html)[1]


def own_in_table(html):
    return set(re.findall(r"earlier: (\d+)", html))


def test_each_reader_meets_their_own_earlier_answer(readers):
    first, other = readers
    for _ in range(2):
        assert earlier(first.html("technology")) == "2"
        assert earlier(other.html("technology")) == "8"
        assert own_in_table(first.html("matrix")) == {"2", "2032"}
        assert own_in_table(other.html("matrix")) >= {"8", "2038"}
        assert own_in_table(other.html("matrix")).isdisjoint({"2", "2032"})


def test_each_reader_s_answers_and_form_token_are_their_own(readers):
    first, other = readers
    assert first.save(3).json()["answers"][0]["revision"] == 1
    assert other.save(9).json()["answers"][0]["revision"] == 1
    pages = [reader.html("technology") for reader in readers]
    bases = [re.search(r'\.importance\.base" value="([^"]*)"', html)[1] for html in pages]
    assert bases == [f"1|{{&quot;number&quot;: {number}.0}}" for number in (3, 9)]
    tokens = [set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', html)) for html in pages]
    assert all(tokens)
    assert tokens[0].isdisjoint(tokens[1])
    for reader, html, foreign in zip(readers, pages, reversed(readers), strict=True):
        assert reader.member.pseudonym in html
        assert foreign.member.pseudonym not in html


@pytest.mark.parametrize("name", ["technology", "matrix", "overview"])
def test_sentences_are_kept_by_language(readers, name):
    first, other = readers
    for reader, language, wrong in (
        (first, "en", "zh-hans"),
        (other, "zh-hans", "en"),
        (first, "en", "zh-hans"),
    ):
        html = reader.html(name, language)
        for said in ("Overview", "My answers", "This is not my device"):
            with override(language):
                assert gettext(said) in html
            with override(wrong):
                assert f">{gettext(said)}<" not in html


@pytest.mark.parametrize("name", ["technology", "matrix"])
def test_figures_vanish_where_the_round_stops_showing_them(readers, name):
    assert any(sign in readers[0].html(name) for sign in OF_THE_GROUP)
    Round.objects.filter(pk=readers[0].world.round.pk).update(shows_feedback=False)
    for reader in readers:
        assert not any(sign in reader.html(name) for sign in OF_THE_GROUP)


def test_figures_vanish_where_the_smallest_group_is_raised(readers):
    assert "feedback-figures" in readers[0].html("technology")
    Study.objects.filter(pk=readers[0].world.study.pk).update(minimum_group=50)
    for reader in readers:
        assert "feedback-figures" not in reader.html("technology")


def test_figures_are_those_of_the_row_as_it_is(readers):
    assert "<strong>77</strong>" not in readers[0].html("technology")
    row = FrozenFeedback.objects.get(technology=readers[0].world.technologies[0])
    row.payload["questions"]["importance"]["n"] = 77
    row.hash = payload_hash(row.payload)
    row.save()
    assert "<strong>77</strong>" in readers[1].html("technology")


def test_consent_is_asked_of_each(readers):
    first, other = readers
    assert (first.page("technology").status_code, first.save(3).status_code) == (200, 200)
    Participation.objects.filter(round=other.world.round, member=other.member).update(consented_at=None)
    assert other.page("technology").status_code == 302
    assert other.save(4).json()["code"] == "consent_required"
    assert (first.page("technology").status_code, first.save(5).status_code) == (200, 200)


def test_a_link_that_was_taken_back_opens_nothing_more(readers):
    first, other = readers
    assert [reader.save(3).status_code for reader in readers] == [200, 200]
    Invitation.objects.filter(member=first.member).update(status=InvitationStatus.REVOKED)
    assert first.save(4).json()["code"] == "link_required"
    assert first.page("technology").status_code == 403
    assert other.save(4).status_code == other.page("technology").status_code == 200


def test_a_closed_round_takes_nothing_more(readers):
    assert [reader.save(3).status_code for reader in readers] == [200, 200]
    close_round(round=readers[0].world.round, actor=readers[0].world.owner)
    assert [reader.save(4).json()["code"] for reader in readers] == ["round_not_open"] * 2

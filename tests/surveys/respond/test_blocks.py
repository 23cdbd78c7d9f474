"""Blocks are kept for all to whom they look alike: nobody gets what is another's, older, or not yet to be seen."""

import json
import re
from copy import deepcopy

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from surveys.models import Round, Study
from surveys.respond.blocks import DRAWN
from surveys.services.studies import edit_question
from tests.surveys.respond.conftest import open_link, second_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches[DRAWN].clear()
    yield
    caches[DRAWN].clear()


@pytest.fixture(scope="module")
def opened(module_transaction):
    return second_round(technologies=2)


@pytest.fixture
def world(client, opened):
    world = deepcopy(opened)
    open_link(client, world.member, world.owner)
    return world


def browser(world, at):
    client = Client()
    open_link(client, world.study.panel.members.order_by("pk")[at], world.owner)
    world.round.participations.update(consented_at=world.round.opened_at)
    return client


def page(world, client, at=0, language="en") -> str:
    """The page of a technology; that of the table with `at` None."""
    client.cookies["django_language"] = language
    args = [world.study.code] if at is None else [world.study.code, world.technologies[at].code]
    html = client.get(
        reverse("respond:matrix" if at is None else "respond:technology", args=args)
    ).content.decode()
    assert html.count('class="question') > 4
    return re.sub(r"\w{64}", "", html)  # the session's token, masked anew on each page


def save(world, client, question, value, revision=0):
    answer = {"question": question, "technology": world.technologies[0].code, "value": value}
    answer |= {"base_revision": revision, "sequence": revision + 1, "cause": ""}
    body = json.dumps({"round": 2, "answers": [answer], "reasons": []})
    told = client.post(
        reverse("respond:save", args=[world.study.code]), body, content_type="application/json"
    )
    assert told.json()["answers"][0]["status"] == "saved"


def kept() -> str:
    return " ".join(map(str, caches[DRAWN]._cache.values()))


def test_what_is_kept_is_what_would_be_drawn_for_each_member_language_and_answer(world):
    clients = [browser(world, at) for at in (0, 1, 3)]
    save(world, clients[1], "importance", {"number": 3})
    save(world, clients[2], "importance", {"special": "cannot_judge"})
    save(world, clients[2], "importance", {"number": 3}, revision=1)
    asked = [(c, at, language) for c in clients for at in (0, 1, None) for language in ("en", "zh-hans")]
    for each in asked:
        page(world, *each)
    kept_pages = [page(world, *each) for each in asked]
    fresh = []
    for each in asked:
        caches[DRAWN].clear()
        fresh.append(page(world, *each))
    assert kept_pages == fresh
    assert len(set(fresh)) == len(fresh)


def test_members_of_like_answers_share_their_blocks(world):
    page(world, browser(world, 2))
    number = len(caches[DRAWN]._cache)
    page(world, browser(world, 3))  # answered 7 as the third member did
    assert len(caches[DRAWN]._cache) == number > 4


def test_fault_23_a_round_that_hides_the_group_does_not_get_what_was_drawn_when_it_showed_it(world):
    client = browser(world, 0)
    assert "histogram" in page(world, client)
    Round.objects.filter(pk=world.round.pk).update(shows_feedback=False)
    assert not {"histogram", "data-half", "feedback-figures"} & set(
        re.findall(r"[\w-]+", page(world, client))
    )


def test_fault_23_a_raised_smallest_group_holds_at_once(world):
    client = browser(world, 0)
    assert "Too few answers" not in page(world, client)
    Study.objects.filter(pk=world.study.pk).update(minimum_group=7)
    assert "Too few answers" in page(world, client)
    assert "histogram" not in page(world, client)


def test_a_reworded_question_is_read_at_once(world):
    client = browser(world, 0)
    page(world, client)
    question = world.study.questions.get(key="importance")
    text = {"en": "How much does it matter?", "zh-hans": "它有多重要?"}
    edit_question(question=question, actor=world.owner, text=text, reason="Plainer")
    assert "How much does it matter?" in page(world, client)
    assert "它有多重要?" in page(world, client, language="zh-hans")


def test_what_somebody_wrote_and_what_belongs_to_a_session_is_not_kept(world):
    client = browser(world, 0)
    save(world, client, "comment", {"text": "Only for the organisers."})
    assert "Only for the organisers." in page(world, client)
    assert "Only for" not in kept()
    assert "csrf" not in kept()

"""The list, looked through: by chapter, filtered, searched, and light however long it is."""

import gzip
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consensus.models import FrozenFeedback
from surveys.models import Answer, Bookmark, Technology
from surveys.services.answers import Change, save_answers
from surveys.services.rounds import edit_round
from surveys.services.studies import add_field
from tests.factories import make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import open_link, second_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


@pytest.fixture(scope="module")
def opened(module_transaction):
    return second_round(technologies=4, numbers=(7, 6, 7, 7, 8, 8))


@pytest.fixture
def world(client, opened):
    world = deepcopy(opened)
    open_link(client, world.member, world.owner)
    return world


@pytest.fixture
def look(client, world):
    def get(**query):
        page = client.get(reverse("respond:overview", args=[world.study.code]), query)
        return [entry.technology for entry in page.context["list"].found], page

    return get


def answer(world, at, number):
    code = world.technologies[at].code
    changes = [Change(key, code, {"number": number}) for key in ("importance", "feasibility")]
    changes += [Change("familiarity", code, {"number": 5}), Change("constraint", code, {"number": 2})]
    changes += [Change(key, code, {"number": 2037}) for key in ("year_lab", "year_society")]
    save_answers(round=world.round, member=world.member, changes=changes)


def test_each_filter_shows_what_its_name_says(look, world):
    answer(world, 0, 7)
    answer(world, 1, 1)
    Bookmark.objects.create(member=world.member, technology=world.technologies[3])
    everything = world.technologies
    assert look()[0] == everything
    assert look(show="changed")[0] == [everything[1]]
    assert look(show="outside")[0] == [everything[1]]
    assert look(show="flagged")[0] == [everything[3]]
    assert everything[0] not in look(show="unanswered")[0]
    assert look(show="nonsense")[0] == everything


def test_decided_shows_final_verdicts_only_where_the_group_s_results_are_shown(look, world):
    assert "decided" not in look()[1].context["list"].counts  # after one round nothing is stable yet
    row = FrozenFeedback.objects.get(technology=world.technologies[1])
    row.payload["verdict"] = "consensus_in"
    row.save()
    found, page = look(show="decided")
    assert found == [world.technologies[1]]
    assert page.context["list"].counts["decided"] == 1
    world.round.shows_feedback = False
    world.round.save()
    assert "decided" not in look(show="decided")[1].context["list"].counts


@pytest.mark.parametrize(
    ("words", "at"), [("technology 2", 1), ("技术3", 2), ("TECHNOLOGY  4", 3), ("T01", 0)]
)
def test_search_finds_names_in_every_language_and_numbers(look, world, words, at):
    Technology.objects.filter(pk=world.technologies[0].pk).update(key="T01")
    assert look(q=words)[0] == [world.technologies[at]]


def test_what_is_searched_for_is_text(look):
    found, page = look(q='"><script>alert(1)</script>')
    assert found == []
    assert "<script>alert" not in page.content.decode()


def test_the_list_alone_is_sent_to_the_script(look):
    html = look(part="list", show="unanswered")[1].content.decode()
    assert "<html" not in html
    assert "part=list" not in html
    assert html.count("todo-item") == 4


def test_a_long_list_opens_one_chapter_and_stays_light(client):
    study = make_study(template="foresight", technologies=0, members=1)
    fields = [
        add_field(study=study, actor=owner_of(study), key=f"f{n}", name={"en": f"Field {n}"})
        for n in range(12)
    ]
    Technology.objects.bulk_create(
        Technology(
            study=study, field=fields[n // 25], key=f"T{n}", name={"en": f"A technology with number {n}"}, position=n
        )
        for n in range(300)
    )  # fmt: skip
    make_open_round(study)
    open_link(client, study.panel.members.get(), owner_of(study))
    address = reverse("respond:overview", args=[study.code])
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    html = page.content.decode()
    assert html.count("todo-item") == 25
    assert html.count("chapter-part") == 12
    assert len(queries) <= 12
    assert len(gzip.compress(page.content, 6)) <= 8_000
    assert "number 299<" in client.get(address, {"chapter": fields[11].code}).content.decode()
    found = client.get(address, {"show": "unanswered"})
    assert found.content.decode().count("todo-item") == 60
    assert found.context["list"].page.paginator.num_pages == 5


def test_minutes_left_follow_the_member_s_own_pace(client, world, look):
    usual = look()[1].context["left"]
    answer(world, 0, 7)
    answer(world, 1, 7)
    stored = list(Answer.objects.filter(round=world.round, member=world.member).order_by("pk"))
    for quick, seconds in ((False, 60), (True, 1)):
        start = timezone.now() - timedelta(hours=1)
        for at, each in enumerate(stored):
            each.saved_at = start + timedelta(seconds=seconds * at)
        Answer.objects.bulk_update(stored, ["saved_at"])
        left = look()[1].context["left"]
        assert (left < usual) if quick else (left > usual / 2 * 1.5)


def test_a_break_is_not_slowness(world, look):
    answer(world, 0, 7)
    before = look()[1].context["left"]
    first = Answer.objects.filter(round=world.round, member=world.member).first()
    Answer.objects.filter(pk=first.pk).update(saved_at=timezone.now() - timedelta(hours=9))
    assert look()[1].context["left"] == before


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "5 March 2031, 14:30 UTC"), ("zh-hans", "2031年3月5日 14:30")]
)
def test_dates_are_written_as_the_language_does(client, world, language, shown):
    when = timezone.datetime(2031, 3, 5, 14, 30, tzinfo=timezone.get_default_timezone())
    edit_round(round=world.round, actor=world.owner, closes_at=when)
    client.cookies["django_language"] = language
    html = client.get(reverse("respond:overview", args=[world.study.code])).content.decode()
    assert shown in " ".join(html.split())

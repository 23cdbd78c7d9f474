"""The technology list as its organiser works on it: a page at a time, searched as a whole."""

import pytest
from django.urls import reverse

from surveys.enums import TechnologyStatus
from surveys.services.technologies import Entry, add_technologies
from tests.factories import make_study, owner_of

pytestmark = pytest.mark.django_db
MANY = 120


@pytest.fixture
def long_list(client):
    study = make_study(technologies=0, members=0)
    entries = [Entry({"en": f"Sensor {number:03d}"}, {"en": "Long words. " * 20}) for number in range(MANY)]
    add_technologies(study=study, actor=owner_of(study), entries=entries)
    client.force_login(owner_of(study))
    return study


def shown(client, study, **asked):
    return client.get(reverse("surveys:technologies", args=[study.code]), asked)


def test_a_long_list_comes_in_pages_of_a_bounded_size(client, long_list):
    first = shown(client, long_list)
    assert len(first.content) < 90_000
    names = [row.key for number in (1, 2, 3) for row in shown(client, long_list, page=number).context["page"]]
    assert names == [row.key for row in long_list.technologies.all()]
    assert "120" in first.content.decode()


def test_a_search_looks_through_all_pages(client, long_list):
    assert [str(row.name) for row in shown(client, long_list, q="sensor 117").context["page"]] == [
        "Sensor 117"
    ]


def test_nothing_found_says_so_and_leads_back(client, long_list):
    text = shown(client, long_list, q="nowhere").content.decode()
    assert "Nothing matches these filters" in text
    assert "Add technologies by hand" not in text


def test_a_change_leads_back_to_the_same_page_and_filters(client, long_list):
    row = shown(client, long_list, q="sensor", page=3).context["page"][4]
    where = f"{reverse('surveys:technologies', args=[long_list.code])}?q=sensor&page=3#{row.code}"
    text = shown(client, long_list, q="sensor", page=3).content.decode()
    own = reverse("surveys:arrange_technology", args=[long_list.code, row.code]) + "?q=sensor&amp;page=3"
    assert own in text
    answer = client.post(own.replace("&amp;", "&"), {"do": "dropped"})
    assert answer["Location"] == where
    row.refresh_from_db()
    assert row.status == TechnologyStatus.DROPPED
    edit = reverse("surveys:technology", args=[long_list.code, row.code]) + "?q=sensor&page=3"
    assert client.post(edit, {"name_en": "Sensor renamed"})["Location"] == where


def test_the_list_costs_the_same_queries_however_long_it_is(client, long_list, django_assert_max_num_queries):
    shown(client, long_list)
    with django_assert_max_num_queries(12):
        shown(client, long_list)


def test_an_empty_list_leads_to_every_way_of_filling_it(client):
    study = make_study(technologies=0, members=0)
    client.force_login(owner_of(study))
    text = shown(client, study).content.decode().split("<main")[1]
    assert text.count(reverse("surveys:many_technologies", args=[study.code])) == 2
    assert reverse("scanning:sources", args=[study.code]) in text
    assert 'name="q"' not in text

"""Cards and table are two ways to the same answers, both light, and every button saves the page first."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Answer, Bookmark, Participation
from tests.surveys.respond.conftest import in_round_two

pytestmark = pytest.mark.django_db

KB = 1000


def url(world, name, *args):
    return reverse(f"respond:{name}", args=[world.study.code, *args])


def table(client, address):
    """The fields of the table as the page holds them."""
    html = client.get(address).content.decode()
    return dict(re.findall(r'name="(a\.[^"]+\.base)" value="([^"]*)"', html.replace("&quot;", "'")))


def stored(member, round):
    rows = Answer.objects.filter(member=member, round=round).select_related("question")
    return {row.question.key: row.special or row.number for row in rows}


def test_a_full_table_in_round_two_is_light(client):
    """20 technologies by 8 questions with the group's answers: at most 60 kB packed, at most 12 queries."""
    world = in_round_two(client, technologies=20, extra_questions=2)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url(world, "matrix"))
    html = page.content.decode()
    assert html.count("<select") + html.count('data-part="number"') >= 20 * 8
    assert html.count('class="brief-group"') >= 20 * 5
    assert len(gzip.compress(page.content, 6)) <= 60 * KB
    assert len(queries) <= 12, [each["sql"][:90] for each in queries]


@pytest.mark.parametrize("name", ["technology", "matrix", "overview"])
def test_pages_cost_as_many_queries_for_many_technologies_as_for_few(client, name):
    counts = []
    for technologies in (3, 25):
        world = in_round_two(client, technologies=technologies)
        args = [world.technologies[0].code] if name == "technology" else []
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(world, name, *args)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_the_table_goes_by_chapter_and_page(client):
    world = in_round_two(client, technologies=45, field_every=22)
    fields = [t.field for t in (world.technologies[0], world.technologies[22], world.technologies[44])]
    first = client.get(url(world, "matrix"))
    assert len(first.context["grid"].rows) == 20
    assert first.context["next_url"] == f"{url(world, 'matrix')}?chapter={fields[0].code}&page=2"
    second = client.get(first.context["next_url"])
    assert len(second.context["grid"].rows) == 2
    assert second.context["next_url"] == f"{url(world, 'matrix')}?chapter={fields[1].code}"
    last = client.get(url(world, "matrix"), {"chapter": fields[2].code})
    assert [row["entry"].technology for row in last.context["grid"].rows] == [world.technologies[44]]
    assert last.context["next_url"] == url(world, "review")


def test_the_table_saves_numbers_years_and_what_is_no_number(client):
    world = in_round_two(client)
    code = world.technologies[0].code
    address = url(world, "matrix")
    fields = dict.fromkeys(table(client, address), "0|{}")
    filled = {
        f"a.{code}.familiarity": "4",
        f"a.{code}.importance": "8",
        f"a.{code}.feasibility": "cannot_judge",
        f"a.{code}.year_lab": "2041",
        f"a.{code}.year_society.special": "never",
    }
    response = client.post(address, fields | filled | {"round": "2", "go": "next"})
    assert response["Location"] == url(world, "review")
    assert stored(world.member, world.round) == {
        "familiarity": 4, "importance": 8, "feasibility": "cannot_judge", "year_lab": 2041, "year_society": "never",
    }  # fmt: skip


def test_what_the_table_cannot_store_stays_in_its_cell(client):
    world = in_round_two(client)
    name = f"a.{world.technologies[0].code}.year_lab"
    response = client.post(url(world, "matrix"), {f"{name}.base": "0|{}", name: "soon", "round": "2"})
    assert response.status_code == 422
    assert 'value="soon"' in response.content.decode()
    assert stored(world.member, world.round) == {}


def test_the_layout_is_remembered_and_the_page_saved_on_the_way(client):
    world = in_round_two(client)
    page = url(world, "technology", world.technologies[0].code)
    name = f"a.{world.technologies[0].code}.importance"
    response = client.post(page, {f"{name}.base": "0|{}", name: "6", "round": "2", "go": "matrix"})
    assert response["Location"].startswith(url(world, "matrix"))
    assert stored(world.member, world.round) == {"importance": 6}
    assert client.get(url(world, "overview")).context["go_on"].startswith(url(world, "matrix"))
    client.post(url(world, "matrix"), {"round": "2", "go": "cards"})
    assert "/t/" in client.get(url(world, "overview")).context["go_on"]


@pytest.mark.parametrize("value", ["6", "99"])
def test_the_language_changes_in_mid_page_and_what_was_typed_stays(client, value):
    """Without scripts too: what can be stored is stored, what cannot stays in its field, in the other language."""
    world = in_round_two(client)
    page = url(world, "technology", world.technologies[0].code)
    prefix = f"a.{world.technologies[0].code}"
    fields = {f"{prefix}.importance.base": "0|{}", f"{prefix}.comment.base": "0|{}"}
    typed = {f"{prefix}.importance": value, f"{prefix}.comment": "half a sentence"}
    response = client.post(page, fields | typed | {"round": "2", "go": "language:zh-hans"})
    if response.status_code == 302:
        response = client.get(response["Location"])
    html = response.content.decode()
    assert 'lang="zh-hans"' in html.split(">", 2)[1]
    assert "half a sentence" in html
    assert stored(world.member, world.round).get("importance") == (6 if value == "6" else None)
    assert client.cookies["django_language"].value == "zh-hans"


def test_no_language_but_the_product_s_is_taken(client):
    world = in_round_two(client)
    page = url(world, "technology", world.technologies[0].code)
    client.post(page, {"round": "2", "go": "language:xx"})
    assert "django_language" not in client.cookies


def test_a_flag_is_set_by_form_and_by_script_and_is_no_answer(client):
    world = in_round_two(client)
    code = world.technologies[0].code
    client.post(url(world, "technology", code), {"round": "2", "go": "stay:flag"})
    assert client.post(url(world, "flag", world.technologies[1].code), {"on": "1"}).status_code == 204
    assert Bookmark.objects.filter(member=world.member).count() == 2
    client.post(url(world, "flag", code), {"on": "0"})
    client.post(url(world, "flag", code), {"on": "0"})
    assert Bookmark.objects.get().technology == world.technologies[1]
    assert not Answer.objects.filter(round=world.round).exists()
    assert Participation.objects.get(round=world.round, member=world.member).revision == 0


def test_fault_19_nobody_flags_what_they_are_not_asked_about(client):
    world, other = in_round_two(client), in_round_two(client)
    foreign = reverse("respond:flag", args=[world.study.code, other.technologies[0].code])
    assert client.post(foreign, {"on": "1"}).status_code == 404
    assert not Bookmark.objects.exists()


def test_the_unfamiliar_find_the_other_questions_folded_or_gone(client):
    world = in_round_two(client)
    page = url(world, "technology", world.technologies[0].code)
    name = f"a.{world.technologies[0].code}.familiarity"
    world.study.unfamiliar_rule, world.study.unfamiliar_at = "skipped", 1
    world.study.save()
    total = client.get(page).context["sheet"].total
    client.post(page, {f"{name}.base": "0|{}", name: "1", "round": "2"})
    skipped = client.get(page)
    assert skipped.context["sheet"].total == total - 6
    assert re.search(r"data-rest-body[^>]* hidden", skipped.content.decode())
    world.study.unfamiliar_rule = "collapsed"
    world.study.save()
    folded = client.get(page).content.decode()
    assert re.search(r"<details class=\"rest-fold disclosure\" data-rest-body>", folded)
    assert f'name="a.{world.technologies[0].code}.importance"' in folded


def test_scripts_and_styles_of_the_table_are_light_together(client):
    """All that the page loads, followed through the modules' imports: at most 60 kB packed."""
    world = in_round_two(client)
    html = client.get(url(world, "matrix")).content.decode()
    loaded = set(re.findall(r'(?:href|src)="/static/((?:css|js)/[^"]+)"', html))
    waiting = [name for name in loaded if name.endswith(".js")]
    while waiting:
        name = waiting.pop()
        for found in re.findall(r'from "\./([^"]+)"|import "\./([^"]+)"', _static(name).decode()):
            imported = f"{name.rsplit('/', 1)[0]}/{''.join(found)}"
            if imported not in loaded:
                loaded.add(imported)
                waiting.append(imported)
    assert {"css/respond.css", "js/respond/main.js", "js/respond/queue.js"} <= loaded
    assert sum(len(gzip.compress(_static(name), 6)) for name in loaded) <= 60 * KB


def _static(name):
    return Path(finders.find(name)).read_bytes()


def test_fields_of_a_few_technologies_share_a_table(client):
    world = in_round_two(client, technologies=26, field_every=8)
    page = client.get(url(world, "matrix"))
    assert len(page.context["grid"].rows) == 16
    assert page.content.decode().count('class="row-chapter"') == 2
    assert page.content.decode().count('aria-current="page"') == 2
    onward = page.context["next_url"]
    assert onward == f"{url(world, 'matrix')}?chapter={world.technologies[16].field.code}"
    assert [row["entry"].technology for row in client.get(onward).context["grid"].rows] == world.technologies[
        16:
    ]
    same = client.get(url(world, "matrix"), {"chapter": world.technologies[8].field.code})
    assert same.context["section"].chapters == page.context["section"].chapters


def test_one_table_for_everything_needs_no_chapters_to_choose_from(client):
    world = in_round_two(client, technologies=6, field_every=2)
    html = client.get(url(world, "matrix")).content.decode()
    assert html.count('class="row-chapter"') == 3
    assert '<nav class="tabs"' not in html


def test_a_cause_that_was_picked_elsewhere_survives_the_table(client):
    """The table has no place for it where the answer is as before: what it does not send stays."""
    world = in_round_two(client)
    code = world.technologies[0].code
    card, name = url(world, "technology", code), f"a.{code}.importance"
    client.post(card, {f"{name}.base": "0|{}", name: "6", f"{name}.cause": "argument", "round": "2"})
    fields = dict.fromkeys(table(client, url(world, "matrix")), "0|{}")
    shown = {f"{name}.base": '1|{"number": 6}', name: "6"}
    client.post(url(world, "matrix"), fields | shown | {"round": "2", "go": "stay"})
    assert Answer.objects.get(round=world.round, question__key="importance").change_cause == "argument"


def test_a_rows_earlier_answers_are_kept_and_no_other_s(client):
    world = in_round_two(client)
    code, other = (technology.code for technology in world.technologies[:2])
    response = client.post(url(world, "matrix"), {"round": "2", "keep": f"row:{code}"})
    assert response["Location"].endswith(f"#t-{code}")
    kept = set(Answer.objects.filter(round=world.round).values_list("technology__code", flat=True))
    assert kept == {code}
    assert client.post(url(world, "matrix"), {"round": "2", "keep": f"row:{other}x"}).status_code == 302
    assert Answer.objects.filter(round=world.round, technology__code=other).count() == 0


@pytest.mark.parametrize("keep", ["all", "row"])
def test_keeping_the_earlier_answers_leaves_what_was_just_typed(client, keep):
    """With scripts off the page brings what was typed and the button in one."""
    world = in_round_two(client)
    code = world.technologies[0].code
    page = url(world, "technology", code) if keep == "all" else url(world, "matrix")
    name = f"a.{code}.importance"
    button = "all" if keep == "all" else f"row:{code}"
    fields = dict.fromkeys(table(client, page), "0|{}")
    client.post(page, fields | {f"{name}.base": "0|{}", name: "6", "keep": button, "round": "2"})
    assert stored(world.member, world.round)["importance"] == 6
    assert stored(world.member, world.round)["familiarity"] == 2

"""Composite questions in a real Chromium: by mouse, by keyboard alone, without scripts, and in two tabs.

The database is read only outside the `with`: inside, Playwright's event loop runs.
"""

import os

import pytest
from django.urls import reverse

from surveys.models import Answer
from tests.factories import make_open_round, make_study, owner_of

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _database_beside_the_browser(monkeypatch):
    """Playwright's loop runs in this thread; what these tests do with the database in between is synchronous."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def survey(transactional_db):
    """In the place of the usual one: a study that asks every type of question."""
    from types import SimpleNamespace

    study = make_study(template="every_type", technologies=1, members=2)
    round = make_open_round(study)
    return SimpleNamespace(
        study=study,
        round=round,
        owner=owner_of(study),
        member=study.panel.members.order_by("pk").first(),
        technologies=list(study.technologies.order_by("position")),
    )


@pytest.fixture
def stored(survey):
    def _stored():
        rows = Answer.objects.filter(member=survey.member).exclude(parts=None).select_related("question")
        return {row.question.key: (row.number, row.text, row.parts) for row in rows}

    return _stored


def begin(expert):
    expert.open_link()
    expert.page.locator("form.card button").click()
    expert.technology()


def part(expert, key, item):
    return expert.question(key).locator(f"[data-item='{item}']")


def test_every_composite_type_is_answered_by_mouse_and_read_back(browsing, stored):
    with browsing() as open_browser:
        expert = open_browser()
        begin(expert)
        page = expert.page
        for item in ("2", "3"):
            part(expert, "sectors", item).check()
        expert.question("sectors").locator("[data-part=text]").fill("Space")
        for name in ("Public acceptance: up", "Cost: up", "Skilled people: up", "Cost: up"):
            expert.question("obstacles").get_by_role("button", name=name).click()
        for item, points in (("1", "60"), ("2", "30"), ("3", "5")):
            part(expert, "funding", item).fill(points)
        assert expert.question("funding").locator("[data-left]").text_content() == "5 left"
        part(expert, "funding", "4").fill("5")
        assert expert.question("funding").locator("[data-left]").text_content() == "All shared out"
        field = expert.question("position").locator(".plane-grid")
        field.scroll_into_view_if_needed()
        box = field.bounding_box()
        field.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.15})
        for pair in ("1:2", "1:3", "1:4", "2:3", "2:4", "3:4"):
            expert.question("preference").locator(f"label:has([data-item='{pair}'][value='1'])").click()
        expert.rate("breakthrough", 1)
        part(expert, "breakthrough", "certainty").fill("85")
        page.keyboard.press("Tab")
        expert.holds("breakthrough", '"certainty":85')
        expert.holds("funding", '"4":5')
        expert.holds("preference", '"3:4":1')
        expert.holds("position", '"y":')
        expert.state("saved")
        page.reload()
        expert.ready()
        assert part(expert, "sectors", "other").is_checked()
        places = expert.question("obstacles").locator(".rank-row.is-placed .rank-label").all_inner_texts()
        assert places == ["Cost", "Public acceptance", "Skilled people"]
        assert expert.kept() == 0
    found = stored()
    assert found["sectors"] == (None, "Space", {"2": 1, "3": 1, "other": 1})
    assert found["obstacles"][2] == {"1": 1, "4": 3, "5": 2}
    assert found["funding"][2] == {"1": 60, "2": 30, "3": 5, "4": 5}
    assert found["position"][2] == {"x": 7, "y": 7}
    assert found["preference"][2] == dict.fromkeys(("1:2", "1:3", "1:4", "2:3", "2:4", "3:4"), 1)
    assert found["breakthrough"] == (1, "", {"certainty": 85})


def test_by_keyboard_alone_and_a_place_that_is_taken_moves_the_others(browsing, stored):
    with browsing() as open_browser:
        expert = open_browser(viewport={"width": 360, "height": 760}, has_touch=True)
        begin(expert)
        keys = expert.page.keyboard
        for item in ("2", "3"):
            place = part(expert, "obstacles", item)
            place.focus()
            keys.press("1")  # the second takes the first's place, which becomes 2
        assert expert.page.evaluate("document.activeElement.dataset.item") == "3"
        expert.question("position").locator("[data-field]").focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
            keys.press(key)
        first = expert.question("preference").locator("[data-item='1:2']").first
        first.focus()
        keys.press("Space")
        keys.press("ArrowRight")
        assert expert.question("preference").locator(".tally").text_content() == "1 of 6 compared"
        expert.holds("preference", '"1:2":0')
        expert.holds("position", '"x":6')
        expert.state("saved")
    found = stored()
    assert found["obstacles"][2] == {"2": 2, "3": 1}
    assert found["position"][2] == {"x": 6, "y": 3}
    assert found["preference"][2] == {"1:2": 0}


def test_a_sum_that_is_wrong_is_said_beside_the_field_and_kept_in_the_browser(browsing, stored):
    with browsing() as open_browser:
        expert = open_browser()
        begin(expert)
        part(expert, "funding", "1").fill("90")
        expert.page.keyboard.press("Tab")
        errors = expert.question("funding").locator("[data-errors]")
        errors.get_by_text("They add up to 90: 10 left.").wait_for()
        expert.page.reload()
        expert.ready()
        assert part(expert, "funding", "1").input_value() == "90"
        assert expert.question("funding").locator("[data-given]").text_content() == "90"
        part(expert, "funding", "2").fill("10")
        expert.page.keyboard.press("Tab")
        expert.holds("funding", '"2":10')
        assert errors.text_content().strip() == ""
    assert stored()["funding"][2] == {"1": 90, "2": 10, "3": 0, "4": 0}


def test_cannot_judge_and_parts_exclude_each_other(browsing, stored, survey):
    with browsing() as open_browser:
        expert = open_browser()
        begin(expert)
        for key, item in (
            ("position", "x"),
            ("preference", "1:2"),
            ("sectors", "1"),
            ("breakthrough", "certainty"),
        ):
            if key == "breakthrough":
                expert.rate(key, 1)
                part(expert, key, item).fill("50")
            else:
                part(expert, key, item).first.dispatch_event("click")
            expert.rate(key, "cannot_judge")
            expert.holds(key, '"special":"cannot_judge"')
            assert expert.question(key).locator("[data-item]:checked").count() == 0
        part(expert, "sectors", "2").check()
        expert.holds("sectors", '"2":1')
        assert expert.question("sectors").locator("[value=cannot_judge]").is_checked() is False
    specials = Answer.objects.filter(member=survey.member, special="cannot_judge")
    assert sorted(specials.values_list("question__key", flat=True)) == [
        "breakthrough",
        "position",
        "preference",
    ]
    assert set(stored()) == {"sectors"}


def test_fault_06_two_tabs_rank_differently_and_both_orders_are_shown(browsing, stored):
    with browsing() as open_browser:
        one = open_browser()
        begin(one)
        other = one.page.context.new_page()
        other.goto(one.page.url)
        other.wait_for_selector("html[data-ready=respond]")
        one.question("obstacles").get_by_role("button", name="Cost: up").click()
        one.state("saved")
        other.get_by_role("button", name="Reliability: up").click()
        box = other.locator("[data-question=obstacles] .conflict-choice")
        box.wait_for()
        assert "1. Reliability" in box.inner_text()
        assert "1. Cost" in box.inner_text()
        box.get_by_role("button", name="Use mine").click()
        other.wait_for_selector("[data-save-state][data-state=saved]")
    assert stored()["obstacles"][2] == {"2": 1}


def test_without_scripts_all_types_work_by_plain_form(browsing, stored, survey):
    with browsing() as open_browser:
        expert = open_browser(java_script_enabled=False)
        expert.open_link()
        page = expert.page
        page.locator("form.card button").click()
        page.goto(expert.address("technology", survey.technologies[0].code))
        part(expert, "sectors", "1").check()
        for item, place in (("1", "2"), ("2", "1"), ("3", "3")):
            part(expert, "obstacles", item).select_option(place)
        part(expert, "funding", "1").fill("99")
        for axis, point in (("x", 3), ("y", 4)):
            expert.question("position").locator(f"label:has([data-item={axis}][value='{point}'])").click()
        expert.question("preference").locator("label:has([data-item='1:2'][value='-1'])").click()
        expert.rate("breakthrough", 0)
        part(expert, "breakthrough", "certainty").fill("20")
        page.locator("button[name=go][value=next]").last.click()
        message = expert.question("funding").locator(".errorlist")
        assert message.inner_text() == "The points must add up to 100. They add up to 99: 1 left."
        assert part(expert, "funding", "1").input_value() == "99"
        assert part(expert, "obstacles", "2").input_value() == "1"
        part(expert, "funding", "2").fill("1")
        page.locator("button[name=go][value=next]").last.click()
        assert reverse("respond:technology", args=["a", "b"])[:3] in page.url
    found = stored()
    assert found["funding"][2] == {"1": 99, "2": 1, "3": 0, "4": 0}
    assert found["obstacles"][2] == {"1": 2, "2": 1, "3": 3}
    assert found["position"][2] == {"x": 3, "y": 4}
    assert found["preference"][2] == {"1:2": -1}
    assert found["breakthrough"] == (0, "", {"certainty": 20})

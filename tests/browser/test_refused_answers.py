"""What cannot be an answer: a message beside its field, what was typed in it again after a reload, nothing stored."""

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import expect

from surveys.models import Answer, Reason
from tests.browser import every_type

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "x" * 4001
HUGE = "y" * 1_000_000
# Question, the input in it, what is typed.
TYPED = [
    ("cost", "[data-part=number]", "a lot"),
    ("share", "[data-part=number]", "150"),
    ("saving", "[data-part=number]", "101"),
    ("year_society", "[data-part=number]", "soon"),
    ("funding", "[data-item='1']", "90"),
    ("sectors", "[data-part=text]", "z" * 300),
    ("breakthrough", "[data-item=certainty]", "150"),
    ("comment", "textarea", LONG),
]


@pytest.fixture
def survey(transactional_db):
    return every_type.make_survey()


def begin(open_browser, **options):
    expert = open_browser(**options)
    expert.open_link()
    expert.page.locator("form.card button").click()
    return expert


def fill(expert):
    # One too many from the first moment: what is allowed on the way there would be saved.
    expert.question("sectors").locator("input[type=checkbox]").evaluate_all(
        "boxes => boxes.slice(0, 4).forEach(box => box.checked || box.click())"
    )
    for key, place, text in TYPED:
        box = expert.question(key).locator(place)
        limit = box.get_attribute("maxlength")
        box.fill(text[: int(limit)] if limit else text)


def is_told(expert):
    for key, place, text in TYPED:
        question = expert.question(key)
        expect(question.locator(".errorlist")).to_have_count(1)
        expect(question.locator(".errorlist")).to_be_visible()
        box = question.locator(place)
        limit = box.get_attribute("maxlength")
        expect(box).to_have_value(text[: int(limit)] if limit else text)


def test_each_is_told_beside_its_field_and_stays_after_a_reload(browsing, survey):
    with browsing() as open_browser:
        expert = begin(open_browser)
        expert.technology(1)
        fill(expert)
        expert.page.keyboard.press("Tab")
        expert.state("error")
        is_told(expert)
        expert.page.reload()
        expert.ready()
        is_told(expert)
        assert not Answer.objects.exists()
        expert.question("cost").locator("[data-part=number]").fill("12")
        expert.question("cost").locator(".errorlist").wait_for(state="detached")
        expert.holds("cost", '"number":12')
    assert [answer.number for answer in Answer.objects.all()] == [12]


def test_without_scripts_each_is_told_beside_its_field(browsing, survey):
    with browsing() as open_browser:
        expert = begin(open_browser, java_script_enabled=False)
        expert.page.goto(expert.address("technology", survey.technologies[1].code))
        fill(expert)
        expert.page.locator("button[name=go][value=next]").last.click()
        is_told(expert)
    assert not Answer.objects.exists()


def test_a_megabyte_holds_up_nothing_beside_it(browsing, survey):
    with browsing() as open_browser:
        expert = begin(open_browser)
        expert.technology(1)
        page = expert.page
        page.locator("[data-reason] textarea").fill(HUGE)
        expert.question("comment").locator("textarea").fill(HUGE)
        expert.rate("importance", 7)
        expert.holds("importance", '"number":7')
        expect(page.locator("[data-reason] .errorlist")).to_be_visible()
        expect(expert.question("comment").locator(".errorlist")).to_be_visible()
        assert len(page.locator("[data-reason] textarea").input_value()) == len(HUGE)
        page.reload()
        expert.ready()
        assert len(expert.question("comment").locator("textarea").input_value()) == len(HUGE)
    assert not Reason.objects.exclude(text="").exists()
    assert [answer.number for answer in Answer.objects.all()] == [7]

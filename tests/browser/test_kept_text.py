"""With scripts off: whatever happens to the page, what was typed into it is on the screen."""

import pytest

from surveys.models import Answer, Assignment, Reason
from surveys.services.rounds import close_round

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "It broke twice,\nin <winter> & spring."


@pytest.fixture
def expert(browsing):
    with browsing() as open_browser:
        visitor = open_browser(java_script_enabled=False)
        visitor.open_link()
        visitor.page.locator("form.card button").click()
        yield visitor


def go_on(page):
    page.locator("button[name=go][value=next]").last.click()


def shown(page) -> str:
    """What stands in the boxes of the page, and beside them."""
    boxes = [box.input_value() for box in page.locator("textarea, input[type=text]").all()]
    return "\n".join([*boxes, page.locator("main").inner_text()])


def test_a_table_with_a_fault_and_a_row_that_left_the_list(expert, survey):
    page, (first, second, third) = expert.page, survey.technologies
    page.goto(expert.address("matrix"))
    for technology, year in ((first, "2031"), (second, "2032"), (third, "soonish")):
        page.locator(f"input[name='a.{technology.code}.year_lab']").fill(year)
    Assignment.objects.filter(member=survey.member, technology=second).delete()
    go_on(page)
    assert all(text in shown(page) for text in ("2031", "Technology 2", "2032", "soonish"))
    assert list(Answer.objects.values_list("number", flat=True)) == [2031]


def test_an_ended_session_shows_the_text_and_sends_it_again(expert, survey):
    page, first = expert.page, survey.technologies[0]
    page.goto(expert.address("technology", first.code))
    page.locator("[data-reason] textarea").fill(TEXT)
    page.context.clear_cookies(name="sessionid")
    go_on(page)
    assert TEXT in shown(page)
    other = page.context.new_page()
    expert.page = other
    expert.open_link()
    page.get_by_role("button", name="Send it again").click()
    assert Reason.objects.get().text == TEXT


def test_a_round_that_closes_shows_answers_reasons_and_reports(expert, survey):
    page, first = expert.page, survey.technologies[0]
    wording = page.context.new_page()
    wording.goto(expert.address("wording", first.code))
    wording.locator("input[name='flag-problem']").first.check()
    wording.locator("textarea[name='flag-text']").fill(TEXT)
    page.goto(expert.address("technology", first.code))
    page.locator("[data-reason] textarea").fill(TEXT)
    page.locator("input[name$='.year_lab']").first.fill("soon")
    close_round(round=survey.round, actor=survey.owner)
    go_on(page)
    for text in (TEXT, "soon\n", "The round has closed"):
        assert text in shown(page)
    wording.locator("form", has=wording.locator("[name='flag-text']")).locator(".btn-primary").click()
    assert all(text in shown(wording) for text in (TEXT, "The round has closed"))

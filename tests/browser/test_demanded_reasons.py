"""The mark of a reason that the protocol wants comes and goes with the answer, on the card and in the table."""

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import expect

from surveys.enums import AskReason
from tests.browser.test_respond_pages import second_round  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked_for_changes(survey):
    """As `second_round`, but the importance wants a reason where it was changed."""
    survey.study.questions.filter(key="importance").update(ask_reason=AskReason.CHANGED)


def mark(page, survey, at=0):
    return page.locator(f".badge[data-asked='{survey.technologies[at].code}']").first


def cell(page, survey, key, at=0):
    return page.locator(f"td[data-technology='{survey.technologies[at].code}'][data-question={key}]")


def begin(open_browser, name=None):
    expert = open_browser()
    expert.begin()
    if name:
        expert.visit(name)
    return expert, expert.page


def test_on_the_card_the_mark_follows_the_answer_before_and_after_its_save(browsing, second_round, survey):  # noqa: F811
    with browsing() as open_browser:
        expert, page = begin(open_browser)
        asked, box = mark(page, survey), page.locator("[data-reason]")
        expect(asked).to_be_hidden()
        expect(box.locator("[data-optional]")).to_be_visible()
        page.route("**/save/", lambda route: route.abort("internetdisconnected"))
        expert.rate("importance", 1)
        expect(asked).to_be_visible()  # with nothing saved yet
        expect(box.locator("[data-optional]")).to_be_hidden()
        expert.rate("importance", 7)
        expect(asked).to_be_hidden()
        page.unroute("**/save/")
        expert.rate("importance", 1)
        expert.holds("importance", '"number":1')
        expect(asked).to_be_visible()
        box.locator("textarea").fill("The costs.")
        expect(asked).to_be_hidden()
        expect(box.locator("[data-demanded]")).to_be_visible()
        expert.state("saved")
        box.locator("textarea").fill(" ")
        expect(asked).to_be_visible()
        expert.question("importance").locator("[data-clear]").click()
        expect(asked).to_be_hidden()
        expert.question("importance").locator("[data-keep]").click()  # the earlier answer lies outside
        expect(asked).to_be_visible()
        expert.state("saved")
        page.reload()
        expert.ready()
        expect(asked).to_be_visible()


def test_agreeing_with_anothers_reason_is_a_reason(browsing, second_round, survey):  # noqa: F811
    with browsing() as open_browser:
        expert, page = begin(open_browser)
        expert.rate("importance", 1)
        expect(mark(page, survey)).to_be_visible()
        hint = page.get_by_text("you may agree with that one instead")
        expect(hint).to_be_visible()
        agree = page.locator("[data-vote]", has_text="I agree")
        agree.click()
        expect(mark(page, survey)).to_be_hidden()
        expect(hint).to_be_hidden()
        expert.state("saved")
        expert.visit("matrix")
        expect(mark(page, survey)).to_be_hidden()
        cell(page, survey, "importance").locator("select.cell-input").select_option("2")
        expect(mark(page, survey)).to_be_hidden()
        expert.technology(0)
        agree.click()
        expect(mark(page, survey)).to_be_visible()


def test_in_the_table_the_mark_follows_each_row_by_itself(browsing, second_round, survey):  # noqa: F811
    with browsing() as open_browser:
        expert, page = begin(open_browser, "matrix")
        first, second = mark(page, survey), mark(page, survey, 1)
        page.route("**/save/", lambda route: route.abort("internetdisconnected"))
        cell(page, survey, "importance").locator("select.cell-input").select_option("1")
        expect(first).to_be_visible()
        expect(cell(page, survey, "importance").locator("[data-outside]")).to_be_visible()
        expect(second).to_be_hidden()
        page.unroute("**/save/")
        cell(page, survey, "importance", 1).locator("select.cell-input").select_option("1")
        expect(second).to_be_visible()
        expert.state("saved")
        expect(first).to_be_visible()
        cell(page, survey, "importance").locator("select.cell-input").select_option("7")
        expect(first).to_be_hidden()
        expert.state("saved")
        page.locator(f"[data-cell='r {survey.technologies[1].code}'] button").click()
        dialog = page.locator("dialog.editor")
        expect(dialog.locator(".badge[data-asked]")).to_be_visible()
        dialog.locator("textarea").fill("The costs.")
        expect(dialog.locator(".badge[data-asked]")).to_be_hidden()
        dialog.locator("[data-close]").last.click()
        expect(second).to_be_hidden()
        expert.state("saved")
        page.reload()
        expert.ready()
        expect(second).to_be_hidden()
        cell(page, survey, "importance", 1).locator("select.cell-input").select_option("2")
        expect(second).to_be_hidden()  # the reason stands


def test_a_change_wants_a_reason_on_the_card_and_in_the_table(browsing, survey, asked_for_changes, request):
    request.getfixturevalue("second_round")
    with browsing() as open_browser:
        expert, page = begin(open_browser)
        expert.rate("importance", 2)  # as in the first round
        expect(mark(page, survey)).to_be_hidden()
        expert.rate("importance", 3)
        expect(mark(page, survey)).to_be_visible()
        expect(page.get_by_text("Please say below why you changed it.")).to_be_visible()
        expert.state("saved")
        expert.visit("matrix")
        expect(mark(page, survey)).to_be_visible()
        cell(page, survey, "importance").locator("select.cell-input").select_option("2")
        expect(mark(page, survey)).to_be_hidden()
        cell(page, survey, "importance", 2).locator("select.cell-input").select_option("9")
        expect(mark(page, survey, 2)).to_be_visible()
        expert.state("saved")
        expect(mark(page, survey, 2)).to_be_visible()


def test_a_typed_number_counts_as_the_server_reads_it(browsing, survey, request):
    survey.study.questions.filter(key="year_lab").update(ask_reason=AskReason.OUTSIDE)
    request.getfixturevalue("second_round")
    with browsing() as open_browser:
        expert, page = begin(open_browser, "matrix")
        year, asked = cell(page, survey, "year_lab").locator("[data-part=number]"), mark(page, survey)
        year.fill("２０５０")
        expect(asked).to_be_visible()
        expert.state("saved")
        expect(asked).to_be_visible()
        year.fill("２０３７")
        expect(asked).to_be_hidden()
        year.fill("soon")
        expect(asked).to_be_hidden()
        expert.state("error")
        expect(asked).to_be_hidden()
        year.fill("")
        expert.state("saved")
        expect(asked).to_be_hidden()


def test_the_other_tabs_answer_is_what_counts_once_it_is_chosen(browsing, second_round, survey):  # noqa: F811
    with browsing() as open_browser:
        expert, page = begin(open_browser)
        other = page.context.new_page()
        other.goto(expert.address("technology", survey.technologies[0].code))
        other.wait_for_selector("html[data-ready=respond]")
        other.locator("[data-question=importance] label:has(input[value='7'])").click()
        other.wait_for_selector("[data-save-state][data-state=saved]")
        expert.rate("importance", 1)
        expect(mark(page, survey)).to_be_visible()
        page.get_by_role("button", name="Use the other").click()
        expect(mark(page, survey)).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_one_button_keeps_an_earlier_answer_outside_the_middle_half(browsing, second_round, survey, scripts):  # noqa: F811
    with browsing() as open_browser:
        expert = open_browser(java_script_enabled=scripts)
        expert.open_link()
        page = expert.page
        page.locator("form.card button").click()
        page.goto(expert.address("technology", survey.technologies[0].code))
        question = expert.question("importance")
        expect(question.get_by_text("Your earlier answer lies outside the middle half")).to_be_visible()
        expect(question.locator("[data-keep]")).to_have_count(1)
        question.locator("[data-keep]").click()
        expect(question.locator("input[value='2']")).to_be_checked()
        expect(question.get_by_text("Your earlier answer lies outside")).to_be_hidden()
        expect(question.get_by_text("Your answer lies outside the middle half")).to_be_visible()


def test_the_overview_tells_an_earlier_answer_from_the_present_one(browsing, second_round, survey):  # noqa: F811
    with browsing() as open_browser:
        expert, page = begin(open_browser)
        expert.rate("importance", 1)
        expert.state("saved")
        expert.visit("overview")
        rows = page.locator(".todo-item")
        expect(rows.nth(0)).to_contain_text("outside the middle half")
        expect(rows.nth(0)).not_to_contain_text("earlier answer")
        expect(rows.nth(1)).to_contain_text("earlier answer outside the middle half")


def test_the_table_asks_what_led_to_a_change_and_keeps_it(browsing, second_round, survey):  # noqa: F811
    from surveys.models import Answer

    changed = Answer.objects.filter(round=second_round, question__key="importance", technology__position=1)
    with browsing() as open_browser:
        expert, page = begin(open_browser, "matrix")
        importance = cell(page, survey, "importance")
        cause = importance.locator("[data-cause] select")
        importance.locator("select.cell-input").select_option("2")  # as in the first round
        expect(cause).to_be_hidden()
        importance.locator("select.cell-input").select_option("7")
        cause.select_option("argument")
        expert.state("saved")
        page.reload()
        expert.ready()
        expect(cause).to_have_value("argument")
        expect(importance.locator("select.cell-input")).to_have_value("7")
        page.locator("button[lang=zh-hans]").click()  # the whole page is sent once more
        page.wait_for_selector("html[lang=zh-hans]")
        expert.ready()
        expect(cause).to_have_value("argument")
    assert (changed.get().number, changed.get().change_cause) == (7, "argument")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_table_keeps_a_rows_earlier_answers_with_one_button(browsing, second_round, survey, scripts):  # noqa: F811
    from surveys.models import Answer

    with browsing() as open_browser:
        expert = open_browser(java_script_enabled=scripts)
        expert.open_link()
        page = expert.page
        page.locator("form.card button").click()
        page.goto(expert.address("matrix"))
        if scripts:
            expert.ready()
        cell(page, survey, "importance").locator("select.cell-input").select_option("8")
        row = page.locator(f"#t-{survey.technologies[0].code}")
        row.locator(".keep-row").click()
        page.wait_for_url(f"**#t-{survey.technologies[0].code}")
        expect(row.locator(".keep-row")).to_have_count(0)
        expect(page.locator(".keep-row")).to_have_count(2)
        rows = Answer.objects.filter(round=second_round).select_related("question")
        stored = {row.question.key: row.number for row in rows}
    assert stored == {"familiarity": 3, "importance": 8, "year_lab": 2032, "constraint": 2}

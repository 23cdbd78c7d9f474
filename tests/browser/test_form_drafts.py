"""A proposal, other words or a report that was not sent is in its boxes again after a reload, until it is sent."""

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import expect

from surveys.models import Proposal
from surveys.services.rounds import close_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "It broke twice,\nin <winter> & spring."


@pytest.fixture
def expert(browsing, survey):
    type(survey.round).objects.filter(pk=survey.round.pk).update(allows_proposals=True)
    with browsing() as open_browser:
        visitor = open_browser()
        visitor.begin()
        visitor.context = visitor.page.context
        yield visitor


def go(expert, name):
    args = [expert.survey.technologies[0].code] if name == "wording" else []
    expert.page.goto(expert.address(name, *args))
    ready(expert.page)


def ready(page):
    page.wait_for_selector("html[data-ready=forms]")


def form(page, draft):
    return page.locator(f"form[data-draft^='{draft}']")


def says(box, name):
    return box.locator(f"[data-say={name}]")


def propose(page):
    box = form(page, "proposal")
    box.locator("[name=name]").press_sequentially("Heat <store>")
    box.locator("[name=description]").fill(TEXT)
    return box


def test_a_proposal_survives_a_reload_and_is_forgotten_once_sent(expert):
    go(expert, "contributions")
    box = propose(expert.page)
    expect(says(box, "kept")).to_be_visible()
    expert.page.reload()  # as after a crash: nobody pressed anything
    ready(expert.page)
    expect(box.locator("[name=name]")).to_have_value("Heat <store>")
    expect(box.locator("[name=description]")).to_have_value(TEXT)
    box.locator("button.btn-primary").click()
    expect(expert.page.get_by_text("Thank you. The organisers will read it")).to_be_visible()
    ready(expert.page)
    expect(box.locator("[name=name]")).to_have_value("")
    assert expert.kept() == 0
    sent = Proposal.objects.get()
    assert (str(sent.name), str(sent.description)) == ("Heat <store>", TEXT)


def test_pressing_twice_proposes_once_and_leaves_no_draft(expert):
    go(expert, "contributions")
    box = propose(expert.page)
    box.locator("button.btn-primary").dblclick()
    expect(expert.page.get_by_text("Thank you. The organisers will read it")).to_be_visible()
    ready(expert.page)
    expect(box.locator("[name=name]")).to_have_value("")
    assert expert.kept() == 0
    assert Proposal.objects.count() == 1


def test_a_draft_of_days_ago_says_that_it_is_back_and_can_be_discarded(expert):
    go(expert, "contributions")
    propose(expert.page)
    expect(says(form(expert.page, "proposal"), "kept")).to_be_visible()
    later = expert.page.context.new_page()  # no form that the browser itself could put back
    expert.page.close()
    expert.page = later
    go(expert, "contributions")
    box = form(later, "proposal")
    expect(says(box, "back")).to_be_visible()
    expect(box.locator("[name=description]")).to_have_value(TEXT)
    box.locator("[data-draft-drop]").click()
    expect(box.locator("[name=description]")).to_have_value("")
    assert expert.kept() == 0
    box.locator("[data-draft-undo]").click()
    expect(box.locator("[name=description]")).to_have_value(TEXT)
    expect(says(box, "kept")).to_be_visible()
    later.reload()
    ready(later)
    expect(box.locator("[name=name]")).to_have_value("Heat <store>")


def test_other_words_and_a_report_of_one_entry_do_not_mix(expert, survey):
    go(expert, "wording")
    page = expert.page
    report, words = form(page, "flag"), form(page, "wording")
    report.locator("[name='flag-problem']").nth(1).check()
    report.locator("[name='flag-question']").select_option("importance")
    report.locator("[name='flag-text']").fill(TEXT)
    words.locator("[name='wording-name']").fill("Better words")
    words.locator("[name='wording-text']").fill("Shorter")
    expect(says(words, "kept")).to_be_visible()
    expect(says(report, "kept")).to_be_visible()
    page.goto(expert.address("wording", survey.technologies[1].code))
    ready(page)
    expect(report.locator("[name='flag-text']")).to_have_value("")
    expect(words.locator("[name='wording-name']")).to_have_value("Technology 2")
    go(expert, "wording")
    expect(report.locator("[name='flag-problem']").nth(1)).to_be_checked()
    expect(report.locator("[name='flag-question']")).to_have_value("importance")
    expect(report.locator("[name='flag-text']")).to_have_value(TEXT)
    expect(words.locator("[name='wording-name']")).to_have_value("Better words")
    report.locator("button.btn-primary").click()
    page.wait_for_url(expert.address("technology", survey.technologies[0].code))
    go(expert, "wording")
    expect(report.locator("[name='flag-text']")).to_have_value("")
    expect(words.locator("[name='wording-text']")).to_have_value("Shorter")
    assert Proposal.objects.get().text == TEXT


def test_without_a_connection_page_and_text_stay_and_it_can_be_sent_later(expert):
    go(expert, "contributions")
    box = propose(expert.page)
    expert.page.route(expert.page.url, lambda route: route.abort("internetdisconnected"))
    box.locator("button.btn-primary").click()
    expect(says(box, "unsent")).to_be_visible()
    expect(box.locator("[name=description]")).to_have_value(TEXT)
    assert not Proposal.objects.exists()
    expert.page.unroute_all()
    box.locator("button.btn-primary").click()
    expect(expert.page.get_by_text("Thank you. The organisers will read it")).to_be_visible()
    assert Proposal.objects.get().description["en"] == TEXT


def test_what_the_server_refuses_keeps_its_text_and_says_why(expert):
    go(expert, "wording")
    page = expert.page
    report = form(page, "flag")
    report.locator("[name='flag-text']").fill(TEXT)
    report.locator("button.btn-primary").click()
    expect(report.locator(".errorlist")).to_be_visible()
    expect(report.locator("[name='flag-text']")).to_have_value(TEXT)
    ready(page)
    report.locator("[name='flag-text']").fill("Shorter")
    expect(says(report, "kept")).to_be_visible()
    go(expert, "wording")
    expect(report.locator("[name='flag-text']")).to_have_value("Shorter")


def test_a_round_that_closes_meanwhile_shows_the_text_on_a_page_of_its_own(expert, survey):
    go(expert, "contributions")
    box = propose(expert.page)
    close_round(round=survey.round, actor=survey.owner)
    box.locator("button.btn-primary").click()
    expect(expert.page.get_by_text("The round has closed")).to_be_visible()
    assert TEXT in expert.page.locator("textarea").input_value()
    assert not Proposal.objects.exists()


def test_a_device_that_is_given_back_keeps_nothing_of_it(expert):
    go(expert, "contributions")
    box = propose(expert.page)
    expect(says(box, "kept")).to_be_visible()
    with expert.page.expect_navigation():
        expert.page.locator("form[data-forget] button").click()
    expert.page.close()
    expert.page = expert.context.new_page()
    expert.open_link()
    go(expert, "contributions")
    expect(form(expert.page, "proposal").locator("[name=name]")).to_have_value("")


# --- What was not sent when the round closed ---------------------------------------------------------


@pytest.mark.parametrize("meanwhile", ["closed", "next round"])
def test_what_waited_until_the_round_had_closed_is_shown_with_a_file(expert, survey, next_round, meanwhile):
    page = expert.page
    page.route("**/save/", lambda route: route.abort("internetdisconnected"))
    expert.technology(0)
    expert.rate("importance", 7)
    page.locator("[data-reason] textarea").fill(TEXT)
    expert.state("queued")
    go(expert, "contributions")
    propose(page)
    expect(says(form(page, "proposal"), "kept")).to_be_visible()
    if meanwhile == "closed":
        close_round(round=survey.round, actor=survey.owner)
    else:
        next_round()
    page.unroute_all()
    page.goto(expert.address("welcome"))
    left = page.locator("[data-left]")
    expect(left).to_be_visible()
    held = left.locator("textarea").input_value()
    for words in (
        "Technology 1\n",
        "important",
        "7",
        f"Your reason\n{TEXT}",
        "Name of the entry: Heat <store>",
    ):
        assert words in held
    with page.expect_download() as download:
        left.locator("[data-save-text]").click()
    with open(download.value.path(), encoding="utf-8") as kept:
        assert TEXT in kept.read()
    left.locator("[data-discard]").click()
    expect(left.locator("textarea")).to_be_hidden()
    assert expert.kept() == 0
    left.locator("[data-undo]").click()
    expect(left.locator("textarea")).to_be_visible()
    assert expert.kept() == 3
    left.locator("[data-discard]").click()
    expect(left.locator("[data-gone]")).to_be_visible()
    page.reload()
    expect(page.locator("main h1")).to_be_visible()
    expect(left).to_be_hidden()

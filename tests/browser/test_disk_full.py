"""The server's disk is full while an expert types: the page says so, keeps the text, sends it once there is room."""

import pytest

from surveys.models import Answer, Reason
from tests.recovery.full_disk import full_disk

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]
LONG = "关键在于膜的供应。" * 400


def test_fault_05_what_was_typed_waits_in_the_browser_until_there_is_room(browsing):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        text = expert.page.locator("[data-reason] textarea")
        with full_disk():
            text.fill(LONG)
            expert.page.keyboard.press("Tab")
            line = expert.page.locator("[data-save-state]").first
            expect(line).to_have_text("Not saved yet: kept on this device, trying again")
            assert expert.kept() == 1
            assert not Reason.objects.exists()
            expert.page.reload()
            expert.ready()
            expect(text).to_have_value(LONG)
        expert.state("saved")
        assert expert.kept() == 0
    assert Reason.objects.get().text == LONG


def test_fault_05_without_scripts_the_page_says_so_and_sends_it_again(browsing):
    with browsing() as open_browser:
        expert = open_browser(java_script_enabled=False)
        expert.open_link()
        expert.page.locator("form.card button").click()
        expert.rate("importance", 8)
        expert.page.locator("[data-reason] textarea").fill(LONG)
        with full_disk():
            expert.page.locator(".respond-bar .btn-primary").click()
            expect(expert.page.locator("h1")).to_have_text("Nothing was saved just now")
            assert LONG in expert.page.locator("#kept-words").input_value()
            assert not Answer.objects.exists()
        expert.page.get_by_role("button", name="Send it again").click()
        expect(expert.page.locator("h1")).not_to_have_text("Nothing was saved just now")
    assert Reason.objects.get().text == LONG
    assert Answer.objects.get(question__key="importance").number == 8

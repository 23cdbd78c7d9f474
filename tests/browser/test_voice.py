"""Others' reasons and dictation in a browser: votes, replies that go out at once, speech where the browser hears."""

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import expect

from tests.browser.test_respond_pages import second_round, violations  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EAR = """
  class Ear {
    start() { window.ear = this; if (window.allowed) this.onstart(); else this.refuse(); }
    refuse() { this.onerror({error: "not-allowed"}); this.onend(); }
    stop() { this.onend(); }
    abort() {}
  }
  window.allowed = true;
  window.SpeechRecognition = window.webkitSpeechRecognition = Ear;
  const heard = (text) => Object.assign([{transcript: text}], {isFinal: true});
  window.hear = (text) => window.ear.onresult({resultIndex: 0, results: [heard(text)]});
"""
DEAF = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"


def test_votes_and_replies_go_out_at_once_and_stand_after_a_reload(browsing, second_round, survey):  # noqa: F811
    from surveys.models import ReasonVote, Reply

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        page = expert.page
        useful = page.locator("[data-vote]", has_text="Useful")
        with page.expect_response("**/react/"):
            useful.click()
        assert useful.get_attribute("aria-pressed") == "true"
        page.locator("[data-reply] summary").click()
        page.locator("[data-reply] textarea").fill("Which bench?")
        with page.expect_navigation(), page.expect_response("**/react/"):
            page.locator("[data-go]").last.click()  # goes on at once: the reply still goes out
        expert.technology(0)
        assert page.locator("[data-vote]", has_text="Useful").get_attribute("aria-pressed") == "true"
        assert page.locator("[data-reply] textarea").input_value() == "Which bench?"
        assert page.get_by_text("Waiting for a moderator").first.is_visible()
        assert violations(page) == []
    assert (ReasonVote.objects.get().kind, Reply.objects.get().text) == ("useful", "Which bench?")


def test_without_scripts_votes_and_replies_work_by_the_pages_own_form(browsing, second_round, survey):  # noqa: F811
    from surveys.models import ReasonVote, Reply

    with browsing() as open_browser:
        expert = open_browser(java_script_enabled=False)
        expert.open_link()
        expert.page.locator("form.card button").click()
        expert.page.goto(expert.address("technology", survey.technologies[0].code))
        expert.page.locator("[data-reply] summary").click()
        expert.page.locator("[data-reply] textarea").fill("Which bench?")
        expert.page.locator("[data-vote]", has_text="I agree").click()
        expert.page.wait_for_url("**#reasons")
        assert expert.page.locator("[data-dictation]").is_hidden()
        assert expert.page.locator("[data-reply] textarea").input_value() == "Which bench?"
    assert (ReasonVote.objects.get().kind, Reply.objects.get().text) == ("agree", "Which bench?")


def test_a_reason_is_dictated_where_the_browser_can_listen(browsing, survey):
    from surveys.models import Reason

    with browsing() as open_browser:
        expert = open_browser()
        page = expert.page
        page.add_init_script(EAR)
        expert.begin()
        button, state = page.locator("[data-dictate]"), page.locator("[data-dictation-state]")
        box = page.locator("[data-reason] textarea")
        assert page.get_by_text("may process the voice").is_visible()
        box.fill("First:")
        button.click()
        assert (button.get_attribute("aria-pressed"), state.inner_text()[:9]) == ("true", "Listening")
        assert page.evaluate("window.ear.lang").startswith("en")
        page.evaluate("hear(' costs fell by half ')")
        assert box.input_value() == "First: costs fell by half"
        button.click()
        assert (button.get_attribute("aria-pressed"), state.inner_text()) == ("false", "Stopped.")
        expert.state("saved")
        page.evaluate("window.allowed = false")
        button.click()
        assert "does not allow the microphone" in state.inner_text()
    assert Reason.objects.get().text == "First: costs fell by half"


def test_a_browser_that_cannot_listen_shows_no_button(browsing, survey):
    with browsing() as open_browser:
        expert = open_browser()
        expert.page.add_init_script(DEAF)
        expert.begin()
        assert expert.page.locator("[data-dictation]").is_hidden()


def test_a_moderator_decides_by_keyboard_and_undoes(browsing, survey, client):
    from surveys.models import Reason
    from surveys.services.reasons import save_reason

    for member, text in zip(
        survey.study.panel.members.order_by("pk"), ("Read me one", "Read me two"), strict=True
    ):
        save_reason(round=survey.round, member=member, technology=survey.technologies[0].code, text=text)
    order = list(Reason.objects.order_by("code").values_list("text", flat=True))
    client.force_login(survey.owner)
    session = client.cookies["sessionid"].value

    def states():
        return dict(Reason.objects.values_list("text", "moderation"))

    with browsing() as open_browser:
        visitor = open_browser()
        page, base = visitor.page, visitor.base
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
        page.goto(f"{base}/studies/{survey.study.code}/moderation/")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.wait_for_selector(".undo")
        assert states() == {order[0]: "pending", order[1]: "approved"}
        page.keyboard.press("u")
        page.wait_for_selector(".undo", state="detached")
        assert set(states().values()) == {"pending"}
        page.keyboard.press("j")
        page.keyboard.press("n")
        page.keyboard.type("r a u")  # typed into the note, no keys
        page.keyboard.press("Escape")
        page.locator("[data-choose-all] input").check()
        page.locator("#bulk button").click()
        page.get_by_text("2 texts are now shown to others.").wait_for()
        assert violations(page) == []
    assert set(states().values()) == {"approved"}


def test_a_reply_that_cannot_be_sent_keeps_the_page_and_is_offered_as_a_file(browsing, second_round, survey):  # noqa: F811
    from surveys.models import Reply

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        page = expert.page
        page.locator("[data-reply] summary").click()
        page.route("**/react/", lambda route: route.abort("internetdisconnected"))
        page.locator("[data-reply] textarea").fill("Which bench?")
        page.locator("[data-go]").last.click()
        file = page.locator("[data-keep-reply]")
        file.wait_for()
        assert page.locator("[data-reply] textarea").input_value() == "Which bench?"
        with page.expect_download() as download:
            file.click()
        with open(download.value.path(), encoding="utf-8") as kept:
            assert kept.read() == "Which bench?"
        page.unroute("**/react/")
        page.locator("[data-reply] textarea").fill("Which bench, then?")
        with page.expect_navigation():
            page.locator("[data-go]").last.click()
    assert Reply.objects.get().text == "Which bench, then?"


def test_a_reply_that_was_not_sent_is_in_its_box_after_a_reload_and_goes_out(browsing, second_round, survey):  # noqa: F811
    from surveys.models import Reply

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        page = expert.page
        box = page.locator("[data-reply] textarea")
        page.locator("[data-reply] summary").click()
        page.route("**/react/", lambda route: route.abort("internetdisconnected"))
        box.press_sequentially("Which bench?")
        expect(page.locator("[data-reply-state]")).to_have_text("")  # not even tried to be sent
        page.reload()  # as after a crash: nobody pressed anything
        expect(box).to_have_value("Which bench?")
        expect(page.locator("[data-reply-state]")).to_contain_text("could not be sent")
        assert not Reply.objects.exists()
        page.unroute("**/react/")
        page.reload()
        expect(page.locator("[data-reply-state]")).to_contain_text("Waiting for a moderator")
        assert expert.kept() == 0
    assert Reply.objects.get().text == "Which bench?"


def test_a_kept_reply_does_not_overwrite_what_was_stored_since(browsing, second_round, survey):  # noqa: F811
    from surveys.models import Reply

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        page = expert.page
        box = page.locator("[data-reply] textarea")
        page.locator("[data-reply] summary").click()
        page.route("**/react/", lambda route: route.abort("internetdisconnected"))
        box.press_sequentially("Typed here")
        other = open_browser()
        other.open_link()
        other.technology(0)
        other.page.locator("[data-reply] summary").click()
        other.page.locator("[data-reply] textarea").fill("Sent from there")
        other.page.locator("[data-save-reply]").click()
        expect(other.page.locator("[data-reply-state]")).to_contain_text("Waiting for a moderator")
        page.unroute("**/react/")
        page.reload()
        expect(page.locator("[data-reply-state]")).to_contain_text("Sent from there")
        expect(box).to_have_value("Typed here")
    assert Reply.objects.get().text == "Sent from there"

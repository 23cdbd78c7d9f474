"""Nothing that an expert answers is lost: the questionnaire under lost connections, two tabs and closing rounds.

The database is read only outside the `with`: inside, Playwright's event loop runs.
"""

import os

import pytest

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _database_beside_the_browser(monkeypatch):
    """Playwright's loop runs in this thread; what these tests do with the database in between is synchronous."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def test_each_change_is_saved_at_once_and_still_there_after_a_reload(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.rate("familiarity", 4)
        expert.rate("importance", 8)
        expert.question("year_lab").locator("[data-part=number]").fill("2035")
        expert.question("comment").locator("textarea").fill("Iridium is scarce.")
        expert.page.keyboard.press("Tab")
        expert.state("saved")
        expert.page.reload()
        expert.ready()
        assert expert.question("importance").locator("input:checked").get_attribute("value") == "8"
        assert expert.question("comment").locator("textarea").input_value() == "Iridium is scarce."
        assert expert.kept() == 0
    assert answers() == {"familiarity": 4, "importance": 8, "year_lab": 2035, "comment": "Iridium is scarce."}


def test_what_follows_within_a_second_is_sent_together(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        sent = []
        expert.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
        expert.page.clock.install()
        expert.technology()
        expert.page.clock.pause_at("2040-01-01")
        expert.rate("familiarity", 4)
        expert.holds("familiarity", "1|")
        assert len(sent) == 1
        expert.rate("importance", 8)
        expert.rate("feasibility", 6)
        expert.state("saving")
        assert len(sent) == 1
        expert.page.clock.run_for(1000)
        expert.holds("feasibility", "1|")
        expert.state("saved")
        assert len(sent) == 2
    assert answers() == {"familiarity": 4, "importance": 8, "feasibility": 6}


def test_leaving_the_page_waits_for_no_second(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.page.clock.install()
        expert.technology()
        expert.page.clock.pause_at("2040-01-01")
        expert.rate("familiarity", 4)
        expert.holds("familiarity", "1|")
        expert.rate("importance", 8)
        expert.page.locator(".respond-bar .btn-primary").click()
        expert.page.wait_for_url(expert.address("technology", expert.survey.technologies[1].code))
        assert answers() == {"familiarity": 4, "importance": 8}


def test_never_and_a_year_exclude_each_other(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        year = expert.question("year_lab")
        year.locator("[data-part=number]").fill("2035")
        year.locator("label:has(input[value=never])").click()
        expert.state("saved")
        assert year.locator("[data-part=number]").input_value() == ""
        year.locator("[data-part=number]").fill("2041")
        expert.page.keyboard.press("Tab")
        expert.state("saved")
        expert.holds("year_lab", "2041")
        assert year.locator("input:checked").count() == 0
    assert answers() == {"year_lab": 2041}


def test_an_answer_can_be_taken_back(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.rate("importance", 8)
        expert.state("saved")
        expert.question("importance").locator("[data-clear]").click()
        expert.holds("importance", "2|{}")
    assert answers() == {"importance": None}


def test_a_refused_value_stays_with_the_reason_beside_it(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        year = expert.question("year_lab")
        year.locator("[data-part=number]").fill("soon")
        expert.page.keyboard.press("Tab")
        expert.state("error")
        assert year.locator(".errorlist").inner_text() == "Enter a number."
        assert year.locator("[data-part=number]").input_value() == "soon"
        expert.rate("importance", 5)
        expert.holds("importance", "1|")
        year.locator("[data-part=number]").fill("2050")
        expert.page.keyboard.press("Tab")
        expert.state("saved")
        assert year.locator(".errorlist").count() == 0
    assert answers() == {"importance": 5, "year_lab": 2050}


@pytest.mark.parametrize(("press", "kept"), [("Use mine", 3), ("Use the other", 8)])
def test_fault_06_two_tabs_edit_one_answer_and_the_person_chooses(browsing, answers, press, kept):
    with browsing() as open_browser:
        first = open_browser()
        first.begin()
        second = type(first)(first.page.context.new_page(), first.base, first.survey)
        second.technology()
        first.rate("importance", 8)
        first.state("saved")
        second.rate("importance", 3)
        second.state("conflict")
        choice = second.question("importance").locator(".conflict-choice")
        assert [each.inner_text() for each in choice.locator("dd").all()] == ["3", "8"]
        assert answers() == {"importance": 8}
        choice.get_by_role("button", name=press, exact=True).click()
        second.page.wait_for_selector(".conflict-choice", state="detached")
        second.holds("importance", f"{kept}")
        assert second.question("importance").locator("input:checked").get_attribute("value") == str(kept)
        assert second.kept() == 0
    assert answers() == {"importance": kept}


def test_fault_07_two_devices_write_a_reason_and_both_texts_are_shown(browsing):
    from surveys.models import Reason

    with browsing() as open_browser:
        phone, laptop = open_browser(), open_browser()
        phone.begin()
        laptop.open_link()
        laptop.technology()
        phone.page.locator("[data-reason] textarea").fill("Written on the phone")
        phone.page.keyboard.press("Tab")
        phone.state("saved")
        laptop.page.locator("[data-reason] textarea").fill("Written on the laptop")
        laptop.page.keyboard.press("Tab")
        laptop.state("conflict")
        texts = laptop.page.locator(".conflict-choice dd").all_inner_texts()
        assert texts == ["Written on the laptop", "Written on the phone"]
        assert laptop.page.locator("[data-reason] textarea").input_value() == "Written on the laptop"
    assert Reason.objects.get().text == "Written on the phone"


def test_fault_09_the_round_closes_while_typing_and_the_text_stays(browsing, answers, survey):
    from surveys.services.rounds import close_round

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.rate("importance", 8)
        expert.state("saved")
        close_round(round=survey.round, actor=survey.owner)
        expert.page.locator("[data-reason] textarea").fill("Half a thought")
        expert.page.keyboard.press("Tab")
        expert.state("error")
        assert expert.page.locator("[data-stop=closed]").is_visible()
        assert expert.page.locator("[data-reason] textarea").input_value() == "Half a thought"
        with expert.page.expect_download() as download:
            expert.page.get_by_role("button", name="Save what I typed as a file").click()
        assert "Half a thought" in download.value.path().read_text(encoding="utf-8")
    assert answers() == {"importance": 8}


def test_fault_09_without_scripts_a_late_page_shows_what_was_typed(browsing, answers, survey):
    from surveys.services.rounds import close_round

    with browsing() as open_browser:
        expert = open_browser(java_script_enabled=False)
        expert.open_link()
        expert.page.locator("form.card button").click()
        expert.rate("importance", 8)
        expert.page.locator("[data-reason] textarea").fill("Half a thought")
        close_round(round=survey.round, actor=survey.owner)
        expert.page.locator(".respond-bar .btn-primary").click()
        assert "The round has closed" in expert.page.locator("h1").inner_text()
        kept = expert.page.locator("#kept-words").input_value()
        assert "Half a thought" in kept
        assert "\n8\n" in kept
    assert answers() == {}


def test_fault_11_a_double_click_submits_once(browsing, survey):
    from foundation.models import AuditEntry
    from surveys.models import Participation

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        for at in range(3):
            expert.technology(at)
            expert.rate("familiarity", 3)
            expert.rate("importance", 6)
            expert.state("saved")
        expert.visit("review")
        expert.page.locator("[data-submit] button").dblclick()
        expert.page.wait_for_url(expert.address("receipt"))
        assert "Thank you" in expert.page.locator("h1").inner_text()
    assert AuditEntry.objects.filter(action="response.submitted").count() == 1
    assert Participation.objects.get(member=survey.member).status == "submitted"


def test_fault_12_days_offline_a_reload_and_the_queue_drains_once(browsing, answers, survey):
    from surveys.models import Answer

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        save = "**/save/"
        expert.page.route(save, lambda route: route.abort("internetdisconnected"))
        expert.rate("familiarity", 2)
        expert.rate("importance", 9)
        expert.page.locator("[data-reason] textarea").fill("Written in a tunnel")
        expert.page.keyboard.press("Tab")
        expert.state("queued")
        assert expert.kept() == 3
        expert.page.reload()
        expert.ready()
        assert expert.question("importance").locator("input:checked").get_attribute("value") == "9"
        assert expert.page.locator("[data-reason] textarea").input_value() == "Written in a tunnel"
        assert answers() == {}
        expert.page.unroute(save)
        requests = []
        expert.page.on(
            "request", lambda request: requests.append(request.url) if "/save/" in request.url else None
        )
        expert.page.reload()
        expert.ready()
        expert.state("saved")
        assert expert.kept() == 0
        assert len(requests) == 1
    assert answers() == {"familiarity": 2, "importance": 9}
    assert set(Answer.objects.values_list("revision", flat=True)) == {1}


def test_fault_12_without_a_network_nothing_is_sent_and_afterwards_everything_once(browsing, answers):
    from surveys.models import Answer, Reason

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        requests = []
        expert.page.on(
            "requestfinished", lambda request: requests.append(request) if "/save/" in request.url else None
        )
        expert.page.context.set_offline(True)
        for value in (2, 9, 4):
            expert.rate("importance", value)
        expert.rate("familiarity", 3)
        expert.page.locator("[data-reason] textarea").fill("Written in a tunnel")
        expert.page.keyboard.press("Tab")
        expert.state("queued")
        assert "Offline" in expert.page.locator("[data-save-state]").inner_text()
        assert expert.kept() == 3
        expert.page.context.set_offline(False)
        expert.state("saved")
        assert expert.kept() == 0
        assert len(requests) == 1
    assert answers() == {"familiarity": 3, "importance": 4}
    assert set(Answer.objects.values_list("revision", flat=True)) == {1}
    assert Reason.objects.get().revision == 1


def test_fault_11_a_save_sent_again_by_the_network_is_stored_once(browsing, answers):
    from surveys.models import Answer

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()

        def twice(route):
            route.fetch()
            route.continue_()

        expert.page.route("**/save/", twice)
        expert.rate("importance", 8)
        expert.holds("importance", "1|")
        expert.rate("importance", 5)
        expert.holds("importance", "2|")
        assert expert.page.locator(".conflict-choice").count() == 0
    assert answers() == {"importance": 5}
    assert Answer.objects.get().revision == 2


def test_a_lost_acknowledgement_is_no_conflict_with_oneself(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()

        def swallow(route):
            route.fetch()  # the server stores it; its answer never arrives
            route.abort("connectionreset")

        expert.page.route("**/save/", swallow, times=1)
        expert.rate("importance", 8)
        expert.state("queued")
        expert.rate("importance", 4)
        expert.state("saved")
        assert expert.page.locator(".conflict-choice").count() == 0
    assert answers() == {"importance": 4}


def test_fault_13_the_session_ends_and_after_the_link_nothing_is_lost(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        cookies = expert.page.context.cookies()
        expert.page.context.clear_cookies(name="sessionid")
        assert len(expert.page.context.cookies()) == len(cookies) - 1
        expert.rate("importance", 7)
        expert.state("error")
        assert "personal link" in expert.page.locator("[data-stop=session]").inner_text()
        expert.page.goto("about:blank")
        expert.open_link()
        expert.technology()
        expert.state("saved")
        assert expert.kept() == 0
    assert answers() == {"importance": 7}


def test_fault_14_a_second_device_sees_the_submission_and_revives_nothing(browsing, answers):
    with browsing() as open_browser:
        phone, laptop = open_browser(), open_browser()
        phone.begin()
        phone.page.route("**/save/", lambda route: route.abort("internetdisconnected"))
        phone.rate("importance", 1)
        phone.state("queued")
        laptop.open_link()
        for at in range(3):
            laptop.technology(at)
            laptop.rate("familiarity", 3)
            laptop.rate("importance", 6)
            laptop.state("saved")
        laptop.visit("review")
        laptop.page.locator("[data-submit] button").click()
        laptop.page.wait_for_url(laptop.address("receipt"))
        phone.page.unroute("**/save/")
        phone.visit("technology", phone.survey.technologies[0].code)
        phone.state("conflict")
        phone.page.goto(phone.address("welcome"))
        assert phone.page.get_by_text("Your answers are submitted").is_visible()
    assert answers() == {"familiarity": 3, "importance": 6}


def test_this_is_not_my_device_leaves_nothing_in_the_browser(browsing):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.page.route("**/save/", lambda route: route.abort("internetdisconnected"))
        expert.rate("importance", 1)
        expert.state("queued")
        assert expert.kept() == 1
        expert.page.get_by_role("button", name="This is not my device").click()
        expert.page.wait_for_url("**/links/")
        assert expert.page.evaluate("indexedDB.databases().then(all => all.length)") == 0
        expert.page.goto(expert.address("overview"))
        assert expert.page.get_by_text("Please open your personal link again").is_visible()


def test_another_person_on_the_same_device_never_sends_the_first_ones_answers(browsing, survey):
    from surveys.models import Answer

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.page.route("**/save/", lambda route: route.abort("internetdisconnected"))
        expert.rate("importance", 1)
        expert.state("queued")
        expert.page.goto("about:blank")
        expert.page.unroute("**/save/")
        survey.member = survey.study.panel.members.order_by("pk")[1]
        expert.begin()
        expert.rate("familiarity", 5)
        expert.state("saved")
        assert expert.question("importance").locator("input:checked").count() == 0
    rows = Answer.objects.values_list("question__key", "number")
    assert list(rows.filter(member=survey.member)) == [("familiarity", 5)]
    # What the first person's page sent while it was left is theirs, whenever it arrives.
    assert set(rows.exclude(member=survey.member)) <= {("importance", 1)}


def test_the_language_can_change_in_mid_survey_without_loss(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.rate("importance", 8)
        expert.page.locator("[data-reason] textarea").fill("Said in English")
        expert.page.locator(".language button").click()
        expert.page.wait_for_selector("html[lang=zh-hans][data-ready=respond]")
        expert.state("saved")
        assert expert.page.locator("h1").inner_text() == "技术1"
        assert expert.question("importance").locator("input:checked").get_attribute("value") == "8"
        assert expert.page.locator("[data-reason] textarea").input_value() == "Said in English"
    assert answers() == {"importance": 8}

"""The questionnaire as it meets people: by keyboard, on a small phone, in both languages, with the group's answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THUMBS = """() => [...document.querySelectorAll(
    '.rating-point, .rating-none, .option, .pill, .action-bar .btn, .todo-item a')]
  .map(e => [e.className, e.getBoundingClientRect()])
  .filter(([, r]) => r.width && (r.width < 44 || r.height < 44)).map(([name]) => name)"""


def violations(page):
    found = axe.Axe().run(page).response["violations"]
    return [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found]


def answer_round_one(survey, numbers=(2, 6, 7, 7, 8, 8, 9)):
    """Everybody answers round 1; the first member far from the others."""
    from surveys.services.answers import Change, save_answers
    from surveys.services.submission import submit

    for member, number in zip(survey.study.panel.members.order_by("pk"), numbers, strict=True):
        changes = [
            Change(key, technology.code, {"number": value})
            for technology in survey.technologies
            for key, value in (
                ("familiarity", 3),
                ("importance", number),
                ("year_lab", 2030 + number),
                ("constraint", 2),
            )
        ]  # fmt: skip
        save_answers(round=survey.round, member=member, changes=changes)
        submit(round=survey.round, member=member)


@pytest.fixture
def second_round(survey, next_round):
    """Round 2 with feedback: seven members answered round 1; one gave a reason that a moderator approved."""
    from surveys.models import Reason
    from surveys.services.reasons import moderate_reason, save_reason
    from surveys.services.rounds import close_round, enrol_members
    from tests.factories import agreed, make_member

    newcomers = [make_member(survey.study).pk for _each in range(5)]
    enrol_members(round=survey.round, member_ids=newcomers)
    agreed(survey.round)
    answer_round_one(survey)
    other = survey.study.panel.members.order_by("pk").last()
    save_reason(
        round=survey.round,
        member=other,
        technology=survey.technologies[0].code,
        text="It worked on our bench.",
        stance="for",
    )
    close_round(round=survey.round, actor=survey.owner)
    moderate_reason(reason=Reason.objects.get(), actor=survey.owner, decision="approved", seen_revision=1)
    return next_round()


def test_round_two_shows_the_group_the_own_answer_and_the_reasons_of_others(browsing, second_round):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        importance = expert.question("importance")
        assert importance.locator("svg.histogram").count() == 1
        assert "2" in importance.locator(".earlier strong").inner_text()
        assert importance.locator("input:checked").count() == 0  # never copied in silence
        assert expert.question("familiarity").locator("svg.histogram").count() == 0
        assert expert.page.get_by_text("It worked on our bench.").is_visible()
        assert "Person" not in expert.page.content()


def test_keeping_changing_and_saying_why(browsing, second_round, answers):
    from surveys.models import Answer

    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        importance = expert.question("importance")
        expert.page.locator("[data-keep-all]").click()
        expert.state("saved")
        assert importance.locator("[data-outside]").is_visible()
        assert not importance.locator("[data-cause]").is_visible()
        expert.rate("importance", 7)
        assert not importance.locator("[data-outside]").is_visible()
        expert.holds("importance", "2|")  # else both changes may travel in one save
        importance.locator("[data-cause] select").select_option("argument")
        expert.holds("importance", "3|")
    assert answers() == {"familiarity": 3, "importance": 7, "year_lab": 2032, "constraint": 2}
    changed = Answer.objects.get(round=second_round, question__key="importance", technology__position=1)
    assert changed.change_cause == "argument"


def test_an_answer_outside_the_middle_half_wants_a_reason_before_submission(browsing, second_round, survey):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        for at in range(3):
            expert.technology(at)
            expert.page.locator("[data-keep-all]").click()
            expert.state("saved")
        expert.visit("review")
        assert expert.page.locator("[data-submit] button").is_disabled()
        assert expert.page.get_by_text("reason asked").count() == 3
        for at in range(3):
            expert.technology(at)
            expert.page.locator("[data-reason] textarea").fill("Costs will not fall.")
            expert.page.keyboard.press("Tab")
            expert.state("saved")
        expert.visit("review")
        expert.page.locator("[data-submit] button").click()
        expert.page.wait_for_url(expert.address("receipt"))


def test_the_whole_questionnaire_by_keyboard_alone(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.open_link()
        press = expert.page.keyboard.press
        expert.page.locator("form.card button").focus()
        press("Enter")
        expert.ready()

        def tab_to(name):
            for _step in range(80):
                if expert.page.evaluate("document.activeElement.name ?? ''").endswith(name):
                    return
                press("Tab")
            raise AssertionError(f"no way to {name} by Tab")

        tab_to(".familiarity")
        press("4")
        tab_to(".importance")
        press("9")
        press("ArrowLeft")
        tab_to(".year_lab")
        expert.page.keyboard.type("2038")
        tab_to(".constraint")
        press("3")
        expert.state("saved")
        tab_to("go")
        while expert.page.evaluate("document.activeElement.value") != "next":
            press("Tab")
        press("Enter")
        expert.page.wait_for_url(expert.address("technology", expert.survey.technologies[1].code))
    assert answers() == {"familiarity": 4, "importance": 8, "year_lab": 2038, "constraint": 3}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
)
def test_no_violation_no_overflow_and_room_for_thumbs_on_any_page(
    browsing, second_round, width, scheme, language
):
    with browsing() as open_browser:
        expert = open_browser(
            viewport={"width": width, "height": 780},
            color_scheme=scheme,
            has_touch=width == 360,
        )
        expert.page.context.add_cookies([{"name": "django_language", "value": language, "url": expert.base}])
        expert.open_link()
        problems = {}

        def look(name):
            page = expert.page
            found = violations(page)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append("wider than the screen")
            if width == 360 and (small := page.evaluate(THUMBS)):
                found.append(f"small targets: {small}")
            if found:
                problems[name] = found

        look("welcome")
        expert.page.locator("form.card button").click()
        expert.ready()
        look("technology")
        expert.page.locator("[data-keep-all]").click()
        expert.state("saved")
        look("technology, answered")
        for name in ("overview", "matrix", "review", "own_answers", "results"):
            expert.visit(name)
            look(name)
        assert problems == {}


def test_the_session_page_and_the_waiting_page_are_accessible(browsing, survey):
    from surveys.services.rounds import close_round

    with browsing() as open_browser:
        expert = open_browser()
        expert.page.goto(expert.address("overview"))
        assert violations(expert.page) == []
        expert.begin()
        close_round(round=survey.round, actor=survey.owner)
        expert.page.goto(expert.address("overview"))
        assert "Round 1 is closed" in expert.page.locator("main").inner_text()
        assert violations(expert.page) == []


def test_going_on_and_back_keeps_what_was_just_typed(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.page.locator("[data-question=comment] textarea").fill("Typed and gone on at once")
        expert.page.locator(".respond-bar .btn-primary").click()
        expert.page.wait_for_url(expert.address("technology", expert.survey.technologies[1].code))
        expert.ready()
        expert.page.locator(".btn-back").click()
        expert.page.wait_for_url(expert.address("technology", expert.survey.technologies[0].code))
    assert answers() == {"comment": "Typed and gone on at once"}


def test_the_matrix_saves_the_same_answers(browsing, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.visit("matrix")
        cell = expert.page.locator(
            f"td[data-technology='{expert.survey.technologies[0].code}'][data-question=importance]"
        )
        cell.locator("select").focus()
        expert.page.keyboard.type("7")
        expert.page.keyboard.press("Tab")
        expert.state("saved")
        expert.technology()
        assert expert.question("importance").locator("input:checked").get_attribute("value") == "7"
    assert answers() == {"importance": 7}


def test_closing_time_is_said_on_the_first_page(browsing, survey):
    from surveys.services.rounds import edit_round

    edit_round(round=survey.round, actor=survey.owner, closes_at=timezone.now() + timedelta(days=3))
    with browsing() as open_browser:
        expert = open_browser()
        expert.open_link()
        assert "open until" in expert.page.locator(".lead").inner_text()

"""Table and cards, overview, choice and results in a real browser: typing, switching, by keyboard and on paper."""

import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

from surveys.models import Assignment, Bookmark  # noqa: E402
from surveys.services.answers import Change, save_answers  # noqa: E402
from surveys.services.rounds import close_round, edit_round, mark_analysed  # noqa: E402
from tests.browser.test_respond_pages import answer_round_one, violations  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUTLINE = """() => [...document.querySelectorAll('main h1, main h2, main h3, main h4, main legend')]
  .filter(e => e.checkVisibility({visibilityProperty: true}))
  .map(e => [e.tagName, e.textContent.replace(/\\s+/g, ' ').trim()])"""
UNLABELLED = """() => [...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]
  .filter(e => !e.labels?.length && !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby'))
  .map(e => e.outerHTML.slice(0, 120))"""
MOVING = (
    """() => document.getAnimations().filter(a => a.effect.getComputedTiming().activeDuration > 20).length"""
)


def test_a_language_switch_in_mid_sentence_loses_nothing(browsing, survey, answers):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.rate("importance", 7)
        expert.page.locator("[data-question=comment] textarea").fill("Half a sen")
        expert.page.locator("[data-question=comment] textarea").press("t")
        expert.page.locator("button[lang=zh-hans]").click()
        expert.page.wait_for_selector("html[lang=zh-hans]")
        expert.ready()
        assert expert.page.locator("[data-question=comment] textarea").input_value() == "Half a sent"
        assert expert.question("importance").locator("input:checked").get_attribute("value") == "7"
        assert "您的作答" in expert.page.content()
        assert expert.kept() == 0
    assert answers() == {"importance": 7, "comment": "Half a sent"}


def test_enter_in_a_field_goes_on_and_switches_no_language(browsing, survey):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.question("year_lab").locator("[data-part]").fill("2035")
        expert.page.keyboard.press("Enter")
        expert.page.wait_for_url(expert.address("technology", survey.technologies[1].code))
        assert expert.page.evaluate("document.documentElement.lang") == "en"


def test_the_table_by_keyboard_alone(browsing, survey, answers):
    """A digit chooses, Tab goes on; a year and "never" take each other's place."""
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.page.locator("button[value=matrix]").click()
        expert.page.wait_for_url(lambda url: "/matrix/" in url)
        expert.ready()
        code, press = survey.technologies[0].code, expert.page.keyboard.press
        expert.page.locator(f"select[name='a.{code}.familiarity']").focus()
        press("4")
        press("Tab")
        press("8")
        press("Tab")
        press("Tab")
        expert.page.keyboard.type("2036")
        press("Tab")
        expert.page.locator(f"select[name='a.{code}.year_lab.special']").select_option("never")
        assert expert.page.locator(f"input[name='a.{code}.year_lab']").input_value() == ""
        expert.page.locator(f"input[name='a.{code}.year_society']").fill("2040")
        press("Tab")
        expert.state("saved")
        assert expert.page.locator("[data-count]").inner_text().startswith("4 /")
        expert.page.locator(".respond-bar .btn-primary").click()
        expert.page.wait_for_url(expert.address("review"))
    assert answers() == {"familiarity": 4, "importance": 8, "year_lab": "never", "year_society": 2040}


def test_layout_and_flag_are_remembered(browsing, survey):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        flag = expert.page.locator("[data-flag]")
        with expert.page.expect_response("**/flag/"):
            flag.click()
        assert flag.get_attribute("aria-pressed") == "true"
        expert.page.locator("button[value=matrix]").click()
        expert.page.wait_for_url(lambda url: "/matrix/" in url)
        expert.visit("overview")
        assert "/matrix/" in expert.page.locator(".page-head .btn-primary").get_attribute("href")
        expert.page.get_by_role("link", name="Flagged by me").click()
        expert.page.wait_for_url("**show=flagged*")
        assert expert.page.locator(".todo-item").count() == 1
    assert Bookmark.objects.get().technology == survey.technologies[0]


def test_the_overview_searches_while_one_types_and_says_how_many(browsing, survey):
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        expert.visit("overview")
        expert.page.locator("#find").press_sequentially("technology 2")
        expert.page.wait_for_url("**q=technology+2*")
        assert expert.page.locator(".todo-item").all_inner_texts()[0].startswith("Technology 2")
        assert expert.page.locator(".found").inner_text() == "1 found"
        assert expert.page.evaluate("document.activeElement.id") == "find"


def test_the_screen_reader_s_order_is_that_of_the_page(browsing, survey):
    """One h1, the technology; then each question as a legend in the protocol's order; then the reason. What is
    saved is told by a live region, and every field has a name."""
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        outline = expert.page.evaluate(OUTLINE)
        assert outline[0] == ["H1", "Technology 1"]
        legends = [text for tag, text in outline if tag == "LEGEND" and text != "Your reason speaks"]
        asked = [str(q.text) for q in survey.study.questions.all() if q.type != "text"]
        assert [legend.removesuffix("required").strip() for legend in legends] == asked
        assert outline[-2][1].startswith("Your reason") or outline[-1][1].startswith("Your reason")
        assert expert.page.evaluate(UNLABELLED) == []
        line = expert.page.locator("[data-save-state]")
        assert line.get_attribute("role") == "status"
        expert.rate("importance", 5)
        expert.state("saved")
        assert line.inner_text().startswith("Saved at")
        expert.visit("matrix")
        assert expert.page.evaluate(UNLABELLED) == []


def test_the_unfamiliar_see_the_rest_fold_at_once(browsing, survey):
    type(survey.study).objects.update(unfamiliar_rule="collapsed", unfamiliar_at=1)
    with browsing() as open_browser:
        expert = open_browser()
        expert.begin()
        importance = expert.question("importance")
        assert importance.is_visible()
        expert.rate("familiarity", 1)
        assert not importance.is_visible()
        expert.page.locator(".rest-fold summary").click()
        assert importance.is_visible()
        expert.rate("familiarity", 4)
        assert importance.is_visible()
        assert not expert.page.locator(".rest-fold summary").is_visible()
        assert violations(expert.page) == []


def test_choosing_fields_and_entries(browsing, survey):
    type(survey.study).objects.update(routing="chosen")
    Assignment.objects.all().delete()
    with browsing() as open_browser:
        expert = open_browser(viewport={"width": 360, "height": 780}, has_touch=True)
        expert.open_link()
        assert violations(expert.page) == []
        expert.page.locator("form.card button").click()
        expert.page.wait_for_url(expert.address("choose"))
        expert.page.locator("[data-whole]").check()
        assert expert.page.locator("[data-chosen]").inner_text() == "3"
        expert.page.locator(".choose-field summary").click()
        expert.page.locator("input[name=technology]").nth(1).uncheck()
        assert expert.page.locator("[data-chosen]").inner_text() == "2"
        assert violations(expert.page) == []
        assert expert.page.evaluate("document.documentElement.scrollWidth") <= 360
        expert.page.locator(".respond-bar .btn-primary").click()
        expert.page.wait_for_url(expert.address("overview"))
        assert expert.page.locator(".todo-item").count() == 2


@pytest.fixture
def finished(survey):
    """Round 1 answered by seven, analysed."""
    from surveys.services.consent import consent, consent_hash
    from surveys.services.rounds import enrol_members
    from tests.factories import agreed, make_member

    enrol_members(round=survey.round, member_ids=[make_member(survey.study).pk for _each in range(5)])
    part = survey.round.participations.get(member=survey.member)
    survey.round.participations.update(consented_at=None)
    consent(participation=part, shown=consent_hash(survey.study))
    agreed(survey.round)
    answer_round_one(survey)
    return survey


@pytest.mark.parametrize(("width", "scheme", "language"), [(360, "dark", "zh-hans"), (1280, "light", "en")])
def test_receipt_answers_and_results_are_accessible(browsing, finished, width, scheme, language):
    with browsing() as open_browser:
        expert = open_browser(viewport={"width": width, "height": 780}, color_scheme=scheme)
        expert.page.context.add_cookies([{"name": "django_language", "value": language, "url": expert.base}])
        expert.open_link()
        found = {}
        for name in ("receipt", "own_answers", "results"):
            if name == "results":
                close_round(round=finished.round, actor=finished.owner)
                mark_analysed(round_id=finished.round.pk)
            expert.visit(name)
            assert expert.page.url == expert.address(name)
            problems = violations(expert.page)
            if expert.page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append("wider than the screen")
            if problems:
                found[name] = problems
        assert expert.page.locator("svg.journey").count() >= 3
        assert found == {}


def test_on_paper_there_are_answers_and_no_controls(browsing, finished):
    with browsing() as open_browser:
        expert = open_browser()
        expert.open_link()
        expert.visit("own_answers")
        expert.page.emulate_media(media="print")
        assert (
            not expert.page.locator(".topbar-tools, .footer form button, .page-head .actions")
            .locator("visible=true")
            .count()
        )
        assert (
            "2035" in expert.page.locator("main").inner_text()
            or "2032" in expert.page.locator("main").inner_text()
        )
        background = expert.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)", "oklch(1 0 0)")


def test_saved_as_pdf_each_sheet_says_what_it_is_and_no_technology_is_torn(browsing, finished):
    """What the browser's "save as PDF" makes of the own answers: A4, and every block whole on one sheet."""
    for technology in finished.technologies:
        change = Change("comment", technology.code, {"text": "A remark that takes some room. " * 40})
        save_answers(round=finished.round, member=finished.member, changes=[change])
    with browsing() as open_browser:
        expert = open_browser()
        expert.open_link()
        expert.visit("own_answers")
        assert expert.page.get_by_role("button", name="Print or save as PDF").is_visible()
        file = expert.page.pdf(prefer_css_page_size=True)
    sheets = PdfReader(io.BytesIO(file)).pages
    texts = [" ".join(sheet.extract_text().split()) for sheet in sheets]
    assert len(texts) > 1
    assert {(round(float(s.mediabox.width)), round(float(s.mediabox.height))) for s in sheets} == {(595, 842)}
    assert all(f"{finished.study} · {finished.round} · {finished.member.pseudonym}" in text for text in texts)
    assert all("Submitted on" in text for text in texts)
    for number in range(1, 4):
        (sheet,) = [text for text in texts if f"Technology {number}" in text]
        block = sheet.split(f"Technology {number}")[1].split("Technology ")[0]
        assert "How familiar" in block
        assert block.count("A remark") == 40


def test_nothing_moves_for_those_who_want_it_still(browsing, survey):
    with browsing() as open_browser:
        expert = open_browser(reduced_motion="reduce")
        expert.begin()
        expert.rate("importance", 7)
        assert expert.page.evaluate(MOVING) == 0
        expert.page.locator(".respond-bar .btn-primary").click()
        expert.ready()
        assert expert.page.evaluate(MOVING) == 0


@pytest.mark.parametrize(("language", "shown"), [("en", "14:30"), ("zh-hans", "2031年3月5日")])
def test_dates_and_times_are_the_language_s_own(browsing, survey, language, shown):
    when = timezone.datetime(2031, 3, 5, 14, 30, tzinfo=timezone.get_default_timezone())
    edit_round(round=survey.round, actor=survey.owner, closes_at=when)
    with browsing() as open_browser:
        expert = open_browser()
        expert.page.context.add_cookies([{"name": "django_language", "value": language, "url": expert.base}])
        expert.open_link()
        assert shown in expert.page.locator(".lead").inner_text()

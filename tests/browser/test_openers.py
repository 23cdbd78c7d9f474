"""The table's larger questions in a real Chromium: opened over it, answered, saved, and the focus given back."""

from types import SimpleNamespace

import pytest

from surveys.models import Answer, Reason
from surveys.services.rounds import close_round
from tests.factories import make_open_round, make_study, owner_of

pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python.sync_playwright")

from playwright.sync_api import expect

from tests.browser.test_respond_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey(transactional_db):
    study = make_study(template="every_type", technologies=2, members=2)
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
    def _stored(at=0):
        rows = Answer.objects.filter(member=survey.member, technology=survey.technologies[at])
        return {row.question.key: row.parts or row.text or row.special or row.number for row in rows}

    return _stored


class Table:
    def __init__(self, expert, survey):
        self.expert, self.page, self.survey = expert, expert.page, survey
        self.dialog = self.page.locator("dialog.editor")

    def key(self, question, at=0):
        code = self.survey.technologies[at].code
        return f"a {code} {question}" if question else f"r {code}"

    def cell(self, question, at=0):
        return self.page.locator(f"[data-cell='{self.key(question, at)}']")

    def open(self, question, at=0):
        self.cell(question, at).locator("button").click()
        self.dialog.locator("h2", has_text=f"Technology {at + 1}").wait_for()
        return self.dialog.locator(f"[data-question='{question}']:visible")

    def words(self, question, at=0):
        return self.cell(question, at).locator("[data-own]").text_content()

    def expect_focus(self, question, at=0):
        # A dialog tells of its closing in a task of its own: the focus moves a moment after the key.
        expect(self.cell(question, at).locator("button")).to_be_focused()


def begin(open_browser, survey, **options):
    expert = open_browser(**options)
    expert.open_link()
    expert.page.locator("form.card button").click()
    expert.page.wait_for_load_state()
    expert.visit("matrix")
    return Table(expert, survey)


def test_every_larger_type_is_answered_over_the_table_and_read_back(browsing, survey, stored):
    with browsing() as open_browser:
        table = begin(open_browser, survey)
        part = "[data-item='{}']".format
        sectors = table.open("sectors")
        sectors.locator(part(2)).check()
        sectors.locator("[data-part=text]").fill("Space")
        table.page.keyboard.press("Escape")
        obstacles = table.open("obstacles")
        for name in ("Public acceptance: up", "Cost: up"):
            obstacles.get_by_role("button", name=name).click()
        table.page.keyboard.press("Escape")
        funding = table.open("funding")
        for item, points in (("1", "60"), ("2", "40")):
            funding.locator(part(item)).fill(points)
        table.page.keyboard.press("Enter")
        plane = table.open("position").locator(".plane-grid")
        box = plane.bounding_box()
        plane.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.15})
        table.page.keyboard.press("Escape")
        pairs = table.open("preference")
        pairs.locator("label:has([data-item='1:2'][value='1'])").click()
        table.page.keyboard.press("Escape")
        breakthrough = table.open("breakthrough")
        breakthrough.locator("label:has(input[value='1'])").click()
        breakthrough.locator(part("certainty")).fill("85")
        table.page.keyboard.press("Enter")
        saving = table.open("saving")
        saving.locator("[data-part=number]").fill("20")
        saving.locator("[data-part=low]").fill("10")
        table.page.keyboard.press("Enter")
        table.open("comment").locator("textarea").fill("A remark")
        table.page.keyboard.press("Escape")
        table.cell("").locator("button").click()
        table.dialog.locator("[data-reason]").wait_for()
        table.page.keyboard.type("Because.")
        table.page.keyboard.press("Escape")
        table.expert.state("saved")
        assert table.page.locator("[data-count]").inner_text().startswith("8 /")
        said = {
            key: table.words(key)
            for key in (
                "sectors",
                "obstacles",
                "position",
                "preference",
                "breakthrough",
                "saving",
                "comment",
                "",
            )
        }
        table.page.reload()
        table.expert.ready()
        assert {key: table.words(key) for key in said} == said  # scripts and server say it in the same words
        assert table.expert.kept() == 0
    assert said == {
        "sectors": "Energy; Other: Space",
        "obstacles": "1. Public acceptance; 2. Cost · unfinished",
        "position": "Benefit: 7; Risk: 7",
        "preference": "Public research > Pilot projects · unfinished",
        "breakthrough": "Yes (85 %)",
        "saving": "20 hours a month (10 … ?)",
        "comment": "A remark",
        "": "Because.",
    }
    assert stored() == {
        "sectors": {"2": 1, "other": 1},
        "obstacles": {"1": 2, "5": 1},
        "funding": {"1": 60, "2": 40, "3": 0, "4": 0},
        "position": {"x": 7, "y": 7},
        "preference": {"1:2": 1},
        "breakthrough": {"certainty": 85},
        "saving": 20,
        "comment": "A remark",
    }
    assert Reason.objects.get(member=survey.member).text == "Because."


def test_by_keyboard_alone_down_a_column_and_the_focus_comes_back(browsing, survey, stored):
    with browsing() as open_browser:
        table = begin(open_browser, survey)
        press = table.page.keyboard.press
        table.cell("obstacles").locator("button").focus()
        press("Enter")
        expect(table.dialog.locator("[data-item='1']:visible")).to_be_focused()
        press("2")  # chooses a place in the list
        press("Tab")
        table.dialog.locator("[data-below]").focus()
        press("Enter")
        table.dialog.locator("h2", has_text="Technology 2").wait_for()
        expect(table.dialog.locator(":focus")).to_have_count(1)
        press("1")
        press("Tab")
        assert not table.dialog.locator("[data-below]").is_visible()  # the last row
        press("Escape")
        table.expect_focus("obstacles", 1)
        press("Space")
        table.dialog.wait_for()
        press("Escape")
        table.expect_focus("obstacles", 1)
        table.expert.state("saved")
    assert stored(0) == {"obstacles": {"1": 1}}
    assert stored(1) == {"obstacles": {"1": 1}}


def test_a_refused_answer_is_told_in_the_cell_and_is_there_after_a_reload(browsing, survey, stored):
    with browsing() as open_browser:
        table = begin(open_browser, survey)
        table.open("funding").locator("[data-item='1']").fill("90")
        table.page.keyboard.press("Enter")
        table.cell("funding").get_by_text("They add up to 90: 10 left.").wait_for()
        table.page.reload()
        table.expert.ready()
        table.cell("funding").get_by_text("They add up to 90: 10 left.").wait_for()
        assert table.words("funding").startswith("Public research: 90")
        funding = table.open("funding")
        assert funding.locator("[data-item='1']").input_value() == "90"
        funding.locator("[data-item='2']").fill("10")
        table.page.keyboard.press("Enter")
        table.expert.state("saved")
        assert table.cell("funding").locator(".errorlist").count() == 0
        assert table.expert.kept() == 0
    assert stored()["funding"] == {"1": 90, "2": 10, "3": 0, "4": 0}


def test_offline_an_opened_editor_keeps_its_answer_and_one_that_cannot_open_says_so(browsing, survey, stored):
    with browsing() as open_browser:
        table = begin(open_browser, survey)
        table.open("position")
        context = table.page.context
        context.set_offline(True)
        table.dialog.locator("label:has([data-item=x][value='4'])").click()
        table.page.keyboard.press("Escape")
        table.cell("preference").locator("button").click()
        table.cell("preference").get_by_text("could not be opened").wait_for()
        assert table.words("position") == "Benefit: 4 · unfinished"
        assert table.expert.kept() == 1
        context.set_offline(False)
        table.expert.state("saved")
        table.open("preference")
        assert table.cell("preference").locator(".errorlist").count() == 0
    assert stored() == {"position": {"x": 4}}


def test_an_editor_of_a_round_that_closed_says_so(browsing, survey):
    with browsing() as open_browser:
        table = begin(open_browser, survey)
        close_round(round=survey.round, actor=survey.owner)
        table.cell("preference").locator("button").click()
        table.cell("preference").get_by_text("The round has closed.").wait_for()


def test_fault_06_another_tab_answered_first_and_both_answers_are_shown(browsing, survey, stored):
    with browsing() as open_browser:
        table = begin(open_browser, survey)
        table.open("obstacles")
        other = table.page.context.new_page()
        other.goto(table.expert.address("technology", survey.technologies[0].code))
        other.wait_for_selector("html[data-ready=respond]")
        other.get_by_role("button", name="Cost: up").click()
        other.wait_for_selector("[data-save-state][data-state=saved]")
        table.dialog.get_by_role("button", name="Reliability: up").click()
        box = table.dialog.locator(".conflict-choice")
        box.wait_for()
        assert "1. Reliability" in box.inner_text()
        assert "1. Cost" in box.inner_text()
        table.page.keyboard.press("Escape")
        assert "choose which answer counts" in table.cell("obstacles").inner_text()
        table.open("obstacles")
        box.get_by_role("button", name="Use the other").click()
        table.page.keyboard.press("Escape")
        table.cell("obstacles").locator(".errorlist").wait_for(state="detached")
        assert table.words("obstacles") == "1. Cost · unfinished"
    assert stored()["obstacles"] == {"1": 1}


def test_a_language_switch_takes_along_what_an_editor_holds(browsing, survey, stored):
    with browsing() as open_browser:
        table = begin(open_browser, survey)
        table.open("funding").locator("[data-item='1']").fill("90")
        table.page.keyboard.press("Enter")
        table.cell("funding").locator(".errorlist").wait_for()
        table.page.locator("button[lang=zh-hans]").click()
        table.page.wait_for_selector("html[lang=zh-hans]")
        table.expert.ready()
        assert "90" in table.words("funding")
        table.cell("funding").locator("button").click()
        assert table.dialog.locator("[data-item='1']").input_value() == "90"


def test_without_scripts_the_button_leads_to_the_question_and_saves_on_the_way(browsing, survey, stored):
    with browsing() as open_browser:
        expert = open_browser(java_script_enabled=False)
        expert.open_link()
        expert.page.locator("form.card button").click()
        expert.page.goto(expert.address("matrix"))
        code = survey.technologies[1].code
        expert.page.locator(f"select[name='a.{code}.importance']").select_option("7")
        expert.page.locator(f"[data-cell='a {code} obstacles'] button").click()
        assert expert.page.url == expert.address("technology", code) + f"#a-{code}-obstacles"
    assert stored(1) == {"importance": 7}


@pytest.mark.parametrize(("width", "scheme", "language"), [(360, "dark", "zh-hans"), (1280, "light", "en")])
def test_table_and_editors_are_accessible_and_fit(browsing, survey, width, scheme, language):
    with browsing() as open_browser:
        cookies = [{"name": "django_language", "value": language, "url": ""}]
        expert = open_browser(viewport={"width": width, "height": 780}, color_scheme=scheme)
        expert.page.context.add_cookies([cookie | {"url": expert.base} for cookie in cookies])
        expert.open_link()
        expert.page.locator("form.card button").click()
        expert.visit("matrix")
        table = Table(expert, survey)
        found = {"": violations(expert.page)} if violations(expert.page) else {}
        for key in (
            "sectors",
            "obstacles",
            "funding",
            "position",
            "preference",
            "breakthrough",
            "saving",
            "comment",
        ):
            table.cell(key).locator("button").click()
            table.dialog.locator(f"[data-question={key}]").wait_for()
            problems = violations(expert.page)
            if table.dialog.evaluate("e => e.scrollWidth > e.clientWidth"):
                problems.append("wider than the dialog")
            if problems:
                found[key] = problems
            expert.page.keyboard.press("Escape")
        assert found == {}

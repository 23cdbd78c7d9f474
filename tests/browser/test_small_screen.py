"""All pages that an expert can see, on the narrowest phone: nothing is wider than the screen."""

import os

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import expect

from surveys.services.submission import missing
from tests.browser import every_type

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WIDTH = 360
# Two screens of it in one go: what it shows, and which elements reach over the edge.
WIDE = """() => {
  const edge = window.innerWidth;
  const held = (e) => { for (let p = e.parentElement; p; p = p.parentElement)
    if (/auto|scroll|hidden|clip/.test(getComputedStyle(p).overflowX)) return true; return false; };
  const over = [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > edge + 0.5 && !held(e))
    .map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`);
  return document.documentElement.scrollWidth > edge || over.length ?
    [document.documentElement.scrollWidth, ...over.slice(0, 6)] : [];
}"""
WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3


@pytest.fixture
def survey(transactional_db):
    return every_type.make_survey()


class Walk:
    """Looks at page after page and remembers which of them are too wide."""

    def __init__(self, expert, survey):
        self.expert, self.page, self.survey = expert, expert.page, survey
        self.wide: dict[str, list] = {}
        self.seen = 0

    def look(self, name):
        name = f"round {self.survey.round.number}: {name}"
        self.seen += 1
        if found := self.page.evaluate(WIDE):
            self.wide[name] = found
        if folder := os.environ.get("WALK_PICTURES"):
            language = self.page.evaluate("document.documentElement.lang")
            file = f"{language} {self.seen:02} {name}".replace(":", "").replace(" ", "-")
            self.page.screenshot(path=f"{folder}/{file}.png", full_page=True)

    def see(self, name, *args, query="", title=""):
        self.page.goto(self.expert.address(name, *args) + query)
        if name in ("technology", "matrix", "once"):
            self.expert.ready()
        self.look(title or name)

    def unfold(self):
        self.page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")

    def welcome(self):
        self.see("welcome", title="welcome before consent")
        self.page.locator("form.card button").last.click()
        self.expert.ready()
        self.see("welcome", title="welcome after consent")
        self.unfold()
        self.look("welcome unfolded")

    def answering(self):
        for technology in every_type.asked(self.survey):
            self.see("technology", technology.code, title=f"card {technology.key}")
            self.unfold()
            self.look(f"card {technology.key} unfolded")
        self.see("once")
        self.see("overview")
        for shown in ("unanswered", "outside", "flagged"):
            self.see("overview", query=f"?show={shown}&q=a", title=f"overview {shown}")
        self.see("review", title="review with gaps")
        self.see("matrix")
        self.editors()

    def editors(self):
        """Each question of the first row that opens over the table."""
        dialog = self.page.locator("dialog.editor")
        for cell in self.page.locator("tbody tr[id] >> nth=0").locator("[data-cell]").all():
            name = cell.get_attribute("data-cell").split(" ")[-1]
            cell.locator("button").click()
            expect(dialog).to_be_visible()
            self.look(f"table, open {name}")
            if dialog.evaluate("d => d.scrollWidth > d.clientWidth"):
                self.wide[f"dialog {name}"] = ["wider than the dialog"]
            dialog.locator("[data-close]").last.click()

    def refusals(self):
        """A page whose answers were refused, with scripts on and off."""
        technology = every_type.asked(self.survey)[-1]
        self.see("technology", technology.code, title="card again")
        question = self.expert.question
        question("cost").locator("input[data-part]").fill(f"a lot {WORD}"[:30])
        question("funding").locator("input[type=text]").first.fill("90")
        question("comment").locator("textarea").fill(WORD)
        self.page.locator("[data-reason] textarea").fill(WORD)
        self.page.keyboard.press("Tab")
        expect(self.page.locator(".errorlist").first).to_be_visible()
        self.look("card with refusals")

    def send(self, field):
        """Press the button of the form with this field; another page follows, or the same one with what is wrong."""
        with self.page.expect_navigation():
            self.page.locator(f"form:has([name='{field}']) button.btn-primary").click()
        self.page.wait_for_load_state()

    def voice(self):
        technology = every_type.asked(self.survey)[-1]
        self.see("wording", technology.code)
        self.send("flag-problem")
        self.look("wording refused")
        self.page.locator("[name='flag-problem']").first.check()
        self.page.locator("[name='flag-text']").fill(WORD)
        self.send("flag-problem")
        self.expert.ready()
        self.look("wording sent")
        self.see("contributions", title="proposals")
        self.send("description")
        self.look("proposal refused")
        self.page.locator("[name=name]").fill(WORD)
        self.page.locator("[name=text]").fill(every_type.URL)
        self.send("description")
        expect(self.page.locator(".contribution").first).to_be_visible()
        self.look("proposals sent")

    def submitting(self):
        """As everybody else does it, then the pages after it."""
        every_type.answer_round(self.survey)
        assert missing(round=self.survey.round, member=self.survey.member) == []
        for technology in every_type.asked(self.survey):
            self.see("technology", technology.code, title=f"card {technology.key} answered")
        self.see("matrix", title="matrix answered")
        self.see("review", title="review submitted")
        self.see("receipt")
        self.see("welcome", title="welcome submitted")
        self.own_answers()

    def own_answers(self):
        self.see("own_answers")
        self.page.emulate_media(media="print")
        self.look("own answers on paper")
        self.page.emulate_media(media="screen")

    def earlier_rounds(self):
        self.see("results")
        self.unfold()
        self.look("results unfolded")
        gone = [t for t in self.survey.technologies if t not in every_type.asked(self.survey)]
        for technology in gone:
            self.see("decided", technology.code)

    def closing(self):
        """A page that is still open while the round closes, and what stands in its place."""
        technology = every_type.asked(self.survey)[-1]
        self.see("technology", technology.code, title="card at closing")
        every_type.finish_round(self.survey)
        self.page.locator("[data-question=comment] textarea").fill(WORD)
        self.page.locator(".respond-bar .btn-primary").click()
        expect(self.page.locator("[data-stop]")).to_be_visible()
        self.look("closed meanwhile")
        self.see("welcome", title="waiting")


def walk_a_round(walk, number):
    if number > 1:
        every_type.next_round(walk.survey, number)
        type(walk.survey.round).objects.get(pk=walk.survey.round.pk).participations.filter(
            member=walk.survey.member
        ).update(consented_at=None, consent_version=None)
    walk.welcome()
    walk.answering()
    walk.refusals()
    walk.voice()
    if number > 1:
        walk.earlier_rounds()
    walk.submitting()
    walk.closing()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_of_any_round_is_wider_than_a_phone(browsing, survey, language):
    with browsing() as open_browser:
        expert = open_browser(viewport={"width": WIDTH, "height": 780}, has_touch=True)
        expert.page.context.add_cookies([{"name": "django_language", "value": language, "url": expert.base}])
        walk = Walk(expert, survey)
        expert.page.goto(expert.address("overview"))
        walk.look("no link opened")
        expert.open_link()
        for number in (1, 2, 3):
            walk_a_round(walk, number)
        assert len(every_type.asked(survey)) == 2  # the third round asks what is not decided
        assert walk.wide == {}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_without_scripts_no_page_is_wider_than_a_phone(browsing, survey, language):
    with browsing() as open_browser:
        options = {"viewport": {"width": WIDTH, "height": 780}, "java_script_enabled": False}
        expert = open_browser(**options)
        expert.page.context.add_cookies([{"name": "django_language", "value": language, "url": expert.base}])
        expert.open_link()
        page, walk = expert.page, Walk(expert, survey)
        page.locator("form.card button").click()
        for name, args in (("technology", [survey.technologies[1].code]), ("matrix", []), ("once", [])):
            page.goto(expert.address(name, *args))
            walk.look(f"{name} without scripts")
        page.goto(expert.address("technology", survey.technologies[1].code))
        page.locator("[data-question=comment] textarea").fill(WORD)
        page.locator("[data-question=funding] input[type=text]").first.fill("90")
        page.locator("button[name=go][value=next]").last.click()
        expect(page.locator(".errorlist").first).to_be_visible()
        walk.look("refused without scripts")
        assert walk.wide == {}

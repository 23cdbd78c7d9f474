"""The style page in a real Chromium: accessible, within its width, with targets for thumbs, and quiet."""

import pytest

pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THUMB_TARGETS = """() => [...document.querySelectorAll(
    '.rating-point, .rating-none, .option, .pill, .year .input, .action-bar .btn')]
  .map(e => [e.className, e.getBoundingClientRect()])
  .filter(([, r]) => r.width < 44 || r.height < 44).map(([name]) => name)"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, select, summary, input:not([type=hidden])')]
  .filter(e => !e.closest('p, label, .skip'))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, r]) => r.width && (r.height < 24 || r.width < 24)).map(([html]) => html)"""


@pytest.fixture
def visit(browser, live_server):
    """Open the style page; nothing may complain while it is looked at."""

    def _visit(look, *, width, scheme="light", language="en", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            reduced_motion="reduce",
            extra_http_headers={"Accept-Language": language},
            **options,
        )
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/style/")
        look(page)
        context.close()
        assert complaints == []

    return _visit


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_violations_no_overflow_no_small_targets(visit, width, scheme, language):
    def look(page):
        assert page.evaluate("document.documentElement.lang") == language
        found = axe.Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(SMALL_TARGETS) == []
        assert page.evaluate(THUMB_TARGETS) == []

    visit(look, width=width, scheme=scheme, language=language, has_touch=width == 360)


def test_theme_switch_acts_at_once_and_survives_a_reload(visit):
    def look(page):
        # A colour read while it still fades is neither the old nor the new one.
        ground = (
            "(document.getAnimations().forEach(each => each.finish()),"
            " getComputedStyle(document.documentElement).backgroundColor)"
        )
        light = page.evaluate(ground)
        page.locator(".topbar details.menu > summary").first.click()
        page.locator("[data-theme-form] button[value=dark]").click()
        dark = page.evaluate(ground)
        assert dark != light
        page.reload()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate(ground) == dark

    visit(look, width=1280)


def test_theme_and_language_work_without_scripts(visit):
    def look(page):
        page.locator(".topbar details.menu > summary").first.click()
        page.locator("[data-theme-form] button[value=dark]").click()
        page.locator(".language button").click()
        html = page.locator("html")
        assert (html.get_attribute("data-theme"), html.get_attribute("lang")) == ("dark", "zh-hans")

    visit(look, width=360, java_script_enabled=False)


def test_rating_dialog_and_menu_by_keyboard(visit):
    def look(page):
        page.locator("input[name=q1][value='7']").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("input[name=q1]:checked").get_attribute("value") == "8"
        page.locator("[data-dialog]").focus()
        page.keyboard.press("Enter")
        assert page.locator("dialog[open]").count() == 1
        page.keyboard.press("Escape")
        assert page.locator("dialog[open]").count() == 0
        menu = page.locator(".topbar details.menu > summary").first
        menu.focus()
        page.keyboard.press("Enter")
        assert page.locator("details[data-menu][open]").count() == 1
        page.keyboard.press("Escape")
        assert page.locator("details[data-menu][open]").count() == 0
        assert menu.evaluate("e => e === document.activeElement")

    visit(look, width=1280)


def test_toast_shows_text_not_markup_and_can_be_dismissed(visit):
    def look(page):
        page.evaluate(
            "document.body.dispatchEvent(new CustomEvent('toast', {detail: {level: 'error', text: '<b>x</b>'}}))"
        )
        assert page.locator("#toasts .notice").inner_text().strip() == "<b>x</b>"
        page.locator("#toasts button").click()
        assert page.locator("#toasts .notice").count() == 0

    visit(look, width=360)

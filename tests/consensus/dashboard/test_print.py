"""Result pages on A4 paper: nothing is cut off at the edge, and charts are there."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.consensus.test_exports import analysed_study
from tests.factories import owner_of

pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("overview", "evolution", "indicators", "attrition", "agreement")
A4_WITHIN_MARGINS = 673  # pixels: 210 mm less 16 mm on either side
WIDE = """() => [...document.querySelectorAll('main *')]
  .filter(e => e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1)
  .filter(e => !e.closest('.visually-hidden, svg'))
  .map(e => e.outerHTML.slice(0, 90))"""


def test_result_pages_fit_a4_paper(client, live_server, browser):
    study = analysed_study()
    client.force_login(owner_of(study))
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    wide, charts = {}, {}
    context = browser.new_context(viewport={"width": A4_WITHIN_MARGINS, "height": 1000})
    context.add_cookies([cookie])
    page = context.new_page()
    page.emulate_media(media="print")
    for name in PAGES:
        page.goto(live_server.url + reverse(f"results:{name}", args=[study.code]))
        page.wait_for_load_state("networkidle")
        wide[name] = page.evaluate(WIDE)
        charts[name] = page.locator(".js-plotly-plot, svg.chart, svg.histogram").count()
    assert {name: found for name, found in wide.items() if found} == {}
    assert charts["overview"]
    assert charts["evolution"]

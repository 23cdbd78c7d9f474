"""A round's outcome on a phone: no verdict runs out of its box."""

import pytest
from django.conf import settings
from django.urls import reverse

from consensus.models import Verdict
from surveys.enums import RoundStatus, VerdictKind
from surveys.models import Round
from tests.consensus.test_exports import analysed_study
from tests.factories import owner_of

pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUT = """() => [...document.querySelectorAll('.stat .verdict')]
  .filter(e => e.getBoundingClientRect().right > e.closest('.stat').getBoundingClientRect().right)
  .map(e => e.textContent.trim())"""


def test_verdicts_of_a_round_stay_in_their_boxes(client, live_server, browser):
    study = analysed_study()
    Round.objects.filter(study=study).update(status=RoundStatus.ANALYSED)
    first, second = Verdict.objects.filter(computation__round__number=2, computation__status="current")
    Verdict.objects.filter(pk=first.pk).update(verdict=VerdictKind.STABLE_DISAGREEMENT)
    Verdict.objects.filter(pk=second.pk).update(verdict=VerdictKind.CONSENSUS_OUT)
    client.force_login(owner_of(study))
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="en-GB")
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("surveys:round", args=[study.code, 2]))
    shown, out = page.locator(".stat .verdict").count(), page.evaluate(OUT)
    assert shown == 2
    assert out == []

"""Lists of things with actions, on the narrowest phone: no button stands off to the side."""

import pytest
from django.urls import reverse

pytest.importorskip("playwright.sync_api")

from experts.enums import Role
from experts.services.invitations import invite_members
from tests.factories import give_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Buttons that reach over the screen, or over the frame of the list that they are in.
ASIDE = """() => [...document.querySelectorAll('main :is(.btn, button)')].filter(e => {
  const r = e.getBoundingClientRect();
  if (!r.width) return false;
  const frame = e.closest('.table-wrap');
  const edge = frame ? Math.min(innerWidth, frame.getBoundingClientRect().right) : innerWidth;
  return r.right > edge + 0.5 || r.left < -0.5;
}).map(e => `${e.textContent.trim()} ${Math.round(e.getBoundingClientRect().right)}`)"""


def test_no_button_of_a_list_stands_off_to_the_side(browsing, survey, client):
    give_role(survey.study, Role.ANALYST, name="colleague.with.a.long.name")
    panel = survey.study.panel
    invite_members(panel=panel, member_ids=[m.pk for m in panel.members.all()], actor=survey.owner)
    client.force_login(survey.owner)
    study, held = survey.study.code, panel.code
    addresses = [
        reverse("surveys:technologies", args=[study]),
        reverse("surveys:protocol", args=[study]),
        reverse("experts:roles", args=[held]),
        reverse("experts:invitations", args=[held]),
        reverse("experts:panel", args=[held]),
        reverse("consensus:exports", args=[study]),
    ]
    aside = {}
    with browsing() as open_browser:
        visitor = open_browser(viewport={"width": 360, "height": 740})
        cookie = client.cookies["sessionid"].value
        visitor.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": visitor.base}])
        for address in addresses:
            assert visitor.page.goto(visitor.base + address).status == 200
            assert visitor.page.locator("main .btn").count()
            if found := visitor.page.evaluate(ASIDE):
                aside[address] = found
    assert aside == {}

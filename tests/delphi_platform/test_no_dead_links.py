"""No page offers a link that its reader may not follow."""

import re

import pytest
from django.urls import reverse

from experts.enums import Role
from tests.factories import give_role, make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db

LEAVE_OUT = re.compile(r"logout|/i18n/|/theme/|/static/")


def links(html: str) -> set[str]:
    return {path for path in re.findall(r'href="(/[^"#]*)', html) if not LEAVE_OUT.search(path)}


@pytest.mark.parametrize("role", Role)
def test_every_link_of_the_first_pages_leads_somewhere(client, role):
    study = make_study(technologies=2)
    make_open_round(study)
    client.force_login(owner_of(study) if role == Role.OWNER else give_role(study, role))
    for page in (reverse("home"), reverse("surveys:study", args=[study.code])):
        found = links(client.get(page).content.decode())
        assert len(found) > 3
        assert {path: status for path in found if (status := client.get(path).status_code) >= 400} == {}

from types import SimpleNamespace

import pytest
from django.urls import reverse

from experts import tokens
from experts.services.invitations import invite
from tests.factories import make_open_round, make_study, owner_of


def open_link(client, member, owner):
    """Open the member's personal link in this browser; returns where it leads."""
    invitation = invite(member=member, actor=owner)
    return client.post(reverse("experts:link", args=[tokens.derive(invitation.nonce)]))["Location"]


@pytest.fixture
def world(db):
    """An open first round of a foresight study, and one of its members."""
    study = make_study(template="foresight", technologies=3, members=3)
    round = make_open_round(study)
    technologies = list(study.technologies.order_by("position"))
    members = list(study.panel.members.order_by("pk"))
    return SimpleNamespace(
        study=study, round=round, owner=owner_of(study), technologies=technologies, members=members
    )


@pytest.fixture
def visit(client, world):
    """A client whose member has consented; `visit(name, *args)` gets a page."""
    open_link(client, world.members[0], world.owner)

    def get(name, *args, **query):
        return client.get(reverse(f"respond:{name}", args=[world.study.code, *args]), query)

    client.post(reverse("respond:welcome", args=[world.study.code]), {"round": 1})
    return get

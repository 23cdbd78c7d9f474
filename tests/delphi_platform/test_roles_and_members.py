"""What a colleague without the panel may read on any page: no member, and no response by panel group."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from experts.enums import Role
from experts.services.invitations import send_invitations
from experts.services.panels import create_group
from tests.delphi_platform.test_fault_19_every_route import (  # noqa: F401
    addresses,
    codes,
    files,
    panel_code,
)
from tests.factories import give_role, make_member, make_open_round, make_study, owner_of

MANAGING = (Role.OWNER, Role.ORGANISER)
READING = (Role.MODERATOR, Role.ANALYST)
SMALL, LARGE = "Hospice nurses", "Grid engineers"
PARTS = (None, "response", "analysis")


def signed_in(study, role):
    client = Client()
    client.force_login(owner_of(study) if role == Role.OWNER else give_role(study, role))
    return client


@pytest.fixture
def grouped(db):
    """An open round of a panel with a large group and a small one."""
    study = make_study(members=5)
    first = study.panel.groups.first()
    first.name = {"en": LARGE, "zh-hans": LARGE}
    first.save()
    small = create_group(
        panel=study.panel, actor=owner_of(study), key="small", name={"en": SMALL, "zh-hans": SMALL}
    )
    for _member in range(2):
        make_member(study, small)
    return make_open_round(study)


def round_pages(client, round):
    address = reverse("surveys:round", args=[round.study.code, round.number])
    return [
        client.get(address).content.decode(),
        client.get(address, {"part": "response"}, headers={"HX-Request": "true"}).content.decode(),
    ]


@pytest.mark.parametrize("role", MANAGING)
def test_whoever_manages_the_panel_sees_response_by_group(grouped, role):
    for text in round_pages(signed_in(grouped.study, role), grouped):
        assert SMALL in text
        assert LARGE in text


@pytest.mark.parametrize("role", READING)
def test_other_readers_see_the_response_of_the_whole_panel_alone(grouped, role):
    for text in round_pages(signed_in(grouped.study, role), grouped):
        assert SMALL not in text
        assert LARGE not in text
        assert "7" in text


@pytest.mark.parametrize("role", READING)
def test_mails_to_members_are_no_work_that_other_readers_watch(grouped, role):
    send_invitations(panel=grouped.study.panel, actor=owner_of(grouped.study))
    address = reverse("surveys:study", args=[grouped.study.code])
    assert signed_in(grouped.study, Role.ORGANISER).get(address).context["jobs"]
    assert not signed_in(grouped.study, role).get(address).context["jobs"]


def counted_groups(text, names):
    """Groups that stand right before a figure once the tags are gone."""
    plain = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return [name for name in names if re.search(rf"{re.escape(name)}[\s:,–-]*\d", plain)]


@pytest.mark.parametrize("role", READING)
def test_no_page_and_no_answer_of_the_api_tells_other_readers_of_a_member(role, request):
    study = request.getfixturevalue("codes")["study"]
    small = create_group(
        panel=study.panel, actor=owner_of(study), key="small", name={"en": SMALL}, reason="asked for"
    )
    make_member(study, small)
    known = request.getfixturevalue("addresses")
    members = study.panel.members.select_related("expert")
    secrets = [
        secret
        for member in members
        for secret in (
            member.expert.name,
            member.expert.email,
            member.expert.code,
            member.code,
            member.pseudonym,
        )
    ]
    groups = [str(group) for group in study.panel.groups.all()]
    client, read, leaks = signed_in(study, role), 0, []
    for name, path in known:
        for part in PARTS:
            headers = {"HX-Request": "true"} if part else {}
            response = client.get(path, {"part": part} if part else {}, headers=headers)
            text = response.getvalue().decode(errors="replace")
            if response.status_code != 200:
                continue  # a refusal says back the address that was asked for, no more
            read += 1
            leaks += [(name, secret) for secret in secrets if re.search(rf"\b{re.escape(secret)}\b", text)]
            leaks += [(name, group) for group in counted_groups(text, groups)]
    assert leaks == []
    assert read > 60

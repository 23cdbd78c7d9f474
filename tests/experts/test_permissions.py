"""The permission table, cell by cell. Written out: a table compared with itself shows nothing."""

import logging

import pytest

from experts.enums import Capability, Role
from experts.permissions import can, capabilities_of, panels_of, require, roles_by_panel
from foundation.exceptions import NotAllowed

ALLOWED = {
    "owner": {
        "view",
        "edit_study",
        "run_rounds",
        "manage_panel",
        "moderate",
        "review",
        "export",
        "manage_roles",
        "see_audit",
    },
    "organiser": {
        "view",
        "edit_study",
        "run_rounds",
        "manage_panel",
        "moderate",
        "review",
        "export",
        "see_audit",
    },
    "moderator": {"view", "moderate", "review"},
    "analyst": {"view", "export"},
}


def test_the_expected_table_covers_every_role():
    assert set(ALLOWED) == set(Role.values)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("capability", list(Capability))
def test_each_role_may_exactly_what_the_table_says(with_role, panel, other_panel, role, capability):
    user = with_role(role)
    assert can(user, panel, capability) is (capability.value in ALLOWED[role.value])
    assert can(user, other_panel, capability) is False


@pytest.mark.parametrize("capability", list(Capability))
def test_administrators_may_everything_in_every_panel(administrator, panel, capability):
    assert can(administrator, panel, capability) is True


@pytest.mark.parametrize("capability", list(Capability))
def test_strangers_nobody_and_anonymous_visitors_may_nothing(make_user, panel, capability):
    from django.contrib.auth.models import AnonymousUser

    assert [can(user, panel, capability) for user in (make_user(), AnonymousUser(), None)] == [False] * 3


def test_a_deactivated_account_loses_what_its_role_allows(owner, panel, administrator):
    owner.is_active = administrator.is_active = False
    assert capabilities_of(owner, panel) == frozenset()
    assert capabilities_of(administrator, panel) == frozenset()
    assert list(panels_of(owner)) == []


def test_a_refusal_is_a_404_and_is_logged_without_address(make_user, panel, caplog):
    stranger = make_user("who@example.org", name="Walter Who")
    with caplog.at_level(logging.WARNING), pytest.raises(NotAllowed) as refused:
        require(stranger, panel, Capability.VIEW)
    assert refused.value.status == 404
    assert stranger.code in caplog.text
    assert panel.code in caplog.text
    assert "Walter" not in caplog.text
    assert "who@" not in caplog.text


def test_a_panel_that_does_not_exist_is_refused_alike(owner):
    with pytest.raises(NotAllowed):
        require(owner, None, Capability.VIEW)


def test_panels_and_roles_of_an_account(owner, administrator, panel, other_panel):
    assert list(panels_of(owner)) == [panel]
    assert roles_by_panel(owner) == {panel.pk: Role.OWNER}
    assert set(panels_of(administrator)) == {panel, other_panel}
    assert roles_by_panel(administrator) == {}

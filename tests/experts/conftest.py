import pytest

from experts.enums import Role
from experts.models import Expert, PanelRole, User
from experts.services.invitations import invite
from experts.services.panels import add_member, create_panel


@pytest.fixture
def make_user(db):
    def make(email="someone@example.org", **fields):
        return User.objects.create_user(email, "correct horse battery", **fields)

    return make


@pytest.fixture
def owner(make_user):
    return make_user("owner@example.org", name="Olga Owner")


@pytest.fixture
def administrator(make_user):
    return make_user("admin@example.org", name="Ada Admin", is_staff=True)


@pytest.fixture
def panel(owner):
    return create_panel(name={"en": "Energy panel", "zh-hans": "能源专家组"}, actor=owner)


@pytest.fixture
def other_panel(make_user):
    return create_panel(name={"en": "Secret panel"}, actor=make_user("stranger@example.org"))


@pytest.fixture
def make_expert(db):
    def make(number=1, **fields):
        return Expert.objects.create(
            **{"name": f"Person {number}", "email": f"person{number}@example.org", **fields}
        )

    return make


@pytest.fixture
def member(panel, owner, make_expert):
    return add_member(panel=panel, expert=make_expert(), actor=owner)


@pytest.fixture
def invitation(member, owner):
    return invite(member=member, actor=owner)


@pytest.fixture
def with_role(make_user, panel):
    def give(role: Role):
        user = make_user(f"the-{role}@example.org")
        PanelRole.objects.create(panel=panel, user=user, role=role)
        return user

    return give

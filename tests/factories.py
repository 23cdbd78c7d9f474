"""Builders for tests: small worlds made through the product's own services."""

from itertools import count

from django.utils import timezone

from experts.enums import Role
from experts.models import Expert, PanelMember, PanelRole, User
from surveys.services.rounds import open_round, plan_round
from surveys.services.studies import create_study
from surveys.services.technologies import add_technology

_numbers = count(1)


def make_user(name="owner", **fields) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        email=f"{name}{number}@example.org", password="a-long-password-1", name=name, **fields
    )


def make_study(owner=None, *, template="agreement", technologies=2, members=3, **fields):
    """A study in preparation: list, panel in its first group, owner."""
    owner = owner or make_user()
    study = create_study(actor=owner, template=template, title={"en": "Study", "zh-hans": "研究"}, **fields)
    for number in range(1, technologies + 1):
        add_technology(
            study=study, actor=owner, name={"en": f"Technology {number}", "zh-hans": f"技术{number}"}
        )
    for _member in range(members):
        make_member(study)
    return study


def make_member(study, group=None) -> PanelMember:
    number = next(_numbers)
    expert = Expert.objects.create(name=f"Person {number}", email=f"person{number}@example.org")
    return PanelMember.objects.create(
        panel=study.panel,
        expert=expert,
        group=group or study.panel.groups.first(),
        pseudonym=f"E{number:04d}",
    )


def owner_of(study) -> User:
    return study.panel.roles.get(role=Role.OWNER).user


def give_role(study, role, name="colleague") -> User:
    user = make_user(name)
    PanelRole.objects.create(panel=study.panel, user=user, role=role)
    return user


def make_open_round(study=None, *, consented=True, **fields):
    """An open round whose members have agreed to take part, unless `consented` says otherwise."""
    study = study or make_study()
    owner = owner_of(study)
    round = open_round(round=plan_round(study=study, actor=owner, **fields), actor=owner)
    return agreed(round) if consented else round


def agreed(round):
    """The round, with everybody's consent; their versions are the pages' concern."""
    round.participations.filter(consented_at=None).update(consented_at=timezone.now())
    return round

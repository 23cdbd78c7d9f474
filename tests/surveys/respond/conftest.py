from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from consensus.services.compute import compute_round
from consensus.services.feedback import freeze_reasons
from experts import tokens
from experts.services.invitations import invite
from foundation.codes import new_code
from surveys.models import Answer, Study, Technology
from surveys.services.rounds import close_round, open_round, plan_round
from surveys.services.studies import add_field
from tests.factories import agreed, make_open_round, make_study, owner_of


def open_link(client, member, owner):
    """Open the member's personal link in this browser; returns where it leads."""
    invitation = invite(member=member, actor=owner)
    return client.post(reverse("experts:link", args=[tokens.derive(invitation.nonce)]))["Location"]


def first_round():
    """An open first round of a foresight study, and its members."""
    study = make_study(template="foresight", technologies=3, members=3)
    round = make_open_round(study)
    technologies = list(study.technologies.order_by("position"))
    members = list(study.panel.members.order_by("pk"))
    return SimpleNamespace(
        study=study, round=round, owner=owner_of(study), technologies=technologies, members=members
    )


@pytest.fixture
def world(db):
    return first_round()


@pytest.fixture
def visit(client, world):
    """A client whose member has consented; `visit(name, *args)` gets a page."""
    open_link(client, world.members[0], world.owner)

    def get(name, *args, **query):
        return client.get(reverse(f"respond:{name}", args=[world.study.code, *args]), query)

    return get


def in_round_two(client, **fields):
    """The second round as its first member sees it, whose link is open in this browser."""
    world = second_round(**fields)
    open_link(client, world.member, world.owner)
    return world


def second_round(*, technologies=3, members=6, numbers=(2, 6, 7, 7, 8, 8), extra_questions=0, field_every=0):
    """A foresight study in round 2 with frozen feedback; the first member, far from the others, has consented.

    Rows are written straight into the database: what is tested is what the pages make of them.
    """
    study = make_study(template="foresight", technologies=technologies, members=members)
    owner = owner_of(study)
    for number in range(extra_questions):
        question = study.questions.get(key="importance")
        question.pk, question.code, question.key = None, None, f"extra_{number}"
        question.code, question.position = new_code(), 90 + number
        question.save()
    if field_every:
        _in_fields(study, owner, field_every)
    first = make_open_round(study)
    _answer_all(first, numbers)
    close_round(round=first, actor=owner)
    compute_round(round_id=first.pk)
    first.refresh_from_db()
    study = Study.objects.get(pk=study.pk)
    second = agreed(open_round(round=plan_round(study=study, actor=owner, scope="all"), actor=owner))
    freeze_reasons(round_id=second.pk)
    own = study.panel.members.order_by("pk").first()
    technologies = list(study.technologies.order_by("position"))
    return SimpleNamespace(
        study=study, first=first, round=second, owner=owner, member=own, technologies=technologies
    )


def _in_fields(study, owner, every):
    technologies = list(study.technologies.order_by("position"))
    for start in range(0, len(technologies), every):
        field = add_field(study=study, actor=owner, key=f"f{start}", name={"en": f"Field {start}"})
        Technology.objects.filter(pk__in=[t.pk for t in technologies[start : start + every]]).update(
            field=field
        )


def _answer_all(round, numbers):
    questions = [q for q in round.study.questions.all() if q.type in ("scale", "year", "choice")]
    at = timezone.now()

    def value(question, number):
        if question.type == "year":
            return 2030 + number
        return min(number, question.maximum or 9) if question.type == "scale" else 2

    Answer.objects.bulk_create(
        Answer(
            round=round, member=member, technology=technology, question=question, saved_at=at,
            number=value(question, number),
        )
        for member, number in zip(round.study.panel.members.order_by("pk"), numbers, strict=True)
        for technology in round.study.technologies.all()
        for question in questions
    )  # fmt: skip
    round.participations.update(status="submitted", submitted_at=at)

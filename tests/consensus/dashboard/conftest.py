"""One analysed foresight study for all tests of the dashboards: built once a module, never changed by a test."""

from dataclasses import dataclass

import numpy as np
import pytest
from django.db import transaction
from django.utils import timezone, translation

from consensus.models import Computation
from consensus.services.compute import compute_round
from consensus.services.supplements import write_supplements
from experts.models import PanelMember, User
from surveys.enums import ParticipationStatus
from surveys.models import Answer, Participation, Study, Technology
from tests.consensus.worlds import close, make_panel_study, make_round
from tests.factories import owner_of

SIZES = (8, 7, 2)  # the third group is too small, and would be found by subtraction if the second were shown
LEFT = (0, 1, 8, 9, 15)  # places of the members who do not come back
SCALES = {"familiarity": 5, "importance": 9, "feasibility": 9}
BASES = ("basis_practice", "basis_theory", "basis_peers", "basis_intuition")


@dataclass
class World:
    study: Study
    owner: User
    members: list[PanelMember]
    technologies: list[Technology]
    computations: list[Computation]

    def url(self, page: str = "") -> str:
        return f"/studies/{self.study.code}/results/{page}"

    def values(self, round_number: int, question: str, technology: Technology | None) -> list[float]:
        """The numbers that members gave, in order of pseudonym."""
        rows = Answer.objects.filter(
            round__study=self.study, round__number=round_number, question__key=question, technology=technology
        )
        found = rows.exclude(number=None).order_by("member__pseudonym")
        return list(found.values_list("number", flat=True))


def fill(round, members, draw: np.random.Generator) -> None:
    """Answers of these members to every question; some of the years are no years."""
    questions = {question.key: question for question in round.study.questions.all()}
    rows = []

    def add(member, key, technology, number=None, special=""):
        rows.append(
            Answer(
                round=round,
                member=member,
                question=questions[key],
                technology=technology,
                number=number,
                special=special,
                saved_at=timezone.now(),
            )
        )

    for member in members:
        for key in BASES:
            add(member, key, None, int(draw.integers(1, 4)))
        for technology in round.study.technologies.order_by("position"):
            for key, top in SCALES.items():
                add(member, key, technology, int(draw.integers(1, top + 1)))
            for key in ("year_lab", "year_society"):
                special = str(draw.choice(["", "", "", "already", "never", "cannot_say"]))
                add(
                    member,
                    key,
                    technology,
                    *((None, special) if special else (int(draw.integers(2028, 2050)),)),
                )
            add(member, "constraint", technology, int(draw.integers(1, 8)))
    Answer.objects.bulk_create(rows)


def analyse(round) -> Computation:
    computation = compute_round(round_id=close(round).pk)
    write_supplements(computation_id=computation.pk)
    return computation


def build(technologies: int = 3, rounds: int = 2, **fields) -> World:
    fields = {"template": "foresight", "extras": ["judgement_basis"]} | fields
    study = make_panel_study(SIZES, technologies=technologies, **fields)
    members = list(study.panel.members.order_by("pseudonym"))
    draw, found = np.random.default_rng(7), []
    for number in range(1, rounds + 1):
        round = make_round(study, number)
        present = [member for place, member in enumerate(members) if number == 1 or place not in LEFT]
        fill(round, present, draw)
        Participation.objects.filter(round=round).exclude(member__in=present).update(
            status=ParticipationStatus.NOT_STARTED
        )
        found.append(analyse(round))
    return World(study, owner_of(study), members, list(study.technologies.order_by("position")), found)


@pytest.fixture(autouse=True)
def english():
    """A request in Chinese leaves its language behind in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def analyst_client(client, world, db):
    client.force_login(world.owner)
    return client

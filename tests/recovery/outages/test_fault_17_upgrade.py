"""Migrations and a restart while a round is open and twenty saves a second come in: none is lost."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from bench.questionnaire.check import lost_and_doubled
from bench.questionnaire.driver import Expert, Saver, hammer
from bench.questionnaire.server import ROOT, served
from bench.questionnaire.world import make_world
from scripts.services import free_port
from tests.served import environment_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EXPERTS, TECHNOLOGIES, A_SECOND = 5, 10, 20
#: Before the last migration of what experts write; saves of answers alone need nothing of it.
BEFORE = ("surveys", "0007")


@pytest.fixture
def as_the_version_before(transactional_db):
    """The tables as they were before the last migration of the answers; in the end as every other test needs them."""
    yield
    connection.close()
    call_command("migrate", verbosity=0)


def migrate(environment, *to):
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0", *to]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)


class Paced:
    """One expert's saves, so that all together make twenty a second."""

    def __init__(self, saver: Saver):
        self.saver = saver

    def save(self) -> None:
        began = time.monotonic()
        self.saver.save()
        time.sleep(max(0.0, EXPERTS / A_SECOND - (time.monotonic() - began)))


def test_fault_17_an_upgrade_in_an_open_round_loses_nothing(tmp_path, as_the_version_before):
    world = make_world(members=EXPERTS, technologies=TECHNOLOGIES, reasons=0, complete=False)
    environment, port = environment_for(tmp_path), free_port()
    call_command("migrate", *BEFORE, verbosity=0)
    connection.close()
    path = reverse("respond:save", args=[world.study])
    savers = {
        browser.member: Saver(
            Expert(port, browser.cookie, browser.csrf),
            path,
            world.round_number,
            world.technologies,
            world.questions[0],
            {},
        )
        for browser in world.browsers
    }
    done = []

    def upgrade():
        """As docs/running.md tells: the tables first, then the processes."""
        with served(environment, tmp_path / "web.log", port=port):
            began.set()
            time.sleep(1)
            migrate(environment)
            time.sleep(0.5)
        done.append("migrated and stopped")
        with served(environment, tmp_path / "web.log", port=port):
            done.append("started")
            ended.wait(120)

    began, ended = threading.Event(), threading.Event()
    operator = threading.Thread(target=upgrade)
    operator.start()
    assert began.wait(120)
    acts, loads = [Paced(each).save for each in savers.values()], []
    while len(done) < 2:
        loads.append(hammer(acts, seconds=1, retry=True))
    loads.append(hammer(acts, seconds=20, most=2, retry=True))  # all get through to the new version
    ended.set()
    operator.join()
    for each in savers.values():
        each.expert.close()
    assert [error for load in loads for error in load.errors] == []
    assert sum(len(load.times) for load in loads) > 4 * EXPERTS
    assert len(loads[-1].times) == 2 * EXPERTS
    found = lost_and_doubled(savers, world.round)
    assert found == {"acknowledged": EXPERTS * TECHNOLOGIES, "lost": 0, "doubled": 0, "torn": 0}

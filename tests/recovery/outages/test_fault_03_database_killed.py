"""PostgreSQL is killed while experts save: nothing acknowledged is lost, and the service comes back by itself."""

import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from bench.questionnaire.check import lost_and_doubled
from bench.questionnaire.driver import Expert, Saver, hammer
from bench.questionnaire.server import served
from bench.questionnaire.world import make_world
from tests.recovery.cluster import Cluster
from tests.served import environment_for

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
EXPERTS, TECHNOLOGIES = 4, 10


class Patient(Saver):
    """As a browser's queue does: an answer of 503 means later, anything else that is no save is a fault."""

    refused: int = 0

    def save(self) -> None:
        status, told = self.ask()
        if status == 503:
            assert b'"not_saved"' in told
            self.refused += 1
            raise ConnectionError("not now")
        self.take(status, told)


@pytest.fixture
def cluster(django_db_blocker):
    """The connection of this process is led to a server of our own meanwhile."""
    with tempfile.TemporaryDirectory(prefix="delphi-pg-", ignore_cleanup_errors=True) as folder:
        yield from _led_to(Cluster(Path(folder)), django_db_blocker)


def _led_to(server, django_db_blocker):
    kept = dict(connection.settings_dict)
    server.start()
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(
            NAME="postgres", USER="delphi", PASSWORD="", HOST="127.0.0.1", PORT=str(server.port)
        )
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield server
        connection.close()
        connection.settings_dict.update(kept)
    server.stop()


def healthy(port) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_fault_03_a_killed_database_loses_nothing_and_the_service_recovers(cluster, tmp_path):
    world = make_world(members=EXPERTS, technologies=TECHNOLOGIES, reasons=0, complete=False)
    path = reverse("respond:save", args=[world.study])
    connection.close()
    with served(environment_for(tmp_path) | {"DEBUG": "0"}, tmp_path / "web.log") as server:
        savers = {
            browser.member: Patient(
                Expert(server.port, browser.cookie, browser.csrf),
                path,
                world.round_number,
                world.technologies,
                world.questions[0],
                {},
            )
            for browser in world.browsers
        }
        workers, seen = {worker.pid for worker in server.workers}, []

        def outage():
            threading.Event().wait(1.5)
            cluster.kill()
            seen.append(healthy(server.port))
            cluster.start()

        killer = threading.Thread(target=outage)
        killer.start()
        load = hammer([each.save for each in savers.values()], seconds=4, retry=True)
        killer.join()
        assert load.errors == []
        for each in savers.values():
            hammer([each.save], seconds=10, most=1, retry=True)
            each.expert.close()
        assert seen == [503]
        assert healthy(server.port) == 200
        assert {worker.pid for worker in server.workers} == workers, "it was not restarted"
    assert sum(each.refused for each in savers.values()) > 0, "nobody noticed: nothing was tried"
    found = lost_and_doubled(savers, world.round)
    assert found == {"acknowledged": EXPERTS * TECHNOLOGIES, "lost": 0, "doubled": 0, "torn": 0}

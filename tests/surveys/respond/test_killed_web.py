"""Web workers are killed while experts save: what the server said it had is there, and no page is half stored."""

import threading

import pytest
from django.urls import reverse

from bench.questionnaire.check import lost_and_doubled
from bench.questionnaire.driver import Expert, Saver, hammer
from bench.questionnaire.server import served
from bench.questionnaire.world import make_world
from tests.served import environment_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EXPERTS, TECHNOLOGIES, KILLS = 6, 20, 4


def test_fault_01_killed_web_workers_lose_no_acknowledged_answer(tmp_path):
    world = make_world(members=EXPERTS, technologies=TECHNOLOGIES, reasons=0, complete=False)
    with served(environment_for(tmp_path), tmp_path / "web.log") as server:
        path = reverse("respond:save", args=[world.study])
        savers = {
            browser.member: Saver(
                Expert(server.port, browser.cookie, browser.csrf),
                path,
                world.round_number,
                world.technologies,
                world.questions[0],
                {},
            )
            for browser in world.browsers
        }
        killed = []

        def kill():
            for _ in range(KILLS):
                threading.Event().wait(0.6)
                killed.append(server.kill_a_worker())

        killer = threading.Thread(target=kill)
        killer.start()
        load = hammer([each.save for each in savers.values()], seconds=5, retry=True)
        killer.join()
        assert load.errors == []
        for each in savers.values():  # the queue of a browser sends what it still holds
            hammer([each.save], seconds=10, most=1, retry=True)
            each.expert.close()
    assert sum(killed) >= KILLS // 2, "hardly a worker was there to be killed: nothing was tried"
    assert len(load.times) >= EXPERTS
    found = lost_and_doubled(savers, world.round)
    assert found == {"acknowledged": EXPERTS * TECHNOLOGIES, "lost": 0, "doubled": 0, "torn": 0}

"""The power fails between autosave and submit: the draft is intact, and it is not submitted."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.urls import reverse

from bench.questionnaire.check import lost_and_doubled
from bench.questionnaire.driver import Expert, Saver
from bench.questionnaire.server import ROOT, served
from bench.questionnaire.world import make_world
from foundation.models import AuditEntry
from surveys.models import Participation
from tests.recovery.on_disk import kernel_tells, pages_in_memory_alone
from tests.served import environment_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EXPERTS, TECHNOLOGIES = 2, 5


def saver_of(world, browser, port) -> Saver:
    return Saver(
        Expert(port, browser.cookie, browser.csrf),
        reverse("respond:save", args=[world.study]),
        world.round_number,
        world.technologies,
        world.questions[0],
        {},
    )


def kill_all(process: psutil.Process) -> None:
    """Nobody gets a last word: no handler runs, nothing is flushed."""
    family = [process, *process.children(recursive=True)]
    for each in family:
        each.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)


def demand_on_disk(folder: Path) -> None:
    """A killed process leaves its writes to the kernel; a machine without power has none."""
    if connection.vendor != "sqlite":
        return  # that server's own duty, and its default
    if kernel_tells(folder):
        assert pages_in_memory_alone(Path(f"{connection.settings_dict['NAME']}-wal")) == 0
    else:
        assert _asked_of_sqlite(folder) == "2", "each commit has to reach the disk (FULL)"


def _asked_of_sqlite(folder: Path) -> str:
    """By a process of the product, not of the tests, which do without."""
    ask = (
        "from django.db import connection as c; print(c.cursor().execute('PRAGMA synchronous').fetchone()[0])"
    )
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", ask],
        cwd=ROOT,
        env={**os.environ, **environment_for(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.split()[-1]


def test_fault_04_a_power_cut_between_autosave_and_submit_leaves_the_draft(client, tmp_path):
    world = make_world(members=EXPERTS, technologies=TECHNOLOGIES, reasons=0, complete=False)
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    with served(environment_for(tmp_path), tmp_path / "web.log") as server:
        savers = {browser.member: saver_of(world, browser, server.port) for browser in world.browsers}
        for saver in savers.values():
            saver.save()
            saver.save()
            demand_on_disk(tmp_path)
        kill_all(psutil.Process(server.process.pid))
        for saver in savers.values():
            saver.expert.close()
    found = lost_and_doubled(savers, world.round)
    assert found == {"acknowledged": EXPERTS * TECHNOLOGIES, "lost": 0, "doubled": 0, "torn": 0}
    states = Participation.objects.filter(round=world.round).values_list("status", "submitted_at")
    assert set(states) == {("started", None)}
    assert not AuditEntry.objects.exclude(pk__in=before).filter(action="response.submitted").exists()

    browser = world.browsers[0]
    client.cookies["sessionid"] = browser.cookie.split("sessionid=")[1].split(";")[0]
    page = client.get(reverse("respond:technology", args=[world.study, world.technologies[0]]))
    shown = {widget.question.key: widget.chosen for widget in page.context["widgets"]}
    assert shown[world.questions[0]] == str(Saver.number(savers[browser.member].acknowledged))

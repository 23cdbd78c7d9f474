"""The supervisor with real processes: restarts, stops, and leaves nothing behind even when it is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from foundation.supervisor import Program, Supervisor

REPOSITORY = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
]
HOST = """
import sys
from pathlib import Path
from foundation.supervisor import Program, Supervisor
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
programs = [Program("one", sleep), Program("two", sleep, stop_seconds=2)]
Supervisor(programs, log_folder=Path(sys.argv[1])).run(on_start=lambda s: print(*s.pids().values(), flush=True))
print("left in order", flush=True)
"""


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.02)
    return condition()


@pytest.fixture
def supervised(tmp_path):
    """A supervisor in this process, looked after by hand instead of by its loop."""
    said = []
    made = []

    def make(*programs):
        supervisor = Supervisor(list(programs), log_folder=tmp_path, say=said.append)
        made.append(supervisor)
        supervisor.look()
        return supervisor, said

    yield make
    for supervisor in made:
        supervisor.stop()


@pytest.fixture
def host(tmp_path):
    """A supervisor in a process of its own, with two children."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOST, str(tmp_path)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    children = [psutil.Process(int(pid)) for pid in process.stdout.readline().split()]
    assert len(children) == 2
    yield process, children
    for one in [process, *children]:
        if isinstance(one, subprocess.Popen) or one.is_running():
            one.kill()
    process.wait(10)
    process.stdout.close()


def test_killed_child_is_started_again(supervised):
    supervisor, said = supervised(Program("web", SLEEP))
    first = supervisor.pids()["web"]
    os.kill(first, signal.SIGKILL)
    supervisor.children[0].started -= 60  # it had run for a while: no pause before the restart
    assert until(lambda: (supervisor.look(), supervisor.pids().get("web", first))[1] != first)
    assert said == ["web was killed (SIGKILL); starting it again now"]


def test_child_that_keeps_failing_is_started_ever_more_slowly(supervised, tmp_path):
    supervisor, said = supervised(
        Program("web", [sys.executable, "-c", "print('no database'); raise SystemExit(3)"])
    )
    child = supervisor.children[0]
    for _ in range(3):
        child.process.wait(10)
        supervisor.look()
        child.start_at = 0.0
        if child.process is None and child.quick_deaths < 3:
            supervisor.look()
    assert [line.rsplit(" in ", 1)[-1] for line in said[:3]] == ["1 s", "2 s", "4 s"]
    assert "keeps failing" in said[3]
    assert "no database" in (tmp_path / "web.log").read_text()


def test_child_that_ignores_the_request_to_stop_is_killed_after_its_time(supervised, tmp_path):
    supervisor, _ = supervised(Program("worker", STUBBORN, stop_seconds=0.5))
    pid = supervisor.pids()["worker"]
    assert until(lambda: "up" in (tmp_path / "worker.log").read_text())
    began = time.monotonic()
    supervisor.stop()
    assert 0.4 < time.monotonic() - began < 5
    assert not psutil.pid_exists(pid)


def test_grandchildren_end_with_their_child(supervised, tmp_path):
    spawn = f"import subprocess, sys; p = subprocess.Popen({SLEEP!r}); print(p.pid, flush=True); p.wait()"
    supervisor, _ = supervised(Program("web", [sys.executable, "-c", spawn]))
    assert until(lambda: (tmp_path / "web.log").read_text().strip())
    grandchild = psutil.Process(int((tmp_path / "web.log").read_text()))
    os.kill(supervisor.pids()["web"], signal.SIGKILL)
    assert until(
        lambda: (supervisor.look(), not grandchild.is_running() or grandchild.status() == "zombie")[1]
    )


def test_large_log_is_put_aside_at_start(supervised, tmp_path, monkeypatch):
    monkeypatch.setattr("foundation.supervisor.LOG_LIMIT_BYTES", 10)
    (tmp_path / "web.log").write_text("x" * 11)
    supervised(Program("web", SLEEP))
    assert (tmp_path / "web.log.1").read_text() == "x" * 11


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_supervisor_stops_all_in_order_on_a_signal(host, number):
    process, children = host
    process.send_signal(number)
    assert process.wait(15) == 0
    assert "left in order" in process.stdout.read()
    assert not any(child.is_running() for child in children)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the death signal is Linux's")
def test_children_end_when_the_supervisor_itself_is_killed(host):
    process, children = host
    process.kill()
    process.wait(10)
    assert psutil.wait_procs(children, timeout=10)[1] == []

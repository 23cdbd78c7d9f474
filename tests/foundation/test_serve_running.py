"""The whole platform under its supervisor, in a folder of its own: killed here and there, then stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from foundation.broker.store import MessageStore
from foundation.management.commands.serve import answers
from scripts.services import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
PROGRAMS = {"web": "gunicorn", "worker": "worker", "scheduler": "beat"}


def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    return condition()


class Served:
    def __init__(self, folder: Path):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.queue = folder / "queue.sqlite3"
        self.output = folder / "output.txt"
        keep = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--no-demo", "--port", str(self.port)],
                cwd=REPOSITORY,
                env={
                    **keep,
                    "VAR_DIR": str(folder),
                    "STATIC_ROOT": str(folder / "static"),
                    "PYTHONWARNINGS": "",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self, text: str) -> bool:
        return text in self.output.read_text()

    def child(self, name: str) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            try:
                if PROGRAMS[name] in child.cmdline():
                    return child
            except psutil.Error:
                continue
        return None


@pytest.fixture
def served(tmp_path):
    made = Served(tmp_path)
    yield made
    made.process.kill()
    made.process.wait(10)


def test_fault_01_killed_web_and_worker_come_back_and_ctrl_c_stops_all(served):
    assert until(lambda: served.said("is running at"), 180), served.output.read_text()
    before = {name: until(lambda n=name: served.child(n)) for name in PROGRAMS}
    store = MessageStore(served.queue)
    assert until(lambda: store.consumers() == 1)

    for name in ("web", "worker"):
        before[name].send_signal(signal.SIGKILL)
    assert until(lambda: served.said("web was killed") and served.said("worker was killed"))
    assert until(lambda: answers(served.address)), served.output.read_text()
    after = {name: until(lambda n=name: served.child(n)) for name in PROGRAMS}
    assert after["web"].pid != before["web"].pid
    assert after["worker"].pid != before["worker"].pid
    assert after["scheduler"].pid == before["scheduler"].pid
    assert until(lambda: store.consumers() == 1)
    store.close()

    family = psutil.Process(served.process.pid).children(recursive=True)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(40) == 0
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert served.said("Stopped.")

"""Real workers, really killed. The same promises are kept on the embedded queue and on Redis."""

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from foundation.broker.worker import QUIET_WORKER

REPOSITORY = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.slow


def until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def without_django() -> dict[str, str]:
    """Celery would set Django up in this worker, which needs none of it."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


class Bench:
    """A queue, a way to send to it, and a worker that can be started and killed."""

    def __init__(self, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch):
        self.folder = folder
        self.environment = {
            "QUEUE_TEST_FOLDER": str(folder),
            "QUEUE_TEST_URL": url,
            "QUEUE_TEST_NAME": f"delphi-test-{uuid.uuid4().hex[:8]}",
        }
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        module = "tests.foundation.broker.queue_app"
        sys.modules.pop(module, None)
        self.app = importlib.import_module(module)
        self.worker: subprocess.Popen | None = None

    def start_worker(self, concurrency: int = 2) -> None:
        with (self.folder / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.foundation.broker.queue_app", "worker"]
                + ["--loglevel=INFO", f"--concurrency={concurrency}", *QUIET_WORKER],
                cwd=REPOSITORY,
                env={**without_django(), **self.environment, "PYTHONWARNINGS": "ignore"},
                stdout=log,
                stderr=log,
            )

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.worker.pid).children(recursive=True)

    def kill_worker(self) -> list[psutil.Process]:
        orphans = self.children()
        self.worker.send_signal(signal.SIGKILL)
        self.worker.wait(10)
        return orphans

    def stop_worker(self) -> None:
        if self.worker and self.worker.poll() is None:
            self.worker.terminate()
            try:
                self.worker.wait(20)
            except subprocess.TimeoutExpired:
                self.kill_worker()

    def log(self) -> str:
        return (self.folder / "worker.log").read_text(errors="replace")[-4000:]

    def ended(self) -> set[int]:
        return set(self.app.marks("ended"))

    def purge(self) -> None:
        with contextlib.suppress(Exception), self.app.app.connection_for_write() as connection:
            connection.default_channel.queue_purge(self.environment["QUEUE_TEST_NAME"])


@pytest.fixture(params=["embedded", pytest.param("redis", marks=pytest.mark.redis)])
def bench(request, tmp_path, monkeypatch):
    url = "delphisql://" if request.param == "embedded" else request.getfixturevalue("redis_url")
    made = Bench(tmp_path, url, monkeypatch)
    yield made
    made.stop_worker()
    made.purge()
    made.app.app.close()


def test_fault_02_twenty_of_twenty_tasks_finish_after_five_kills(bench):
    for number in range(20):
        bench.app.work.delay(number, 0.4)
    for kill in range(5):
        bench.start_worker()
        begun_before = sum(map(len, bench.app.marks("began").values()))
        # Kill while at least one task is in the middle of its work.
        assert until(lambda b=begun_before: sum(map(len, bench.app.marks("began").values())) > b, 30), (
            bench.log()
        )
        time.sleep(0.15 + 0.1 * kill)
        bench.kill_worker()
    assert len(bench.ended()) < 20
    bench.start_worker()
    assert until(lambda: bench.ended() == set(range(20)), 60), bench.log()


def test_killed_worker_takes_its_pool_with_it(bench):
    bench.app.work.delay(1, 30)
    bench.start_worker()
    assert until(lambda: 1 in bench.app.marks("began"), 30), bench.log()
    orphans = bench.kill_worker()
    assert orphans
    assert not psutil.wait_procs(orphans, timeout=5)[1]


def test_task_whose_pool_process_died_is_delivered_again(bench):
    bench.app.die.delay(7)
    bench.start_worker(concurrency=1)
    assert until(lambda: len(bench.app.marks("began").get(7, [])) >= 3, 60), bench.log()


def test_worker_stops_on_terminate_after_finishing_what_it_began(bench):
    bench.app.work.delay(1, 1.0)
    bench.start_worker()
    assert until(lambda: 1 in bench.app.marks("began"), 30), bench.log()
    bench.worker.terminate()
    assert bench.worker.wait(20) == 0
    assert bench.ended() == {1}


def test_idle_worker_begins_within_half_a_second(bench):
    bench.start_worker()
    bench.app.work.delay(0, 0)
    assert until(lambda: 0 in bench.app.marks("began"), 30), bench.log()
    waits = []
    for number in range(1, 8):
        time.sleep(0.23)
        sent = time.time()
        bench.app.work.delay(number, 0)
        assert until(lambda n=number: n in bench.app.marks("began"), 10), bench.log()
        waits.append(bench.app.marks("began")[number][0] - sent)
    print(f"start latency, seconds: {[round(w, 3) for w in sorted(waits)]}")
    assert sorted(waits)[len(waits) // 2] < 0.5

"""A small Celery application that a test starts, kills and starts again in processes of its own."""

import os
import time
import uuid
from pathlib import Path

from celery import Celery

from foundation.broker.worker import broker_settings, connect

folder = Path(os.environ["QUEUE_TEST_FOLDER"])
app = Celery("queue_test", set_as_current=False)  # tests of other tasks run in the same process
connect()
app.conf.update(
    broker_settings(os.environ["QUEUE_TEST_URL"], queue_file=folder / "queue.sqlite3", redis_visibility=3)
)
app.conf.task_default_queue = os.environ["QUEUE_TEST_NAME"]


def leave_mark(kind: str, number: int) -> None:
    (folder / f"{kind}-{number}-{uuid.uuid4().hex}").write_text(str(time.time()))


def marks(kind: str) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for path in folder.glob(f"{kind}-*"):
        if text := path.read_text():
            found.setdefault(int(path.name.split("-")[1]), []).append(float(text))
    return found


@app.task(name="work", shared=False)
def work(number: int, seconds: float) -> None:
    leave_mark("began", number)
    time.sleep(seconds)
    leave_mark("ended", number)


@app.task(name="die", shared=False)
def die(number: int) -> None:
    """Kill the pool process that runs this, as the kernel does to a process that takes too much memory."""
    leave_mark("began", number)
    os.kill(os.getpid(), 9)

"""gunicorn as in production, on a port of its own, and what its processes used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from scripts.services import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    process: subprocess.Popen
    port: int

    @property
    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def cpu(self) -> float:
        """CPU seconds of all workers that live."""
        total = 0.0
        for worker in self.workers:
            with suppress(psutil.Error):
                used = worker.cpu_times()
                total += used.user + used.system
        return total

    def kill_a_worker(self) -> bool:
        """False when none was there: the master had not replaced the last one yet."""
        for worker in self.workers:
            with suppress(psutil.Error):
                worker.send_signal(signal.SIGKILL)
                return True
        return False


@contextmanager
def served(
    environment: dict[str, str], log: Path, *, answers_at: str = "/healthz", port: int = 0
) -> Iterator[Server]:
    port = port or free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--config", "python:delphi_platform.gunicorn",
        "--no-control-socket", "delphi_platform.wsgi:application",
    ]  # fmt: skip
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment, "PORT": str(port), "HOST": "127.0.0.1", "PYTHONWARNINGS": ""},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(f"http://127.0.0.1:{port}{answers_at}", process, log)
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _await(address: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not answer: {log.read_text()[-2000:]}")

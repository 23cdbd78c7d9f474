"""Which process holds a message, and whether that process still lives."""

import contextlib
import hashlib
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


def holder_tag() -> str:
    """A fresh name of at most 40 characters for what this process holds, from which its death can be told."""
    process = psutil.Process()
    return f"{uuid.uuid4().hex[:10]}.{process.pid}.{int(process.create_time())}.{_host_digest()}"


def holder_is_dead(tag: str) -> bool:
    """True only when the holder was a process of this machine and is gone; False when that cannot be known."""
    parts = tag.split(".")
    if len(parts) != 4 or parts[3] != _host_digest():
        return False
    holder = Owner(id=tag, host=host_id(), pid=int(parts[1]), started=float(parts[2]) + 0.5)
    return not _pid_lives(holder)


@cache
def _host_digest() -> str:
    return hashlib.sha256(host_id().encode()).hexdigest()[:8]

"""Does the disk have what a program wrote, or does the kernel still hold it in memory, where a power cut ends it?"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

CACHESTAT = 451  # the same number on every architecture, Linux 6.5 and later


class _Range(ctypes.Structure):
    _fields_ = [("offset", ctypes.c_uint64), ("length", ctypes.c_uint64)]


class _Counts(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("cache", "dirty", "writeback", "evicted", "recent")]


def pages_in_memory_alone(path: Path) -> int | None:
    """Pages of the file that are not on the disk yet; None where the kernel does not tell."""
    counts = _Counts()
    with path.open("rb") as file:
        failed = ctypes.CDLL(None, use_errno=True).syscall(
            CACHESTAT, file.fileno(), ctypes.byref(_Range(0, 0)), ctypes.byref(counts), 0
        )
    return None if failed else counts.dirty + counts.writeback


def kernel_tells(folder: Path) -> bool:
    """Whether the answer can be trusted there: a file system in memory has every page in memory alone."""
    probe = folder / "probe"
    with probe.open("wb") as file:
        file.write(b"x" * 10_000)
        file.flush()
        os.fsync(file.fileno())
    return pages_in_memory_alone(probe) == 0

"""Small process matters that the standard library leaves out."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent_pid: int | None = None, *, with_signal: int = signal.SIGTERM) -> None:
    """Ask Linux to signal this process when its parent ends, even by SIGKILL. Elsewhere it does nothing.

    Pass the parent's pid where it is known: a parent that died before this call is then noticed too.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if parent_pid is not None and os.getppid() != parent_pid:
        os.kill(os.getpid(), with_signal)

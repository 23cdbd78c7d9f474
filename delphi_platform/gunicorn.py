"""Web server settings; every one can be set from the environment."""

import gc
import os
import signal
from pathlib import Path

from foundation.process import die_with_parent

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = int(os.environ.get("WEB_TIMEOUT", "60"))
graceful_timeout = 10
keepalive = 5
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def post_fork(server, worker):
    """Workers whose master was killed would keep the port from the next master."""
    die_with_parent(server.pid, with_signal=signal.SIGTERM)


def post_worker_init(worker):
    """What is loaded by now stays: the collector need not look through it again and again (a tenth of a page)."""
    gc.collect()
    gc.freeze()

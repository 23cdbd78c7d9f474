"""What a Celery application needs so that a killed worker loses nothing, on this queue or on Redis."""

import signal
from pathlib import Path
from typing import Any

from celery.signals import worker_process_init

from foundation.process import die_with_parent

from . import SCHEME, register

#: Redis gives an unacknowledged message to another worker after this long. Job rows make a repeat harmless.
REDIS_VISIBILITY_SECONDS = 60

#: Conversation among workers, which needs broadcast; one embedded worker has nobody to talk to.
QUIET_WORKER = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def redis_options(*, visibility: int) -> dict[str, Any]:
    return {
        "visibility_timeout": visibility,
        # kombu's defaults look for abandoned messages every 100 seconds, and a worker that was killed while
        # looking blocks the others for five minutes.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": 30,
        "socket_keepalive": True,
    }


def broker_settings(
    url: str, *, queue_file: Path, redis_visibility: int = REDIS_VISIBILITY_SECONDS
) -> dict[str, Any]:
    """Celery settings (lower-case names) for a broker address: late acknowledgement, no hoarding."""
    embedded = url.startswith(f"{SCHEME}:")
    options = {"path": str(queue_file)} if embedded else redis_options(visibility=redis_visibility)
    return {
        "broker_url": url,
        "broker_transport_options": options,
        "broker_connection_retry_on_startup": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": not embedded,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
    }


def connect() -> None:
    """Call where the Celery application is made: makes the embedded queue known, and ties pools to workers."""
    register()
    worker_process_init.connect(_follow_worker, weak=False, dispatch_uid="delphi-follow-worker")


def _follow_worker(**_: Any) -> None:
    """An orphaned pool process would go on with a task that the next worker has already begun anew."""
    die_with_parent(with_signal=signal.SIGKILL)

"""A queue for Celery in one SQLite file: no server to install, nothing lost when a process is killed."""

from kombu.transport import TRANSPORT_ALIASES

SCHEME = "delphisql"


def register() -> None:
    """Let kombu resolve `delphisql://` addresses; call before the Celery application connects."""
    TRANSPORT_ALIASES[SCHEME] = "foundation.broker.transport:Transport"

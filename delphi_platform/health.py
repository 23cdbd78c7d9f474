"""`/healthz`: does this process reach its database and its queue?

A middleware placed first, not a view: probes come by IP address and over plain HTTP, which the host check and
the redirect to HTTPS would refuse.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from foundation.broker import SCHEME
from foundation.broker.transport import store_at

log = logging.getLogger(__name__)
PATH = "/healthz"


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return health(request) if request.path == PATH else self.get_response(request)


def health(request: HttpRequest) -> JsonResponse:
    """200 when all is well, 503 when not. Says which part failed, never why: outsiders may read it."""
    parts = {name: _try(name, probe) for name, probe in PROBES.items()}
    status = 200 if set(parts.values()) == {"ok"} else 503
    response = JsonResponse({"status": "ok" if status == 200 else "failing", **parts}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_queue() -> None:
    if settings.BROKER_URL.startswith(f"{SCHEME}:"):
        store_at(settings.QUEUE_FILE).size("celery")
    elif settings.BROKER_URL.startswith(("redis://", "rediss://")):
        _ping_redis(settings.BROKER_URL)


def _ping_redis(url: str) -> None:
    from redis import Redis

    with Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()


def _try(name: str, probe: Callable[[], None]) -> str:
    try:
        probe()
    except Exception:
        log.exception("health: the %s does not answer", name)
        # Django closes broken connections at the end of a request; this answer comes before that machinery.
        if name == "database":
            connection.close()
        return "failing"
    return "ok"


PROBES: dict[str, Callable[[], None]] = {"database": check_database, "queue": check_queue}

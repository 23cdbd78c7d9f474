"""What some tests need from outside, set by `make test`; else looked for here; else the test is skipped."""

import os
import shutil
import socket

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def redis_url():
    """A Redis with a database number of its own."""
    if url := os.environ.get("TEST_REDIS_URL"):
        return url
    if _listens(6379):
        return "redis://127.0.0.1:6379/11"
    pytest.skip("no Redis server (make test starts one)")


@pytest.fixture(scope="session")
def chromium_path():
    """The browser of this machine: nothing is downloaded."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or pytest.skip("no Chromium (apt install chromium)")

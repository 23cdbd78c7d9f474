import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management.base import SystemCheckError

from delphi_platform.checks import check_server, refuse_insecure_server

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD_KEY = "x7Q-9vLr2mZs0KpWd4TyB8uNe6HgJa1CfViXoM3bPqRtYzUk5wSl"
SERVER = {
    "DEBUG": False,
    "EMBEDDED": False,
    "SECRET_KEY": GOOD_KEY,
    "ALLOWED_HOSTS": ["delphi.example.org"],
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 3600,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SITE_URL": "https://delphi.example.org",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    "BROKER_URL": "redis://redis:6379/0",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OUTBOX_PAGE": False,
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
}


@pytest.fixture
def server(settings, monkeypatch):
    """Settings of a well configured server; a test spoils one."""

    def spoil(*, vendor="postgresql", **changes):
        monkeypatch.setattr("delphi_platform.checks.connection", SimpleNamespace(vendor=vendor))
        for name, value in (SERVER | changes).items():
            setattr(settings, name, value)
        return [message.id for message in check_server()]

    return spoil


def cache(backend):
    return {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}


def test_well_configured_server_has_nothing_to_say(server):
    assert server() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"SECRET_KEY": "insecure-key-of-the-embedded-default-not-for-servers"}, ["delphi.E001"]),
        ({"SECRET_KEY": GOOD_KEY[:20]}, ["delphi.E001"]),
        ({"SECRET_KEY": "ab" * 40}, ["delphi.E001"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["delphi.E002"]),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1"]}, ["delphi.E003"]),
        ({"SESSION_COOKIE_SECURE": False}, ["delphi.E004"]),
        ({"CSRF_COOKIE_SECURE": False}, ["delphi.E004"]),
        ({"SITE_URL": "http://delphi.example.org"}, ["delphi.E005"]),
        ({"SITE_URL": "https://127.0.0.1:8000"}, ["delphi.E005"]),
        ({"CACHES": cache("filebased.FileBasedCache")}, ["delphi.E006"]),
        ({"CACHES": cache("locmem.LocMemCache")}, ["delphi.E006"]),
        ({"BROKER_URL": "memory://"}, ["delphi.E007"]),
        ({"BROKER_URL": "filesystem://"}, ["delphi.E007"]),
        ({"SECURE_SSL_REDIRECT": False, "SECURE_HSTS_SECONDS": 0}, ["delphi.W001"]),
        ({"BROKER_URL": "delphisql://localhost"}, ["delphi.W003"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["delphi.W004"]),
        ({"OUTBOX_PAGE": True}, ["delphi.W005"]),
        ({"ACCOUNT_EMAIL_VERIFICATION": "optional"}, ["delphi.W006"]),
        ({"SECURE_PROXY_SSL_HEADER": None}, ["delphi.W007"]),
    ],
)
def test_one_fault_of_a_server_is_named(server, changes, expected):
    assert server(**changes) == expected


def test_sqlite_on_a_server_is_a_warning(server):
    assert server(vendor="sqlite") == ["delphi.W002"]
    assert server(vendor="sqlite", BROKER_URL="delphisql://localhost") == ["delphi.W002"]


def test_every_message_says_what_to_do(server):
    server(SECRET_KEY="short", ALLOWED_HOSTS=["*"], BROKER_URL="memory://", OUTBOX_PAGE=True)
    assert all(message.hint for message in check_server())


def test_embedded_default_is_left_alone(server):
    assert server(EMBEDDED=True, SECRET_KEY="short", ALLOWED_HOSTS=["localhost"]) == []


def test_debug_is_refused_on_a_public_name(server):
    assert server(DEBUG=True, EMBEDDED=True, ALLOWED_HOSTS=["delphi.example.org"]) == ["delphi.E009"]
    assert server(DEBUG=True, EMBEDDED=True, ALLOWED_HOSTS=["127.0.0.1"]) == []


def test_web_server_refuses_an_insecure_configuration(server):
    server(SECRET_KEY="short")
    with pytest.raises(SystemCheckError, match=r"delphi\.E001"):
        refuse_insecure_server()
    server(OUTBOX_PAGE=True)
    refuse_insecure_server()


def test_wsgi_does_not_load_as_a_server_without_a_key(tmp_path):
    environment = {
        **{name: value for name, value in os.environ.items() if name != "SECRET_KEY"},
        "EMBEDDED": "0",
        "VAR_DIR": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, "-c", "import delphi_platform.wsgi"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert "delphi.E001" in run.stderr

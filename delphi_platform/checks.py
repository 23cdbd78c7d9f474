"""System checks: what would make a server unsafe or lose data is refused at start, with a hint.

They speak only of a server (EMBEDDED=0, DEBUG=0). The embedded default listens on this machine alone.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Warning
from django.core.management.base import SystemCheckError
from django.db import connection

from foundation.broker import SCHEME

KEY_LENGTH = 50
KEY_VARIETY = 5
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1"}

Rule = Callable[[], Iterator[CheckMessage]]
SERVER_RULES: list[Rule] = []


def server_rule(rule: Rule) -> Rule:
    SERVER_RULES.append(rule)
    return rule


def is_server() -> bool:
    return not settings.DEBUG and not settings.EMBEDDED


@checks.register("delphi")
def check_server(app_configs=None, **kwargs) -> list[CheckMessage]:
    if is_server():
        return [message for rule in SERVER_RULES for message in rule()]
    return list(debug_in_the_open())


def refuse_insecure_server() -> None:
    """Web servers run no system checks of their own: without this an unsafe one would start and serve."""
    errors = [message for message in check_server() if message.is_serious()]
    if errors:
        raise SystemCheckError("\n\n".join(["Refusing to start:", *map(str, errors)]))


def debug_in_the_open() -> Iterator[CheckMessage]:
    open_hosts = set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS - {"testserver"}
    if settings.DEBUG and open_hosts:
        yield Error(
            "DEBUG is on while the platform answers to names other than this machine's.",
            hint="Set DEBUG=0. Error pages of DEBUG show settings and data to whoever causes one.",
            id="delphi.E009",
        )


@server_rule
def secret_key() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if (
        key == settings.INSECURE_KEY
        or "insecure" in key
        or len(key) < KEY_LENGTH
        or len(set(key)) < KEY_VARIETY
    ):
        yield Error(
            "SECRET_KEY is missing, short or a known one.",
            hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(64))"'
            " and set it in the environment.",
            id="delphi.E001",
        )


@server_rule
def allowed_hosts() -> Iterator[CheckMessage]:
    hosts = settings.ALLOWED_HOSTS
    if "*" in hosts:
        yield Error(
            "ALLOWED_HOSTS lets every name through, so that a forged Host header reaches links in mails.",
            hint="Name the hosts: ALLOWED_HOSTS=delphi.example.org",
            id="delphi.E002",
        )
    elif not set(hosts) - LOCAL_HOSTS:
        yield Error(
            "ALLOWED_HOSTS names this machine only: nobody else could open a page.",
            hint="Name the hosts: ALLOWED_HOSTS=delphi.example.org",
            id="delphi.E003",
        )


@server_rule
def https() -> Iterator[CheckMessage]:
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield Error(
            "Session and form cookies would travel without encryption.",
            hint="Serve over HTTPS and leave HTTPS=1 (the default of a server).",
            id="delphi.E004",
        )
    if not settings.SECURE_SSL_REDIRECT and not settings.SECURE_HSTS_SECONDS:
        yield Warning(
            "Pages can be opened without encryption: there is neither a redirect to HTTPS nor HSTS.",
            hint="Set SECURE_SSL_REDIRECT=1, or see that the proxy in front redirects.",
            id="delphi.W001",
        )


@server_rule
def site_url() -> Iterator[CheckMessage]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme != "https" or (parts.hostname or "") in LOCAL_HOSTS:
        yield Error(
            f"SITE_URL is {settings.SITE_URL}: personal links in mails would lead nowhere or be readable on the way.",
            hint="Set the public address: SITE_URL=https://delphi.example.org",
            id="delphi.E005",
        )


@server_rule
def database() -> Iterator[CheckMessage]:
    if connection.vendor == "sqlite":
        yield Warning(
            "The database is SQLite: every process must run on this one machine.",
            hint="With several machines or thousands of experts set DATABASE_URL=postgres://…",
            id="delphi.W002",
        )


@server_rule
def cache() -> Iterator[CheckMessage]:
    backend = settings.CACHES["default"]["BACKEND"].rsplit(".", 1)[-1]
    if backend in {"LocMemCache", "DummyCache", "FileBasedCache"}:
        yield Error(
            f"The cache ({backend}) is not shared safely by all processes: limits on guessing would not add up.",
            hint="Set REDIS_URL, or leave it unset for the cache in the database.",
            id="delphi.E006",
        )


@server_rule
def queue() -> Iterator[CheckMessage]:
    scheme = settings.BROKER_URL.partition(":")[0]
    if scheme in {"memory", "filesystem"}:
        yield Error(
            f"The queue ({scheme}) loses work when a process ends.",
            hint="Set REDIS_URL, or leave BROKER_URL unset for the queue in a file.",
            id="delphi.E007",
        )
    elif scheme == SCHEME and connection.vendor != "sqlite":
        yield Warning(
            "The queue is a file of this machine while the database is a server.",
            hint="Workers on other machines need REDIS_URL.",
            id="delphi.W003",
        )


@server_rule
def mail() -> Iterator[CheckMessage]:
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend in {"console", "dummy", "locmem", "filebased"}:
        yield Warning(
            f"Mails go to the {backend} backend: invitations would not reach the experts.",
            hint="Set EMAIL_URL=smtp+tls://user:password@mail.example.org:587",
            id="delphi.W004",
        )
    if settings.OUTBOX_PAGE:
        yield Warning(
            "The outbox page is on: whoever may open it can use the personal links of others.",
            hint="Set OUTBOX_PAGE=0.",
            id="delphi.W005",
        )


@server_rule
def allauth_verification() -> Iterator[CheckMessage]:
    if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
        yield Warning(
            "An account can be used before its e-mail address was confirmed.",
            hint="Set ACCOUNT_EMAIL_VERIFICATION=mandatory.",
            id="delphi.W006",
        )


@server_rule
def proxy() -> Iterator[CheckMessage]:
    if settings.SECURE_SSL_REDIRECT and not getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        yield Warning(
            "Requests are redirected to HTTPS, but no proxy is trusted to say that a request came by HTTPS.",
            hint="Behind a proxy that ends TLS set BEHIND_PROXY=1; otherwise every page redirects for ever.",
            id="delphi.W007",
        )

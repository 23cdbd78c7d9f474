"""System checks of the language model's configuration: what would never work, or leave by a wrong door, is said at
start. Nothing is resolved or called here."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Warning

from scanning.llm.client import KEY
from scanning.llm.config import configured
from scanning.llm.errors import AddressRefused
from scanning.llm.guard import judge

SOMEWHERE = "1.1.1.1"
LOCAL = {"localhost", "127.0.0.1", "::1"}


@checks.register("delphi")
def check_model(app_configs=None, **kwargs) -> list[CheckMessage]:
    return list(_messages())


def _messages() -> Iterator[CheckMessage]:
    config = configured()
    if config is None:
        if settings.LLM_BASE_URL or settings.LLM_MODEL or settings.LLM_API_KEY:
            yield Error(
                "The language model is configured by half.",
                hint="Set both LLM_BASE_URL and LLM_MODEL, or none of the LLM_ variables.",
                id="scanning.E001",
            )
        return
    yield from _address(config)
    if min(config.timeout, config.per_minute, config.batch, config.max_output_tokens) <= 0:
        yield Error(
            "LLM_TIMEOUT, LLM_PER_MINUTE, LLM_BATCH and LLM_MAX_OUTPUT_TOKENS have to be above zero.",
            hint="Leave them out for the defaults.",
            id="scanning.E003",
        )
    if config.key and not KEY.fullmatch(config.key):
        yield Error(
            "LLM_API_KEY holds characters that cannot be sent.",
            hint="Only letters, figures and signs of ASCII, without blanks.",
            id="scanning.E005",
        )
    costs = config.day_cost or config.study_cost
    if costs and not (config.price_in or config.price_out):
        yield Error(
            "A budget in money is set, but no price: it would never be used up.",
            hint="Set LLM_PRICE_IN and LLM_PRICE_OUT, per million tokens.",
            id="scanning.E004",
        )
    if not (config.day_tokens or config.day_cost):
        yield Warning(
            "The language model has no daily budget.", hint="Set LLM_DAY_TOKENS.", id="scanning.W001"
        )


def _address(config) -> Iterator[CheckMessage]:
    """Judged with a public address in place of what the name resolves to."""
    try:
        judge(
            config.endpoint,
            allowed=config.allowed_hosts,
            private=config.private_hosts,
            resolver=lambda host, port: [SOMEWHERE],
        )
    except AddressRefused:
        yield Error(
            f"LLM_BASE_URL leads to {config.host or 'nowhere'}, where requests may not go.",
            hint="Name the host in LLM_ALLOWED_HOSTS and use https; for a server of your own network name its "
            "host:port in LLM_PRIVATE_HOSTS. Decimal, octal and hexadecimal addresses are refused.",
            id="scanning.E002",
        )
        return
    parts = urlsplit(config.base_url)
    if parts.scheme == "http" and config.key and config.host not in LOCAL:
        yield Warning(
            "The key of the language model would travel without encryption.",
            hint="Use https, or a tunnel to this machine.",
            id="scanning.W002",
        )

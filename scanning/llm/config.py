"""What is configured, read from the settings when it is needed. The key is never printed."""

from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True)
class Config:
    base_url: str
    model: str
    key: str = field(default="", repr=False)
    allowed_hosts: frozenset[str] = frozenset()
    private_hosts: frozenset[str] = frozenset()
    ca_file: str = ""
    timeout: float = 60.0
    deadline: float = 180.0
    attempts: int = 4
    longest_wait: float = 60.0
    max_bytes: int = 1_000_000
    max_output_tokens: int = 8000
    batch: int = 25
    per_minute: int = 20
    day_tokens: int = 0
    study_tokens: int = 0
    day_cost: Decimal = Decimal(0)
    study_cost: Decimal = Decimal(0)
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def endpoint(self) -> str:
        return f"{self.base_url.rstrip('/')}/chat/completions"

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        """In the currency of the prices, which are per million tokens."""
        total = tokens_in * self.price_in + tokens_out * self.price_out
        return (total / 1_000_000).quantize(Decimal("0.000001"))


def configured() -> Config | None:
    """The configuration, or None where there is no model: everything then works without one."""
    if not (settings.LLM_BASE_URL and settings.LLM_MODEL):
        return None
    return Config(
        base_url=settings.LLM_BASE_URL,
        model=settings.LLM_MODEL,
        key=settings.LLM_API_KEY.strip(),  # files of secrets end with a line break
        allowed_hosts=frozenset(map(str.lower, settings.LLM_ALLOWED_HOSTS)),
        private_hosts=frozenset(map(str.lower, settings.LLM_PRIVATE_HOSTS)),
        ca_file=settings.LLM_CA_FILE,
        **settings.LLM_LIMITS,
    )

import pytest

from tests.scanning.llm.standin import StandIn

KEY = "sk-very-secret-key"


@pytest.fixture
def server():
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
def model(settings, server):
    """The settings point to the stand-in, which is allowed by name."""
    settings.LLM_BASE_URL = f"http://{server.place}/v1"
    settings.LLM_MODEL = "stand-in-1"
    settings.LLM_API_KEY = KEY
    settings.LLM_PRIVATE_HOSTS = [server.place]
    settings.LLM_LIMITS = settings.LLM_LIMITS | {"timeout": 5.0, "longest_wait": 0.0}
    return server

"""System checks of the configuration."""

import pytest

from scanning.llm.checks import check_model


@pytest.fixture
def configure(settings):
    def configure(url="https://model.example.org/v1", model="m", **more):
        settings.LLM_BASE_URL, settings.LLM_MODEL = url, model
        settings.LLM_ALLOWED_HOSTS = more.pop("allowed", ["model.example.org"])
        settings.LLM_PRIVATE_HOSTS = more.pop("private", [])
        settings.LLM_API_KEY = more.pop("key", "secret-key")
        settings.LLM_LIMITS = settings.LLM_LIMITS | more
        messages = check_model()
        assert "secret-key" not in str(messages)
        return [message.id for message in messages]

    return configure


def test_no_model_and_a_well_configured_one_pass(configure):
    assert configure(url="", model="", key="") == []
    assert configure() == []
    assert configure(url="http://127.0.0.1:11434/v1", private=["127.0.0.1:11434"]) == []


@pytest.mark.parametrize(
    ("url", "model", "key"), [("", "m", ""), ("https://x.example/v1", "", ""), ("", "", "k")]
)
def test_half_a_configuration_is_an_error(configure, url, model, key):
    assert configure(url=url, model=model, key=key) == ["scanning.E001"]


@pytest.mark.parametrize(
    "url",
    [
        "http://model.example.org/v1",
        "https://other.example.org/v1",
        "https://10.0.0.1/v1",
        "https://2130706433/v1",
        "http://127.0.0.1:11434/v1",
        "https://key@model.example.org/v1",
    ],
)
def test_fault_28_an_address_that_requests_may_not_go_to_is_an_error(configure, url):
    allowed = ["model.example.org", "10.0.0.1", "2130706433", "127.0.0.1"]
    assert configure(url=url, allowed=allowed) == ["scanning.E002"]


def test_limits_that_never_work_are_told(configure):
    assert configure(per_minute=0) == ["scanning.E003"]
    assert configure(per_minute=20, study_cost=5) == ["scanning.E004"]
    assert configure(study_cost=0, day_tokens=0, day_cost=0) == ["scanning.W001"]
    private = {"url": "http://model.lan:80/v1", "private": ["model.lan:80"]}
    assert configure(day_tokens=1, **private) == ["scanning.W002"]

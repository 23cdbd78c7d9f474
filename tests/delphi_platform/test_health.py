import pytest
from django.db import OperationalError

from delphi_platform import health

pytestmark = pytest.mark.django_db


def broken():
    raise OperationalError("password of the database: hunter2")


def test_health_is_well_when_database_and_queue_answer(client, settings, tmp_path):
    settings.QUEUE_FILE = tmp_path / "queue.sqlite3"
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "queue": "ok"}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["database", "queue"])
def test_health_names_the_failing_part_but_no_reason(client, monkeypatch, settings, tmp_path, part):
    settings.QUEUE_FILE = tmp_path / "queue.sqlite3"
    monkeypatch.setitem(health.PROBES, part, broken)
    monkeypatch.setattr(health.connection, "close", lambda: None)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()[part] == "failing"
    assert b"hunter2" not in response.content


def test_health_answers_probes_by_address_and_without_https(client, settings, tmp_path):
    settings.QUEUE_FILE = tmp_path / "queue.sqlite3"
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_health_fails_when_redis_does_not_answer(client, settings):
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    assert client.get("/healthz").json() == {"status": "failing", "database": "ok", "queue": "failing"}

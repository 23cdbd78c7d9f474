"""Last night's backup on an empty machine: as many rows, the same hashes, the same files; and nobody who was erased."""

import json
import os
import secrets
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from bench.questionnaire.server import ROOT
from bench.questionnaire.world import make_world
from consensus.models import Computation
from experts.models import Expert, User
from experts.services.bank import erase_expert
from foundation.backups import _program
from tests.served import database_url, environment_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
COMPUTE_AGAIN = """
import json
from consensus.models import Computation
from consensus.services.compute import compute_round
old = Computation.objects.get(status="current")
new = compute_round(round_id=old.round_id)
print(json.dumps([[c.input_hash, c.result_hash] for c in (old, Computation.objects.order_by("pk").last())]))
"""


@pytest.fixture
def files(settings, tmp_path):
    """Files of this test's own; the storage follows the setting."""
    folder = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        }
    }
    settings.VAR_DIR = tmp_path
    return folder


@pytest.fixture
def empty_machine(tmp_path):
    """Environment of a machine with nothing on it but the program."""
    folder = tmp_path / "new"
    environment = {**os.environ, **environment_for(folder), "MEDIA_ROOT": str(folder / "files")}
    if connection.vendor == "sqlite":
        yield environment | {"DATABASE_URL": f"sqlite:///{folder / 'delphi.sqlite3'}"}
        return
    name, url = f"restored_{secrets.token_hex(4)}", database_url()
    _on_server(f'CREATE DATABASE "{name}"')
    yield environment | {"DATABASE_URL": f"{url.rsplit('/', 1)[0]}/{name}"}
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(statement):
    server = psycopg2.connect(database_url().replace("postgres://", "postgresql://", 1))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(statement)
    server.close()


def run(environment, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_fault_16_a_backup_restored_on_an_empty_machine_is_the_same_study(files, tmp_path, empty_machine):
    make_world(members=12, technologies=4, reasons=3)
    stored = default_storage.save("exports/2026/01/results.csv", ContentFile(b"n,median\n12,7\n"))
    backup = tmp_path / "night.tar.gz"
    call_command("backup", backup)
    assert backup.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", backup)
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", backup)

    torn = tmp_path / "torn.tar.gz"
    torn.write_bytes(backup.read_bytes()[:-2000])
    done = run(empty_machine, "restore", str(torn))
    assert "no whole backup" in done.stderr  # and the machine is as empty as before

    done = run(empty_machine, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert "every table has as many rows as then" in done.stdout  # compared with the manifest by the command
    with tarfile.open(backup) as archive:
        rows = json.load(archive.extractfile("manifest.json"))["rows"]
    with connection.cursor() as cursor:
        for table in ("surveys_answer", "surveys_reason", "foundation_auditentry", "experts_panelmember"):
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            assert rows[table] == cursor.fetchone()[0] > 0
    assert (Path(empty_machine["MEDIA_ROOT"]) / stored).read_bytes() == b"n,median\n12,7\n"

    told = run(empty_machine, "shell", "--no-imports", "--command", COMPUTE_AGAIN)
    assert told.returncode == 0, told.stderr
    here = Computation.objects.get(status="current")
    kept, again = json.loads(told.stdout.splitlines()[-1])
    assert kept == again == [here.input_hash, here.result_hash]


def test_fault_24_the_next_backup_holds_nothing_of_a_person_who_was_erased(files, tmp_path):
    administrator = User.objects.create_superuser(email="admin@example.org", password="x" * 20)
    person = Expert.objects.create(name="Zhou Unmistakable", email="unmistakable@example.org", notes="shy")
    call_command("backup", tmp_path / "before.tar.gz")
    assert b"unmistakable@example.org" in _database_of(tmp_path / "before.tar.gz")
    erase_expert(expert=person, actor=administrator)
    call_command("backup", tmp_path / "after.tar.gz")
    held = _database_of(tmp_path / "after.tar.gz").lower()
    assert b"unmistakable" not in held


def _database_of(backup: Path) -> bytes:
    with tarfile.open(backup) as archive:
        held = archive.extractfile("database").read()
    if connection.vendor == "sqlite":
        return held
    script = [_program("pg_restore"), "--file=-"]
    return subprocess.run(script, input=held, capture_output=True, check=True).stdout

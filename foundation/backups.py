"""One file with everything that an empty machine needs: database, files, and the key of the embedded mode.

The database's own tools copy it while the platform runs: SQLite's VACUUM INTO (which leaves nothing of what was
erased), PostgreSQL's pg_dump. The manifest counts every table of the copy; a restored database is held to it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

FORMAT = 1
MANIFEST, DATABASE, KEY, FILES = "manifest.json", "database", "secret_key", "files"
DEBIAN_PROGRAMS = "/usr/lib/postgresql"


@dataclass(frozen=True)
class Restored:
    made_at: str
    key_is_here: bool


class BackupError(Exception):
    """What a person at the command line can be told."""


# --- Making ---------------------------------------------------------------------------------------
def make_backup(target: Path) -> dict[str, Any]:
    """Write the archive; it has its name only once it is whole. Returns its manifest."""
    if target.exists():
        raise BackupError(f"{target} exists already: name a file that does not.")
    unfinished = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
        copy = Path(scratch) / DATABASE
        counts = _copy_sqlite(copy) if connection.vendor == "sqlite" else _dump_postgresql(copy)
        manifest = {
            "format": FORMAT,
            "database": connection.vendor,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "key": key_fingerprint(),
            "rows": counts,
        }
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                _write(file, copy, manifest)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(target)
        finally:
            unfinished.unlink(missing_ok=True)
    return manifest


def _write(file, copy: Path, manifest: dict[str, Any]) -> None:
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
        text = json.dumps(manifest, indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(text)
        archive.addfile(head, io.BytesIO(text))
        archive.add(copy, DATABASE)
        if (key := Path(settings.VAR_DIR) / KEY).exists():
            archive.add(key, KEY)
        if (files := files_folder()).is_dir():
            archive.add(files, FILES, filter=_plain_file)


def _plain_file(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return entry if entry.isreg() or entry.isdir() else None


def _copy_sqlite(copy: Path) -> dict[str, int]:
    with closing(sqlite3.connect(_sqlite_file(), timeout=60)) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    with closing(sqlite3.connect(copy)) as made:
        names = [name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return _counts(
            names,
            lambda sql: made.execute(sql).fetchone()[0],
        )


def _dump_postgresql(copy: Path) -> dict[str, int]:
    """The counts and the dump read the same snapshot, whatever is saved meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = _counted_here(cursor)
        _run_postgresql("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={copy}")
    return counts


# --- Restoring ------------------------------------------------------------------------------------
def restore_backup(source: Path) -> Restored:
    """Onto a machine that holds nothing yet; refuses any other. The rows of every table are held to the manifest."""
    _demand_nothing_here()
    target = Path(settings.VAR_DIR)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix=".restore-") as scratch:
        manifest = _unpack(source, Path(scratch))
        if connection.vendor == "sqlite":
            connection.close()
            for suffix in ("-wal", "-shm"):
                Path(f"{_sqlite_file()}{suffix}").unlink(missing_ok=True)
            shutil.move(Path(scratch) / DATABASE, _sqlite_file())
        else:
            _run_postgresql(
                "pg_restore", "--single-transaction", "--exit-on-error", str(Path(scratch) / DATABASE)
            )
        if (Path(scratch) / FILES).is_dir():
            shutil.copytree(Path(scratch) / FILES, files_folder(), dirs_exist_ok=True)
        key_is_here = _restore_key(Path(scratch) / KEY) or manifest["key"] == key_fingerprint()
    _hold_to(manifest["rows"])
    return Restored(manifest["made_at"], key_is_here)


def _restore_key(key: Path) -> bool:
    """In place of the one that this process drew when it started. A key of the environment goes before either."""
    if not key.exists() or os.environ.get("SECRET_KEY"):
        return False
    key.chmod(0o600)
    shutil.move(key, Path(settings.VAR_DIR) / KEY)
    return True


def _unpack(source: Path, scratch: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(scratch, filter="data")
        manifest = json.loads((scratch / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, EOFError, ValueError, tarfile.TarError) as error:
        raise BackupError(f"{source} is no whole backup: {error}") from error
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{source} was made by another version of the platform.")
    if manifest["database"] != connection.vendor:
        raise BackupError(
            f"{source} is of {manifest['database']}, the database here is {connection.vendor}: restore it on its own"
            " kind, then move the data."
        )
    return manifest


def _demand_nothing_here() -> None:
    if connection.introspection.table_names():
        raise BackupError("The database is not empty. A backup is restored into an empty one alone.")
    if files_folder().is_dir() and any(path.is_file() for path in files_folder().rglob("*")):
        raise BackupError(f"There are files in {files_folder()}. A backup is restored where there are none.")


def _hold_to(expected: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        found = _counted_here(cursor)
    wrong = sorted(name for name in expected | found if expected.get(name) != found.get(name))
    if wrong:
        raise BackupError(f"Restored, but the number of rows differs in: {', '.join(wrong)}")


# --- Shared ---------------------------------------------------------------------------------------
def files_folder() -> Path:
    return Path(default_storage.path(""))


def key_fingerprint() -> str:
    """Tells one SECRET_KEY from another, and nothing else of it."""
    return salted_hmac("foundation.backups", "key").hexdigest()[:16]


def _sqlite_file() -> str:
    return str(connection.settings_dict["NAME"])


def _counted_here(cursor) -> dict[str, int]:
    def ask(sql: str) -> int:
        cursor.execute(sql)
        return cursor.fetchone()[0]

    return _counts(connection.introspection.table_names(cursor), ask)


def _counts(names: Iterable[str], ask: Callable[[str], int]) -> dict[str, int]:
    own = sorted(name for name in names if not name.startswith("sqlite_"))
    return {name: ask(f'SELECT COUNT(*) FROM "{name}"') for name in own}  # noqa: S608


def _run_postgresql(program: str, *arguments: str) -> None:
    path = _program(program)
    told = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(told["HOST"] or ""),
        "PGPORT": str(told["PORT"] or ""),
        "PGUSER": str(told["USER"] or ""),
        "PGPASSWORD": str(told["PASSWORD"] or ""),
    }
    command = [path, *arguments, "--no-owner", "--no-privileges", f"--dbname={told['NAME']}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _program(name: str) -> str:
    """On the path, or where Debian keeps the newest version."""
    installed = sorted(Path(DEBIAN_PROGRAMS).glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if found := next((str(path) for path in reversed(installed)), None) or shutil.which(name):
        return found
    raise BackupError(f"{name} is not installed here. It comes with PostgreSQL's client (postgresql-client).")


@contextmanager
def as_command_error() -> Iterator[None]:
    from django.core.management.base import CommandError

    try:
        yield
    except BackupError as error:
        raise CommandError(str(error)) from error

"""Everything that must be in place before the platform serves; each step is skipped when nothing changed."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection

from foundation.catalogues import compile_catalogues

Say = Callable[[str], None]


def prepare(say: Say, *, with_demo: bool) -> None:
    if compiled := compile_catalogues(Path(settings.LOCALE_PATHS[0])):
        say(f"Compiled {len(compiled)} message catalogue(s)")
    new_database = "django_migrations" not in connection.introspection.table_names()
    say("Creating the database" if new_database else "Checking the database")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static(say)
    if with_demo:
        load_demo(say, new_database=new_database)


def collect_static(say: Say) -> bool:
    """Gather and compress static files when any of them changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    fingerprint = static_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
        return False
    say("Gathering static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint, encoding="ascii")
    return True


def static_fingerprint() -> str:
    digest = hashlib.sha256()
    for name, path in sorted(_static_files()):
        facts = path.stat()
        digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _static_files() -> Iterable[tuple[str, Path]]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield f"{getattr(storage, 'prefix', '')}/{name}", Path(storage.path(name))


def demo_file() -> Path:
    return Path(settings.VAR_DIR) / "demo.json"


def load_demo(say: Say, *, new_database: bool) -> None:
    """Load the demo once. Its file is written last by the loader, so half a demo is not taken for a whole."""
    if new_database:
        demo_file().unlink(missing_ok=True)
    if demo_file().exists() or "load_demo" not in get_commands():
        return
    say("Loading the demo study (once)")
    call_command("load_demo")

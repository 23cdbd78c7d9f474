"""What processes beside the test need to know, so that they work on its database."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection


def database_url() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    password = f":{told['PASSWORD']}" if told["PASSWORD"] else ""
    host = told["HOST"] or "localhost"
    return f"postgres://{told['USER']}{password}@{host}:{told['PORT'] or 5432}/{told['NAME']}"


def environment_for(folder: Path) -> dict[str, str]:
    """The embedded product on the test's own database; what it writes beside that goes into the folder."""
    return {
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "1",
        "EMBEDDED": "1",
        "REDIS_URL": "",
    }

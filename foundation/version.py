"""Which version of the platform this is: what a paper or a report has to name."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

NAME = "Delphi Platform"


@cache
def version() -> str:
    """As the project's own description says; empty where it was not shipped with the program."""
    described = Path(settings.BASE_DIR) / "pyproject.toml"
    return tomllib.loads(described.read_text("utf-8"))["project"]["version"] if described.exists() else ""


def program() -> str:
    """Name and version."""
    return f"{NAME} {version()}".strip()

"""What a reader sees of a job's kind, in the reader's language. A job's label holds only what needs no translation."""

from django.utils.functional import Promise

TITLES: dict[str, str | Promise] = {}


def title_of(kind: str) -> str:
    return str(TITLES.get(kind, kind))

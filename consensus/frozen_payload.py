"""Frozen feedback, read from its text once.

Each page reads the rows of all its technologies and, for the middle halves, of all that its member is asked about:
the same texts for every member, for as long as a round is open.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

KEPT = 1024


def as_text(rows: QuerySet) -> QuerySet:
    """The rows of frozen feedback with their payload as text, `payload_text`, for `read`."""
    return rows.annotate(payload_text=Cast("payload", TextField()))


@lru_cache(maxsize=KEPT)
def read(text: str) -> dict[str, Any]:
    """Kept by all that it says, so that it cannot be another's or out of date. Shared: never change it."""
    return json.loads(text)

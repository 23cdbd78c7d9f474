"""A disk without room: SQLite refuses every page more with "database or disk is full", as it does on a real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.signals import connection_created


@contextmanager
def full_disk() -> Iterator[None]:
    """For every connection of this process, also those that a live server opens meanwhile."""

    def limit(connection, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1")  # raised by SQLite to what is there already

    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    connection_created.connect(limit)
    connection.close()
    try:
        yield
    finally:
        connection_created.disconnect(limit)
        connection.close()

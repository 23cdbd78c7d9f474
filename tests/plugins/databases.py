"""Marks every test that touches the database, so that the same tests run on SQLite and on PostgreSQL."""

import os
import shutil
from pathlib import Path

import pytest

# Where `make test` keeps the migrated and empty database of its first step for the processes of its later ones.
MIGRATED = os.environ.get("TEST_MIGRATED", "")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(items):
    for item in items:
        uses = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if uses or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file, as the product runs it: in memory, two connections at once get "table is locked" errors."""
    from django.db import connection

    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)
        if MIGRATED and Path(MIGRATED).exists():
            shutil.copy(MIGRATED, name)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, django_db_modify_db_settings):
    """A copy is kept as it is: nothing is left to migrate."""
    from django.db import connection

    return django_db_keepdb or (connection.vendor == "sqlite" and bool(MIGRATED) and Path(MIGRATED).exists())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_keepdb, django_db_blocker):
    from django.db import connection

    if MIGRATED and connection.vendor == "sqlite" and not Path(MIGRATED).exists():
        mine = f"{MIGRATED}.{os.getpid()}"  # whole before it has its name: another process may be as far
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [mine])
        os.replace(mine, MIGRATED)
    yield
    connection.close()


def pytest_report_header():
    from django.conf import settings

    if settings.configured or settings.DATABASES:
        return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"
    return None


@pytest.fixture(scope="module")
def module_transaction(django_db_setup, django_db_blocker):
    """Around all tests of a file, for what they build once: each test is rolled back to it, the last one takes it away.

    Tests get a `deepcopy` of what was built, so that none sees what another did to its objects. The file is marked with
    `usefixtures`: then what was built is there for each of its tests, in whatever order they run. Not for files with
    tests that commit.
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)

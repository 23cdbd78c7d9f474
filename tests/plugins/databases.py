"""Marks every test that touches the database, so that the same tests run on SQLite and on PostgreSQL."""

import pytest

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
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


def pytest_report_header():
    from django.conf import settings

    if settings.configured or settings.DATABASES:
        return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"
    return None

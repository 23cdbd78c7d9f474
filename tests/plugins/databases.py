"""Marks every test that touches the database, so that the same tests run on SQLite and on PostgreSQL."""

import pytest

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(items):
    for item in items:
        uses = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if uses or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


def pytest_report_header():
    from django.conf import settings

    if settings.configured or settings.DATABASES:
        return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"
    return None

"""Sessions are looked up as Django does it, in one query that is not built anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangoStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from foundation.sessions import SessionStore

pytestmark = pytest.mark.django_db


def stored(**values):
    session = DjangoStore()
    session.update(values)
    session.save()
    return session.session_key


def test_what_django_stored_is_read(django_assert_num_queries):
    key = stored(who="one")
    with django_assert_num_queries(1):
        assert SessionStore(key)["who"] == "one"


def test_each_key_finds_its_own():
    first, second = stored(who="one"), stored(who="two")
    assert [SessionStore(key)["who"] for key in (first, second, first)] == ["one", "two", "one"]


def test_an_expired_or_unknown_session_is_empty_and_gets_a_new_key():
    key = stored(who="one")
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    for gone in (key, "x" * 32):
        session = SessionStore(gone)
        assert session.get("who") is None
        session["who"] = "new"
        session.save()
        assert session.session_key not in (key, "x" * 32)


def test_the_time_is_that_of_the_request_not_of_the_first_one(monkeypatch):
    key = stored(who="one")
    assert SessionStore(key).get("who") == "one"
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr("foundation.sessions.timezone.now", lambda: later)
    assert SessionStore(key).get("who") is None

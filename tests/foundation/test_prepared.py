"""Queries put into SQL once give what the ORM gives, whatever the values."""

from datetime import timedelta

import pytest
from django.db.models import F, Q
from django.utils import timezone

from experts.models import User
from foundation.models import AuditEntry
from foundation.prepared import Prepared
from foundation.services.audit import record

pytestmark = pytest.mark.django_db

BY_STREAM = Prepared(lambda stream: AuditEntry.objects.filter(stream=stream).values_list("pk", "detail"))
WHOLE = Prepared(
    lambda stream: (
        AuditEntry.objects.filter(stream=stream)
        .select_related("actor")
        .defer("action")
        .annotate(twice=F("sequence") * 2)
    )
)
AMONG = Prepared(
    lambda ids, stream: AuditEntry.objects.filter(pk__in=ids, stream=stream).values_list("pk").order_by("pk")
)
EITHER = Prepared(
    lambda ids, stream: AuditEntry.objects.filter(Q(pk__in=ids) | Q(stream=stream)).values_list("pk")
)
SINCE = Prepared(lambda at: AuditEntry.objects.filter(at__gte=at).values_list("stream"))


@pytest.fixture
def entries():
    actor = User.objects.create(email="someone@example.org")
    return [record(stream=f"s:{n}", action="tried", actor=actor, detail={"n": [n]}) for n in range(3)]


def test_each_run_takes_its_own_values(entries, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert BY_STREAM.all(stream="s:1") == [(entries[1].pk, {"n": [1]})]
        assert BY_STREAM.all(stream="s:2") == [(entries[2].pk, {"n": [2]})]
    assert BY_STREAM.first(stream="elsewhere") is None


def test_values_are_values_and_never_sql(entries):
    assert BY_STREAM.all(stream="s:1' OR '1'='1") == []
    assert BY_STREAM.all(stream="%s") == []


def test_lists_of_every_length(entries):
    keys = [entry.pk for entry in entries]
    for n in range(4):
        assert AMONG.all(ids=keys[:n], stream="s:0") == [(key,) for key in keys[:n][:1]]
        assert AMONG.all(ids=keys[-n:] if n else [], stream="s:2") == [(key,) for key in keys[-n:][-1:] if n]


def test_an_empty_list_leaves_the_other_condition(entries):
    assert EITHER.all(ids=[], stream="s:2") == [(entries[2].pk,)]


def test_moments(entries):
    now = timezone.now()
    assert len(SINCE.all(at=now - timedelta(hours=1))) == 3
    assert SINCE.all(at=now + timedelta(hours=1)) == []


def test_objects_are_those_of_the_orm(entries, django_assert_num_queries):
    with django_assert_num_queries(1):
        made = WHOLE.first(stream="s:1")
        assert (made, made.detail, made.at, made.twice) == (entries[1], {"n": [1]}, entries[1].at, 2)
        assert made.actor.email == "someone@example.org"
    assert made.get_deferred_fields() == {"action"}
    assert made.action == "tried"

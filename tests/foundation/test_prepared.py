"""Queries put into SQL once give what the ORM gives, whatever the values."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from foundation.models import AuditEntry
from foundation.prepared import Prepared, columns_of, instance
from foundation.services.audit import record

pytestmark = pytest.mark.django_db

COLUMNS = columns_of(AuditEntry, "stream", "detail", "at")
BY_STREAM = Prepared(lambda stream: AuditEntry.objects.filter(stream=stream).values_list(*COLUMNS))
AMONG = Prepared(
    lambda ids, stream: AuditEntry.objects.filter(pk__in=ids, stream=stream).values_list("pk").order_by("pk")
)
EITHER = Prepared(
    lambda ids, stream: AuditEntry.objects.filter(Q(pk__in=ids) | Q(stream=stream)).values_list("pk")
)
SINCE = Prepared(lambda at: AuditEntry.objects.filter(at__gte=at).values_list("stream"))


@pytest.fixture
def entries():
    return [record(stream=f"s:{n}", action="tried", detail={"n": [n]}) for n in range(3)]


def test_each_run_takes_its_own_values(entries, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert [row[0] for row in BY_STREAM.rows(stream="s:1")] == [entries[1].pk]
        assert [row[0] for row in BY_STREAM.rows(stream="s:2")] == [entries[2].pk]
    assert BY_STREAM.first(stream="elsewhere") is None


def test_values_are_values_and_never_sql(entries):
    assert BY_STREAM.rows(stream="s:1' OR '1'='1") == []
    assert BY_STREAM.rows(stream="%s") == []


def test_lists_of_every_length(entries):
    keys = [entry.pk for entry in entries]
    for n in range(4):
        record(stream="s:0", action="again")
        assert AMONG.rows(ids=keys[:n], stream="s:0") == [(key,) for key in keys[:n][:1]]


def test_an_empty_list_leaves_the_other_condition(entries):
    assert EITHER.rows(ids=[], stream="s:2") == [(entries[2].pk,)]


def test_moments(entries):
    now = timezone.now()
    assert len(SINCE.rows(at=now - timedelta(hours=1))) == 3
    assert SINCE.rows(at=now + timedelta(hours=1)) == []


def test_a_row_becomes_what_the_orm_makes_of_it(entries, django_assert_num_queries):
    made = instance(AuditEntry, COLUMNS, BY_STREAM.first(stream="s:1"))
    assert (made, made.detail, made.at) == (entries[1], {"n": [1]}, entries[1].at)
    assert made.get_deferred_fields() == {field.attname for field in AuditEntry._meta.concrete_fields} - set(
        COLUMNS
    )
    with django_assert_num_queries(1):
        assert made.action == "tried"

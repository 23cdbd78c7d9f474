"""Queries that are put into SQL once and then run with other values.

The ORM takes several times as long to build and compile a small statement as to run it. That matters only where a
path is walked all the time: what each save and each page of a questionnaire asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet

M = TypeVar("M", bound=Model)


class Slot(Expression):
    """Stands in a query for a value that is given when it runs; `at` is its place where that value is a list."""

    def __init__(self, name: str, at: int | None = None):
        super().__init__()
        self.name, self.at = name, at

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def given(self, values: dict[str, Any]) -> Any:
        value = values[self.name]
        return value if self.at is None else value[self.at]


class _Statement(NamedTuple):
    sql: str
    params: list[Any]
    convert: Callable[[list[tuple]], Iterable] | None


class Prepared:
    """`build` takes a `Slot` for each value, a list of them for a list, and returns a query of plain columns.

    It is called once for each connection and length of its lists, so that nothing in the query may depend on
    anything else, such as the time. Numbers, texts and moments go to the database as they are given: they must have
    the type of the column already.
    """

    def __init__(self, build: Callable[..., QuerySet]):
        self.build = build

    def rows(self, **values: Any) -> list[tuple]:
        """What is found, with one query; with none where an empty list means that nothing can be."""
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._statement(connection, values)
        if statement is None:
            return []
        params = [each.given(values) if isinstance(each, Slot) else each for each in statement.params]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, [_for_database(each, connection) for each in params])
            found = cursor.fetchall()
        return [tuple(row) for row in statement.convert(found)] if statement.convert else found

    def first(self, **values: Any) -> tuple | None:
        return next(iter(self.rows(**values)), None)

    def _statement(self, connection, values: dict[str, Any]) -> _Statement | None:
        """Kept with the connection, which only one thread uses: what turns columns into values holds on to it."""
        kept = connection.__dict__.setdefault("prepared_statements", {})
        key = self, *(len(each) for each in values.values() if isinstance(each, list))
        if key not in kept:
            kept[key] = self._compile(connection, values)
        return kept[key]

    def _compile(self, connection, values: dict[str, Any]) -> _Statement | None:
        query = self.build(**{name: _slots(name, each) for name, each in values.items()}).query
        compiler = query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        converters = compiler.get_converters([column for column, *_rest in compiler.select])
        convert = (lambda rows: compiler.apply_converters(rows, converters)) if converters else None
        return _Statement(sql, list(params), convert)


def _slots(name: str, value: Any) -> Slot | list[Slot]:
    return [Slot(name, at) for at in range(len(value))] if isinstance(value, list) else Slot(name)


def _for_database(value: Any, connection) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def columns_of(model: type[Model], *only: str) -> list[str]:
    """What a prepared query must select so that `instance` can make a row of it: all columns, or the key and `only`."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [name for name in names if not only or name in only or name == model._meta.pk.attname]


def instance(model: type[M], columns: list[str], row: tuple) -> M:
    """A row of `columns_of` as the ORM would have made it: what was not selected is read when it is asked for."""
    return model.from_db(DEFAULT_DB_ALIAS, columns, row)

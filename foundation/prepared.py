"""Queries that are put into SQL once and then run with other values.

The ORM takes several times as long to build and compile a small statement as to run it. That matters only where a
path is walked all the time: what each save and each page of a questionnaire asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators


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
    """The SQL, its values with their slots, and what makes results of the rows that come back."""

    sql: str
    params: list[Any]
    read: Callable[[Iterable[tuple]], list[Any]]


class Prepared:
    """`build` takes a `Slot` for each value, a list of them for a list, and returns a query: of objects with what
    they select with them, or of plain rows (`values_list`). Nothing is prefetched.

    It is called once for each connection and length of its lists, so that nothing in the query may depend on
    anything else, such as the time. Numbers, texts and moments go to the database as they are given: they must have
    the type of the column already.
    """

    def __init__(self, build: Callable[..., QuerySet]):
        self.build = build

    def all(self, **values: Any) -> list[Any]:
        """What is found, with one query; with none where an empty list means that nothing can be."""
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._statement(connection, values)
        if statement is None:
            return []
        params = [each.given(values) if isinstance(each, Slot) else each for each in statement.params]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, [_for_database(each, connection) for each in params])
            return statement.read(cursor.fetchall())

    def first(self, **values: Any) -> Any | None:
        return next(iter(self.all(**values)), None)

    def _statement(self, connection, values: dict[str, Any]) -> _Statement | None:
        """Kept with the connection, which only one thread uses: what turns columns into values holds on to it."""
        kept = connection.__dict__.setdefault("prepared_statements", {})
        key = self, *(len(each) for each in values.values() if isinstance(each, list))
        if key not in kept:
            kept[key] = self._compile(connection, values)
        return kept[key]

    def _compile(self, connection, values: dict[str, Any]) -> _Statement | None:
        found = self.build(**{name: _slots(name, each) for name, each in values.items()})
        compiler = found.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        return _Statement(
            sql, list(params), _reader(compiler, of_objects=found._iterable_class is ModelIterable)
        )


def _slots(name: str, value: Any) -> Slot | list[Slot]:
    return [Slot(name, at) for at in range(len(value))] if isinstance(value, list) else Slot(name)


def _for_database(value: Any, connection) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _reader(compiler, *, of_objects: bool) -> Callable[[Iterable[tuple]], list[Any]]:
    """As the ORM reads a result, with all that does not depend on its rows done beforehand."""
    converters = compiler.get_converters([column for column, *_rest in compiler.select])
    make = _maker(compiler) if of_objects else tuple

    def read(rows: Iterable[tuple]) -> list[Any]:
        return [make(row) for row in (compiler.apply_converters(rows, converters) if converters else rows)]

    return read


def _maker(compiler) -> Callable[[Any], Model]:
    """Makes an object of a row, with the objects that it selects with it; see Django's `ModelIterable`."""
    info, select, alias = compiler.klass_info, compiler.select, compiler.connection.alias
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_rest in select[start:end]]
    related = get_related_populators(info, select, alias)
    annotated = compiler.annotation_col_map.items()

    def make(row: Any) -> Model:
        made = info["model"].from_db(alias, names, row[start:end])
        for each in related:
            each.populate(row, made)
        for name, place in annotated:
            setattr(made, name, row[place])
        return made

    return make

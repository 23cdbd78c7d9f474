"""JSON objects as records, whoever wrote them."""

from typing import Any

from scanning.formats.base import Fault, Parsed
from scanning.formats.columns import assign, database_of, entry
from scanning.formats.databases import owner_of


def from_object(value: Any, line: int) -> Parsed:
    if not isinstance(value, dict):
        return Fault(line, "not_object", type(value).__name__)
    database = owner_of(value)
    if database and database.flatten:
        value = database.flatten(value)
    filled = {key: content for key, content in value.items() if content not in (None, "", [])}
    keys = list(filled)
    database = database or database_of(keys)
    places = assign(keys, None if database and database.flatten else database)
    return entry(line, lambda name: filled[keys[places[name]]] if name in places else None, database)

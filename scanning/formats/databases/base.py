"""How one database of publications, patents or projects names what it exports."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Database:
    """`marks` are headers that tell it from others: two of them are enough. `fields` come before the common names."""

    key: str
    label: Any
    marks: tuple[str, ...] = ()
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kind: str = ""
    owns: Callable[[dict], bool] | None = None
    flatten: Callable[[dict], dict] | None = None


def dicts(value: Any) -> list[dict]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def strings(objects: Iterable[dict], key: str) -> list[str]:
    return list(dict.fromkeys(part[key] for part in objects if isinstance(part.get(key), str)))


def inner(value: Any, *keys: str) -> Any:
    """What lies at this path of nested objects, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value

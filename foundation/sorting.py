"""Tables that sort by a link: the header's address asks for the order, the server sorts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.http import QueryDict

T = TypeVar("T")


def headers(
    query: QueryDict, columns: Iterable[tuple[str, str, str]], sort: str, descending: bool
) -> list[dict[str, str]]:
    """For each (name, label, css class) what a header shows and asks for: first upwards, then downwards.

    A page number is dropped from the address: another order has other pages.
    """
    found = []
    for name, label, css in columns:
        current = bool(name) and sort == name
        asked = query.copy()
        asked["sort"] = f"-{name}" if current and not descending else name
        asked.pop("page", None)
        found.append(
            {
                "label": label,
                "url": f"?{asked.urlencode()}" if name else "",
                "sort": ("descending" if descending else "ascending") if current else "",
                "css": css,
            }
        )
    return found


def in_order(rows: Iterable[T], key: Callable[[T], Any], descending: bool) -> list[T]:
    """Sorted rows; those whose key is None stay at the end whichever way the list runs."""
    rows = list(rows)
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=descending)
    return known + [row for row in rows if key(row) is None]

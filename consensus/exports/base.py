"""What an export is made of: named tables whose rows come one at a time, and writers that take them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol

from foundation.spreadsheet import clean

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]
Note = Callable[[int], None]


@dataclass(frozen=True)
class Table:
    """`columns` are keys that the codebook explains; `rows` is read once."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]


class Writer(Protocol):
    """One file format. `write` streams tables, or blocks of a document, and tells `note` how many it has written."""

    suffix: str
    media_type: str

    def write(self, target: IO[bytes], tables: Iterable[Any], note: Note, /) -> None: ...


def counted(rows: Iterable[Row], note: Note, start: int, every: int = 2000) -> Iterator[Row]:
    """The rows, telling `note` now and then how many have gone by, `start` of earlier tables included."""
    done = start
    for row in rows:
        done += 1
        if done % every == 0:
            note(done)
        yield row


def plain(cell: Any) -> Cell:
    """Numbers, truth values and None as they are; everything else as clean text."""
    if cell is None or isinstance(cell, bool | int | float):
        return cell
    return clean(str(cell))

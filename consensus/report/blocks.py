"""What a report is made of: headings, paragraphs and grids, written by one writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TITLE = 0


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """`lead` stands in bold before the text."""

    text: str
    lead: str = ""
    is_item: bool = False
    is_small: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; `widths` in centimetres, 17 in all. Without a header its first column says what the second is."""

    rows: Sequence[Sequence[Any]]
    header: Sequence[str] = ()
    widths: Sequence[float] = ()
    size: float | None = None


Block = Heading | Paragraph | Grid

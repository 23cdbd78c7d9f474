"""A member's own answers, row by row, as they stand on paper and in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from surveys.respond.sheet import Sheet
from surveys.respond.words import value_words


@dataclass(frozen=True)
class OwnRow:
    number: str
    technology: str
    question: str
    answer: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def columns() -> list[str]:
    return [_("Number"), _("Technology"), _("Question"), _("Answer")]


def own_rows(sheet: Sheet) -> Iterator[OwnRow]:
    for cell in sheet.once:
        if cell.is_answered:
            yield OwnRow("", "", str(cell.question), value_words(cell.question, cell.value))
    for entry in sheet.entries:
        key, name = entry.technology.key, str(entry.technology)
        for cell in entry.cells:
            if cell.is_answered:
                yield OwnRow(key, name, str(cell.question), value_words(cell.question, cell.value))
        if entry.reason and entry.reason.text:
            yield OwnRow(key, name, _("Your reason"), entry.reason.text)


def own_groups(sheet: Sheet) -> list[list[OwnRow]]:
    """The rows of each technology together, as paper keeps them on one page; first those asked once."""
    return [list(rows) for _key, rows in groupby(own_rows(sheet), lambda row: (row.number, row.technology))]

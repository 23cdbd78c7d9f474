"""The first lines of a table that was not understood."""

import csv
from dataclasses import dataclass
from pathlib import Path

from scanning.formats import FileFault
from scanning.formats.columns import assign, database_of
from scanning.formats.delimited import delimiter_of
from scanning.formats.source import peek
from scanning.formats.spreadsheet import preview
from scanning.models import CorpusFile

LINES = 6
MOST_COLUMNS = 60


@dataclass(frozen=True)
class Preview:
    header: list[str]
    rows: list[list[str]]
    guessed: dict[str, int]  # field -> column

    @property
    def columns(self) -> list[tuple[str, list[str]]]:
        """Each header with its first cells."""
        return [
            (header, [row[n][:120] for row in self.rows if n < len(row) and row[n].strip()][:3])
            for n, header in enumerate(self.header)
        ]


def preview_of(corpus_file: CorpusFile) -> Preview | None:
    """None when the file is no table, or cannot be read at all."""
    try:
        lines = _lines(Path(corpus_file.file.path), corpus_file.name)
    except (FileFault, OSError, csv.Error):
        return None
    if len(lines) < 2 or len(lines[0]) < 2:
        return None
    header = [cell[:200] for cell in lines[0][:MOST_COLUMNS]]
    return Preview(header, [row[:MOST_COLUMNS] for row in lines[1:]], assign(header, database_of(header)))


def _lines(path: Path, name: str) -> list[list[str]]:
    sample = peek(path, name)
    if sample.container:
        return preview(path, LINES) if sample.container == "xlsx" else []
    if sample.text.lstrip()[:1] in ("{", "[", "<", "%"):
        return []
    text = sample.text.lstrip("\n\r ")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter_of(text.split("\n", 1)[0]))
    return [row for _n, row in zip(range(LINES), reader, strict=False) if row]

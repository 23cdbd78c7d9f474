"""Technologies pasted from a table or a text: one a line, cells parted by tabs or upright bars."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from surveys.models import Field
from surveys.services.technologies import Entry

CHINESE = re.compile(r"[\u3400-\u9fff]")
NUMBER = re.compile(r"[(（]?(?:T|No\.?)?\s?\d+[)）.、:：]?")
HEADINGS = {"name", "technology", "title", "english name", "名称", "技术", "技术名称", "项目名称", "中文名称"}
PLACED = 4  # English name, Chinese name, English description, Chinese description


@dataclass(frozen=True)
class PastedLine:
    """A line of the text, what was read of it, or nothing where no name was found."""

    number: int
    text: str
    entry: Entry | None


def read_lines(text: str, fields: Mapping[str, Field]) -> list[PastedLine]:
    """The lines that are neither empty nor headings; `fields` are the study's, by folded key and name."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = _cells(line)
        if not any(cells) or (not found and any(fold(cell) in HEADINGS for cell in cells)):
            continue
        found.append(PastedLine(number, line.strip(), _entry(cells, fields)))
    return found


def fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _cells(line: str) -> list[str]:
    separator = "\t" if "\t" in line else "|"
    return [cell.strip() for cell in line.replace("｜", "|").split(separator)]


def _entry(cells: list[str], fields: Mapping[str, Field]) -> Entry | None:
    if len(cells) > 1 and NUMBER.fullmatch(cells[0]):
        cells = cells[1:]
    named = [cell for cell in cells[1:] if fold(cell) in fields]
    texts = [cell for position, cell in enumerate(cells) if position == 0 or cell not in named]
    name, description = _placed(texts) if len(texts) == PLACED else _told_apart(texts)
    if not name:
        return None
    return Entry(name=name, description=description, field=fields[fold(named[0])] if named else None)


def _placed(texts: list[str]) -> tuple[dict, dict]:
    pairs = (("en", "zh-hans"), texts[:2]), (("en", "zh-hans"), texts[2:])
    return tuple({code: text for code, text in zip(*pair, strict=True) if text} for pair in pairs)


def _told_apart(texts: list[str]) -> tuple[dict, dict]:
    """The first text in a language is the name, whatever else is in that language describes it."""
    name, description = {}, {}
    for text in filter(None, texts):
        language = "zh-hans" if CHINESE.search(text) else "en"
        if language not in name:
            name[language] = text
        else:
            description[language] = "\n".join(filter(None, [description.get(language), text]))
    return name, description

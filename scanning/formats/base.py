"""What every format speaks: entries it read, faults it found, and the limits that keep memory bounded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MAX_LINE = 4_000_000  # characters of one line, or of one record where records are not lines
MAX_TITLE = 1_000
MAX_ABSTRACT = 100_000
MAX_FAULTS = 100  # reported per file; reading stops there
# Of one record alone: it is left out and said so. Any other fault means that the file is not what it seems.
LEFT_OUT = frozenset({"no_text", "bad_value"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be used: a stable code of `scanning.formats.reasons` and what was seen there."""

    line: int
    code: str
    detail: str = ""

    def as_dict(self) -> dict:
        return {"line": self.line, "code": self.code, "detail": self.detail[:200]}


@dataclass(slots=True)
class Entry:
    """One record of a file, cleaned: plain text only, dates parsed."""

    line: int
    external_id: str = ""
    title: str = ""
    abstract: str = ""
    year: int | None = None
    day: date | None = None
    language: str = ""
    kind: str = ""
    source: str = ""
    database: str = ""
    url: str = ""
    countries: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    gaps: tuple[Fault, ...] = ()  # what stood in it and could not be read; the record is kept without it


Parsed = Entry | Fault


def near(text: str, at: int) -> str:
    """What stands about a place of a text, for whoever looks for a fault there: the same in every language."""
    return text[max(0, at - 20) : at + 30].strip()


class FileFault(Exception):
    """The file as a whole cannot be read on from here."""

    def __init__(self, fault: Fault):
        self.fault = fault
        super().__init__(f"line {fault.line}: {fault.code} {fault.detail}")


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file, for guessing its format."""

    name: str
    text: str
    container: str = ""  # what the bytes are, where they are no text: xlsx, docx, pdf, bundle
    mapping: dict = field(default_factory=dict)  # field -> header, as a person said

    @property
    def first_line(self) -> str:
        return self.text.lstrip().split("\n", 1)[0]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `sniff` says how sure it is (0 to 1); `read` yields entries and faults in order.

    One with a `container` reads the file itself (a `FileSource`), all others its decoded text.
    """

    key: str
    label: Any
    sniff: Callable[[Sample], float]
    read: Callable[[Any], Iterator[Parsed]]
    container: str = ""

"""A JSON array of objects, or an object that holds one under `results` (OpenAlex), `data`, `records`.

Read piece by piece, one record at a time, so that memory does not grow with the file.
Where the next record begins cannot be known once one is broken, so the first fault ends the reading.
"""

import json
import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scanning.formats.base import MAX_LINE, Fault, FileFault, Format, Parsed, Sample, near
from scanning.formats.objects import from_object
from scanning.formats.source import TextSource

_WRAPPED = re.compile(
    r'"(results|data|records|works|items|documents|articles|award|awards|projects)"\s*:\s*\['
)
# Between two objects without a comma: answers of a service that somebody wrote one after another.
_NEXT_PAGE = re.compile(r"\}\s*(?=\{)")
_FIELD = re.compile(r'"(title|abstract|display_name|题名|标题|摘要)"\s*:')
_BLANK = re.compile(r"\s*")


def sniff(sample: Sample) -> float:
    text = sample.text.lstrip()
    if text.startswith("["):
        return 0.9
    wrapped = _WRAPPED.search(text) if text.startswith("{") else None
    if wrapped and "jsonfeed.org/version" in text[: wrapped.start()]:
        return 0.98
    # A list inside one record of a JSON Lines file comes after the record's own fields.
    return 0.95 if wrapped and not _FIELD.search(text, 0, wrapped.start()) else 0


class _Window:
    """The part of the text between what was consumed and what was read."""

    def __init__(self, source: TextSource):
        self._chunks = source.chunks()
        self.text, self.at, self.line = "", 0, 1

    def grow(self, wanted: int = 1) -> bool:
        """Read on until `wanted` characters are pending; False when the file had nothing more."""
        parts, pending = [self.text[self.at :]], len(self.text) - self.at
        before = pending
        while pending < max(wanted, before + 1) and (chunk := next(self._chunks, "")):
            parts.append(chunk)
            pending += len(chunk)
        self.text, self.at = "".join(parts), 0
        return pending > before

    def consume(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def peek(self) -> str:
        """The next character that is not blank, or empty at the end."""
        while True:
            self.consume(_BLANK.match(self.text, self.at).end())
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.grow():
                return ""


def read(source: TextSource) -> Iterator[Parsed]:
    window = _Window(source)
    wrapped = window.peek() == "{"
    _enter(window, wrapped)
    yield from _list(window, source)
    while wrapped and _to_next_page(window):
        _enter(window, wrapped)
        yield from _list(window, source)
    if not wrapped and window.peek():
        yield Fault(window.line, "json_after_end")


def _to_next_page(window: _Window) -> bool:
    while not (match := _NEXT_PAGE.search(window.text, window.at)):
        kept = window.text.rfind("}", window.at)
        window.consume(kept if kept >= 0 and not window.text[kept + 1 :].strip() else len(window.text))
        if not window.grow():
            return False
    window.consume(match.end())
    return True


def _list(window: _Window, source: TextSource) -> Iterator[Parsed]:
    """The records up to the bracket that closes the list."""
    decoder, first = json.JSONDecoder(), True
    while True:
        mark = window.peek()
        if mark == "]":
            window.consume(window.at + 1)
            break
        if not first:
            if mark != ",":
                raise FileFault(Fault(window.line, "not_json" if mark else "json_cut_off", mark))
            window.consume(window.at + 1)
            window.peek()
        first = False
        try:
            value, line = _decode(decoder, window)
        except RecursionError:
            raise FileFault(Fault(window.line, "too_deep")) from None
        source.line = line
        yield from_object(value, line)


def _enter(window: _Window, wrapped: bool) -> None:
    """Go to just behind the bracket that opens the list."""
    if not wrapped:
        if window.peek() != "[":
            raise FileFault(Fault(window.line, "not_json"))
        window.consume(window.at + 1)
        return
    while not (match := _WRAPPED.search(window.text, window.at)):
        if not window.grow():
            raise FileFault(Fault(1, "empty"))
    window.consume(match.end())


def _decode(decoder: json.JSONDecoder, window: _Window) -> tuple[object, int]:
    """One value and the line it begins on. A failure counts only when reading on does not mend it."""
    line = window.line
    while True:
        pending = len(window.text) - window.at
        try:
            value, end = decoder.raw_decode(window.text, window.at)
        except json.JSONDecodeError as error:
            reached = error.pos - window.at  # growing moves the window
            # Doubling: a long record must not cost quadratic time.
            if pending > MAX_LINE or not window.grow(2 * pending):
                raise FileFault(_why(error.msg, reached, window.text[window.at :], line)) from error
        else:
            window.consume(end)
            return value, line


def _why(message: str, reached: int, pending: str, line: int) -> Fault:
    if len(pending) > MAX_LINE:
        return Fault(line, "record_too_long", f"> {MAX_LINE:,}")
    if reached >= len(pending.rstrip()) or message.startswith("Unterminated"):
        return Fault(line, "json_cut_off")
    return Fault(line + pending.count("\n", 0, reached), "not_json", near(pending, reached))


FORMAT = Format("json", _("JSON"), sniff, read)

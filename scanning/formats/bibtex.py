"""BibTeX and BibLaTeX, entry by entry: an entry that is not closed is named by the line on which it begins."""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scanning.formats.base import MAX_LINE, Fault, Format, Parsed, Sample
from scanning.formats.columns import entry
from scanning.formats.source import TextSource

_START = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_NAME = re.compile(r"\s*([\w:.+/-]+)\s*=\s*")
_BRACE = re.compile(r"(?<!\\)[{}]")
_BRACKET = re.compile(r"(?<!\\)[{}]|\)")
_FIELDS = {
    "title": ("title",),
    "abstract": ("abstract",),
    "year": ("year",),
    "date": ("date",),
    "doi": ("doi",),
    "pmid": ("pmid",),
    # Not its key: those of two libraries ("smith2020") mean two works.
    "id": ("eprint", "unique-id"),
    "language": ("language", "langid"),
    "source": ("journal", "journaltitle", "booktitle", "publisher"),
    "url": ("url",),
    "organisations": ("institution", "school", "organization", "affiliation"),
    "patent": ("number",),
}
_KINDS = {"patent": "patent", "techreport": "report", "report": "report"}
_ACCENTS = {"`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304"} | {
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_ACCENT = re.compile(r"""\\(?:([`'^"~=.])\s*|([uvHckr])(?:\s+|(?=\{)))\{?\\?([A-Za-z])\}?""")
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
            "i": "ı", "aa": "å", "AA": "Å", "textendash": "–", "textemdash": "—",
            "ldots": "…", "textquoteright": "’"}  # fmt: skip
_LETTER = re.compile(r"\\(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?![A-Za-z])\s*")


def sniff(sample: Sample) -> float:
    return 0.95 if re.search(r"^\s*@[A-Za-z]+\s*\{[^,{}]{0,200},", sample.text[:20_000], re.MULTILINE) else 0


def read(source: TextSource) -> Iterator[Parsed]:
    strings: dict[str, str] = {}
    for line, kind, text in _entries(source):
        if text is None:
            yield Fault(line, "bibtex_broken")
        elif kind == "string":
            strings |= _fields(text, strings)
        elif kind not in ("comment", "preamble"):
            yield _entry(line, kind, text, strings)


class _Open:
    """An entry that is being read: where it began and how deep its braces are."""

    def __init__(self, kind: str, line: int, mark: str):
        self.kind, self.line, self.round = kind.lower(), line, mark == "("
        self.parts: list[str] = []
        self.depth, self.size = 0 if self.round else 1, 0

    def take(self, text: str) -> int | None:
        """Take in a line, or as much of it as belongs here; where the entry ends in it, or None."""
        for brace in _BRACKET.finditer(text):
            if brace[0] in "{}":
                self.depth += 1 if brace[0] == "{" else -1
            closed = brace[0] == ")" and not self.depth if self.round else not self.depth
            if closed:
                self.parts.append(text[: brace.start()])
                return brace.end()
        self.parts.append(text)
        self.size += len(text)
        return None


def _entries(source: TextSource) -> Iterator[tuple[int, str, str | None]]:
    """(line, kind, what stands between the outer braces); None for an entry that is not closed."""
    entry: _Open | None = None
    for line in source.lines():
        at = 0
        while at is not None:
            start = _START.match(line, at)
            # A new entry at the beginning of a line, while another is open: a brace is missing in that one.
            if start and (entry is None or (not at and line.startswith("@"))):
                if entry:
                    yield entry.line, entry.kind, None
                entry, at = _Open(start[1], source.line, start[0][-1]), start.end()
            if entry is None:
                break
            end = entry.take(line[at:])
            at = None if end is None else at + end
            if at is not None:
                yield entry.line, entry.kind, "".join(entry.parts)
                entry = None
        if entry and entry.size > MAX_LINE:
            yield entry.line, entry.kind, None
            entry = None
    if entry:
        yield entry.line, entry.kind, None


def _entry(line: int, kind: str, text: str, strings: dict[str, str]) -> Parsed:
    _key, _comma, rest = text.partition(",")
    fields = _fields(rest, strings)
    if kind != "patent":
        fields.pop("number", None)

    def get(name: str) -> str:
        if name == "kind":
            return _KINDS.get(kind, fields.get("type", "") or "article")
        value = next((fields[each] for each in _FIELDS.get(name, ()) if fields.get(each)), "")
        return value.strip("{} \n\t") if name in ("url", "doi", "id") else plain(value)

    return entry(line, get)


def _fields(text: str, strings: dict[str, str]) -> dict[str, str]:
    fields, at = {}, 0
    while match := _NAME.match(text, at):
        value, at = _value(text, match.end(), strings)
        fields.setdefault(match[1].lower(), value.strip())
        comma = text.find(",", at)
        if comma < 0 or text[at:comma].strip():
            break
        at = comma + 1
    return fields


def _value(text: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    """A value and where it ends: braces, quotation marks, numbers and names of @string, joined by `#`."""
    parts = []
    while at < len(text):
        if text[at] == "{":
            end = _closing(text, at)
            parts.append(text[at + 1 : end])
            at = end + 1
        elif text[at] == '"':
            end = _quoted(text, at)
            parts.append(text[at + 1 : end])
            at = end + 1
        else:
            bare = re.compile(r"[^\s,#]*").match(text, at)
            parts.append(strings.get(bare[0].lower(), bare[0]))
            at = bare.end()
        joined = re.compile(r"\s*#\s*").match(text, at)
        if not joined:
            break
        at = joined.end()
    return "".join(parts), at


def _closing(text: str, at: int) -> int:
    depth = 0
    for brace in _BRACE.finditer(text, at):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            return brace.start()
    return len(text)


def _quoted(text: str, at: int) -> int:
    depth = 0
    for mark in re.compile(r'[{}"]').finditer(text, at + 1):
        if mark[0] == '"' and not depth:
            return mark.start()
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
    return len(text)


def plain(value: str) -> str:
    """TeX as people read it: accents composed, commands and braces dropped, formulas left as they are."""
    text = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m[3] + _ACCENTS[m[1] or m[2]]), value)
    text = _LETTER.sub(lambda m: _LETTERS[m[1]], text)
    text = re.sub(
        r"\\([&%$#_{}])", r"\1", re.sub(r"(?<!\\)[{}]", "", re.sub(r"\\[A-Za-z]+\s*(?=\{)", "", text))
    )
    return text.replace("---", "—").replace("--", "–").replace("~", " ").replace("``", "“").replace("''", "”")


FORMAT = Format("bibtex", _("BibTeX"), sniff, read)

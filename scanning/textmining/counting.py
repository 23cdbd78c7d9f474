"""Read records into partial counts, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

import numpy as np

from .candidates_en import DEFINED, TITLE, Candidate, EnglishReader, Reading
from .candidates_zh import ChineseReader
from .counts import Documents, LanguageBuilder, Partial
from .language import CleanText, clean, detect_language
from .records import Record
from .settings import TermSettings

Progress = Callable[[int, int], None]


class Reader(Protocol):
    """What a language must offer to be counted."""

    def read(self, text: str) -> Iterator[Reading]: ...

    def acronyms(self, text: str) -> Iterator[tuple[str, int, int, str]]: ...


def chunks(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    """Consecutive lists of at most `size` records."""
    iterator = iter(records)
    while block := list(islice(iterator, size)):
        yield block


def count_chunk(records: Iterable[Record], settings: TermSettings | None = None) -> Partial:
    """Count one chunk. The result depends on these records and settings only."""
    return Counter(settings or TermSettings()).count(records)


def count_records(
    records: Iterable[Record], settings: TermSettings | None = None, progress: Progress | None = None
) -> Iterator[Partial]:
    """Count a stream of records in chunks of `settings.chunk`; memory holds one chunk's text at a time.

    `progress(done, total)` is called after each chunk; total is 0 while unknown.
    """
    settings = settings or TermSettings()
    total = len(records) if isinstance(records, list | tuple) else 0
    counter = Counter(settings)
    done = 0
    for block in chunks(records, settings.chunk):
        yield counter.count(block)
        done += len(block)
        if progress is not None:
            progress(done, total)


@dataclass(slots=True)
class Counter:
    """Counts chunks one after another, keeping its readers' caches and nothing else."""

    settings: TermSettings
    _english: EnglishReader | None = None
    _chinese: ChineseReader | None = None
    _builders: dict[str, LanguageBuilder] = field(default_factory=dict)

    def count(self, records: Iterable[Record]) -> Partial:
        self._builders = {}
        rows: list[Record] = []
        languages: list[str] = []
        for number, record in enumerate(records):
            language = record.language if record.language in ("en", "zh") else None
            language = language or detect_language(record.title + " " + record.text)
            self._record(number, record, language)
            rows.append(record)
            languages.append(language)
        parts = {language: builder.freeze() for language, builder in sorted(self._builders.items())}
        return Partial(_documents(rows, languages), parts)

    def _record(self, number: int, record: Record, language: str) -> None:
        builder = self._builders.setdefault(language, LanguageBuilder())
        words: dict[str, list[int]] = {}
        for text, flag in ((record.title, TITLE), (record.text, 0)):
            if text:
                cleaned = clean(text, language, self.settings.max_characters)
                self._text(builder, number, cleaned, flag, language, words)
        builder.add_words(number, words)

    def _text(
        self,
        builder: LanguageBuilder,
        number: int,
        cleaned: CleanText,
        flag: int,
        language: str,
        words: dict[str, list[int]],
    ) -> None:
        reader, title = self._reader(language), int(flag == TITLE)
        seen: set[tuple[int, int]] = set()
        for names, found in reader.read(cleaned.text):
            for name in names:
                seen_before = words.get(name)
                if seen_before is None:
                    words[name] = [1, title]
                else:
                    seen_before[0] += 1
                    seen_before[1] += title
            for start, end, form, flags in found:
                seen.add((start, end))
                _add(builder, cleaned, number, (start, end, form, flags | flag))
        for short, start, end, form in reader.acronyms(cleaned.text):
            builder.definitions.append((short, form, number))
            if (start, end) not in seen:
                _add(builder, cleaned, number, (start, end, form, flag | DEFINED))

    def _reader(self, language: str) -> Reader:
        if language == "zh":
            if self._chinese is None:
                from .segment_zh import Segmenter

                han = tuple(t for t in self.settings.dictionary if detect_language(t) == "zh")
                self._chinese = ChineseReader(Segmenter(han), max(self.settings.max_words + 1, 2))
            return self._chinese
        if self._english is None:
            self._english = EnglishReader(self.settings.max_words, self.settings.dictionary)
        return self._english


def _add(builder: LanguageBuilder, cleaned: CleanText, number: int, candidate: Candidate) -> None:
    start, end, form, flags = candidate
    text = cleaned.text
    surface = text[start:end]
    if "  " in surface or "\n" in surface or "\r" in surface or "\t" in surface:
        surface = " ".join(surface.split())
    begin, stop = cleaned.original(start, end)
    left = _neighbour(text, start - 1) if start else 0
    builder.add(surface, form, (number, begin, min(stop - begin, 65_535), flags, left, _neighbour(text, end)))


def _neighbour(text: str, at: int) -> int:
    """A code for the character beside a candidate; 0 for punctuation, blanks and the text's ends."""
    if at >= len(text) or not text[at].isalnum():
        return 0
    return ord(text[at]) & 0xFFFF


def _documents(rows: list[Record], languages: list[str]) -> Documents:
    return Documents(
        ids=tuple(row.id for row in rows),
        years=np.array([row.publication_year() or 0 for row in rows], dtype="i2"),
        languages=tuple(languages),
        kinds=tuple(row.kind for row in rows),
        sources=tuple(row.source for row in rows),
        countries=tuple(tuple(row.countries) for row in rows),
        organisations=tuple(tuple(row.organisations) for row in rows),
    )


def count_by_year(
    records: Iterable[Record], settings: TermSettings | None = None, progress: Progress | None = None
) -> list[Partial]:
    """Count dated records so that no chunk spans two years, as backtests need. Undated records are left out."""
    settings = settings or TermSettings()
    by_year: dict[int, list[Record]] = {}
    for record in records:
        year = record.publication_year()
        if year is not None:
            by_year.setdefault(year, []).append(record)
    total = sum(map(len, by_year.values()))
    counter, done = Counter(settings), 0
    parts: list[Partial] = []
    for year in sorted(by_year):
        for block in chunks(by_year[year], settings.chunk):
            parts.append(counter.count(block))
            done += len(block)
            if progress is not None:
                progress(done, total)
    return parts

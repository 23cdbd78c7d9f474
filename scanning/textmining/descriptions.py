"""One sentence of the evidence that says what a term is: chosen, never written, and cited with its place.

Sentences are judged by `defining.py`. Ties go to the first given document, so that the caller's order of evidence
decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from .defining import ARTICLES, defines, may_define, words_before
from .language import clean, detect_language
from .tokens_en import TOKEN, fold

_END_EN = re.compile(r"(?<=[.!?])[\"'\u201d)]*\s+(?=[\"'\u201c(]?[A-Z0-9])")
# Many Chinese files close their sentences with Latin stops.
_END_ZH = re.compile(r"(?<=[。！？；])|(?<=[\u3400-\u9fff)）”][.?!;])(?=\s*[\u3400-\u9fff“《])")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|et al|Fig|Eq|No|Dr|resp|approx|[A-Z])\.)$")
# Praise alone ("is an essential component") stays below.
LEAST = 1.6


@dataclass(frozen=True, slots=True)
class Description:
    """A sentence with its source: character offsets in the record's own `title` or `text`."""

    text: str
    document: str
    start: int
    end: int
    score: float


def describe_term(
    names: Sequence[str], texts: Iterable[tuple[str, str]], language: str | None = None
) -> Description | None:
    """The best sentence about a term among (document id, text) pairs; None when none defines it.

    `names` are the term's spellings and acronym. A short form of two to four letters has many meanings: it is believed
    only in documents that spell the term out.
    """
    language = language or detect_language(names[0] if names else "")
    certain = [name for name in names if not _doubtful(name)] or list(names)
    spelled = _finder(certain, language)
    every = spelled if len(certain) == len(names) else _finder(names, language)
    best: Description | None = None
    for document, written in texts:
        text = clean(written, "en").text  # markup blanked: places stay, whatever the language
        for start, end in sentences(text, language):
            sentence = text[start:end]
            if not every.may_open(sentence) or not may_define(sentence, language):
                continue
            value = max((defines(sentence, *span, language) for span in every(sentence)), default=0.0)
            if value < LEAST or (best is not None and value <= best.score):
                continue
            if every is spelled or spelled.anywhere(text):
                best = Description(" ".join(sentence.split()), document, start, end, round(value, 3))
    return best


def _doubtful(name: str) -> bool:
    return len(name) <= 4 and name.removesuffix("s").isupper()


def sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Spans of sentences, without the blanks around them."""
    start = 0
    for match in (_END_ZH if language == "zh" else _END_EN).finditer(text):
        if language != "zh" and _ABBREVIATED.search(text[start : match.start()]):
            continue
        yield from _trimmed(text, start, match.start() if language == "zh" else match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


class _Finder:
    """Where any of some names stands in a sentence, whatever its plural, case or hyphens."""

    def __init__(self, names: Sequence[str]) -> None:
        folded = [tuple(fold(m.group()) for m in TOKEN.finditer(name)) for name in names]
        self._wanted = sorted({words for words in folded if words}, key=lambda words: (-len(words), words))
        self._firsts = {words[0] for words in self._wanted}
        self._longest = max(map(len, self._wanted), default=0)

    def may_open(self, sentence: str) -> bool:
        """Whether one of the names may stand where a definition has it, by the first word: quick."""
        first = TOKEN.search(sentence)
        if first is None or words_before(sentence) is None:
            return first is not None
        return (word := fold(first.group())) in self._firsts or word in ARTICLES

    def anywhere(self, text: str) -> bool:
        return bool(self._spans(list(TOKEN.finditer(text))))

    def __call__(self, sentence: str) -> list[tuple[int, int]]:
        # Where a definition may not speak of a term that stands later, later words need not be looked at.
        most = words_before(sentence)
        found = TOKEN.finditer(sentence)
        return self._spans(list(found if most is None else islice(found, most + self._longest)))

    def _spans(self, tokens: list[re.Match[str]]) -> list[tuple[int, int]]:
        folded = [fold(token.group()) for token in tokens]
        spans = []
        for at, word in enumerate(folded):
            if word in self._firsts:
                name = next((w for w in self._wanted if tuple(folded[at : at + len(w)]) == w), ())
                if name:
                    spans.append((tokens[at].start(), tokens[at + len(name) - 1].end()))
        return spans


def _finder(names: Sequence[str], language: str) -> _Finder | _ChineseFinder:
    return _ChineseFinder(names) if language == "zh" else _Finder(names)


class _ChineseFinder:
    def __init__(self, names: Sequence[str]) -> None:
        # Without names the pattern that matches nowhere.
        longest_first = sorted(filter(None, names), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def may_open(self, sentence: str) -> bool:
        return True

    def anywhere(self, text: str) -> bool:
        return self._pattern.search(text) is not None

    def __call__(self, sentence: str) -> list[tuple[int, int]]:
        return [match.span() for match in self._pattern.finditer(sentence)]

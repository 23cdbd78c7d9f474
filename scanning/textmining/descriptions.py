"""One sentence of the evidence that says what a term is: chosen, never written, and cited with its place.

Sentences are scored by what stands around the term: a copula after it ("X is a method that ..."), an apposition or
definition before it ("called X", "X, a ..."), its place at the start, and a readable length. Ties go to the first
given document, so that the caller's order of evidence decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .language import detect_language
from .tokens_en import TOKEN, fold

SHORTEST = {"en": 20, "zh": 7}
LONGEST = {"en": 400, "zh": 160}
_END_EN = re.compile(r"(?<=[.!?])[\"'\u201d)]*\s+(?=[\"'\u201c(]?[A-Z0-9])")
_END_ZH = re.compile(r"(?<=[。！？；])")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|et al|Fig|Eq|No|Dr|resp|approx|[A-Z])\.)$")
_IS = re.compile(
    r"^\s*(?:\([^()]{1,60}\)\s*)?,?\s*(?:is|are|refers? to|aims? (?:to|at)|denotes?|consists? (?:of|in)"
    r"|comprises?|enables?|allows?|deals? with|involves?|provides?)\b(?P<a>\s+(?:an?|the (?:task|process|problem))\b)?"
)
_APPOSITION = re.compile(r"^\s*(?:\([^()]{1,60}\)\s*)?(?:, (?:an?|the) | - (?:an?|the) | \(an? )")
_OURS = re.compile(r"\b(?:we|our|this (?:paper|work|study|article)|in this)\b", re.IGNORECASE)
_IS_ZH = re.compile(
    r"^(?:[（(][^（）()]{1,60}[)）])?(?:技术|方法)?(?P<a>是指|是一种|是一类|指的是|是)|^[^，。]{0,6}(?:旨在|用于|能够)"
)
_OURS_ZH = re.compile("本文|本研究|该文|我们|笔者")
LEAST = 1.0


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

    `names` are the term's spellings and acronym.
    """
    language = language or detect_language(names[0] if names else "")
    find = _finder(names, language)
    best: Description | None = None
    for document, text in texts:
        for start, end in sentences(text, language):
            sentence = text[start:end]
            value = max((_score(sentence, *span, language) for span in find(sentence)), default=0.0)
            if value >= LEAST and (best is None or value > best.score):
                best = Description(" ".join(sentence.split()), document, start, end, round(value, 3))
    return best


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

    def __call__(self, sentence: str) -> list[tuple[int, int]]:
        tokens = list(TOKEN.finditer(sentence))
        folded = [fold(token.group()) for token in tokens]
        found = []
        for at, word in enumerate(folded):
            if word in self._firsts:
                name = next((w for w in self._wanted if tuple(folded[at : at + len(w)]) == w), ())
                if name:
                    found.append((tokens[at].start(), tokens[at + len(name) - 1].end()))
        return found


def _finder(names: Sequence[str], language: str) -> _Finder | _ChineseFinder:
    return _ChineseFinder(names) if language == "zh" else _Finder(names)


class _ChineseFinder:
    def __init__(self, names: Sequence[str]) -> None:
        self._pattern = re.compile("|".join(re.escape(n) for n in sorted(names, key=len, reverse=True) if n))

    def __call__(self, sentence: str) -> list[tuple[int, int]]:
        return [match.span() for match in self._pattern.finditer(sentence)]


def _score(sentence: str, start: int, end: int, language: str) -> float:
    if not SHORTEST[language] <= len(sentence) <= LONGEST[language]:
        return 0.0
    after, before = sentence[end:], sentence[:start]
    copula = (_IS_ZH if language == "zh" else _IS).match(after)
    value = 0.0
    if copula:
        value = 2.0 if copula.group("a") else 1.2
    elif language == "en" and _APPOSITION.match(after):
        value = 1.2
    if not value:
        return 0.0
    lead = before.strip(" \"'“《")
    if not lead:
        value += 1.0
    elif language == "en":
        value += 0.4 if len(lead.split()) <= 3 else -0.6
    value -= 1.0 if (_OURS_ZH if language == "zh" else _OURS).search(sentence) else 0.0
    return value - abs(len(sentence) - LONGEST[language] / 3) / LONGEST[language] * 0.5

"""English candidate terms of one text: runs between punctuation and stop words, and their n-grams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .acronyms import definitions
from .tokens_en import TOKEN, Kind, classify, fold, fold_phrase
from .words_en import FUNCTION

TITLE, LEFT, RIGHT, DEFINED = 1, 2, 4, 8
# Admitted only as a keyword of its document (wider rules), never as a technology term.
LOOSE = 16

# (start, end, folded form, flags) of one candidate; a run's folded words with its candidates.
Candidate = tuple[int, int, str, int]
Reading = tuple[list[str], list[Candidate]]


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    kind: Kind


class EnglishReader:
    """Reads texts into candidates. Remembers token classes, since a corpus repeats its words."""

    def __init__(self, max_words: int = 4, dictionary: tuple[str, ...] = ()) -> None:
        self.max_words = max_words
        self.dictionary = frozenset(fold_phrase(term) for term in dictionary)
        self._kinds: dict[str, Kind] = {}

    def runs(self, text: str) -> Iterator[list[Token]]:
        """Maximal runs of words that belong together: same clause, no stop word between."""
        kinds = self._kinds
        run: list[Token] = []
        last = -1
        for match in TOKEN.finditer(text):
            start, end = match.span()
            word = match.group()
            kind = kinds.get(word)
            if kind is None:
                kind = kinds[word] = classify(word, self.dictionary)
            if run and not (start - last == 1 and text[last] == " ") and text[last:start].strip():
                yield run
                run = []
            if kind.splits:
                if run:
                    yield run
                    run = []
            else:
                run.append(Token(start, end, kind))
            last = end
        if run:
            yield run

    def read(self, text: str) -> Iterator[Reading]:
        """Each run's folded words and its candidates. A text in capitals is read as if in lower case."""
        for run in self.runs(text.lower() if _shouting(text) else text):
            yield [token.kind.folded for token in run], list(self.ngrams(run))

    def ngrams(self, run: list[Token]) -> Iterator[Candidate]:
        """Every n-gram of a run that may be a term."""
        size = len(run)
        for i, first in enumerate(run):
            if not first.kind.opens:
                continue
            left = LEFT if i == 0 else 0
            for j in range(i, min(i + self.max_words, size)):
                kind = run[j].kind
                if not kind.closes or (i == j and not kind.alone):
                    continue
                form = kind.folded if i == j else " ".join([token.kind.folded for token in run[i : j + 1]])
                yield first.start, run[j].end, form, left | (RIGHT if j == size - 1 else 0)

    def acronyms(self, text: str) -> Iterator[tuple[str, int, int, str]]:
        """(folded short form, start, end, folded long form) of every definition in the text."""
        for found in definitions(text):
            words = [(m.start(), m.end(), m.group()) for m in TOKEN.finditer(text, found.start, found.end)]
            if words and words[0][2].lower() not in FUNCTION and len(words) <= 8:
                form = " ".join(fold(word) for _, _, word in words)
                yield fold(found.short), words[0][0], words[-1][1], form


def _shouting(text: str) -> bool:
    sample = text[:200]
    if sum(map(str.islower, sample[:40])) > 20:
        return False
    capitals, small = sum(map(str.isupper, sample)), sum(map(str.islower, sample))
    return capitals > 15 and capitals > 1.5 * small

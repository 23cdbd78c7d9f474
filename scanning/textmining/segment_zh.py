"""Chinese word segmentation with part-of-speech tags, on jieba's dictionary and segmenter.

jieba is imported on first use (half a second, plus one for its dictionary). Its own disk cache in the shared
temporary directory is not used: the dictionary is read once per process from the package.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f\u0370-\u03ff]")
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str
    tag: str


class Segmenter:
    """Segments Chinese text into tagged words. `dictionary` terms are kept whole and tagged as nouns."""

    def __init__(self, dictionary: tuple[str, ...] = ()) -> None:
        tokenizer = _base()[0]
        self._user = frozenset(term for term in dictionary if term)
        self._tokenizer = _with_words(tokenizer, self._user) if self._user else tokenizer

    def words(self, text: str) -> Iterator[Word]:
        at = 0
        for piece in self._tokenizer.cut(text, HMM=True):
            end = at + len(piece)
            yield Word(at, end, piece, self._tag(piece))
            at = end

    def _tag(self, word: str) -> str:
        return "nz" if word in self._user else word_tag(word)


@lru_cache(maxsize=1)
def _base() -> tuple[Any, dict[str, str]]:
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        tokenizer = jieba.Tokenizer()
        frequencies: dict[str, int] = {}
        tags: dict[str, str] = {}
        total = 0
        with tokenizer.get_dict_file() as lines:
            for line in lines:
                word, frequency, tag = line.decode("utf-8").split()
                frequencies[word] = int(frequency)
                tags[word] = tag
                total += int(frequency)
        _add_prefixes(frequencies)
        tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, total, True
        return tokenizer, tags


def _add_prefixes(frequencies: dict[str, int]) -> None:
    """jieba walks prefixes: each prefix of a word must be a key, with frequency 0 when it is no word."""
    for word in list(frequencies):
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)


def _with_words(base: Any, words: frozenset[str]) -> Any:
    import jieba

    own = jieba.Tokenizer()
    own.FREQ, own.total, own.initialized = dict(base.FREQ), base.total, True
    for word in sorted(words):
        own.add_word(word, freq=max(own.suggest_freq(word), 1))
    return own


def word_frequency(word: str) -> int:
    """How often a word stands in jieba's own sample of everyday language; 0 for unknown words."""
    return int(_base()[0].FREQ.get(word, 0))


def word_tag(word: str) -> str:
    """A word's part of speech by jieba's dictionary, or by its look."""
    known = _base()[1].get(word)
    if known is not None:
        return known
    if _LATIN.match(word):
        return "m" if word.replace(".", "").replace("%", "").isdigit() else "eng"
    if not word.isalnum():
        return "w"
    # A word that only the hidden Markov model found: most are names of things.
    return "n" if len(word) > 1 else "x"

"""Whether a text rests on the passages that it cites, as far as words and figures can tell.

A floor, not a judge: it catches figures that no passage states and texts that share no word with their passages. A
person still reads both side by side.
"""

import re
import unicodedata
from collections.abc import Iterable

from scanning.textmining.language import detect_language
from scanning.textmining.wordlists import words

# A figure: not a part of a name (CO2, T5), and not "3D" or "5G".
_FIGURE = re.compile(r"(?<![A-Za-z\d.,])\d+(?:[.,]\d+)*")
_ANY = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "half": 50, "third": 3,
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "半": 50,
}  # fmt: skip
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LATIN_WORD = re.compile(r"[a-z][a-z-]{3,}")
_EMPTY = words("en_function")
FEWEST = 4


def figures(text: str) -> set[str]:
    """Figures that a text states, in one spelling."""
    text = unicodedata.normalize("NFKC", text)
    found = set()
    for match in _FIGURE.finditer(text):
        follows = text[match.end() : match.end() + 1]
        if len(match[0]) > 1 or not (follows.isascii() and follows.isalpha()):
            found.add(_plain(match[0]))
    return found


def _stated(text: str) -> set[str]:
    text = unicodedata.normalize("NFKC", text).casefold()
    spelt = {str(number) for word, number in _WORDS.items() if re.search(_as_word(word), text)}
    return spelt | {_plain(match[0]) for match in _ANY.finditer(text)}


def _as_word(word: str) -> str:
    return rf"\b{word}\b" if word.isascii() else word


def _plain(figure: str) -> str:
    """1,200.50 as 1200.5."""
    figure = re.sub(r",(?=\d{3}(?:\D|$))", "", figure).replace(",", ".")
    whole, point, part = figure.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if point and part else "")


def invented_figures(text: str, passages: Iterable[str]) -> list[str]:
    """Figures of the text that no passage states."""
    wanted = figures(text)
    return sorted(wanted - set().union(*map(_stated, passages))) if wanted else []


def speaks_of(text: str, passages: Iterable[str]) -> bool:
    """Whether a text shares a word with passages of its language. True where there is too little to tell."""
    language = detect_language(text)
    alike = [each for each in passages if detect_language(each) == language]
    own = _words(text, language)
    if len(own) < FEWEST or not alike:
        return True
    return any(own & _words(each, language) for each in alike)


def _words(text: str, language: str) -> set[str]:
    """Beginnings of words in English, pairs of characters in Chinese."""
    if language == "zh":
        return {run[n : n + 2] for run in _HAN_RUN.findall(text) for n in range(len(run) - 1)}
    found = _LATIN_WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return {word[:5] for word in found if word not in _EMPTY}

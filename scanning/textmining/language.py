"""Language detection and cleaning that keeps the way back to the original characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_LETTER = re.compile("[A-Za-z\u00c0-\u024f]+")
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]{0,300}>|&(?:[a-z]{2,8}|#\d{1,6});")
_BLOCK = re.compile(r"<(script|style)\b[^<>]{0,300}>.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_HAN_BREAK = re.compile(f"(?<=[{HAN}，、；：])[ \\t\u3000]*[\\r\\n]+[ \\t\u3000]*(?=[{HAN}])")


def detect_language(text: str) -> str:
    """`zh` when Chinese characters outnumber half the Latin words, else `en`.

    One Chinese character carries about as much as half an English word, and Chinese abstracts quote Latin
    names freely while English ones seldom hold Chinese characters.
    """
    sample = text[:4000]
    han = len(_HAN.findall(sample))
    if han == 0:
        return "en"
    return "zh" if han * 2 >= len(_LETTER.findall(sample)) else "en"


@dataclass(frozen=True, slots=True)
class CleanText:
    """Cleaned text; `offsets[i]` is the place of character i in the original (None: nothing moved)."""

    text: str
    offsets: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original text that the cleaned span [start, end) came from."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def clean(text: str, language: str, limit: int = 100_000) -> CleanText:
    """Blank out markup (same length, so offsets hold) and, in Chinese, join hard line breaks."""
    text = text[:limit]
    if "<" in text or "&" in text:
        text = _TAG.sub(_blank, _BLOCK.sub(_blank, text))
    if language != "zh" or ("\n" not in text and "\r" not in text):
        return CleanText(text)
    return _join_lines(text)


def _join_lines(text: str) -> CleanText:
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for match in _HAN_BREAK.finditer(text):
        pieces.append(text[last : match.start()])
        offsets.extend(range(last, match.start()))
        last = match.end()
    pieces.append(text[last:])
    offsets.extend(range(last, len(text)))
    return CleanText("".join(pieces), tuple(offsets))

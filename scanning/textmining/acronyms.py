"""Acronyms and their long forms, after A. S. Schwartz and M. A. Hearst,
"A simple algorithm for identifying abbreviation definitions in biomedical text", PSB 2003.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PAREN = re.compile(r"[(\uff08]([^()\uff08\uff09]{2,80})[)\uff09]")
_SPLIT = re.compile(r"[;,\uff0c\uff1b]")
_SENTENCE = re.compile(r"[.;:!?](?=\s)|[()]")
_WORD = re.compile(r"\S+")
_ROMAN = re.compile(r"[IVX]{2,}")


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and the span of its long form in the same text."""

    short: str
    start: int
    end: int


def definitions(text: str) -> Iterator[Definition]:
    """Every `long form (SHORT)` and `SHORT (long form)` of a text, in order."""
    for match in _PAREN.finditer(text):
        inside = _SPLIT.split(match.group(1))[0].strip()
        found = _after_long(text, match.start(), inside) or _after_short(text, match, inside)
        if found is not None:
            yield found


def is_short_form(text: str) -> bool:
    """2 to 10 characters, at most two words, starts with a letter or digit, holds at least two capitals
    (or one capital and another letter pattern such as `mRNA`). Roman numerals number things: they are none."""
    if not 2 <= len(text) <= 10 or len(text.split()) > 2 or not text[0].isalnum() or _ROMAN.fullmatch(text):
        return False
    capitals = sum(c.isupper() for c in text)
    return capitals >= 2 or (capitals == 1 and any(c.isdigit() for c in text))


def _after_long(text: str, paren: int, short: str) -> Definition | None:
    if not is_short_form(short):
        return None
    singular = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    window = text[max(0, paren - 200) : paren]
    breaks = [m.end() for m in _SENTENCE.finditer(window)]
    base = max(0, paren - 200) + (breaks[-1] if breaks else 0)
    before = text[base:paren].rstrip()
    words = list(_WORD.finditer(before))
    most = min(len(singular) + 5, len(singular) * 2)
    if not words:
        return None
    cut = words[max(0, len(words) - most)].start()
    start = best_long_form(singular, before[cut:])
    if start is None:
        return None
    return Definition(singular, base + cut + start, base + len(before))


def _after_short(text: str, match: re.Match[str], inside: str) -> Definition | None:
    if len(inside.split()) < 2 or len(inside) < 8:
        return None
    before = text[max(0, match.start() - 14) : match.start()].rstrip().split()
    if not before or not is_short_form(before[-1]):
        return None
    offset = text.index(inside, match.start())
    start = best_long_form(before[-1], inside)
    if start is None or start > 0:
        return None
    return Definition(before[-1], offset, offset + len(inside))


def best_long_form(short: str, long: str) -> int | None:
    """Start of the shortest long form in `long` that matches `short` from its end backwards, or None."""
    at = len(long) - 1
    for index in range(len(short) - 1, -1, -1):
        wanted = short[index].lower()
        if not wanted.isalnum():
            continue
        while at >= 0 and (long[at].lower() != wanted or (index == 0 and at > 0 and long[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
        at -= 1
    start = long.rfind(" ", 0, at + 1) + 1
    hyphen = long.rfind("-", start, at + 1) + 1
    start = max(start, hyphen) if hyphen and not long[start].isalnum() else start
    return start if _plausible(short, long[start:]) else None


def _plausible(short: str, long: str) -> bool:
    words = long.split()
    letters = sum(c.isalnum() for c in short)
    if letters == 2 and len(words) == 2 and words[1][0].lower() != short[-1].lower():
        return False  # "identification code (ID)"
    if "," in long:
        return False  # two clauses, not one name
    return (
        len(long) > len(short)
        and len(words) + long.count("-") >= 2
        and len(words) <= min(letters + 5, letters * 2)
        and short.lower() not in {word.lower() for word in words}
        and len(long) < 120
    )

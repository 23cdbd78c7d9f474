"""Whether a Chinese long form can stand for a Latin short form: 扩展卡尔曼滤波 (EKF) can, 无腔器件 (OLED) cannot.

No letter can be matched across two scripts, but the usual English of many technical words is known by its first
letter (`wordlists/zh_initials.txt`). A word whose letters are all missing from the short form speaks against the
pair. Order is not asked for: Chinese and English put modifiers in unlike places.
"""

from __future__ import annotations

from .segment_zh import Word
from .wordlists import words
from .words_zh import GENERIC

# Of the words that the table knows, this share must find a letter; authors leave out some words of a long name.
AGREEING = 0.6
INITIALS = {
    name: frozenset(letters) for name, _, letters in (entry.partition(":") for entry in words("zh_initials"))
}


def speaks(word: str, letters: frozenset[str]) -> bool | None:
    """Whether a letter of the short form can come from this word; None where its English is not known."""
    known = INITIALS.get(word) or INITIALS.get(word[:1])
    return None if known is None else not known.isdisjoint(letters)


def long_form(short: str, run: list[Word]) -> list[Word]:
    """The end of `run` that `short` can stand for, empty when there is none.

    Words in front that the letters contradict are cut off ("抑制肺动脉平滑肌细胞", PASMC), down to two words.
    A general word at the end (算法, 技术) is neither for nor against: short forms often leave it out.
    """
    letters = frozenset(short.lower())
    opinions = [speaks(word.text, letters) for word in run]
    start = next((at for at, opinion in enumerate(opinions) if opinion is not False), len(run))
    rest = opinions[start:]
    if rest and rest[-1] is False and run[-1].text in GENERIC:
        rest[-1] = None
    known = [opinion for opinion in rest if opinion is not None]
    if len(rest) < 2 <= len(run):
        return []
    return run[start:] if sum(known) >= AGREEING * len(known) else []

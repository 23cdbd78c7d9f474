"""What a term's last word says: the prior that terms with this head name a technology.

Learned from the corpus: the share of multi-word candidates with this head that some author gave an acronym,
shrunken towards the corpus's mean; multiplied by a mild seed (see `words_en.py`, `words_zh.py`) that decides
where a corpus defines few acronyms (patents, news, small collections).
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from .combine import Combined
from .termhood import Floats
from .tokens_en import singular
from .words_en import STRONG_HEADS, WEAK_HEADS
from .words_zh import SOFT
from .words_zh import STRONG_HEADS as STRONG_ZH

STRONG_FACTOR, WEAK_FACTOR = 1.35, 0.5
# As many imagined acronym definitions at the mean rate as it takes to distrust a single real one.
PSEUDO_EVENTS = 3.0
_STRONG = frozenset(singular(word).replace("-", "") for word in STRONG_HEADS)
_WEAK = frozenset(singular(word).replace("-", "") for word in WEAK_HEADS)


def head_prior(combined: Combined, language: str) -> Floats:
    """A factor about 1 for each candidate."""
    heads = [form.rsplit(" ", 1)[-1] for form in combined.forms]
    several = [" " in form for form in combined.forms]
    seen: Counter[str] = Counter(head for head, many in zip(heads, several, strict=True) if many)
    named: Counter[str] = Counter(
        heads[number] for number in np.flatnonzero(combined.defined) if several[number]
    )
    mean = (sum(named.values()) + 1) / (sum(seen.values()) + 100)
    shrink = PSEUDO_EVENTS / mean
    learned = {
        head: float(np.clip(((named[head] + PSEUDO_EVENTS) / (count + shrink) / mean) ** 0.5, 0.4, 2.0))
        for head, count in seen.items()
    }
    return np.array(
        [
            learned.get(head, 1.0) * seed_factor(head, language) if many else _single(head, language)
            for head, many in zip(heads, several, strict=True)
        ]
    )


def seed_factor(head: str, language: str) -> float:
    """The built-in opinion about a head."""
    strong, weak = (STRONG_ZH, SOFT) if language == "zh" else (_STRONG, _WEAK)
    return STRONG_FACTOR if head in strong else WEAK_FACTOR if head in weak else 1.0


def _single(word: str, language: str) -> float:
    # A bare head ("系统", "network") names a kind of thing; short Chinese words are mostly everyday ones.
    if language != "zh" or word.isascii():
        return 1.0
    if word in STRONG_ZH or word in SOFT or len(word) < 3:
        return 0.3
    return 0.7 if len(word) == 3 else 1.0

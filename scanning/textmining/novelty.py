"""How new a term is: against the corpus's own past, and against lists that were made before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .language import detect_language
from .series import Series
from .tokens_en import fold_phrase


@dataclass(frozen=True, slots=True)
class ListMatch:
    """The nearest entry of a list and how near it is (0 nothing in common .. 1 the same)."""

    entry: str
    similarity: float


def novelty_in_time(series: Series, recent: int = 3) -> float | None:
    """1 - (share of documents before the recent years / share in them), within 0..1.

    1: never seen before; 0: at least as usual before as now. None when either window has no documents or the
    term is not seen recently.
    """
    now = series.share(0, recent)
    before = series.share(recent, len(series.years))
    if now is None or before is None or not now:
        return None
    return min(1.0, max(0.0, 1.0 - before / now))


def first_year(series: Series) -> int | None:
    """The first year in which the term occurs."""
    return next((y for y, c in zip(series.years, series.counts.tolist(), strict=True) if c > 0), None)


class KnownList:
    """An uploaded list (last exercise, strategic list) that names can be held against."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = [(entry, features(entry)) for entry in entries if entry.strip()]

    def nearest(self, *names: str) -> ListMatch | None:
        """The entry nearest to any of the names (a term's name, variants, acronym); None for an empty
        list."""
        wanted = [features(name) for name in names if name.strip()]
        best: ListMatch | None = None
        for entry, shape in self._entries:
            value = max((dice(shape, one) for one in wanted), default=0.0)
            if best is None or value > best.similarity:
                best = ListMatch(entry, round(value, 4))
        return best

    def novelty(self, *names: str) -> float | None:
        """1 - similarity to the nearest entry; None for an empty list."""
        match = self.nearest(*names)
        return None if match is None else 1.0 - match.similarity


def features(name: str) -> frozenset[str]:
    """What two names are compared by: folded words and their letter trigrams; Chinese character pairs."""
    if detect_language(name) == "zh":
        letters = "".join(c.lower() for c in name if c.isalnum())
        return frozenset(letters[i : i + 2] for i in range(len(letters) - 1)) or frozenset({letters})
    words = fold_phrase(name).split()
    grams = {f"{w}"[i : i + 3] for word in words for w in (f"^{word}$",) for i in range(len(word))}
    return frozenset(grams | {" " + word for word in words})


def dice(a: frozenset[str], b: frozenset[str]) -> float:
    """2 |a and b| / (|a| + |b|)."""
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0

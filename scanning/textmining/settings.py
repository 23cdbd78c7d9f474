"""Everything an organiser may turn: plain data, so that a run can be stored with its settings and
repeated."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TermWeights:
    """Exponents of the factors of a term's score (0 switches a factor off); see `score.py` for the
    formula."""

    cvalue: float = 1.0
    acronym: float = 1.0
    title: float = 1.0
    npmi: float = 1.0
    head: float = 1.0
    edge: float = 1.0
    boundary: float = 1.0
    technology: float = 1.0


@dataclass(frozen=True, slots=True)
class TermSettings:
    """How terms are found and ranked.

    `min_documents` None adapts to the corpus (2 below 2,000 documents, up to 5). `dictionary` holds terms
    that
    users want recognised (both languages): they are never split and may be single lower-case words.
    `stop_terms` are never proposed. `chunk` is the number of records counted at a time.
    """

    limit: int = 1000
    min_documents: int | None = None
    max_words: int = 4
    support: int = 30
    similar: int = 6
    chunk: int = 1000
    max_characters: int = 100_000
    fragment_share: float = 0.8
    modifier_share: float = 0.75
    dictionary: tuple[str, ...] = ()
    stop_terms: tuple[str, ...] = ()
    weights: TermWeights = field(default_factory=TermWeights)

    def threshold(self, documents: int) -> int:
        """The least number of documents a term must occur in."""
        if self.min_documents is not None:
            return max(1, self.min_documents)
        return 2 if documents < 2000 else 3 if documents < 10_000 else 5

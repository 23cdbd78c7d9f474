"""What is known of terms at a cut: everything comes from documents up to it (vocabulary, acronyms, scores, counts).

`learned.py` learns from earlier cuts which of them rise on, `backtest.py` looks up what became of those flagged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .combine import Ints
from .counts import Partial
from .mixture import tally
from .outcome import parts_until, term_keys, yearly_documents, yearly_totals
from .settings import TermSettings
from .surroundings import surroundings
from .termhood import Floats
from .terms import Mined, Term, mine_counts

FLOOR = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Eligible terms at a cut: at least `FLOOR` documents in the cut's year. Columns of counts are `years`."""

    cut: int
    years: tuple[int, ...]
    terms: tuple[Term, ...]
    counts: Ints
    totals: Ints
    features: dict[str, Floats]

    def share(self, year: int) -> Floats:
        column = self.years.index(year)
        return np.asarray(self.counts[:, column] / max(int(self.totals[column]), 1))

    def later_share(self, horizon: int) -> Floats:
        """Pooled share in the `horizon` years after the cut."""
        start = self.years.index(self.cut) + 1
        total = max(int(self.totals[start : start + horizon].sum()), 1)
        return np.asarray(self.counts[:, start : start + horizon].sum(axis=1) / total)

    def rose(self, horizon: int, factor: float) -> NDArray[np.bool_]:
        """Whether the later share was at least `factor` times that of the cut's year."""
        return np.asarray(self.later_share(horizon) >= factor * self.share(self.cut))

    def frequency(self) -> Ints:
        """The class of like frequency: the power of two of documents in the cut's year."""
        return np.floor(np.log2(self.counts[:, self.years.index(self.cut)])).astype("i8")


def stand(parts: Sequence[Partial], cut: int, language: str = "en", limit: int = 8000) -> Standing:
    """Mine the chunks up to `cut` and describe the eligible terms; later chunks are only counted."""
    past = parts_until(parts, cut)
    mined = mine_counts(past, TermSettings(limit=limit, support=0, similar=0, min_documents=FLOOR))
    chosen = [i for i, term in enumerate(mined.terms) if term.language == language]
    years = tuple(sorted({int(year) for part in parts for year in part.documents.years}))
    counts = yearly_documents(parts, [term_keys(mined.terms[i]) for i in chosen], language, years)
    totals = yearly_totals(parts, language, years)
    here = years.index(cut)
    enough = np.flatnonzero(counts[:, here] >= FLOOR)
    every = _features(mined, chosen, counts[:, : here + 1], totals[: here + 1])
    every |= _standardised(past, mined, chosen)
    return Standing(
        cut,
        years,
        tuple(mined.terms[chosen[i]] for i in enough),
        counts[enough],
        totals,
        {name: values[enough] for name, values in every.items()},
    )


def _standardised(past: Sequence[Partial], mined: Mined, chosen: list[int]) -> dict[str, Floats]:
    """Growth apart from the mixture of sources, and what the words around a term do."""
    matrix = _matrix_of(mined, chosen)
    own = tally(matrix, mined.documents)
    found = {"own_growth": own.growth(), "own_last": own.last(), "mixture": own.mixture}
    return found | surroundings(past, mined, chosen, matrix)


def _matrix_of(mined: Mined, chosen: list[int]) -> Any:
    """Terms x documents, 0 or 1."""
    from scipy import sparse

    lengths = [len(mined.postings[i]) for i in chosen]
    rows = np.repeat(np.arange(len(chosen)), lengths)
    columns = np.concatenate([mined.postings[i] for i in chosen]) if chosen else np.zeros(0, "i8")
    shape = (len(chosen), len(mined.documents))
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def momentum(counts: Floats, totals: Floats, shrink: float = 3.0) -> Floats:
    """log2 of the last year's share over the share before it, `shrink` documents added to each."""
    if counts.shape[1] < 2:
        return np.zeros(len(counts))
    now, before = counts[:, -1], counts[:, :-1].sum(axis=1)
    size, old = totals[-1], totals[:-1].sum()
    rate = (now + before + 0.5) / (size + old)
    return np.asarray(
        np.log2((now + shrink) / (size + shrink / rate)) - np.log2((before + shrink) / (old + shrink / rate))
    )


def _features(mined: Mined, chosen: list[int], counts: Ints, totals: Ints) -> dict[str, Floats]:
    terms = [mined.terms[i] for i in chosen]
    float_counts, float_totals = counts.astype(float), np.maximum(totals.astype(float), 1)
    growth = momentum(float_counts, float_totals)
    documents = np.maximum(float_counts.sum(axis=1), 1)
    last = np.log2(np.maximum(float_counts[:, -1], 1))
    longer = np.array([_number(term.how["longer_terms"]) for term in terms])
    found = {
        "growth": growth,
        "recent_growth": momentum(float_counts[:, -2:], float_totals[-2:]),
        "volume": last,
        "new": (float_counts[:, :-1].sum(axis=1) == 0).astype(float),
        "young": 1.0 - float_counts[:, :-1].sum(axis=1) / documents,
        "words": np.array([_number(term.how["words"]) for term in terms]),
        "longer": np.log1p(longer) - 0.5 * np.log1p(documents),
        "inside": np.array([_number(term.how["inside_one_longer_share"]) for term in terms]),
        "title": np.array([_number(term.how["title_documents"]) / max(term.documents, 1) for term in terms]),
        "repeats": np.log2(np.array([term.frequency / max(term.documents, 1) for term in terms])),
        "defined": np.log1p(np.array([_number(term.how["acronym_definitions"]) for term in terms])),
        "cased": np.array([any(c.isupper() for c in term.name) for term in terms], dtype=float),
        "single": np.array([" " not in term.name for term in terms], dtype=float),
    }
    for name in ("npmi", "head", "edge"):
        found[name] = np.array([term.score_parts[name] for term in terms])
    found |= _shape(float_counts, float_totals)
    return found | _company(mined, chosen, growth) | _word_growth(terms, float_counts, float_totals)


def _shape(counts: Floats, totals: Floats) -> dict[str, Floats]:
    """The last steps of the series, and how far the last year is below the best one."""
    share = np.log2((counts + 1.0) / (totals + 1000.0))
    steps = np.diff(share, axis=1, prepend=share[:, :1])
    return {
        "last_step": steps[:, -1],
        "step_before": steps[:, -2] if steps.shape[1] > 1 else np.zeros(len(counts)),
        "below_best": share[:, -1] - share.max(axis=1),
    }


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _company(mined: Mined, chosen: list[int], growth: Floats) -> dict[str, Floats]:
    """How the terms in the same documents grow, and how varied they are (an event's terms keep to themselves)."""
    matrix = _matrix_of(mined, chosen)
    lengths = matrix.getnnz(axis=1)
    together = (matrix @ matrix.T).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    weights = np.asarray(together.sum(axis=1)).ravel()
    mean = np.asarray(together @ growth).ravel() / np.maximum(weights, 1)
    logs = together.copy()
    logs.data = logs.data * np.log(logs.data)
    spread = np.log(np.maximum(weights, 1)) - np.asarray(logs.sum(axis=1)).ravel() / np.maximum(weights, 1)
    return {"company": mean, "variety": spread - 0.6 * np.log(np.maximum(lengths, 1))}


def _word_growth(terms: Sequence[Term], counts: Floats, totals: Floats) -> dict[str, Floats]:
    """Growth of other terms that share a word: "contrastive X" rises when other "contrastive" terms do."""
    by_word: dict[str, list[int]] = {}
    words = [term.name.lower().split() for term in terms]
    for number, own in enumerate(words):
        for word in own:
            by_word.setdefault(word, []).append(number)
    first, last = np.zeros(len(terms)), np.zeros(len(terms))
    sums = {word: counts[numbers].sum(axis=0) for word, numbers in by_word.items()}
    for column, at in ((first, 0), (last, -1)):
        rest = np.array([sums[own[at]] - counts[n] for n, own in enumerate(words)]).reshape(len(terms), -1)
        column[:] = momentum(rest, totals)
    return {"first_word": first, "last_word": last}

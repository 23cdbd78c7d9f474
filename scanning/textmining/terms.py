"""From counts to a ranked list of technology terms with their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from .combine import Combined, Ints, combine, join_documents
from .counting import Progress, count_records
from .counts import Documents, Partial
from .evidence import Finder, Support, support
from .records import Record
from .score import Scores, score_terms
from .settings import TermSettings
from .similar import Similar, similar_terms
from .technology import leanings
from .termhood import Termhood, measure

METHODS = {"en": "terms-en-1", "zh": "terms-zh-1"}


@dataclass(frozen=True, slots=True)
class Term:
    """One technology term.

    `score` is the product of `score_parts`, `rank_score` the score as a share of the list's best. `yearly`
    are documents with the term per year, `yearly_total` all documents of its language
    per year (undated documents under neither). `how` says in plain values how it was found.
    """

    name: str
    language: str
    key: str
    variants: tuple[str, ...]
    acronym: str | None
    score: float
    rank_score: float
    score_parts: dict[str, float]
    method: str
    how: dict[str, object]
    frequency: int
    documents: int
    yearly: dict[int, int]
    yearly_total: dict[int, int]
    support: tuple[Support, ...]
    similar: tuple[Similar, ...] = ()


@dataclass(frozen=True, slots=True)
class Mined:
    """A ranked list with, per term, the numbers of all its documents (ascending) in `documents`.

    `finders` (by language) look up evidence for terms that were mined with `support` 0.
    """

    terms: tuple[Term, ...]
    postings: tuple[Ints, ...]
    documents: Documents
    dropped: dict[str, dict[str, int]]
    finders: dict[str, Finder] = field(default_factory=dict, compare=False)

    def with_evidence(self, term: Term, most: int) -> Term:
        return replace(term, support=self.finders[term.language].of(term.key, most))


def mine_terms(
    records: Iterable[Record], settings: TermSettings | None = None, progress: Progress | None = None
) -> list[Term]:
    """Ranked technology terms of a stream of records."""
    settings = settings or TermSettings()
    return list(mine_counts(list(count_records(records, settings, progress)), settings).terms)


def mine_counts(parts: Sequence[Partial], settings: TermSettings | None = None) -> Mined:
    """Rank the terms of counted chunks. Same parts in the same order, same result."""
    settings = settings or TermSettings()
    documents = join_documents(parts)
    found: list[tuple[Term, Ints]] = []
    dropped: dict[str, dict[str, int]] = {}
    finders: dict[str, Finder] = {}
    for language in ("en", "zh"):
        size = sum(one == language for one in documents.languages)
        if size:
            some, left_out, finders[language] = _language(parts, documents, settings, language, size)
            found += some
            dropped[language] = left_out
    found.sort(key=lambda pair: (-pair[0].score, pair[0].language, pair[0].key))
    best = found[0][0].score if found else 1.0
    found = [(replace(term, rank_score=term.score / best), rows) for term, rows in found[: settings.limit]]
    terms, postings = tuple(term for term, _ in found), tuple(rows for _, rows in found)
    return Mined(terms, postings, documents, dropped, finders)


def _language(
    parts: Sequence[Partial], documents: Documents, settings: TermSettings, language: str, size: int
) -> tuple[list[tuple[Term, Ints]], dict[str, int], Finder]:
    combined = combine(parts, language, settings.threshold(size))
    hood = measure(combined, with_entropy=language == "zh")
    leaning = leanings(parts, language) if language == "zh" else None
    scores = score_terms(combined, hood, settings, language, leaning)
    chosen = choose(combined, scores, settings.limit)
    totals = _totals(documents, language)
    offsets = np.searchsorted(hood.pair_key, np.arange(len(combined) + 1))
    near = similar_terms(chosen, combined, hood, offsets, settings.similar)
    built = [
        (
            _term(number, combined, hood, scores, documents, settings, language, totals, near[number]),
            hood.pair_document[offsets[number] : offsets[number + 1]],
        )
        for number in chosen
    ]
    return built, scores.dropped, Finder(combined, hood, documents)


def choose(combined: Combined, scores: Scores, limit: int) -> list[int]:
    """Numbers of the best candidates, best first; ties by key, so that the order is always the same."""
    positive = np.flatnonzero(scores.score > 0)
    ranked = sorted(positive.tolist(), key=lambda n: (-float(scores.score[n]), combined.forms[n]))
    return ranked[:limit]


def _totals(documents: Documents, language: str) -> dict[int, int]:
    mask = np.array([one == language for one in documents.languages]) & (documents.years > 0)
    years, counts = np.unique(documents.years[mask], return_counts=True)
    return {int(year): int(count) for year, count in zip(years, counts, strict=True)}


def _term(
    number: int,
    combined: Combined,
    hood: Termhood,
    scores: Scores,
    documents: Documents,
    settings: TermSettings,
    language: str,
    totals: dict[int, int],
    near: tuple[Similar, ...],
) -> Term:
    rows = np.searchsorted(hood.pair_key, [number, number + 1])
    where = hood.pair_document[rows[0] : rows[1]]
    dated = documents.years[where]
    years, counts = np.unique(dated[dated > 0], return_counts=True)
    score = float(scores.score[number])
    yearly = dict.fromkeys(totals, 0) | {int(y): int(c) for y, c in zip(years, counts, strict=True)}
    return Term(
        name=combined.names[number],
        language=language,
        key=combined.forms[number].replace(" ", ""),
        variants=combined.variants[number],
        acronym=combined.acronyms.get(number),
        score=score,
        rank_score=0.0,
        score_parts={name: round(float(values[number]), 4) for name, values in scores.parts.items()},
        method=METHODS[language],
        how=_how(number, combined, hood, settings),
        frequency=int(hood.frequency[number]),
        documents=int(hood.documents[number]),
        yearly=yearly,
        yearly_total=totals,
        support=support(number, combined, hood, documents, settings.support) if settings.support else (),
        similar=near,
    )


def _how(number: int, combined: Combined, hood: Termhood, settings: TermSettings) -> dict[str, object]:
    return {
        "words": combined.forms[number].count(" ") + 1,
        "frequency": int(hood.frequency[number]),
        "documents": int(hood.documents[number]),
        "title_documents": int(hood.title_documents[number]),
        "acronym_definitions": int(combined.defined[number]),
        "longer_terms": int(hood.nested_in[number]),
        "inside_one_longer_share": round(float(hood.nested_share[number]), 3),
        "npmi": round(float(hood.npmi[number]), 3),
        "ends_run_share": round(float(hood.right_edge[number]), 3),
        "min_documents": settings.threshold(combined.documents),
    }

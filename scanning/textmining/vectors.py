"""Documents as sparse word-and-phrase counts, for topics and clustering."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .candidates_en import EnglishReader
from .candidates_zh import ChineseReader
from .combine import Ints
from .counts import Partial
from .language import clean, detect_language
from .records import Record
from .terms import Mined
from .words_zh import SOFT as SOFT_ZH


@dataclass(frozen=True, slots=True)
class Bag:
    """`matrix` is documents x vocabulary (scipy CSR of counts)."""

    ids: tuple[str, ...]
    vocabulary: tuple[str, ...]
    matrix: Any


class Reader:
    """Reads a record into words and given phrases. Phrases are joined by a space and count beside their
    words."""

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._english = EnglishReader(4)
        self._chinese: ChineseReader | None = None
        self._phrases = {phrase.lower() for phrase in phrases}

    def words(self, record: Record) -> Counter[str]:
        """Counts of the record's content words and phrases; a title counts as much again."""
        language = record.language or detect_language(record.title + " " + record.text)
        found: Counter[str] = Counter()
        for text in (record.title, record.title, record.text):
            cleaned = clean(text, language).text
            found.update(self._chinese_words(cleaned) if language == "zh" else self._english_words(cleaned))
        return found

    def _english_words(self, text: str) -> Iterable[str]:
        for run in self._english.runs(text):
            for token in run:
                if len(token.kind.folded) > 2:
                    yield token.kind.folded
            for _, _, form, _ in self._english.ngrams(run):
                if " " in form and form in self._phrases:
                    yield form

    def _chinese_words(self, text: str) -> Iterable[str]:
        if self._chinese is None:
            from .segment_zh import Segmenter

            self._chinese = ChineseReader(Segmenter())
        for run in self._chinese.runs(text):
            for word in run:
                if len(word.text) > 1 and word.text not in SOFT_ZH:
                    yield word.text.lower()
            for start, end, form, _ in self._chinese.ngrams(run):
                if " " in form and (form in self._phrases or text[start:end].lower() in self._phrases):
                    yield text[start:end].lower()


def bag_of_words(
    records: Iterable[Record],
    phrases: Iterable[str] = (),
    min_documents: int = 5,
    max_share: float = 0.3,
    most: int = 30_000,
) -> Bag:
    """Count a corpus. Words in fewer than `min_documents` or more than `max_share` of documents are left
    out."""
    from scipy import sparse

    reader = Reader(phrases)
    columns: dict[str, int] = {}
    ids: list[str] = []
    indptr, indices, data = [0], [], []
    for record in records:
        ids.append(record.id)
        for word, count in reader.words(record).items():
            indices.append(columns.setdefault(word, len(columns)))
            data.append(count)
        indptr.append(len(indices))
    matrix = sparse.csr_matrix(
        (np.array(data, "f4"), np.array(indices, "i4"), np.array(indptr, "i8")),
        shape=(len(ids), len(columns)),
    )
    return _bag(tuple(ids), list(columns), matrix, min_documents, max_share, most)


def bag_of_counts(
    parts: Sequence[Partial],
    mined: Mined,
    min_documents: int = 5,
    max_share: float = 0.3,
    most: int = 30_000,
) -> Bag:
    """The same from counted chunks and the terms mined from them: no text is read again.

    A word counts once more when the title has it; a term of several words counts beside its words, twice a
    document.
    """
    from scipy import sparse

    columns: dict[str, int] = {}
    seen: dict[str, dict[str, int]] = {}
    pieces: list[tuple[Ints, Ints, Ints]] = []
    base = 0
    for part in parts:
        for language, counted in sorted(part.parts.items()):
            rows = counted.bag
            own = seen.setdefault(language, {})
            for word in counted.words:
                if word not in own:
                    own[word] = _column(word, language, columns)
            local = np.array([own[word] for word in counted.words] or [-1], "i8")
            column = local[rows["word"]] if len(rows) else np.zeros(0, "i8")
            kept = rows[column >= 0]
            weight = kept["count"].astype("i8") + kept["title"]
            pieces.append((kept["document"].astype("i8") + base, column[column >= 0], weight))
        base += len(part.documents)
    for term, numbers in zip(mined.terms, mined.postings, strict=True):
        if " " in term.name or (term.language == "zh" and term.how["words"] != 1):
            place = columns.setdefault(term.name.lower(), len(columns))
            pieces.append((numbers, np.full(len(numbers), place, "i8"), np.full(len(numbers), 2, "i8")))
    at, column, weight = (
        np.concatenate([piece[n] for piece in pieces] or [np.zeros(0, "i8")]) for n in range(3)
    )
    matrix = sparse.csr_matrix((weight.astype("f4"), (at, column)), shape=(base, len(columns)))
    return _bag(mined.documents.ids, list(columns), matrix, min_documents, max_share, most)


def _column(word: str, language: str, columns: dict[str, int]) -> int:
    unfit = len(word) < 2 or word in SOFT_ZH if language == "zh" else len(word) < 3
    return -1 if unfit else columns.setdefault(word, len(columns))


def _bag(
    ids: tuple[str, ...], columns: list[str], matrix: Any, min_documents: int, max_share: float, most: int
) -> Bag:
    """Keep the useful columns, in alphabetical order."""
    names = np.array(columns, dtype=object)
    documents = np.bincount(matrix.indices, minlength=len(columns))
    least = min_documents if len(ids) >= 200 else min(min_documents, 2 if len(ids) >= 20 else 1)
    good = np.flatnonzero((documents >= least) & (documents <= max(max_share * len(ids), least)))
    # Alphabetical columns: the same corpus gives the same matrix, whatever the order words came in.
    ranked = sorted(good.tolist(), key=lambda c: (-int(documents[c]), str(names[c])))[:most]
    ranked.sort(key=lambda c: str(names[c]))
    return Bag(ids, tuple(str(names[c]) for c in ranked), matrix[:, ranked].tocsr())

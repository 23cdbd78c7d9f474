"""Partial counts of a chunk of records, that can be stored, sent between workers and put together again.

A `Partial` holds what the later steps need of its records and nothing of their text: the candidates' surface
strings, one row per occurrence, word counts, acronym definitions and the documents' dates and origins. A
corpus
is a sequence of partials; because each is a function of its own records only, one worker or four give the
same sequence, and after adding records only the new chunks are counted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

OCCURRENCE = np.dtype(
    [
        ("surface", "u4"),
        ("document", "u4"),
        ("start", "u4"),
        ("length", "u2"),
        ("flags", "u1"),
        ("left", "u2"),
        ("right", "u2"),
    ]
)

# A content word of a document: how often, and how often of that in the title.
WORD = np.dtype([("document", "u4"), ("word", "u4"), ("count", "u1"), ("title", "u1")])


@dataclass(frozen=True, slots=True)
class Documents:
    """Columns over the documents of a chunk; year 0 means no date."""

    ids: tuple[str, ...]
    years: NDArray[np.int16]
    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    countries: tuple[tuple[str, ...], ...]
    organisations: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class LanguagePart:
    """Candidates of one language in a chunk.

    `surfaces` and `forms` are newline-joined (a tenth of the memory of a list of strings).
    `occurrences.surface`
    points into `surfaces`; `surface_key` points from a surface to its key; `key_hash`/`key_documents` say
    in how
    many documents of the chunk each key occurs, so that rare keys can be left out without reading a string.
    `bag` holds the words of each document; its `word` is a place in `words`, which counts them all.
    """

    surfaces: str
    forms: str
    surface_key: NDArray[np.uint32]
    key_hash: NDArray[np.uint64]
    key_documents: NDArray[np.uint32]
    occurrences: NDArray[np.void]
    words: dict[str, int]
    definitions: tuple[tuple[str, str, int], ...]
    bag: NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Partial:
    """Counts of one chunk."""

    documents: Documents
    parts: dict[str, LanguagePart]


def hash_key(key: str) -> int:
    """A 64-bit identity that is the same in every process (Python's own hash is salted)."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little")


@dataclass(slots=True)
class LanguageBuilder:
    """Collects the candidates of one language while a chunk is read."""

    surface_ids: dict[str, int] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    rows: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)
    word_ids: dict[str, int] = field(default_factory=dict)
    word_totals: list[int] = field(default_factory=list)
    bag: list[tuple[int, int, int, int]] = field(default_factory=list)
    definitions: list[tuple[str, str, int]] = field(default_factory=list)

    def add(self, surface: str, form: str, row: tuple[int, int, int, int, int, int]) -> None:
        """One occurrence: row is (document, start, length, flags, left neighbour, right neighbour)."""
        number = self.surface_ids.get(surface)
        if number is None:
            number = self.surface_ids[surface] = len(self.forms)
            self.forms.append(form)
        self.rows.append((number, *row))

    def add_words(self, document: int, counts: dict[str, list[int]]) -> None:
        """The words of one document: name -> [occurrences, of these in the title]."""
        ids, totals = self.word_ids, self.word_totals
        for name, (count, title) in counts.items():
            number = ids.get(name)
            if number is None:
                number = ids[name] = len(totals)
                totals.append(0)
            totals[number] += count
            self.bag.append((document, number, min(count, 255), min(title, 255)))

    def freeze(self) -> LanguagePart:
        keys: dict[str, int] = {}
        surface_key = np.fromiter(
            (keys.setdefault(form.replace(" ", ""), len(keys)) for form in self.forms), "u4", len(self.forms)
        )
        occurrences = np.array(self.rows, OCCURRENCE)
        pairs = np.unique(
            (surface_key[occurrences["surface"]].astype("u8") << np.uint64(32))
            | occurrences["document"].astype("u8")
        )
        return LanguagePart(
            surfaces="\n".join(self.surface_ids),
            forms="\n".join(self.forms),
            surface_key=surface_key.astype("u4"),
            key_hash=np.fromiter((hash_key(key) for key in keys), "u8", len(keys)),
            key_documents=np.bincount((pairs >> np.uint64(32)).astype("i8"), minlength=len(keys)).astype(
                "u4"
            ),
            occurrences=occurrences,
            words=dict(zip(self.word_ids, self.word_totals, strict=True)),
            definitions=tuple(self.definitions),
            bag=np.array(self.bag, WORD),
        )

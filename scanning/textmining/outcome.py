"""How often given terms occur in given chunks, by year: the same yardstick before and after a cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .candidates_en import LOOSE
from .combine import Ints
from .counts import Partial, hash_key
from .terms import Term


def parts_until(parts: Sequence[Partial], cut: int) -> list[Partial]:
    """The chunks whose documents all date from `cut` or before.

    Raises ValueError for a chunk that straddles the cut or holds undated documents: its word counts cannot be
    taken apart, and a backtest that used them would know the future. Count year by year (`count_by_year`).
    """
    kept: list[Partial] = []
    for part in parts:
        years = part.documents.years
        if not len(years):
            continue
        if int(years.min()) <= 0 or (int(years.min()) <= cut < int(years.max())):
            raise ValueError(f"a chunk of {int(years.min())} to {int(years.max())} straddles the cut {cut}")
        if int(years.max()) <= cut:
            kept.append(part)
    return kept


def term_keys(term: Term) -> tuple[str, ...]:
    """The keys a term is counted by: its own and its acronym's."""
    return (term.key, term.acronym.lower().replace("-", "")) if term.acronym else (term.key,)


def yearly_documents(
    parts: Sequence[Partial], groups: Sequence[Sequence[str]], language: str, years: Sequence[int]
) -> Ints:
    """Documents per group of keys (rows) and year (columns)."""
    owner: dict[int, int] = {}
    for number, keys in enumerate(groups):
        for key in keys:
            owner.setdefault(hash_key(key), number)
    hashes = np.array(sorted(owner), "u8")
    owners = np.array([owner[value] for value in hashes.tolist()], "i8")
    result = np.zeros((len(groups), len(years)), "i8")
    for partial in parts:
        part = partial.parts.get(language)
        if part is None or not len(hashes) or not len(part.key_hash):
            continue
        at = np.minimum(np.searchsorted(hashes, part.key_hash), len(hashes) - 1)
        group_of_key = np.where(hashes[at] == part.key_hash, owners[at], -1)
        rows = part.occurrences[(part.occurrences["flags"] & LOOSE) == 0]
        group = group_of_key[part.surface_key[rows["surface"]]]
        pairs = np.unique(np.stack([group, rows["document"].astype("i8")])[:, group >= 0], axis=1)
        when = partial.documents.years[pairs[1]]
        for column, year in enumerate(years):
            result[:, column] += np.bincount(pairs[0][when == year], minlength=len(groups))
    return result


def yearly_totals(parts: Sequence[Partial], language: str, years: Sequence[int]) -> Ints:
    """All documents of a language per year."""
    totals = np.zeros(len(years), "i8")
    for part in parts:
        mine = np.array([one == language for one in part.documents.languages], dtype=bool)
        for column, year in enumerate(years):
            totals[column] += int((mine & (part.documents.years == year)).sum())
    return totals

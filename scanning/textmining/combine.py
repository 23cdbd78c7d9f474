"""Put partial counts of one language together, keeping only terms frequent enough to matter.

Rare keys are dropped by their 64-bit hashes before any string is looked at, so that memory and time follow
the
surviving vocabulary, not the corpus's. Keys are ordered by hash: the result does not depend on the order in
which workers finished, only on the order of documents given by the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidates_en import LOOSE, TITLE
from .counts import Documents, Partial, hash_key
from .tokens_en import singular

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """One row per occurrence, sorted by key, document, field and place."""

    key: Ints
    document: Ints
    start: Ints
    length: Ints
    flags: Ints
    left: Ints
    right: Ints
    surface: Ints


@dataclass(frozen=True, slots=True)
class Combined:
    """The surviving candidates of one language over a whole corpus.

    `lookup` finds a key's number; an acronym's number is that of its long form. `acronyms` maps a number to
    its
    short form as usually written, `defined` counts its definitions.
    """

    lookup: dict[str, int]
    forms: list[str]
    names: list[str]
    variants: list[tuple[str, ...]]
    acronyms: dict[int, str]
    defined: Ints
    occurrences: Occurrences
    words: dict[str, int]
    documents: int

    def __len__(self) -> int:
        return len(self.forms)


def join_documents(parts: Sequence[Partial]) -> Documents:
    """The documents of all parts, in the parts' order."""
    return Documents(
        ids=tuple(i for p in parts for i in p.documents.ids),
        years=np.concatenate([p.documents.years for p in parts]) if parts else np.zeros(0, "i2"),
        languages=tuple(i for p in parts for i in p.documents.languages),
        kinds=tuple(i for p in parts for i in p.documents.kinds),
        sources=tuple(i for p in parts for i in p.documents.sources),
        countries=tuple(i for p in parts for i in p.documents.countries),
        organisations=tuple(i for p in parts for i in p.documents.organisations),
    )


def combine(parts: Sequence[Partial], language: str, min_documents: int, loose: bool = False) -> Combined:
    """All candidates of `language` that occur in at least `min_documents` documents.

    `loose` also takes the candidates that are fit for keywords of a document only.
    """
    kept = _survivors(parts, language, min_documents)
    surfaces: dict[str, int] = {}
    forms: list[str] = []
    surface_keys: list[int] = []
    rows: list[NDArray[np.int64]] = []
    words: Counter[str] = Counter()
    base = 0
    for partial in parts:
        part = partial.parts.get(language)
        if part is not None:
            words.update(part.words)
            numbers, mask = _positions(kept, part.key_hash)
            alive = mask[part.surface_key]
            local = np.full(len(alive), -1, "i8")
            texts, shapes = part.surfaces.split("\n"), part.forms.split("\n")
            chosen = np.flatnonzero(alive)
            found = zip(chosen.tolist(), numbers[part.surface_key[chosen]].tolist(), strict=True)
            places = []
            for index, key in found:
                number = surfaces.setdefault(texts[index], len(forms))
                if number == len(forms):
                    forms.append(shapes[index])
                    surface_keys.append(key)
                places.append(number)
            local[chosen] = places
            rows.append(_rows(part.occurrences, local, base, loose))
        base += len(partial.documents)
    table = np.concatenate(rows, axis=1) if rows else np.zeros((7, 0), "i8")
    return _assemble(
        table, list(surfaces), forms, np.array(surface_keys, "i8"), len(kept), words, parts, language
    )


def _survivors(parts: Sequence[Partial], language: str, min_documents: int) -> NDArray[np.uint64]:
    found = [p.parts[language] for p in parts if language in p.parts]
    if not found:
        return np.zeros(0, "u8")
    hashes = np.concatenate([part.key_hash for part in found])
    counts = np.concatenate([part.key_documents for part in found])
    unique, inverse = np.unique(hashes, return_inverse=True)
    totals = np.bincount(inverse, weights=counts, minlength=len(unique))
    defined = {hash_key(form.replace(" ", "")) for part in found for _, form, _ in part.definitions}
    # A long form stays although rare: its acronym carries its documents ("bidirectional encoder ... (BERT)").
    rare = np.isin(unique, np.array(sorted(defined), "u8"))
    return unique[(totals >= min_documents) | rare]


def _positions(kept: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> tuple[Ints, NDArray[np.bool_]]:
    if not len(kept):
        return np.zeros(len(hashes), "i8"), np.zeros(len(hashes), bool)
    at = np.minimum(np.searchsorted(kept, hashes), len(kept) - 1)
    return at.astype("i8"), kept[at] == hashes


def _rows(occurrences: NDArray[np.void], local: Ints, base: int, loose: bool) -> Ints:
    surface = local[occurrences["surface"]]
    wanted = surface >= 0
    if not loose:
        wanted &= (occurrences["flags"] & LOOSE) == 0
    chosen = occurrences[wanted]
    columns = [surface[wanted], chosen["document"].astype("i8") + base]
    columns += [chosen[name].astype("i8") for name in ("start", "length", "flags", "left", "right")]
    return np.stack(columns) if len(chosen) else np.zeros((7, 0), "i8")


def _assemble(
    table: Ints,
    surfaces: list[str],
    forms: list[str],
    surface_keys: Ints,
    size: int,
    words: Counter[str],
    parts: Sequence[Partial],
    language: str,
) -> Combined:
    used = np.bincount(table[0], minlength=len(surfaces)) if len(surfaces) else np.zeros(0, "i8")
    body = np.bincount(table[0][table[4] & TITLE == 0], minlength=len(surfaces)) if len(surfaces) else used
    canonical, names, variants = _namings(surfaces, forms, surface_keys, used, body, size)
    lookup = {form.replace(" ", ""): number for number, form in enumerate(canonical)}
    alias, acronyms, defined = _acronyms(parts, language, lookup, used, surface_keys, size)
    for number, short in acronyms.items():
        old = lookup.get(short)
        if old is not None and old != number:
            acronyms[number] = _one(names[old])
            variants[number] = tuple(dict.fromkeys(variants[number] + variants[old]))
            if any(_one(short) != short for short in (names[old], *variants[old])):  # "ECUs" were spelled out
                names[number], variants[number] = _named_singly(names[number], variants[number])
            lookup[short] = number
        else:
            acronyms[number] = short.upper()
    key = alias[surface_keys[table[0]]] if table.shape[1] else np.zeros(0, "i8")
    order = np.lexsort((table[2], 1 - (table[4] & TITLE), table[1], key))
    columns = [key[order], *(table[row][order] for row in (1, 2, 3, 4, 5, 6, 0))]
    total = sum(language == one for part in parts for one in part.documents.languages)
    return Combined(
        lookup, canonical, names, variants, acronyms, defined, Occurrences(*columns), dict(words), total
    )


def _namings(
    surfaces: list[str], forms: list[str], keys: Ints, used: Ints, body: Ints, size: int
) -> tuple[list[str], list[str], list[tuple[str, ...]]]:
    """For each key its canonical folded form, its display name and its other spellings."""
    by_key: list[list[int]] = [[] for _ in range(size)]
    for surface, key in enumerate(keys.tolist()):
        by_key[key].append(surface)
    ends = {surface.rsplit(" ", 1)[-1].lower() for surface in surfaces}
    canonical: list[str] = []
    names: list[str] = []
    variants: list[tuple[str, ...]] = []
    for members in by_key:
        if len(members) == 1:  # most are only ever written in one way
            canonical.append(forms[members[0]])
            name, others = _attested_singly(surfaces[members[0]], (), ends)
            names.append(name)
            variants.append(others)
            continue
        shapes: Counter[str] = Counter()
        spellings: Counter[str] = Counter()
        for surface in members:
            shapes[forms[surface]] += int(used[surface])
            spellings[surfaces[surface].lower()] += int(used[surface])
        canonical.append(min(shapes, key=lambda form: (-shapes[form], form)))
        ranked = sorted(spellings, key=lambda text: (-spellings[text], text))
        cased = {text: _best_case(text, members, surfaces, used, body) for text in ranked[:6]}
        best = _prefer_singular(ranked[:6], spellings, cased)
        name, others = _attested_singly(
            cased[best], tuple(cased[text] for text in ranked[:6] if text != best), ends
        )
        names.append(name)
        variants.append(others)
    return canonical, names, variants


def _prefer_singular(ranked: list[str], spellings: Counter[str], cased: dict[str, str]) -> str:
    """The most usual spelling, but a singular one where it is more than a slip: lists name things singly.

    The last letter of "MCTS" is no plural, and what follows a preposition has the number that it has."""
    floor = spellings[ranked[0]] / (5 if _has_preposition(ranked[0]) else 20)
    for text in ranked:
        last = text.rsplit(" ", 1)[-1].rsplit("-", 1)[-1]
        if spellings[text] >= floor and (singular(last) == last or cased[text].isupper()):
            return text
    return ranked[0]


def _best_case(lower: str, members: list[int], surfaces: list[str], used: Ints, body: Ints) -> str:
    """The most usual capitalisation, from running text where there is any (titles capitalise every word)."""
    same = [member for member in members if surfaces[member].lower() == lower]
    best = min(same, key=lambda m: (-int(body[m]), -int(used[m]), surfaces[m]))
    # Authors capitalise a name where they define its acronym: plain writing wins although less frequent.
    plain = next((m for m in same if surfaces[m] == lower), None)
    return lower if plain is not None and body[plain] * 6 >= body[best] else surfaces[best]


_PREPOSITIONS = frozenset(
    {"of", "for", "from", "in", "on", "to", "with", "and", "by", "over", "between", "per"}
)


def _has_preposition(name: str) -> bool:
    return not _PREPOSITIONS.isdisjoint(name.lower().replace("-", " ").split(" "))


def _attested_singly(name: str, variants: tuple[str, ...], ends: set[str]) -> tuple[str, tuple[str, ...]]:
    """In the singular where other terms of the corpus end on that singular; titles of things ("Times") stay."""
    last = name.rsplit(" ", 1)[-1]
    if " " not in name or not last.endswith("s") or last[0].isupper() or singular(last) not in ends:
        return name, variants
    return _named_singly(name, variants)


def _named_singly(name: str, variants: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The name in the singular, the plural among its spellings."""
    head, blank, last = name.rpartition(" ")
    one = singular(last.lower())
    if one == last.lower() or last.isupper() or _has_preposition(name):
        return name, variants
    return f"{head}{blank}{last[: len(one)] if last.lower().startswith(one) else one}", (*variants, name)


def _one(short: str) -> str:
    """An acronym without the plural that most writers give it: "LMs" -> "LM"."""
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _acronyms(
    parts: Sequence[Partial], language: str, lookup: dict[str, int], used: Ints, surface_keys: Ints, size: int
) -> tuple[Ints, dict[int, str], Ints]:
    """Which key each acronym's occurrences go to, each long form's acronym, and definition counts.

    A short form is joined with a long form when at least 60 % of its definitions say so; an ambiguous one
    ("MT") keeps to itself. Across two scripts no letter can be checked: there the long form must stand somewhere
    else too.
    """
    pairs: Counter[tuple[str, int]] = Counter()
    for partial in parts:
        part = partial.parts.get(language)
        for short, form, _ in part.definitions if part is not None else ():
            number = lookup.get(form.replace(" ", ""))
            if number is not None:
                pairs[short, number] += 1
    totals: Counter[str] = Counter()
    defined = np.zeros(size, "i8")
    for (short, number), count in pairs.items():
        totals[short] += count
        defined[number] += count
    alias = np.arange(size, dtype="i8")
    usual = np.bincount(surface_keys, weights=used, minlength=size) if len(surface_keys) else np.zeros(size)
    acronyms: dict[int, str] = {}
    for (short, number), count in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        if number in acronyms or count < 0.6 * totals[short] or (language == "zh" and usual[number] < 2):
            continue
        acronyms[number] = short
        old = lookup.get(short)
        if old is not None and old != number:
            alias[old] = number
    return alias, acronyms, defined

"""Whether a Chinese candidate names a technology: by its ending, by how authors speak of such names, by its company.

Chinese corpora often mix disciplines, and the statistics of a good term hold for 控股股东 as for 支持向量机. Three
observations tell them apart; each is a factor about 1, and only the first is a list:

- its ending (`wordlists/zh_*_endings.txt`; the longest of the three lists counts);
- its last word's use, learned from the corpus: what follows 用 (采用, 利用, 应用) or 种 (一种) is a means to an end;
- its documents' leaning, learned from the corpus: words whose endings are known give each document a first opinion,
  every word then takes the mean opinion of its documents, and a document the mean of its words (one step of label
  propagation, after X. Zhu and Z. Ghahramani, "Learning from labeled and unlabeled data with label propagation",
  CMU-CALD-02-107, 2002). A corpus of one discipline has little spread, and the factor then stays near 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .candidates_en import LEFT
from .combine import Combined, Ints
from .counts import Partial
from .termhood import Floats, Termhood
from .words_zh import ACTING, GENERIC, NATURE_ENDINGS, SOCIETY_ENDINGS, SOFT, STRONG_HEADS, TECHNOLOGY_ENDINGS

# What an ending says of a word, from society to technology. Nature is nearer to technology: it is what that works on.
ENDINGS = {
    **dict.fromkeys(TECHNOLOGY_ENDINGS, 1.0),
    **dict.fromkeys(NATURE_ENDINGS, -0.4),
    **dict.fromkeys(SOCIETY_ENDINGS, -1.0),
}
_GENERAL = SOFT | ACTING | GENERIC
_CLOSING = _GENERAL | STRONG_HEADS
_LONGEST = max(map(len, ENDINGS))
_USED = (ord("用"), ord("种"))
# Exponents of the three factors; a mean leaning of SCALE is one unit (a standard deviation where disciplines mix).
ENDING, USE, LEANING, SCALE = 0.7, 0.4, 0.6, 0.09
# What a name of which nothing is known gets, so that good Chinese terms keep their level beside English ones.
LEVEL = 0.64
LEAST, MOST = 0.1, 1.6
PLAIN = 0.6
# Imagined uses, documents and words that keep rare ones near the mean.
PSEUDO_USES, PSEUDO_DOCUMENTS, PSEUDO_WORDS = 2.0, 5.0, 2.0


def ending(form: str) -> float:
    """-1 (society), -0.4 (nature), 0 (unknown) or 1 (technology), by the longest listed ending of a joined form."""
    for size in range(min(_LONGEST, len(form)), 0, -1):
        found = ENDINGS.get(form[-size:])
        if found is not None:
            return found
    return 0.0


def technology_prior(combined: Combined, hood: Termhood, leaning: Floats) -> Floats:
    """A factor about 1 for each candidate; `leaning` is that of each document (see `leanings`)."""
    forms = [form.split(" ") for form in combined.forms]
    closing = np.array([ending("".join(words)) for words in forms])
    sums = np.bincount(hood.pair_key, weights=leaning[hood.pair_document], minlength=len(forms))
    company = sums / (hood.documents + 1) / SCALE
    power = (
        ENDING * closing + USE * np.log(_use(combined, [words[-1] for words in forms])) + LEANING * company
    )
    plain = np.array([PLAIN if _is_plain(words) else 1.0 for words in forms])
    return np.asarray(np.clip(LEVEL * np.exp(power) * plain, LEAST, MOST))


def _is_plain(words: list[str]) -> bool:
    """Nothing but general words ("计算方法", "新技术"): a kind of thing, not a thing."""
    return words[-1] in _CLOSING and all(word in _GENERAL for word in words[:-1])


def _use(combined: Combined, heads: list[str]) -> Floats:
    """How much more often than usual the names with a last word follow a word of use; 0.4 to 3."""
    ids: dict[str, int] = {}
    head = np.array([ids.setdefault(word, len(ids)) for word in heads], "i8")
    rows = combined.occurrences
    told = ((rows.flags & LEFT) > 0) & (rows.left > 0)
    used = told & np.isin(rows.left, _USED)
    uses = np.bincount(head[rows.key[used]], minlength=len(ids))
    chances = np.bincount(head[rows.key[told]], minlength=len(ids))
    usual = (uses.sum() + PSEUDO_USES) / (chances.sum() + 20 * PSEUDO_USES)
    return np.asarray(np.clip((uses + PSEUDO_USES) / (chances * usual + PSEUDO_USES), 0.4, 3.0)[head])


def leanings(parts: Sequence[Partial], language: str) -> Floats:
    """Each document's leaning to technology (above 0) or away from it, 0 on average; numbered over all parts."""
    document, word, vocabulary = _bag(parts, language)
    size = sum(len(part.documents) for part in parts)
    if not len(document):
        return np.zeros(size)
    kinds = np.array([ending(name) if len(name) > 1 and not name.isascii() else 0.0 for name in vocabulary])
    lengths = np.bincount(document, minlength=size)
    known = np.bincount(document, weights=np.abs(kinds)[word], minlength=size)
    first = _centred(
        np.bincount(document, weights=kinds[word], minlength=size) / (known + PSEUDO_WORDS), lengths
    )
    spoken = np.bincount(word, minlength=len(vocabulary))
    opinion = np.bincount(word, weights=first[document], minlength=len(vocabulary)) / (
        spoken + PSEUDO_DOCUMENTS
    )
    return _centred(
        np.bincount(document, weights=opinion[word], minlength=size) / np.maximum(lengths, 1), lengths
    )


def _centred(values: Floats, lengths: Ints) -> Floats:
    present = lengths > 0
    return np.where(present, values - values[present].mean(), 0.0)


def _bag(parts: Sequence[Partial], language: str) -> tuple[Ints, Ints, list[str]]:
    """(document, word) pairs of a language, each once, and the words."""
    ids: dict[str, int] = {}
    documents: list[NDArray[np.int64]] = [np.zeros(0, "i8")]
    words: list[NDArray[np.int64]] = [np.zeros(0, "i8")]
    base = 0
    for partial in parts:
        part = partial.parts.get(language)
        if part is not None:
            local = np.array([ids.setdefault(name, len(ids)) for name in part.words], "i8")
            documents.append(part.bag["document"].astype("i8") + base)
            words.append(local[part.bag["word"]])
        base += len(partial.documents)
    return np.concatenate(documents), np.concatenate(words), list(ids)

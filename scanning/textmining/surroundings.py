"""What the words around a term say about its prospects, as of the corpus's last year.

Two views: how the words of its documents, and of its name, have grown; and how late its documents read, by a ridge
regression of the year of publication on a document's words. Both are kept apart from the mixture of sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .counts import Documents, Partial
from .mixture import tally
from .termhood import Floats
from .terms import Mined
from .tokens_en import fold_phrase
from .vectors import bag_of_counts

USUAL = 10
RIDGE = 2.0


def surroundings(
    parts: Sequence[Partial], mined: Mined, chosen: Sequence[int], matrix: Any
) -> dict[str, Floats]:
    """Features of the chosen terms; `matrix` is terms x documents (0/1), in the order of `chosen`."""
    documents = mined.documents
    empty = Mined((), (), documents, {})
    bag = bag_of_counts(parts, empty, min_documents=USUAL, max_share=1.0, most=1_000_000)
    words = bag.matrix.copy()
    words.data[:] = 1.0
    growth = tally(words.T.tocsr(), documents).growth()
    found = _own_words(mined, chosen, dict(zip(bag.vocabulary, growth.tolist(), strict=True)))
    used = np.asarray(words.sum(axis=0)).ravel()
    rarity = np.log(len(documents) / np.maximum(used, 1)) if len(used) else used
    weight = np.asarray(words @ rarity).ravel()
    rising = np.asarray(words @ (growth * rarity)).ravel() / np.maximum(weight, 1e-9)
    late = lateness(words, rarity, documents)
    last = documents.years == documents.years.max(initial=0)
    for name, values in (("around", rising), ("late", late)):
        found[name] = _mean(matrix, values)
        found[f"{name}_now"] = _mean(matrix.multiply(last.astype(float)).tocsr(), values)
    return found


def lateness(words: Any, rarity: Floats, documents: Documents) -> Floats:
    """The year that each document's words speak of, less the mean year."""
    from scipy import sparse
    from sklearn.linear_model import Ridge

    dated = np.flatnonzero(documents.years > 0)
    years = documents.years[dated].astype(float)
    if not words.shape[1] or len(np.unique(years)) < 2:
        return np.zeros(len(documents))
    weighted = (words @ sparse.diags(rarity)).tocsr()
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    unit = (sparse.diags(1 / np.maximum(norms, 1e-9)) @ weighted).tocsr()
    sources = np.unique(np.array(documents.sources, dtype=object).astype(str), return_inverse=True)[1]
    size = len(documents)
    strata = sparse.csr_matrix(
        (np.ones(size), (np.arange(size), sources)), shape=(size, int(sources.max()) + 1)
    )
    both = sparse.hstack([unit, strata]).tocsr()[dated]
    model = Ridge(RIDGE, solver="sparse_cg", tol=1e-4).fit(both, years - years.mean())
    return np.asarray(unit @ model.coef_[: unit.shape[1]]).ravel()


def _own_words(mined: Mined, chosen: Sequence[int], growth: dict[str, float]) -> dict[str, Floats]:
    rows = [
        [growth[word] for word in fold_phrase(mined.terms[i].name).split() if word in growth] or [0.0]
        for i in chosen
    ]
    return {
        "word_mean": np.array([sum(row) / len(row) for row in rows]),
        "word_least": np.array([min(row) for row in rows]),
        "word_most": np.array([max(row) for row in rows]),
    }


def _mean(matrix: Any, values: Floats) -> Floats:
    sizes = np.asarray(matrix.sum(axis=1)).ravel()
    return np.asarray(np.asarray(matrix @ values).ravel() / np.maximum(sizes, 1))

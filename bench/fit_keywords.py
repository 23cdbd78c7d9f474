"""Fit the weights of the keyword features on every second record of the Chinese corpus.

    DELPHI_DATA_DIR=... python -m bench.fit_keywords

Prints a dictionary for `scanning/textmining/keyword_weights.py`, and recall on both halves.
"""

from __future__ import annotations

import numpy as np

from bench.mining_data import csl, fold
from scanning.textmining import count_records
from scanning.textmining.keywords import document_candidates


def main() -> None:
    from sklearn.linear_model import LogisticRegression

    records, wanted = csl()
    found = document_candidates(list(count_records(records)), "zh")
    names = sorted(found.features)
    matrix = np.stack([found.features[name] for name in names], axis=1)
    keys = [fold(form) for form in found.combined.forms]
    hit = np.array([keys[k] in wanted[d] for k, d in zip(found.key, found.document, strict=True)])
    train = found.document % 2 == 0
    mean, deviation = matrix[train].mean(axis=0), matrix[train].std(axis=0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=2000).fit((matrix[train] - mean) / deviation, hit[train])
    weights = model.coef_[0] / deviation
    print({name: round(float(value), 3) for name, value in zip(names, weights, strict=True)})
    score = matrix @ weights
    for half in (0, 1):
        documents = [d for d in range(len(records)) if d % 2 == half]
        ceiling, recalls = recall(found, score, hit, documents, wanted)
        print(
            "half", half, "candidates hold", round(ceiling, 3), {k: round(v, 3) for k, v in recalls.items()}
        )


def recall(found, score, hit, documents, wanted):  # type: ignore[no-untyped-def]
    rows = {d: [] for d in documents}
    for row, document in enumerate(found.document.tolist()):
        if document in rows:
            rows[document].append(row)
    total = sum(len(wanted[d]) for d in documents)
    ceiling = sum(int(hit[rows[d]].sum()) for d in documents) / total
    best = {d: sorted(rows[d], key=lambda r: -score[r]) for d in documents}
    return ceiling, {k: sum(int(hit[best[d][:k]].sum()) for d in documents) / total for k in (5, 10, 15)}


if __name__ == "__main__":
    main()

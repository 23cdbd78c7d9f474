"""Quality (d): NPMI coherence and diversity of topics beside scikit-learn's LDA, NMF and LSA + k-means."""

from __future__ import annotations

import time

import numpy as np

from bench.mining_data import acl
from scanning.textmining import (
    Record,
    bag_of_counts,
    coherence,
    count_records,
    diversity,
    fit_topics,
    mine_counts,
)
from scanning.textmining.language import clean

TOPICS = 50


def run(most: int = 10_000) -> None:
    records = acl()[:: max(1, 33_077 // most)][:most]
    print(
        f"(d) {TOPICS} topics of {len(records)} English records: NPMI of top 10 words / diversity / CPU seconds"
    )
    began = time.process_time()
    parts = list(count_records(records))
    bag = bag_of_counts(parts, mine_counts(parts))
    print(
        f"    counted, mined and put into a matrix in {time.process_time() - began:.1f} s: {len(bag.vocabulary)}"
    )
    for method in ("lsa", "nmf", "lda"):
        began = time.process_time()
        model = fit_topics(bag, TOPICS, method)
        print(
            f"    ours, {method:<26}{model.coherence:.3f} / {model.diversity:.2f} / {time.process_time() - began:.1f}"
        )
    _sklearn(records)


def _sklearn(records: list[Record]) -> None:
    """The library's own pipelines: its tokens and English stop words, components' or centres' heaviest words."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.preprocessing import normalize

    vectorizer = CountVectorizer(stop_words="english", min_df=5, max_df=0.3, max_features=30_000)
    counts = vectorizer.fit_transform(clean(r.title + " " + r.text, "en").text for r in records)
    names = vectorizer.get_feature_names_out()
    weighted = TfidfTransformer(sublinear_tf=True).fit_transform(counts)

    def centres():  # type: ignore[no-untyped-def]
        svd = TruncatedSVD(100, random_state=1)
        vectors = normalize(svd.fit_transform(weighted))
        return KMeans(TOPICS, n_init=4, random_state=1).fit(vectors).cluster_centers_ @ svd.components_

    fits = {
        "LDA": lambda: (
            LatentDirichletAllocation(
                TOPICS, learning_method="online", batch_size=512, max_iter=5, random_state=1
            )
            .fit(counts)
            .components_
        ),
        "NMF": lambda: NMF(TOPICS, init="nndsvda", random_state=1, tol=1e-3).fit(weighted).components_,
        "LSA + k-means": centres,
    }
    for name, fit in fits.items():
        began = time.process_time()
        weights = fit()
        spent = time.process_time() - began
        tops = [[str(names[c]) for c in np.argsort(-row)[:10]] for row in weights]
        values = [value for value in coherence(tops, list(names), counts) if value is not None]
        print(f"    scikit-learn, {name:<18}{np.mean(values):.3f} / {diversity(tops):.2f} / {spent:.1f}")

"""Quality (a): authors' keywords of Chinese papers, beside jieba's TF-IDF and TextRank and YAKE in the same run."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

from bench.mining_data import csl, fold
from scanning.textmining import Record, count_records, mine_counts
from scanning.textmining.keywords import document_keywords

CUTS = (5, 10, 15)


def run(most: int | None = None) -> None:
    records, wanted = csl(most)
    print(f"(a) authors' keywords, {len(records)} Chinese records, {sum(map(len, wanted))} keywords")
    inside = sum(
        keyword in fold(record.title + "。" + record.text)
        for record, keywords in zip(records, wanted, strict=True)
        for keyword in keywords
    )
    print(
        f"    {inside / sum(map(len, wanted)):.3f} of them stand word for word in title or abstract (the ceiling)"
    )
    print("    recall per document (mean) / over the corpus; weights were fitted on even-numbered records,")
    print("    so the held-out half is the fair figure")
    print(
        f"    {'method':<16}{'half':<10}" + "".join(f"{'@' + str(k):>16}" for k in CUTS) + f"{'seconds':>10}"
    )
    for name, method in METHODS.items():
        began = time.perf_counter()
        found = method(records)
        spent = time.perf_counter() - began
        for half, numbers in (("held-out", range(1, len(records), 2)), ("all", range(len(records)))):
            cells = "".join(f"{_cell(found, wanted, numbers, k):>16}" for k in CUTS)
            print(f"    {name:<16}{half:<10}{cells}{spent:>10.1f}")
    _corpus_list(records, wanted)


def _cell(found: list[list[str]], wanted: list[set[str]], numbers: range, k: int) -> str:
    hits = [len(set(found[n][:k]) & wanted[n]) for n in numbers]
    mean = sum(hit / len(wanted[n]) for hit, n in zip(hits, numbers, strict=True) if wanted[n]) / len(numbers)
    return f"{mean:.3f} / {sum(hits) / sum(len(wanted[n]) for n in numbers):.3f}"


def ours(records: list[Record]) -> list[list[str]]:
    found = document_keywords(list(count_records(records)), "zh", 15)
    return [[fold(keyword.key) for keyword in found.get(number, ())] for number in range(len(records))]


def tfidf(records: list[Record]) -> list[list[str]]:
    analyse = _jieba()
    return [[fold(w) for w in analyse.extract_tags(r.title + "。" + r.text, topK=15)] for r in records]


def textrank(records: list[Record]) -> list[list[str]]:
    analyse = _jieba()
    return [[fold(w) for w in analyse.textrank(r.title + "。" + r.text, topK=15)] for r in records]


def yake(records: list[Record]) -> list[list[str]]:
    """YAKE needs blanks between words: jieba puts them in."""
    import jieba
    import yake as library

    _jieba()
    extractor = library.KeywordExtractor(lan="zh", n=3, top=15)
    texts = [" ".join(jieba.cut(record.title + "。" + record.text)) for record in records]
    return [[fold(phrase) for phrase, _ in extractor.extract_keywords(text)] for text in texts]


def _jieba():  # type: ignore[no-untyped-def]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
        import jieba.analyse

        jieba.setLogLevel(60)
        jieba.initialize()
    return jieba.analyse


METHODS: dict[str, Callable[[list[Record]], list[list[str]]]] = {
    "this package": ours,
    "jieba TF-IDF": tfidf,
    "jieba TextRank": textrank,
    "YAKE": yake,
}


def _corpus_list(records: list[Record], wanted: list[set[str]]) -> None:
    """How many of the corpus's top terms some author chose as a keyword, beside the most used jieba keywords."""
    chosen = {keyword for keywords in wanted for keyword in keywords}
    ours_ranked = [fold(term.key) for term in mine_counts(list(count_records(records))).terms]
    print("    share of a corpus's top terms that some author chose: @50, @100, @300")
    for name, ranked in (("this package", ours_ranked), ("jieba TF-IDF", _whole(records))):
        print(
            f"    {name:<16}"
            + "".join(f"{sum(t in chosen for t in ranked[:k]) / k:>8.2f}" for k in (50, 100, 300))
        )


def _whole(records: list[Record]) -> list[str]:
    text = "\n".join(record.title + "。" + record.text for record in records)
    return [fold(word) for word in _jieba().extract_tags(text, topK=300)]

"""Growth apart from the mixture of sources, and the words around a term."""

import numpy as np
import pytest
from scipy import sparse

from scanning.textmining import (
    Record,
    TermSettings,
    count_by_year,
    fit_topics,
    mine_counts,
    topic_of_terms,
)
from scanning.textmining.mixture import tally
from scanning.textmining.outlook import stand
from scanning.textmining.vectors import bag_of_counts


def records(journals):
    """Each year 100 documents; in `mountain` half name the fuel cell, elsewhere none does."""
    for year, mountain in journals.items():
        for i in range(100):
            source = "mountain" if i < mountain else "city"
            name = "fuel cell" if source == "mountain" and i % 2 else "steam engine"
            yield Record(f"{year}-{i}", "", f"The {name} is here. The gas turbine.", year, source=source)


def row_of(mined, key):
    numbers = next(n for term, n in zip(mined.terms, mined.postings, strict=True) if term.key == key)
    columns = (np.zeros(len(numbers), int), numbers)
    return sparse.csr_matrix((np.ones(len(numbers)), columns), shape=(1, len(mined.documents)))


def test_a_source_that_comes_and_goes_is_not_growth():
    mined = mine_counts(count_by_year(records({2016: 20, 2017: 20, 2018: 80})))
    found = tally(row_of(mined, "fuelcell"), mined.documents)
    assert found.observed.tolist() == [[10, 10, 40]]
    # Its share has grown fourfold, 2 in log2; most of that is the source's. Small sources are half believed.
    assert 0 < found.growth(shrink=0)[0] < 0.8
    # The last year holds more of its source than usual: less is to be expected of other years.
    assert found.mixture[0] < -0.5


def test_without_sources_growth_is_that_of_shares():
    rows = [Record(r.id, "", r.text, r.year) for r in records({2016: 20, 2017: 40})]
    mined = mine_counts(count_by_year(rows))
    found = tally(row_of(mined, "fuelcell"), mined.documents)
    assert found.growth(shrink=0)[0] == pytest.approx(1.0)
    assert found.mixture[0] == pytest.approx(0.0)


def test_late_words_mark_the_terms_beside_them():
    rows = []
    for year in range(2015, 2021):
        for i in range(60):
            name = "heat pump" if i % 2 else "steam engine"
            modern = (
                "Smart meters and cloud sensors."
                if i % 2 and i < 8 * (year - 2014)
                else "Coal and iron wheels."
            )
            rows.append(Record(f"{year}-{i}", "", f"The {name} is here. {modern}", year))
    standing = stand(count_by_year(rows), 2020)
    keys = [term.key for term in standing.terms]
    pump, engine = keys.index("heatpump"), keys.index("steamengine")
    for name in ("around", "around_now", "late", "late_now"):
        assert standing.features[name][pump] > standing.features[name][engine]


def test_topics_need_no_text_again_and_place_the_terms():
    words = {"heat pump": "boiler valve winter", "jazz music": "trumpet singer stage"}
    rows = [
        Record(str(i), f"The {name} and {text}", f"A {name} with {text}.", 2020)
        for i, (name, text) in enumerate(list(words.items()) * 40)
    ]
    parts = count_by_year(rows)
    mined = mine_counts(parts)
    bag = bag_of_counts(parts, mined, max_share=0.9)
    assert {"boiler", "trumpet", "heat pump"} <= set(bag.vocabulary)
    # Twice in the document, and once more for the title.
    assert bag.matrix[0, bag.vocabulary.index("boiler")] == 3
    model = fit_topics(bag, 2)
    topics = topic_of_terms(mined, model)
    assert topics["heatpump"] != topics["jazzmusic"]


class Twos:
    """An embedding that tells documents apart by one word."""

    name = "twos"

    def embed(self, bag):
        column = np.asarray(bag.matrix[:, bag.vocabulary.index("boiler")].todense()).ravel()
        return np.stack([column > 0, column == 0], axis=1).astype(float)


def test_an_embedding_model_can_be_plugged_in():
    rows = [
        Record(str(i), "", "boiler valve winter" if i % 3 else "trumpet singer stage", 2020)
        for i in range(60)
    ]
    parts = count_by_year(rows)
    model = fit_topics(bag_of_counts(parts, mine_counts(parts), max_share=0.9), 2, embedder=Twos())
    assert model.method == "twos+k-means"
    assert [topic.size for topic in model.topics] == [40, 20]


def test_equal_documents_make_no_more_topics_than_there_are_texts():
    rows = [
        Record(str(i), "", ("boiler valve", "trumpet stage", "fuel cell")[i % 3], 2020) for i in range(60)
    ]
    parts = count_by_year(rows)
    model = fit_topics(bag_of_counts(parts, mine_counts(parts), max_share=0.9), 20)
    assert [topic.size for topic in model.topics] == [20, 20, 20]


def test_evidence_looked_up_late_is_the_same():
    parts = count_by_year(records({2016: 20, 2017: 40}))
    early, late = mine_counts(parts), mine_counts(parts, TermSettings(support=0))
    assert not any(term.support for term in late.terms)
    assert tuple(late.with_evidence(term, 30) for term in late.terms) == early.terms

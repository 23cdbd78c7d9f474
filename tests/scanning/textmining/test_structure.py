"""Topics, groups, network, duplicates, ranking, keywords and the backtest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning.textmining import (
    Formula,
    Item,
    Record,
    TermSettings,
    bag_of_words,
    coherence,
    cooccurrence_network,
    count_by_year,
    count_records,
    diversity,
    document_keywords,
    fit_topics,
    flag,
    group_terms,
    group_texts,
    judge,
    learn,
    mine_counts,
    near_duplicates,
    rank,
    stand,
)
from scanning.textmining.outcome import parts_until
from scanning.textmining.ranking import percentiles

from .corpus import chinese, english

SUBJECTS = {
    "energy": "battery electrolyte lithium cathode anode charge electrode voltage",
    "optics": "laser photon fiber lens mirror beam wavelength optics",
    "biology": "protein genome enzyme cell tissue antibody mutation vaccine",
}


def subjects(each=30):
    rng = np.random.default_rng(4)
    return [
        Record(f"{name}{i}", "", " and ".join(rng.permutation(words.split())[:6]), 2020)
        for name, words in SUBJECTS.items()
        for i in range(each)
    ]


@pytest.mark.parametrize("method", ["lsa", "nmf", "lda"])
def test_topics_find_the_subjects(method):
    records = subjects()
    model = fit_topics(bag_of_words(records, max_share=0.9), 3, method)
    assert len(model.topics) == 3
    assert sum(topic.size for topic in model.topics) == len(records)
    for start in (0, 30, 60):
        block = model.assignment[start : start + 30]
        assert (block == np.bincount(block).argmax()).mean() >= 0.8
    assert 0 < model.diversity <= 1
    assert model.coherence > 0


def test_topics_are_the_same_for_the_same_seed():
    bag = bag_of_words(subjects(), max_share=0.9)
    assert fit_topics(bag, 3).topics == fit_topics(bag, 3).topics


def test_topics_of_nothing_and_an_unknown_method():
    empty = bag_of_words([Record("1", "", "...")])
    model = fit_topics(empty, 5)
    assert (model.topics, model.coherence, model.assignment.tolist()) == ((), None, [-1])
    with pytest.raises(ValueError, match="unknown topic method"):
        fit_topics(empty, 5, "magic")


def test_coherence_and_diversity_by_hand():
    bag = bag_of_words(
        [
            Record("1", "", "laser and lens"),
            Record("2", "", "laser and lens"),
            Record("3", "", "genome"),
            Record("4", "", "cell"),
        ],
        min_documents=1,
        max_share=1,
    )
    together, apart, alone = coherence(
        [("laser", "lens"), ("laser", "genome"), ("laser",)], bag.vocabulary, bag.matrix
    )
    assert together == pytest.approx(1.0)
    assert apart == -1.0
    assert alone is None
    assert diversity([("a", "b"), ("a", "c")]) == 0.75
    assert diversity([]) is None


def test_texts_fall_into_groups_with_a_complete_tree():
    records = subjects(8)
    found = group_texts(records, groups=3, areas=2)
    assert sorted(sorted({m[:3] for m in group.members}) for group in found.groups) == [
        ["bio"],
        ["ene"],
        ["opt"],
    ]
    assert sorted(member for group in found.groups for member in group.members) == sorted(
        r.id for r in records
    )
    assert len(found.merges) == len(records) - 1
    assert sorted(found.order) == list(range(len(records)))
    assert found.tree()["size"] == len(records)
    assert sorted(g for area in found.areas for g in area) == [0, 1, 2]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_texts_are_grouped_without_complaint(count):
    found = group_texts(subjects(1)[:count], groups=5)
    assert sum(len(group.members) for group in found.groups) == count
    assert found.tree()["size"] == count


def test_chinese_technologies_are_grouped():
    names = ["固态电池", "锂离子电池", "钠离子电池", "量子通信", "量子计算", "量子密钥分发"]
    found = group_texts([Record(str(i), name, "") for i, name in enumerate(names)], groups=2)
    assert sorted(sorted(group.members) for group in found.groups) == [["0", "1", "2"], ["3", "4", "5"]]


def test_terms_are_grouped_and_linked():
    mined = mine_counts(list(count_records(english())))
    grouping = group_terms(mined, groups=4)
    assert sorted(k for g in grouping.groups for k in g.members) == sorted(term.key for term in mined.terms)
    network = cooccurrence_network(mined, min_shared=2)
    pairs = {frozenset((edge.source, edge.target)): edge for edge in network.edges}
    edge = pairs[frozenset(("perovskitesolarcell", "slotdiecoating"))]
    assert edge.documents == 6
    assert edge.strength == pytest.approx(1.0)
    assert sorted(k for c in network.communities for k in c) == sorted(node.key for node in network.nodes)
    together = [set(c) for c in network.communities if "perovskitesolarcell" in c]
    assert "slotdiecoating" in together[0]
    assert "quantumkeydistribution" not in together[0]


def test_only_names_that_mean_the_same_are_joined():
    names = [
        "machine translation",
        "neural machine translation",
        "Machine translation system",
        "convolutional neural network",
        "convolution neural networks",
        "recurrent neural network",
        "固态电池技术",
        "固态电池",
        "液态电池",
    ]
    found = near_duplicates([(name,) for name in names])
    assert found.leader == (0, 1, 0, 3, 3, 5, 6, 6, 8)
    assert found.groups == ((0, 2), (1,), (3, 4), (5,), (6, 7), (8,))


def test_variants_join_too():
    found = near_duplicates([("long short-term memory", "LSTM"), ("LSTM",)])
    assert found.leader == (0, 0)


def items():
    return [
        Item("a", ("solid state battery",), {"term": 9.0, "growth": 1.0}, "energy"),
        Item("b", ("solid state battery pack",), {"term": 8.0, "growth": 1.0}, "energy"),
        Item("c", ("gene editing",), {"term": 7.0, "growth": None}, "biology"),
    ]


def test_ranking_follows_the_visible_formula():
    formula = Formula({"term": 3.0, "growth": 1.0}, 0.0, 0.0)
    ranked = rank(items(), formula)
    assert [one.key for one in ranked] == ["a", "b", "c"]
    assert formula.text() == "(3 x term + 1 x growth) / 4"
    for one in ranked:
        assert one.score == pytest.approx((3 * one.parts["term"] + one.parts["growth"]) / 4, abs=1e-3)
    assert ranked[2].parts["growth"] == 0.5


def test_diversity_moves_another_field_up():
    ranked = rank(items(), Formula({"term": 1.0}, similarity_penalty=0.5, field_penalty=0.5))
    assert [one.key for one in ranked] == ["a", "c", "b"]
    assert ranked[2].penalty > 0


@given(st.lists(st.one_of(st.none(), st.floats(-5, 5)), max_size=12))
def test_percentiles_keep_order_and_range(values):
    scaled = percentiles(values)
    assert all(0 <= value <= 1 for value in scaled)
    known = [(v, s) for v, s in zip(values, scaled, strict=True) if v is not None]
    assert all(s <= t for v, s in known for w, t in known if v <= w)


def test_document_keywords_name_what_the_document_is_about():
    found = document_keywords(list(count_records(chinese(1))), "zh", 8)
    assert "固态电池" in [keyword.name for keyword in found[0]]
    assert "量子密钥分发" in [keyword.name for keyword in found[2]]
    assert all(1 <= len(keywords) <= 8 for keywords in found.values())
    assert document_keywords([], "zh") == {}


def dated():
    rows = []
    for year in range(2015, 2022):
        for i in range(60):
            name = ["gas turbine", "fuel cell", "heat pump", "steam engine"][i % 4]
            extra = "The solid state battery." if i < 6 * (year - 2015) else ""
            rows.append(Record(f"{year}-{i}", "", f"The {name} is here. {extra}", year))
    return rows


def test_backtest_knows_nothing_after_the_cut():
    settings = TermSettings(chunk=40)
    everything = count_by_year(dated(), settings)
    changed = [
        record if record.year <= 2018 else Record(record.id, "", "The heat pump is here.", record.year)
        for record in dated()
    ]
    other = count_by_year(changed, settings)
    one, two = stand(everything, 2018), stand(other, 2018)
    assert [term.key for term in one.terms] == [term.key for term in two.terms]
    assert {name: values.tolist() for name, values in one.features.items()} == {
        name: values.tolist() for name, values in two.features.items()
    }
    assert learn([stand(everything, 2017)], 2018).predict(one).tolist() == (
        learn([stand(other, 2017)], 2018).predict(two).tolist()
    )


def test_backtest_counts_what_rose():
    standing = stand(count_by_year(dated(), TermSettings(chunk=40)), 2018)
    keys = [term.key for term in standing.terms]
    flagged = flag(standing, None, 1)
    assert [keys[n] for n in flagged] == ["solidstatebattery"]
    result = judge(standing, flagged)
    # 18 of 60 at the cut; 24, 30, 36 of 60 in the three years after: 1.67 times.
    assert (result.rate, result.eligible, result.base_all) == (1.0, 5, 0.2)
    assert judge(standing, flagged, factor=1.7).rate == 0.0


def test_a_chunk_across_the_cut_is_refused():
    with pytest.raises(ValueError, match="straddles the cut"):
        parts_until(list(count_records(dated())), 2018)
    with pytest.raises(ValueError, match="no earlier cut"):
        learn([], 2018)

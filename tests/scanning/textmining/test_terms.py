"""Terms: what is found, how it is joined, with what evidence, and that chunks do not matter."""

import random

import pytest

from scanning.textmining import (
    Record,
    TermSettings,
    TermWeights,
    count_chunk,
    count_records,
    from_bytes,
    mine_counts,
    mine_terms,
    to_bytes,
)

from .corpus import chinese, english


def by_name(terms):
    return {term.name.replace("-", " ").lower().removesuffix("s"): term for term in terms}


def test_english_terms_join_plurals_hyphens_and_acronyms():
    terms = by_name(mine_terms(english()))
    assert {
        "solid state battery",
        "quantum key distribution",
        "perovskite solar cell",
        "slot die coating",
    } <= set(terms)
    battery = terms["solid state battery"]
    assert battery.acronym == "SSB"
    assert battery.documents == 6
    assert {"solid state batteries"} <= {variant.lower() for variant in battery.variants}
    assert battery.method == "terms-en-1"
    assert battery.how["acronym_definitions"] == 6  # three documents, each in title and text
    assert "large language model" in terms


def test_fragments_and_modifiers_are_not_proposed():
    names = {term.name.lower() for term in mine_terms(english())}
    assert names.isdisjoint(
        {"state battery", "key distribution", "large-scale", "large-scale foils packs", "solid state"}
    )


def test_yearly_counts_and_totals():
    term = by_name(mine_terms(english()))["quantum key distribution"]
    assert term.yearly == {2018: 2, 2019: 2, 2020: 2}
    assert term.yearly_total == {2018: 8, 2019: 8, 2020: 8}


def test_passages_point_at_the_words_in_the_record_as_imported():
    records = {record.id: record for record in english() + chinese()}
    checked = 0
    for term in mine_terms(records.values()):
        forms = {v.lower() for v in (term.name, *term.variants, term.acronym or term.name)}
        for support in term.support:
            assert support.passages
            for passage in support.passages:
                field = getattr(records[support.document], passage.field)
                found = "".join(field[passage.start : passage.end].split()).lower()
                assert found in {"".join(form.split()) for form in forms}
                checked += 1
    assert checked > 100


def test_chinese_terms_and_joined_line_breaks():
    terms = by_name(mine_terms(chinese()))
    assert {"固态电池", "量子密钥分发", "钙钛矿太阳能电池"} <= set(terms)
    # One of the six documents writes the name across a line break.
    assert terms["量子密钥分发"].documents == 6
    assert terms["固态电池"].acronym == "SSB"
    assert terms["固态电池"].method == "terms-zh-1"


def test_a_user_dictionary_keeps_a_chinese_word_whole():
    records = [Record(str(i), "", "他们讨论新质生产力与未来产业的关系。") for i in range(3)]
    found = {term.name for term in mine_terms(records, TermSettings(dictionary=("新质生产力",)))}
    assert "新质生产力" in found


def test_mixed_corpora_list_both_languages():
    languages = {term.language for term in mine_terms(english() + chinese())}
    assert languages == {"en", "zh"}


def test_stop_terms_are_never_proposed():
    settings = TermSettings(stop_terms=("Solid-State Batteries",))
    assert "solid state battery" not in by_name(mine_terms(english(), settings))


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_chunk_size_does_not_change_the_list(size):
    records = english() + chinese()
    whole = mine_counts([count_chunk(records)])
    parts = list(count_records(records, TermSettings(chunk=size)))
    assert len(parts) == -(-len(records) // size)
    assert mine_counts(parts).terms == whole.terms


def test_workers_may_finish_in_any_order():
    parts = list(count_records(english() + chinese(), TermSettings(chunk=4)))
    shuffled = parts[:]
    random.Random(3).shuffle(shuffled)
    assert shuffled != parts
    assert mine_counts(shuffled).terms == mine_counts(parts).terms


def test_counts_survive_storage():
    parts = list(count_records(english() + chinese(), TermSettings(chunk=7)))
    stored = [from_bytes(to_bytes(part)) for part in parts]
    assert mine_counts(stored).terms == mine_counts(parts).terms


def test_counts_of_another_version_are_refused(monkeypatch):
    from scanning.textmining import storage

    monkeypatch.setattr(storage, "VERSION", 99)
    data = to_bytes(count_chunk(english(1)))
    monkeypatch.setattr(storage, "VERSION", 1)
    with pytest.raises(ValueError, match="version 99"):
        from_bytes(data)


def test_score_is_the_product_of_its_shown_parts():
    for term in mine_terms(english()):
        product = 1.0
        for value in term.score_parts.values():
            product *= value
        assert term.score == pytest.approx(product, rel=1e-3)


def test_a_weight_of_zero_switches_a_factor_off():
    settings = TermSettings(
        weights=TermWeights(acronym=0, title=0, npmi=0, head=0, edge=0, boundary=0, technology=0)
    )
    for term in mine_terms(english(), settings):
        assert term.score == pytest.approx(term.score_parts["cvalue"], rel=1e-3)


def test_similar_terms_share_documents():
    term = by_name(mine_terms(english()))["slot die coating"]
    assert term.similar[0].key == "perovskitesolarcell"
    assert term.similar[0].shared_documents == 6


def test_progress_reports_every_chunk():
    seen = []
    mine_terms(english(2), TermSettings(chunk=6), lambda done, total: seen.append((done, total)))
    assert seen == [(6, 16), (12, 16), (16, 16)]


@pytest.mark.parametrize(
    "records",
    [
        [],
        [Record("1", "", "")],
        [Record(str(i), "", "...", None) for i in range(5)],
        [Record("1", "<script>alert(1)</script>", "\x00\ud800 ((((" * 50)],
        [Record("1", "x" * 300_000, "(" * 300_000)],
    ],
    ids=["none", "empty", "punctuation", "broken", "long line"],
)
def test_poor_input_gives_an_empty_list(records):
    assert mine_terms(records) == []


def test_undated_records_have_no_years():
    records = [Record(str(i), "Solid state battery", "The solid state battery is here.") for i in range(4)]
    (term,) = mine_terms(records)
    assert (term.documents, term.yearly, term.yearly_total) == (4, {}, {})
    assert term.support[0].year is None


def test_many_identical_records_are_counted_once_each():
    records = [Record(str(i), "", "The solid state battery is here.", 2020) for i in range(500)]
    (term,) = mine_terms(records)
    assert term.documents == 500
    assert len(term.support) == TermSettings().support


def test_a_hyphened_short_form_does_not_name_its_neighbour():
    records = [Record(str(i), "", "支持向量机（GA-SVM）与蚁群算法（ACO）的比较。") for i in range(3)]
    terms = by_name(mine_terms(records))
    assert terms["支持向量机"].acronym is None
    assert terms["蚁群算法"].acronym == "ACO"


def test_acronyms_are_shown_singly_whatever_their_plural_or_last_letter():
    texts = ["Language models (LMs) and LMs.", "Monte Carlo tree search (MCTS) and MCTS."]
    records = [Record(f"{n}-{k}", "", text) for n in range(3) for k, text in enumerate(texts)]
    terms = by_name(mine_terms(records))
    assert terms["language model"].acronym == "LM"
    assert terms["monte carlo tree search"].acronym == "MCTS"


def test_blanks_within_a_name_are_single():
    records = [Record(str(n), "", "The lithium  sulphur\tbattery is old.") for n in range(3)]
    assert [term.name for term in mine_terms(records)] == ["lithium sulphur battery"]


def _about(*sentences: str) -> list[Record]:
    return [Record(str(n), "", text, 2020) for n, text in enumerate(sentences * 3)]


def _found(records: list[Record]) -> dict[str, tuple[str, ...]]:
    return {term.name: term.variants for term in mine_terms(records, TermSettings(min_documents=2))}


def test_a_list_names_things_in_the_singular():
    plural = ["The multiword expressions are here."] * 9 + ["The multiword expression is here."]
    found = _found(_about(*plural))
    assert "multiword expression" in found
    assert "multiword expressions" in found["multiword expression"]


def test_what_an_acronym_in_the_plural_stands_for_is_named_singly():
    found = _found(
        _about("The electronic control units (ECUs) of a car.", "Many ECUs are in cars, ECUs in trucks.")
    )
    assert "electronic control units" in found["electronic control unit"]
    assert "electronic control units" not in found


def test_a_name_that_ends_on_what_follows_a_preposition_keeps_its_plural():
    found = _found(
        _about("We use a redundant array of inexpensive disks (RAIDs).", "Some RAIDs fail, RAIDs do.")
    )
    assert "redundant array of inexpensive disks" in found


def test_a_plural_is_named_singly_where_the_corpus_knows_the_singular():
    found = _found(
        _about(
            "The grid-forming inverters are here.", "The power inverter is here.", "The digital humanities."
        )
    )
    assert found["grid-forming inverter"] == ("grid-forming inverters",)
    assert "digital humanities" in found


def test_units_and_what_patents_call_themselves_are_no_terms():
    found = _found(_about("It stores 10 kWh at 50 MHz.", "A flow battery stores 10 kWh."))
    assert found.keys().isdisjoint({"kWh", "MHz"})
    patents = [
        Record(str(n), "", "本发明公开一种液流电池。本发明涉及液流电池，本发明的项目。") for n in range(6)
    ]
    assert _found(patents).keys().isdisjoint({"本发明", "项目"})

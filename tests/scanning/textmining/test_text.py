"""Language, cleaning, tokens, acronyms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning.textmining import Record, detect_language
from scanning.textmining.acronyms import best_long_form, definitions
from scanning.textmining.candidates_en import EnglishReader
from scanning.textmining.language import clean
from scanning.textmining.tokens_en import classify, fold, fold_phrase, singular


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Solid state batteries", "en"),
        ("固态电池", "zh"),
        ("基于BERT的命名实体识别 (NER) 方法研究", "zh"),
        ("The word 电池 means battery in Chinese writing and speech today", "en"),
        ("", "en"),
        ("12345 !!", "en"),
    ],
)
def test_language_is_told_by_its_characters(text, language):
    assert detect_language(text) == language


def test_markup_is_blanked_without_moving_a_character():
    text = "A <b>laser</b> &amp; <script>alert('x')</script> diode"
    cleaned = clean(text, "en")
    assert len(cleaned.text) == len(text)
    assert cleaned.text.split() == ["A", "laser", "diode"]
    assert text.index("diode") == cleaned.text.index("diode")


def test_comparisons_are_not_taken_for_markup():
    assert clean("p < 0.05 and q > 3", "en").text == "p < 0.05 and q > 3"


def test_hard_line_breaks_between_chinese_characters_are_joined_with_a_way_back():
    text = "量子密钥分\r\n  发网络\nQKD"
    cleaned = clean(text, "zh")
    assert cleaned.text == "量子密钥分发网络\nQKD"
    start = cleaned.text.index("分发")
    begin, end = cleaned.original(start, start + 2)
    assert text[begin:end] == "分\r\n  发"


@given(st.text(alphabet="电池ab <>&\n\r,.", max_size=60))
def test_every_cleaned_span_maps_into_the_original(text):
    cleaned = clean(text, "zh")
    for at, character in enumerate(cleaned.text):
        begin, end = cleaned.original(at, at + 1)
        assert 0 <= begin < end <= len(text)
        assert character in (text[begin], " ")


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("networks", "network"),
        ("batteries", "battery"),
        ("processes", "process"),
        ("physics", "physics"),
        ("analysis", "analysis"),
        ("virus", "virus"),
        ("lens", "lens"),
        ("gas", "gas"),
        ("boxes", "box"),
        ("databases", "database"),
        ("glass", "glass"),
    ],
)
def test_regular_plurals_fold(plural, one):
    assert singular(plural) == one


def test_hyphens_case_plural_and_possessive_fold_to_one_form():
    assert fold("Pre-Trained") == "pretrained"
    assert fold("GPUs") == "gpu"
    assert fold("Kalman’s") == "kalman"
    assert fold("BERT's") == fold("BERT’s") == "bert"
    assert fold("GPU's") == fold("GPUs") == "gpu"
    assert fold_phrase("Fine-tuned Language Models") == "finetuned language model"


def test_word_classes():
    assert classify("using").splits
    assert classify("the").splits
    large = classify("large")
    assert large.opens
    assert not large.closes
    assert not classify("rapidly").closes
    assert classify("BERT").alone
    assert classify("fine-tuning").alone
    assert not classify("battery").alone
    assert classify("battery").closes
    assert classify("2020").splits
    assert classify("SemEval-2020").splits


def test_a_dictionary_word_may_stand_alone():
    reader = EnglishReader(dictionary=("graphene",))
    found = [form for run in reader.runs("a sheet of graphene") for _, _, form, _ in reader.ngrams(run)]
    assert found == ["graphene"]
    assert [
        f for run in EnglishReader().runs("a sheet of graphene") for _, _, f, _ in EnglishReader().ngrams(run)
    ] == []


def test_soft_words_open_terms_and_never_lock_them_out():
    reader = EnglishReader()
    found = {
        form for run in reader.runs("They use large language models.") for _, _, form, _ in reader.ngrams(run)
    }
    assert {"large language model", "language model"} <= found


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We use a long short-term memory (LSTM) here", "LSTM", "long short-term memory"),
        ("named entity recognition (NER)", "NER", "named entity recognition"),
        ("a field-effect transistor (FET) is", "FET", "field-effect transistor"),
        ("graph neural networks (GNNs) are", "GNN", "graph neural networks"),
        ("The QKD (quantum key distribution) link", "QKD", "quantum key distribution"),
        ("polymerase chain reaction (PCR; see below)", "PCR", "polymerase chain reaction"),
    ],
)
def test_acronyms_find_their_long_forms(text, short, long):
    found = [(one.short, text[one.start : one.end]) for one in definitions(text)]
    assert found == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "a model (see Fig. 2)",
        "the rate (5%)",
        "it fell (XYZ)",
        "no long form here (ABCDEF)",
        "electroluminescent iridium ions in it (III)",
        "an identification code (ID)",
        "in the power, a torsional spring (PATS)",
    ],
)
def test_brackets_without_a_matching_long_form_define_nothing(text):
    assert list(definitions(text)) == []


def test_a_function_word_is_no_first_letter_of_an_acronym():
    reader = EnglishReader()
    assert list(reader.acronyms("We harden models via adversarial attack (VAA).")) == []
    assert [short for short, *_ in reader.acronyms("They use a named entity (NE).")] == ["ne"]


def test_long_form_starts_at_the_first_letter_of_a_word():
    assert best_long_form("HMM", "we show hidden markov model") == len("we show ")
    assert best_long_form("QQ", "hidden markov model") is None


@pytest.mark.parametrize(
    ("year", "date", "expected"),
    [
        (2020, None, 2020),
        (None, "2021-03-04", 2021),
        (None, "n.d.", None),
        (None, None, None),
        (99999, "2020", None),
    ],
)
def test_publication_year(year, date, expected):
    assert Record("1", "t", "x", year, date).publication_year() == expected

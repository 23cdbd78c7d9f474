"""The one sentence that says what a term is: chosen from the evidence, cited, never made up."""

import pytest

from scanning.textmining import describe_term
from scanning.textmining.descriptions import sentences


def test_the_defining_sentence_wins_and_is_cited_with_its_place():
    text = (
        "We use a GNN. Graph neural networks (GNNs) are a family of models for graphs. The GNN is fast here."
    )
    found = describe_term(["graph neural network", "GNN"], [("a", "Nothing of it."), ("b", text)])
    assert found.text == "Graph neural networks (GNNs) are a family of models for graphs."
    assert found.document == "b"
    assert text[found.start : found.end] == found.text


def test_a_chinese_definition():
    text = "本文研究固态电池的界面。固态电池是一种采用固体电解质的电池。"
    found = describe_term(["固态电池"], [("1", text)])
    assert found.text == "固态电池是一种采用固体电解质的电池。"
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We compare the fuel cell with a battery.",
        "A fuel cells museum is a place that people visit on Sundays with joy." * 20,
    ],
)
def test_without_a_definition_nothing_is_said(text):
    assert describe_term(["fuel cell"], [("a", text)]) is None


def test_equal_sentences_are_taken_from_the_first_document():
    line = "A fuel cell is a device that turns hydrogen into current."
    assert describe_term(["fuel cell"], [("first", line), ("second", line)]).document == "first"


def test_abbreviations_and_numbers_do_not_end_a_sentence():
    text = "A cell, e.g. One of zinc, gives 1.5 volts. It lasts."
    assert [text[a:b] for a, b in sentences(text, "en")] == [
        "A cell, e.g. One of zinc, gives 1.5 volts.",
        "It lasts.",
    ]

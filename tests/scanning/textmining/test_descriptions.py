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


@pytest.mark.parametrize(
    "line",
    [
        "At least one fuel cell is mounted on the plate.",
        "The fuel cell is used to drive the pump.",
        "A fuel cell is used to drive the pump.",
        "Fuel cells are received within the housing.",
        "The fuel cell comprises a source and a drain.",
        "Testing of fuel cells is an important problem in industry.",
        "Hydrogen fuel cells are a technology of the last century.",
        "Moreover, fuel cells are a device that we built.",
        "Fuel cells, a housing and a pump are mounted on the plate.",
        "A fuel cell is an essential component of every car.",
        "A fuel cell (20) is a device that feeds the housing (5).",
    ],
)
def test_what_one_document_did_with_it_or_said_of_something_else_is_no_description(line):
    assert describe_term(["fuel cell", "fuel cells"], [("a", line)]) is None


def test_a_sentence_of_kind_and_difference_comes_before_praise():
    text = (
        "A fuel cell is a popular topic of today. "
        "A fuel cell is a device that turns hydrogen into current. "
        "Fuel cells, a source of clean power for cars, have come far."
    )
    found = describe_term(["fuel cell", "fuel cells"], [("a", text)])
    assert found.text == "A fuel cell is a device that turns hydrogen into current."


def test_a_short_acronym_is_believed_only_where_it_is_spelled_out():
    other = "MLE is a variety of English that is spoken in London."
    names = ["maximum likelihood estimation", "MLE"]
    assert describe_term(names, [("a", other)]) is None
    spelled = "Of maximum likelihood estimation we know much. MLE is a method of fitting a model to data."
    assert describe_term(names, [("a", other), ("b", spelled)]).document == "b"
    assert describe_term(["FPGA"], [("a", "FPGA is a kind of programmable circuit.")]) is not None


def test_chinese_sentences_may_close_with_latin_stops():
    text = "数据很多.遗传算法是一种全局最优化算法,它能够获得全局最优解.本文改进了它."
    found = describe_term(["遗传算法"], [("1", text)])
    assert found.text == "遗传算法是一种全局最优化算法,它能够获得全局最优解."


@pytest.mark.parametrize(
    "line",
    [
        "改进遗传算法是一种全局最优化算法。",
        "遗传算法是否收敛取决于参数的选择。",
        "遗传算法是我们研究的重点方法。",
    ],
)
def test_chinese_sentences_about_something_else_are_no_description(line):
    assert describe_term(["遗传算法"], [("1", line)]) is None


def test_markup_of_the_source_is_not_shown():
    line = "A <i>fuel cell</i> is a device that turns hydrogen &amp; air into <b>current</b>."
    found = describe_term(["fuel cell"], [("a", line)])
    assert found.text == "A fuel cell is a device that turns hydrogen air into current ."
    assert line[found.start : found.end] == line

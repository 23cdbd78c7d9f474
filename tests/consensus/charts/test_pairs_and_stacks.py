from consensus.charts.figure import Axis, Label
from consensus.charts.pairs import Pair, PairWords, dumbbells
from consensus.charts.stack import Part, stacked_shares

LABELS = [Label("A-1", "First"), Label("A-2", "Second"), Label("A-3", "Third")]


def test_pairs_are_joined_and_marked_rows_stand_out():
    chart = dumbbells(
        [Pair(LABELS[0], 1.0, 2.456, marked=True), Pair(LABELS[1], 5.0, 5.0)],
        words=PairWords("Row", "Plain", "Weighted", "Difference"),
        value_axis=Axis("Mean", 1, 9),
    )
    quiet, marked, first, second = chart.figure["data"]
    assert (quiet["x"], marked["x"]) == ([5.0, 5.0, None], [1.0, 2.46, None])
    assert marked["line"]["color"] == "token:mark"
    assert (first["x"], second["x"]) == ([1.0, 5.0], [2.46, 5.0])
    assert (first["name"], second["name"]) == ("Plain", "Weighted")
    assert chart.rows == [["A-1", "First", 1.0, 2.46, 1.46], ["A-2", "Second", 5.0, 5.0, 0.0]]


def test_no_pairs_make_an_empty_chart():
    chart = dumbbells([], words=PairWords("", "", "", ""), value_axis=Axis())
    assert chart.is_empty


def test_stacked_shares_are_of_each_rows_total_and_rows_without_answers_have_none():
    chart = stacked_shares(
        LABELS,
        [Part("Year", "g1", [3, 0, 0]), Part("Never", "g2", [1, 2, 0])],
        row_title="Row",
        share_title="Share",
    )
    assert [trace["x"] for trace in chart.figure["data"]] == [[75.0, 0.0, None], [25.0, 100.0, None]]
    assert chart.rows == [["A-1", "First", 75.0, 25.0, 4], ["A-2", "Second", 0.0, 100.0, 2]]
    assert chart.figure["data"][0]["customdata"][0] == ["A-1 First", 3]

"""Two runs side by side, and what is worth an alert."""

import pytest
from scipy.stats import poisson

from scanning.monitors.compare import (
    Seen,
    alerts_between,
    alerts_of_first_run,
    compare,
    poisson_tail,
)


def seen(name, rank=1, documents=10, **fields):
    return Seen(code=name, name=name, language="en", rank=rank, documents=documents, **fields)


def between(before, now, docs_before=1000, docs_now=1100, ever=(), last_year=2024):
    comparison = compare(before, now)
    return alerts_between(
        comparison, docs_before=docs_before, docs_now=docs_now, ever=ever, last_year=last_year
    )


def test_candidates_are_paired_by_name_whatever_the_spelling():
    before = [
        seen("flow cell", 1),
        seen("solid-state battery", 2, variants=("solid state batteries",)),
        seen("old", 3),
    ]
    now = [seen("Solid State Batteries", 1), seen("flow cell", 2), seen("new one", 3)]
    result = compare(before, now)
    assert [each.name for each in result.new] == ["new one"]
    assert [each.name for each in result.gone] == ["old"]
    assert [(pair.now.name, pair.places) for pair in result.moved] == [
        ("Solid State Batteries", 1),
        ("flow cell", -1),
    ]


def test_one_earlier_candidate_is_never_paired_twice():
    result = compare([seen("cell", variants=("cells",))], [seen("cell", 1), seen("cells", 2)])
    assert [each.name for each in result.new] == ["cells"]
    assert len(result.both) == 1


def test_the_same_run_twice_changes_nothing():
    run = [seen("a", 1), seen("b", 2)]
    result = compare(run, run)
    assert (result.new, result.gone, result.moved) == ([], [], [])
    assert between(run, run, docs_now=1000) == []


@pytest.mark.parametrize(
    ("added", "alarms"),
    [(1, 0), (4, 0), (6, 0), (9, 1), (40, 1)],  # 10 of 1,000 before: 1 of 100 new ones is to be expected
)
def test_a_surge_is_more_than_the_earlier_share_lets_expect(added, alarms):
    before = [seen(f"t{n}", n, 10) for n in range(1, 101)]
    now = [seen("t1", 1, 10 + added), *before[1:]]
    found = between(before, now)
    assert len(found) == alarms
    for alert in found:
        assert (alert.kind, alert.added, alert.expected, alert.basis) == ("surge", added, 1.0, "runs")


def test_a_term_that_grows_with_the_corpus_is_no_surge():
    assert between([seen("t", 1, 100)], [seen("t", 1, 200)], docs_before=1000, docs_now=2000) == []


def test_a_first_appearance_was_in_no_earlier_run_and_is_recent():
    now = [
        seen("fresh", 1, 5, first_year=2024),
        seen("returned", 2, 5, first_year=2024),
        seen("long there", 3, 5, first_year=2010),
        seen("hardly seen", 4, 2, first_year=2024),
        seen("undated", 5, 5),
    ]
    found = between([], now, ever=("returned",))
    assert [(alert.kind, alert.name) for alert in found] == [("first", "fresh"), ("first", "undated")]


def test_a_term_that_was_below_the_list_surges_when_its_new_documents_are_known():
    result = compare([], [seen("iron-air battery", 1, 9, first_year=2015)])
    fields = {"docs_before": 1000, "docs_now": 1040, "ever": (), "last_year": 2024}
    (alert,) = alerts_between(result, arrived={"iron-air battery": 8}, **fields)
    assert (alert.kind, alert.added, alert.expected) == ("surge", 8, 0.04)
    assert alerts_between(result, arrived={}, **fields) == []
    assert (
        alerts_between(result, arrived={"iron-air battery": 9}, **fields) == []
    )  # no older document: not a surge


def test_a_first_run_compares_years():
    now = [
        seen("steep", growth=1.3, bursting=True, first_year=2015),
        seen("slow", growth=0.4, bursting=True, first_year=2015),
        seen("newest", growth=None, first_year=2024),
        seen("undated"),
    ]
    found = alerts_of_first_run(now, last_year=2024)
    assert [(alert.kind, alert.name, alert.basis) for alert in found] == [
        ("surge", "steep", "years"),
        ("first", "newest", "years"),
    ]
    assert alerts_of_first_run([seen("undated")], last_year=None) == []


@pytest.mark.parametrize("mean", [0.01, 1.0, 7.5, 300.0])
@pytest.mark.parametrize("count", [0, 1, 5, 8, 60, 320])
def test_the_tail_of_a_poisson_variable_agrees_with_scipy(mean, count):
    assert poisson_tail(count, mean) == pytest.approx(poisson.sf(count - 1, mean), rel=1e-9, abs=1e-300)


def test_the_tail_is_defined_where_nothing_was_expected():
    assert poisson_tail(0, 0.0) == 1.0
    assert poisson_tail(3, 0.0) == 0.0

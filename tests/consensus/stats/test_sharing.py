"""Large panels are ranked in parts that several threads share: nothing but the time may depend on it."""

import os
import threading

import numpy as np
import pytest
from scipy.stats import rankdata

from consensus import stats
from consensus.stats import ranking, sharing


@pytest.fixture
def small_parts(monkeypatch):
    """A panel of a few hundred answers counts as large, and is cut into many parts."""
    monkeypatch.setattr(ranking, "_WORTH_SHARING", 0)
    monkeypatch.setattr(ranking, "_PART", 100)


@pytest.mark.parametrize(
    ("load", "expected"), [(0.0, 4), (1.0, 4), (1.4, 4), (2.0, 3), (3.2, 2), (5.0, 1), (80.0, 1)]
)
def test_processors_that_others_keep_busy_are_left_alone(monkeypatch, load, expected):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    assert sharing.processors() == expected


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_results_keep_the_order_of_the_parts(workers):
    assert sharing.shared(lambda part: part * part, range(50), workers) == [part * part for part in range(50)]


def test_nothing_to_do_is_done():
    assert sharing.shared(abs, [], 4) == []


@pytest.mark.parametrize("workers", [1, 3])
def test_what_a_part_raises_reaches_the_caller(workers):
    def fail_late(part):
        if part == 30:
            raise ValueError("part 30")
        return part

    with pytest.raises(ValueError, match="part 30"):
        sharing.shared(fail_late, range(40), workers)


def test_no_thread_is_left_behind():
    before = threading.active_count()
    sharing.shared(abs, range(20), 4)
    assert threading.active_count() == before


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("levels", [1, 2, 3, 4, 5, 8, 9, 15, 16])
def test_rank_sums_in_parts_are_those_of_each_row_ranked_alone(small_parts, monkeypatch, workers, levels):
    monkeypatch.setattr(sharing, "processors", lambda: workers)
    rng = np.random.default_rng(levels)
    for members, items in ((2, 1), (7, 3), (31, 64), (40, 65), (57, 130)):
        codes = rng.integers(0, levels, (members, items)).astype(np.int8)
        found = ranking.rank_sums(codes, levels)
        expected = np.array([rankdata(row) for row in codes])
        tied = [sum(t**3 - t for t in np.unique(row, return_counts=True)[1].tolist()) for row in codes]
        assert found.sums.tolist() == expected.sum(axis=0).tolist()
        assert found.ties.tolist() == tied
        assert (found.m, found.n) == (members, items)


def test_w_of_a_large_panel_is_the_same_to_the_last_bit_however_many_work(monkeypatch):
    ratings = np.random.default_rng(3).integers(1, 10, (1501, 700)).astype(np.int8)
    assert ratings.size >= ranking._WORTH_SHARING
    found = []
    for workers in (1, 2, 4):
        monkeypatch.setattr(sharing, "processors", lambda workers=workers: workers)
        found.append(stats.kendall_w(ratings))
    assert found[0] == found[1] == found[2]


def test_counts_of_levels_are_those_of_each_row_counted_alone():
    rng = np.random.default_rng(5)
    for levels in range(1, 17):
        codes = rng.integers(0, levels, (9, 131)).astype(np.int8)
        expected = [np.bincount(row, minlength=levels).tolist() for row in codes]
        assert ranking.complete_counts(codes, levels).T.tolist() == expected

"""Mid-ranks by lookup are those of every row ranked alone, whatever the number of levels, members and items."""

import numpy as np
import pytest
from scipy.stats import rankdata

from consensus.stats import ranking


@pytest.mark.parametrize("cells", [180_000, 300])
@pytest.mark.parametrize("levels", [1, 2, 3, 4, 5, 8, 9, 15, 16])
def test_rank_sums_are_those_of_each_row_ranked_alone(monkeypatch, cells, levels):
    monkeypatch.setattr(ranking, "_CELLS", cells)  # the smaller makes many blocks of a small matrix
    rng = np.random.default_rng(levels)
    for members, items in ((2, 1), (7, 3), (31, 64), (40, 65), (57, 130)):
        codes = rng.integers(0, levels, (members, items)).astype(np.int8)
        found = ranking.rank_sums(codes, levels)
        expected = np.array([rankdata(row) for row in codes])
        tied = [sum(t**3 - t for t in np.unique(row, return_counts=True)[1].tolist()) for row in codes]
        assert found.sums.tolist() == expected.sum(axis=0).tolist()
        assert found.ties.tolist() == tied
        assert (found.m, found.n) == (members, items)


def test_counts_of_levels_are_those_of_each_row_counted_alone():
    rng = np.random.default_rng(5)
    for levels in range(1, 17):
        codes = rng.integers(0, levels, (9, 131)).astype(np.int8)
        expected = [np.bincount(row, minlength=levels).tolist() for row in codes]
        assert ranking.complete_counts(codes, levels).T.tolist() == expected

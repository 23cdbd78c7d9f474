"""Agreement and precision against hand counts and scikit-learn; the cut of a tree against scipy."""

import itertools

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster
from sklearn.metrics import cohen_kappa_score

from scanning.textmining.agreement import (
    NO_VARIANCE,
    NOTHING_JUDGED,
    agreement,
    edit_distance,
    edit_share,
    precision_at,
    wilson,
)
from scanning.textmining.dendrogram import cut, tree_of
from scanning.textmining.records import Record


@pytest.mark.parametrize("seed", range(4))
def test_kappa_equals_that_of_scikit_learn(seed):
    drawn = np.random.default_rng(seed).choice(["accept", "reject"], size=(40, 2), p=[0.7, 0.3])
    found = agreement([(str(a), str(b)) for a, b in drawn])
    assert found.kappa == pytest.approx(cohen_kappa_score(drawn[:, 0], drawn[:, 1]))
    assert found.share == pytest.approx(float((drawn[:, 0] == drawn[:, 1]).mean()))


def test_unanimity_and_nothing_are_undefined_with_a_reason():
    both = agreement([("accept", "accept")] * 5)
    assert (both.share, both.kappa, both.undefined) == (1, None, NO_VARIANCE)
    assert (agreement([]).kappa, agreement([]).undefined) == (None, NOTHING_JUDGED)
    assert agreement([("a", "b"), ("b", "a")]).kappa == -1


def test_precision_leaves_out_what_nobody_judged():
    outcomes = [True, None, False, True, None, None, None, None, None, None]
    (found,) = precision_at(outcomes)
    assert (found.k, found.judged, found.kept, found.share) == (10, 3, 2, 2 / 3)
    assert precision_at([None] * 10)[0].share is None


def test_wilson_stays_within_bounds():
    assert wilson(0, 0) is None
    assert wilson(0, 10) == (0.0, pytest.approx(0.2775, abs=1e-3))
    assert wilson(10, 10) == (pytest.approx(0.7225, abs=1e-3), 1.0)
    low, high = wilson(50, 100)
    assert (low, high) == (pytest.approx(0.4038, abs=1e-3), pytest.approx(0.5962, abs=1e-3))


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "abc", 3), ("kitten", "sitting", 3), ("电池", "固态电池", 2), ("x", "x", 0)],
)
def test_edit_distance(one, other, distance):
    assert edit_distance(one, other) == edit_distance(other, one) == distance
    assert edit_share(one, other) == distance / max(len(one), len(other))


def test_cutting_equals_scipys_clusters_at_every_number():
    words = ["solar", "wind", "protein", "drug", "quantum", "sensor", "crop", "soil"]
    items = [Record(f"i{n}", " ".join(pair), "") for n, pair in enumerate(itertools.combinations(words, 2))]
    tree = tree_of(items)
    steps = np.array([[m.left, m.right, m.height, m.size] for m in tree.merges])
    for clusters in (1, 2, 5, 9, len(items)):
        made = cut(tree, items, clusters)
        ours = {frozenset(cluster.members) for cluster in made.clusters}
        assert len(ours) == clusters
        labels = fcluster(steps, clusters, "maxclust")
        theirs = {frozenset(tree.ids[i] for i in np.flatnonzero(labels == label)) for label in set(labels)}
        if len(theirs) == clusters:  # equal heights merge together there
            assert ours == theirs
        in_order = [leaf for cluster in made.clusters for leaf in cluster.members]
        assert in_order == [tree.ids[leaf] for leaf in tree.order]

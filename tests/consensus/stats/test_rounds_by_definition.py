"""Every figure of two rounds and more against its published definition, worked out from single answers."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from math import sqrt

import pytest
import scipy.stats as sps

from consensus import stats
from tests.consensus.stats.definitions import items, rounds
from tests.consensus.stats.definitions.panels import random_panel, same, two_rounds, upper

PANELS = [random_panel(seed) for seed in range(160)]
ROUNDS = [two_rounds(seed) for seed in range(160)]
WEIGHTS = ("identity", "linear", "quadratic", "ordinal")


@cache
def moved(panel):
    return stats.stability(panel.table, panel.scale, categories=upper(panel.scale))


def test_change_between_two_rounds():
    for panel in ROUNDS:
        found = moved(panel)
        before, after, n = panel.earlier, panel.later, len(panel.earlier)
        kept = sum(a == b for a, b in zip(before, after, strict=True))
        same(found.unchanged.value, Fraction(kept, n), panel.seed)
        assert (found.unchanged.ci_low, found.unchanged.ci_high) == pytest.approx(
            items.wilson(kept, n), abs=1e-7
        )
        change = rounds.net_change(before, after, panel.scale)
        same(found.net_change.value, change, panel.seed)
        assert found.net_change.stable is (change < Fraction(15, 100))
        same(found.goodman_kruskal_lambda.value, rounds.goodman_kruskal_lambda(before, after), panel.seed)
        rho = rounds.spearman(before, after)
        same(found.spearman.value, rho, panel.seed)
        if rho is not None and n > 2 and abs(rho) < 1 - 1e-9:
            t = rho * sqrt((n - 2) / (1 - rho**2))
            same(found.spearman.p_value, 2 * sps.t.sf(abs(t), n - 2), panel.seed)


def test_spread_between_two_rounds():
    for panel in ROUNDS:
        before, after, n = panel.earlier, panel.later, len(panel.earlier)
        first, second = rounds.coefficient_of_variation(before), rounds.coefficient_of_variation(after)
        for kind in (2, 6, 7, 8):
            found = stats.convergence_rate(panel.table, panel.scale, kind)
            same(found.value, rounds.convergence_rate(before, after, kind), panel.seed)
        found = moved(panel)
        same(found.convergence_rate.value, rounds.convergence_rate(before, after, 7), panel.seed)
        same(found.cv_change.value, None if None in (first, second) else second - first, panel.seed)
        r = rounds.pitman_morgan(before, after)
        same(found.pitman_morgan.value, r, panel.seed, before, after)
        if r is not None and abs(r) < 1 - 1e-9:
            t = r * sqrt((n - 2) / (1 - r**2))
            same(found.pitman_morgan.p_value, 2 * sps.t.sf(abs(t), n - 2), panel.seed)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_kappa_between_two_rounds(weights):
    for panel in ROUNDS:
        found = stats.cohen_kappa(panel.table, weights, panel.scale)
        pa, pe, kappa = rounds.cohen(panel.earlier, panel.later, panel.scale, weights)
        for value, expected in ((found.pa, pa), (found.pe, pe), (found.value, kappa)):
            same(value, expected, panel.seed)
        if weights == "quadratic":
            same(moved(panel).kappa.value, kappa, panel.seed)


def test_both_chi_squares_between_two_rounds():
    for panel in ROUNDS:
        found = moved(panel)
        group = rounds.group_chi2(panel.earlier, panel.later, panel.scale)
        own = rounds.individual_chi2(panel.earlier, panel.later, panel.scale)
        for test, (value, df, cramers_v) in ((found.group_chi2, group), (found.individual_chi2, own)):
            same(test.value, value, panel.seed)
            same(test.cramers_v, cramers_v, panel.seed)
            if df:
                p_value = sps.chi2.sf(float(value), df)
                same(test.p_value, p_value, panel.seed)
                assert test.df == df
        if group[1]:
            assert found.group_chi2.stable is bool(found.group_chi2.p_value >= 0.05)
        if own[1]:
            assert found.individual_chi2.stable is bool(found.individual_chi2.p_value < 0.05)


def test_members_who_moved_in_one_direction():
    for panel in ROUNDS:
        for zero in ("pratt", "wilcox"):
            exact = stats.wilcoxon(panel.later, panel.earlier, zero=zero)
            from_table = stats.wilcoxon_from_table(panel.table, panel.scale, zero=zero)
            plus, z, p_value = rounds.wilcoxon(panel.earlier, panel.later, zero)
            for found in (exact, from_table):
                same(found.value, plus, panel.seed)
                same(found.z, z, panel.seed)
                same(found.p_value, p_value, panel.seed)
            normal = stats.wilcoxon(panel.later, panel.earlier, zero=zero, exact=False)
            same(normal.p_value, 2 * sps.norm.sf(abs(z)) if z else 1, panel.seed)
        same(
            moved(panel).wilcoxon.value,
            rounds.wilcoxon(panel.earlier, panel.later, "pratt")[0],
        )


def test_members_who_entered_or_left_a_band_or_changed_the_distribution():
    for panel in ROUNDS:
        band = upper(panel.scale)
        found = moved(panel)
        joined, left, chi2, corrected, exact = rounds.mcnemar(panel.earlier, panel.later, band)
        assert (found.mcnemar.joined, found.mcnemar.left) == (joined, left)
        for value, expected in (
            (found.mcnemar.value, chi2),
            (found.mcnemar.chi2_corrected, corrected),
            (found.mcnemar.p_exact, exact),
            (found.mcnemar.p_value, exact),
        ):
            same(value, expected, panel.seed)
        stuart, bhapkar, df = rounds.homogeneity(panel.earlier, panel.later, panel.scale)
        for test, expected in ((found.stuart_maxwell, stuart), (found.bhapkar, bhapkar)):
            same(test.value, expected, panel.seed)
            assert test.df == df
            if expected is not None:
                same(test.p_value, sps.chi2.sf(expected, df) if df else 1, panel.seed)
        value, df = rounds.bowker(panel.earlier, panel.later, panel.scale)
        same(found.bowker.value, value, panel.seed)
        same(found.bowker.p_value, sps.chi2.sf(float(value), df) if df else 1, panel.seed)


def test_cochrans_q():
    draw = random.Random(5)
    for _panel in range(200):
        answers = [
            [draw.randint(0, 1) for _round in range(draw.choice([3]))] for _ in range(draw.randint(1, 9))
        ]
        found, expected = stats.cochran_q(answers), rounds.cochran_q(answers)
        same(found.value, expected or 0, answers)
        same(found.p_value, sps.chi2.sf(float(expected or 0), 2), answers)


@pytest.mark.parametrize("method", ["holm", "bh", "by", "bonferroni"])
def test_adjusted_p_values(method):
    draw = random.Random(6)
    for _family in range(200):
        p = [draw.choice((draw.random() ** 3, 0.01, 0.05)) for _test in range(draw.randint(1, 12))]
        found = stats.adjust_pvalues(p, method).value.tolist()
        assert found == pytest.approx([float(q) for q in rounds.adjusted(p, method)], abs=1e-12)


def test_those_who_left_against_those_who_stayed():
    draw = random.Random(7)
    for panel in PANELS:
        stayed = [draw.random() < 0.6 for _member in panel.rows]
        found = stats.attrition(panel.matrix, stayed, panel.scale)
        there = [any(x is not None for x in row) for row in panel.rows]
        again = sum(came and took_part for came, took_part in zip(stayed, there, strict=True))
        same(found.value, Fraction(again, sum(there)) if any(there) else None, panel.seed)
        tests = []
        for place in range(len(panel.rows[0])):
            sides = [
                [
                    row[place]
                    for row, came in zip(panel.rows, stayed, strict=True)
                    if came is side and row[place] is not None
                ]
                for side in (True, False)
            ]
            tests.append(rounds.mann_whitney(*sides)[2] if all(sides) else None)
            one = found.test.item(place)
            if all(sides):
                u, z, p_value = rounds.mann_whitney(*sides)
                for value, expected in ((one.value, u), (one.z, z), (one.p_value, p_value)):
                    same(value, expected, panel.seed, sides)
                gap = rounds.standardised_difference(*sides)
                same(found.difference.tolist()[place], gap, panel.seed, sides)
            else:
                assert (one.value, one.undefined_reason) == (None, "no_answers")
        given = [float(p) for p in tests if p is not None]
        fair = iter(rounds.adjusted(given, "bh"))
        for value, p in zip(found.p_adjusted.tolist(), tests, strict=True):
            same(value, None if p is None else next(fair), panel.seed)


def test_the_rounds_hold_what_could_go_wrong():
    """Else agreement here would show nothing."""
    assert any(len(panel.earlier) == 1 for panel in ROUNDS)
    assert any(panel.earlier == panel.later for panel in ROUNDS)
    assert any(len(set(panel.earlier)) == 1 < len(set(panel.later)) for panel in ROUNDS)
    assert any(moved(panel).bhapkar.undefined_reason == "all_moved_alike" for panel in ROUNDS)

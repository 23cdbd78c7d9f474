"""What is computed from two rounds of the same members, from several rounds, and from several tests."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import comb, sqrt

import numpy as np

from tests.consensus.stats.definitions.items import quantile
from tests.consensus.stats.definitions.panels import over
from tests.consensus.stats.definitions.raters import correlation, ranks, squares, weight


def net_change(earlier, later, scale):
    moved = sum(abs(later.count(v) - earlier.count(v)) for v in scale)
    return Fraction(moved, 2 * len(earlier))


def cohen(earlier, later, scale, name: str):
    """(pa, pe, kappa) with agreement weights."""
    n = len(earlier)
    pa = sum(weight(name, scale, a, b) for a, b in zip(earlier, later, strict=True)) / Fraction(n)
    pe = sum(weight(name, scale, a, b) for a in earlier for b in later) / Fraction(n * n)
    return pa, pe, over(pa - pe, 1 - pe)


def goodman_kruskal_lambda(earlier, later):
    """How many wrong guesses of the later answer are saved by knowing the earlier one."""
    n = len(later)
    blind = n - max(later.count(v) for v in later)
    told = 0
    for value in set(earlier):
        then = [b for a, b in zip(earlier, later, strict=True) if a == value]
        told += len(then) - max(then.count(v) for v in then)
    return over(blind - told, blind)


def chi2(cells: dict, rows, columns):
    """(value, df, Cramer's V) of observed counts by (row, column); empty lines do not count."""
    rows = [r for r in rows if any(cells.get((r, c), 0) for c in columns)]
    columns = [c for c in columns if any(cells.get((r, c), 0) for r in rows)]
    n = sum(cells.values())
    value = Fraction(0)
    for r in rows:
        for c in columns:
            expected = Fraction(
                sum(cells.get((r, x), 0) for x in columns) * sum(cells.get((x, c), 0) for x in rows), n
            )
            value += (cells.get((r, c), 0) - expected) ** 2 / expected
    df, least = (len(rows) - 1) * (len(columns) - 1), min(len(rows), len(columns)) - 1
    return (value, df, sqrt(value / (n * least))) if df else (None, 0, None)


def group_chi2(earlier, later, scale):
    cells = {(r, v): answers.count(v) for r, answers in enumerate((earlier, later)) for v in scale}
    return chi2(cells, (0, 1), scale)


def individual_chi2(earlier, later, scale):
    pairs = list(zip(earlier, later, strict=True))
    return chi2({(a, b): pairs.count((a, b)) for a in scale for b in scale}, scale, scale)


def mcnemar(earlier, later, band):
    """(joined, left, chi2, corrected chi2, exact p)."""
    pairs = [(a in band, b in band) for a, b in zip(earlier, later, strict=True)]
    joined, left = pairs.count((False, True)), pairs.count((True, False))
    n = joined + left
    if not n:
        return joined, left, 0, 0, 1
    tail = Fraction(sum(comb(n, j) for j in range(min(joined, left) + 1)), 2**n)
    corrected = Fraction(max(abs(joined - left) - 1, 0) ** 2, n)
    return joined, left, Fraction((joined - left) ** 2, n), corrected, min(Fraction(1), 2 * tail)


def homogeneity(earlier, later, scale):
    """((Stuart-Maxwell, Bhapkar), df): d' V^- d, with V as if the margins were alike, and as they are."""
    at = {v: place for place, v in enumerate(scale)}
    each = np.zeros((len(earlier), len(scale)))
    for member, (a, b) in enumerate(zip(earlier, later, strict=True)):
        each[member, at[a]] += 1
        each[member, at[b]] -= 1
    d, restricted = each.sum(axis=0), each.T @ each
    free = restricted - np.outer(d, d) / len(earlier)
    df = int(np.linalg.matrix_rank(restricted, tol=1e-9, hermitian=True))
    # Without the directions in which nobody moved, the inverse of either is plain.
    values, vectors = np.linalg.eigh(restricted)
    basis = vectors[:, values > 1e-9]
    if not df:
        return 0.0, 0.0, 0
    d, restricted, free = basis.T @ d, basis.T @ restricted @ basis, basis.T @ free @ basis
    alike = np.linalg.matrix_rank(free, tol=1e-9, hermitian=True) < df
    return d @ np.linalg.solve(restricted, d), None if alike else d @ np.linalg.solve(free, d), df


def bowker(earlier, later, scale):
    pairs = list(zip(earlier, later, strict=True))
    value, df = Fraction(0), 0
    for a, b in combinations(scale, 2):
        up, down = pairs.count((a, b)), pairs.count((b, a))
        if up + down:
            value, df = value + Fraction((up - down) ** 2, up + down), df + 1
    return value, df


def wilcoxon(earlier, later, zero: str):
    """(W+, z, exact p): every pattern of signs of those who moved."""
    differences = [b - a for a, b in zip(earlier, later, strict=True)]
    if zero == "wilcox":
        differences = [d for d in differences if d]
    ranked = ranks([abs(d) for d in differences]) if differences else []
    moved = [(d, r) for d, r in zip(differences, ranked, strict=True) if d]
    plus = sum((r for d, r in moved if d > 0), Fraction(0))
    if not moved:
        return plus, 0, 1
    z = float(plus - sum(r for _d, r in moved) / 2) / sqrt(sum(r**2 for _d, r in moved) / 4)
    doubled, seen = [int(2 * r) for _d, r in moved], int(2 * plus)
    sums = [
        sum(r for r, sign in zip(doubled, signs, strict=True) if sign)
        for signs in product((0, 1), repeat=len(moved))
    ]
    tail = min(sum(s <= seen for s in sums), sum(s >= seen for s in sums))
    return plus, z, min(Fraction(1), Fraction(2 * tail, len(sums)))


def coefficient_of_variation(answers):
    mean = Fraction(sum(answers), len(answers))
    if len(answers) < 2 or not mean:
        return None
    return sqrt(squares(answers) / (len(answers) - 1)) / abs(mean)


def pitman_morgan(earlier, later):
    """The correlation of sums and differences."""
    if len(set(earlier)) < 2 or len(set(later)) < 2 or len(earlier) < 3:
        return None
    both = list(zip(earlier, later, strict=True))
    return correlation([b + a for a, b in both], [b - a for a, b in both])


def spearman(earlier, later):
    return correlation(ranks(list(earlier)), ranks(list(later)))


def convergence_rate(earlier, later, kind: int):
    first, second = (
        quantile(x, Fraction(3, 4), kind) - quantile(x, Fraction(1, 4), kind) for x in (earlier, later)
    )
    return None if not first else 1 - second / first


def cochran_q(rows):
    """Cochran (1950), formula 3: spread of the columns over what each member's answers leave open."""
    k = len(rows[0])
    columns = [sum(column) for column in zip(*rows, strict=True)]
    return over(k * (k - 1) * squares(columns), sum(sum(row) * (k - sum(row)) for row in rows))


def mann_whitney(x, y):
    """(U, z, exact p) of the first: pairs won, half of those alike; every choice of as many answers."""
    u = sum((a > b) + Fraction(a == b, 2) for a in x for b in y)
    both, n1, n2 = list(x) + list(y), len(x), len(y)
    ranked = ranks(both)
    n = n1 + n2
    variance = Fraction(n1 * n2, n * (n - 1)) * squares(ranked) if n > 1 else 0
    z = float(u - Fraction(n1 * n2, 2)) / sqrt(variance) if variance else 0
    doubled = [int(2 * r) for r in ranked]
    sums, seen = [sum(choice) for choice in combinations(doubled, n1)], sum(doubled[:n1])
    tail = min(sum(s <= seen for s in sums), sum(s >= seen for s in sums))
    return u, z, min(Fraction(1), Fraction(2 * tail, len(sums)))


def standardised_difference(x, y):
    gap = Fraction(sum(x), len(x)) - Fraction(sum(y), len(y))
    df = len(x) + len(y) - 2
    spread = squares(x) + squares(y)
    if not gap:
        return 0
    return float(gap) / sqrt(spread / df) if df and spread else None


def adjusted(p, method: str) -> list:
    """Each p-value's own definition: the least level at which the procedure would reject it."""
    m, given = len(p), sorted(p)
    harmonic = sum(Fraction(1, i) for i in range(1, m + 1))
    if method == "holm":
        return [max(min(1, (m - j) * q) for j, q in enumerate(given) if q <= own) for own in p]
    factor = {"bh": m, "by": m * harmonic}.get(method)
    if factor is None:
        return [min(1, m * own) for own in p]
    return [min([1, *(factor * q / (j + 1) for j, q in enumerate(given) if q >= own)]) for own in p]

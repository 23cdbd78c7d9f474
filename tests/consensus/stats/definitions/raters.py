"""What is computed from the answers of several members to several items: rows = members, None = no answer."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import permutations, product
from math import comb, factorial, sqrt

import numpy as np

from tests.consensus.stats.definitions.panels import over


def units(rows) -> list[list[int]]:
    return [[x for x in column if x is not None] for column in zip(*rows, strict=True)]


# Agreement corrected for chance


@cache
def weight(name: str, scale, a, b):
    """Agreement weights of Gwet (2014), chapter 3."""
    if name == "identity":
        return Fraction(a == b)
    if name == "ordinal":
        apart = abs(scale.index(a) - scale.index(b))
        return 1 - Fraction(comb(apart + 1, 2), comb(len(scale), 2))
    return 1 - Fraction(abs(a - b), scale[-1] - scale[0]) ** {"linear": 1, "quadratic": 2}[name]


def pairs_agree(rows, scale, name: str):
    """Mean over items of the mean weight of two different members' answers."""
    several = [unit for unit in units(rows) if len(unit) > 1]
    each = [
        sum(weight(name, scale, a, b) for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j)
        / Fraction(len(unit) * (len(unit) - 1))
        for unit in several
    ]
    return over(sum(each), len(each))


def prevalence(rows, scale) -> list[Fraction]:
    rated = [unit for unit in units(rows) if unit]
    if not rated:
        return [Fraction(0)] * len(scale)
    return [sum(Fraction(unit.count(v), len(unit)) for unit in rated) / len(rated) for v in scale]


def coefficient(pa, pe):
    return None if pa is None else over(pa - pe, 1 - pe)


def gwet(pa, rows, scale, name: str):
    pi, k = prevalence(rows, scale), len(scale)
    total = sum(weight(name, scale, a, b) for a in scale for b in scale)
    return coefficient(pa, total / (k * (k - 1)) * sum(p * (1 - p) for p in pi))


def fleiss(pa, rows, scale, name: str):
    pi = prevalence(rows, scale)
    return coefficient(pa, met_at_random(pi, pi, scale, name))


def brennan_prediger(pa, scale, name: str):
    return coefficient(pa, sum(weight(name, scale, a, b) for a in scale for b in scale) / len(scale) ** 2)


def conger(pa, rows, scale, name: str):
    """Chance: two different members at random, each by the shares of their own answers."""
    own = [[x for x in row if x is not None] for row in rows]
    shares = [[Fraction(answers.count(v), len(answers)) for v in scale] for answers in own if answers]
    met = [
        met_at_random(first, second, scale, name)
        for i, first in enumerate(shares)
        for j, second in enumerate(shares)
        if i != j
    ]
    return None if not met else coefficient(pa, sum(met) / len(met))


def met_at_random(first, second, scale, name: str):
    both = product(zip(scale, first, strict=True), zip(scale, second, strict=True))
    return sum((weight(name, scale, a, b) * p * q for (a, p), (b, q) in both if p and q), Fraction(0))


def krippendorff(rows, scale, level: str):
    """Krippendorff (2011): the matrix of coincidences, filled pair by pair."""
    met = {(a, b): Fraction(0) for a in scale for b in scale}
    for unit in units(rows):
        for i, a in enumerate(unit):
            for j, b in enumerate(unit):
                if i != j:
                    met[a, b] += Fraction(1, len(unit) - 1)
    total = {a: sum(met[a, b] for b in scale) for a in scale}
    n = sum(total.values())

    def apart(a, b):
        if level == "nominal":
            return Fraction(a != b)
        if level == "ordinal":
            first, last = sorted((scale.index(a), scale.index(b)))
            between = sum(total[scale[g]] for g in range(first, last + 1))
            return (between - (total[a] + total[b]) / 2) ** 2
        if level == "interval":
            return Fraction(a - b) ** 2
        return Fraction(a - b, a + b) ** 2 if a != b else Fraction(0)

    observed = sum(met[a, b] * apart(a, b) for a in scale for b in scale)
    expected = sum(total[a] * total[b] * apart(a, b) for a in scale for b in scale)
    return None if not expected else 1 - (n - 1) * observed / expected


def cronbach(rows):
    """Of the members who answered everything."""
    complete = [row for row in rows if None not in row]
    k, n = len(rows[0]), len(complete)
    if k < 2 or n < 2:
        return None

    def variance(values):
        mean = Fraction(sum(values), n)
        return sum((v - mean) ** 2 for v in values) / (n - 1)

    items = sum(variance(column) for column in zip(*complete, strict=True))
    ratio = over(items, variance([sum(row) for row in complete]))
    return None if ratio is None else Fraction(k, k - 1) * (1 - ratio)


# Orders


def ranks(values) -> list[Fraction]:
    """Mid-ranks: those below, and half of those alike."""
    return [sum(w < v for w in values) + Fraction(values.count(v) + 1, 2) for v in values]


def squares(values):
    mean = Fraction(sum(values), len(values))
    return sum((v - mean) ** 2 for v in values)


def kendall_w(rows):
    """The spread of the rank sums over the largest there could be with these ties."""
    m, n = len(rows), len(rows[0])
    if m < 2 or n < 2:
        return None
    ranked = [ranks(list(row)) for row in rows]
    spread = squares([sum(column) for column in zip(*ranked, strict=True)])
    ties = sum(row.count(v) ** 3 - row.count(v) for row in map(list, rows) for v in set(row))
    return over(12 * spread, m**2 * (n**3 - n) - m * ties)


def kendall_w_pairwise(rows):
    """Taylor (1987): the mean rank correlation of two members over what both rated, and ratings per item for m."""
    active = [row for row in rows if sum(x is not None for x in row) > 1]
    rated = [column for column in zip(*rows, strict=True) if any(x is not None for x in column)]
    total = weights = 0.0
    for place, first in enumerate(active):
        for second in active[place + 1 :]:
            both = [(a, b) for a, b in zip(first, second, strict=True) if None not in (a, b)]
            rho = (
                correlation(*(ranks(list(side)) for side in zip(*both, strict=True)))
                if len(both) > 1
                else None
            )
            if rho is not None:
                total, weights = total + (len(both) - 1) * rho, weights + len(both) - 1
    if len(active) < 2 or len(rated) < 2 or not weights:
        return None
    m = sum(x is not None for row in active for x in row) / len(rated)
    return min(1.0, max(0.0, ((m - 1) * total / weights + 1) / m))


def correlation(x, y):
    n = len(x)
    if n < 2:
        return None
    mx, my = Fraction(sum(x), n), Fraction(sum(y), n)
    shared = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    spread = squares(x) * squares(y)
    return None if not spread else float(shared) / sqrt(spread)


def friedman(rows):
    """Conover (1999): (n - 1) sum (R_j - mean)^2 / (A - C), A the sum of all squared ranks, C its least value."""
    m, n = len(rows), len(rows[0])
    ranked = [ranks(list(row)) for row in rows]
    a = sum(r**2 for row in ranked for r in row)
    c = Fraction(m * n * (n + 1) ** 2, 4)
    return over((n - 1) * squares([sum(column) for column in zip(*ranked, strict=True)]), a - c)


def friedman_exact(rows):
    """Every order of each member's ranks alike: the share in which the rank sums spread as much."""
    ranked = [ranks(list(row)) for row in rows]
    seen = squares([sum(column) for column in zip(*ranked, strict=True)])
    orders = [list(permutations(row)) for row in ranked]
    spreads = [squares([sum(column) for column in zip(*choice, strict=True)]) for choice in product(*orders)]
    return Fraction(sum(spread >= seen for spread in spreads), len(spreads))


def skillings_mack(rows, *, ties: bool):
    """(value, df). Covariances of a member's ranks by all their orders, or as if nobody tied."""
    items = len(rows[0])
    sums, covariance = np.zeros(items), np.zeros((items, items))
    for row in rows:
        places = [place for place, x in enumerate(row) if x is not None]
        k = len(places)
        if k < 2:
            continue
        own = [float(r) - (k + 1) / 2 for r in ranks([row[place] for place in places])]
        sums[places] += np.sqrt(12 / (k + 1)) * np.array(own)
        held = own if ties else [place - (k - 1) / 2 for place in range(k)]
        orders = list(permutations(held))
        spread = sum(np.outer(order, order) for order in orders) / factorial(k)
        covariance[np.ix_(places, places)] += 12 / (k + 1) * spread
    inverse = np.linalg.pinv(covariance, rcond=1e-9, hermitian=True)
    df = int(np.linalg.matrix_rank(covariance, tol=1e-9, hermitian=True))
    return (float(sums @ inverse @ sums), df) if df else (None, None)

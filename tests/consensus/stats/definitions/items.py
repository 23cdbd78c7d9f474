"""What is computed from the answers to one item."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from math import comb, floor, log2, sqrt
from statistics import NormalDist

from tests.consensus.stats.definitions.panels import over

Z95 = NormalDist().inv_cdf(0.975)


def quantile(answers, p: Fraction, kind: int):
    """Hyndman and Fan (1996), table 1: an order statistic, or a mean of two."""
    x, n = sorted(answers), len(answers)
    if n == 0:
        return None

    def order(j):
        return Fraction(x[min(max(j, 1), n) - 1])

    if kind == 2:
        j = floor(n * p)
        return order(j + 1) if n * p > j else (order(j) + order(j + 1)) / 2
    position = {6: (n + 1) * p, 7: (n - 1) * p + 1, 8: (n + Fraction(1, 3)) * p + Fraction(1, 3)}[kind]
    j = floor(position)
    return order(j) + (position - j) * (order(j + 1) - order(j))


def describe(answers, scale, kind: int) -> dict:
    x, n = sorted(answers), len(answers)
    at = {f"p{percent}": quantile(x, Fraction(percent, 100), kind) for percent in (10, 30, 70, 90)}
    q1, median, q3 = (quantile(x, Fraction(part, 4), kind) for part in (1, 2, 3))
    mean = Fraction(sum(x), n)
    sd = sqrt(Fraction(sum((v - mean) ** 2 for v in x), n - 1)) if n > 1 else None
    often = max(x.count(v) for v in scale)
    return at | {
        "n": n, "mean": mean, "median": median, "value": median, "q1": q1, "q3": q3, "iqr": q3 - q1, "sd": sd,
        "cv": sd / abs(mean) if sd is not None and mean else None, "min": x[0], "max": x[-1],
        "quartile_deviation": (q3 - q1) / 2, "relative_iqr": over(q3 - q1, abs(median)),
        "mad_median": sum(abs(v - median) for v in x) / n, "modes": tuple(v for v in scale if x.count(v) == often),
        "interpolated_median": interpolated_median(x, scale),
    }  # fmt: skip


def interpolated_median(answers, scale):
    """As if the answers at the median were spread evenly over its class (psych::interp.median)."""
    x, n = sorted(answers), len(answers)
    median = Fraction(x[(n - 1) // 2] + x[n // 2], 2)
    width = min((b - a for a, b in pairwise(scale)), default=1)
    below, at = sum(v < median for v in x), sum(v == median for v in x)
    if not at:
        return median
    return median - Fraction(width, 2) + width * (Fraction(n, 2) - below) / at


def weighted_quantile(answers, weights, p: Fraction):
    """Harrell's wtd.quantile with weights that sum to the number of answers, by type 7."""
    n = len(answers)
    scaled = [weight * n / sum(weights) for weight in weights]
    place = 1 + (n - 1) * p

    def order(rank):
        return next(v for v in sorted(answers) if held(v) >= rank)

    def held(value):
        return sum(weight for v, weight in zip(answers, scaled, strict=True) if v <= value)

    low, high = order(floor(place)), order(min(floor(place) + 1, n))
    return low + (place - floor(place)) * (high - low)


def wilson(k: int, n: int) -> tuple[float, float]:
    """Both roots of (p - k/n)^2 = z^2 p (1 - p) / n in p."""
    a, b, c = 1 + Z95**2 / n, -(2 * k / n + Z95**2 / n), (k / n) ** 2
    root = sqrt(max(b * b - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def comet(answers, high, low) -> str:
    up = Fraction(sum(v in high for v in answers), len(answers))
    down = Fraction(sum(v in low for v in answers), len(answers))
    if up >= Fraction(70, 100) and down < Fraction(15, 100):
        return "in"
    return "out" if down >= Fraction(70, 100) and up < Fraction(15, 100) else "none"


def rand_ucla(answers, scale, kind: int) -> dict:
    """Fitch et al. (2001), on 1-9, any other scale stretched over it."""
    low, high = scale[0], scale[-1]
    points = [1 + Fraction(8 * (v - low), high - low) for v in answers]
    n = len(points)
    third = [sum(v < Fraction(7, 2) for v in points), 0, sum(v >= Fraction(13, 2) for v in points)]
    third[1] = n - third[0] - third[2]
    p30, median, p70 = (quantile(points, Fraction(tenths, 10), kind) for tenths in (3, 5, 7))
    place = 2 if median >= Fraction(13, 2) else (0 if median < Fraction(7, 2) else 1)
    ipras = Fraction(235, 100) + Fraction(3, 2) * abs(5 - (p30 + p70) / 2)
    t = (n + 1) // 3
    split = t > 0 and third[0] >= t and third[2] >= t
    close = n - third[place] <= max(t - 1, 0)
    return {
        "median": median, "region": ("low", "middle", "high")[place], "p30": p30, "p70": p70, "ipr": p70 - p30,
        "ipras": ipras, "value": (p70 - p30) / ipras, "disagreement": p70 - p30 > ipras,
        "classic": "disagreement" if split else ("agreement" if close else "indeterminate"),
    }  # fmt: skip


def apmo(columns, scale):
    """Kapoor (1987): majority agreements and majority disagreements over all opinions."""
    middle = Fraction(scale[0] + scale[-1], 2)
    major = 0
    for answers in columns:
        yes, no = sum(v > middle for v in answers), sum(v < middle for v in answers)
        major += next((count for count in (yes, no) if 2 * count > len(answers)), 0)
    return over(major, sum(map(len, columns)))


def cvr_critical(n: int):
    """The smallest ratio whose upper binomial tail is at most 5 %."""
    for k in range(n + 1):
        if Fraction(sum(comb(n, j) for j in range(k, n + 1)), 2**n) <= Fraction(5, 100):
            return Fraction(2 * k - n, n)
    return None


def modified_kappa(k: int, n: int):
    chance = Fraction(comb(n, k), 2**n)
    return over(Fraction(k, n) - chance, 1 - chance)


def aiken_v(answers, low: int, high: int):
    """V = sum (r - lo) / (n (hi - lo)); limits by Penfield and Giacobbi (2004), formulas 4 and 5."""
    n, k = len(answers), high - low
    v = Fraction(sum(x - low for x in answers), n * k)
    root = Z95 * sqrt(4 * n * k * v * (1 - v) + Z95**2)
    return (
        v,
        (2 * n * k * v + Z95**2 - root) / (2 * (n * k + Z95**2)),
        (2 * n * k * v + Z95**2 + root) / (2 * (n * k + Z95**2)),
    )


def van_der_eijk(counts):
    """Layers peeled off one by one; every triple of categories of a layer looked at."""
    left, total, k = [int(c) for c in counts], sum(counts), len(counts)
    found = Fraction(0)
    while any(left):
        height = min(c for c in left if c)
        layer = [c > 0 for c in left]
        found += Fraction(height * sum(layer), int(total)) * _layer(layer, k)
        left = [c - height if c else 0 for c in left]
    return found


def _layer(layer, k: int):
    triples = [(layer[a], layer[b], layer[c]) for a, b, c in combinations(range(k), 3)]
    fit = triples.count((True, True, False)) + triples.count((False, True, True))
    unfit = triples.count((True, False, True))
    u = 1 if not fit + unfit else Fraction((k - 2) * fit - (k - 1) * unfit, (k - 2) * (fit + unfit))
    return u * (1 - Fraction(sum(layer) - 1, k - 1))


def tastle_wierman(answers, scale):
    mean, width = Fraction(sum(answers), len(answers)), scale[-1] - scale[0]
    return 1 + sum(log2(1 - abs(v - mean) / width) for v in answers) / len(answers)


def leik(counts):
    shares = [Fraction(int(sum(counts[: c + 1])), int(sum(counts))) for c in range(len(counts) - 1)]
    return 2 * sum(f if f < Fraction(1, 2) else 1 - f for f in shares) / (len(counts) - 1)


def blair_lacy_squared(counts):
    shares = [Fraction(int(sum(counts[: c + 1])), int(sum(counts))) for c in range(len(counts) - 1)]
    return sum((f - Fraction(1, 2)) ** 2 for f in shares) / Fraction(len(counts) - 1, 4)


def entropy(counts):
    n = sum(counts)
    return -sum(c / n * log2(c / n) for c in counts if c)

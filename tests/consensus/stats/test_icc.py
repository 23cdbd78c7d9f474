"""Intraclass correlations of small panels, where the estimated variances can vanish or turn negative."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from consensus import stats

FORMS = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")
NAN = np.nan


def panels(seed: int, how_many: int):
    """Small panels of every shape: few categories, gaps, large numbers with little between them."""
    rng = np.random.default_rng(seed)
    for place in range(how_many):
        shape = tuple(rng.integers(2, 7, 2))
        ratings = rng.integers(1, int(rng.integers(2, 10)) + 1, shape).astype(float)
        if place % 3 == 1:
            ratings[rng.random(shape) < 0.25] = NAN
        yield ratings / 3 + 2030 if place % 5 == 4 else ratings


def is_sound(found) -> None:
    assert (found.value is None) == (found.undefined_reason is not None), found
    assert found.value is None or found.value <= 1 + 1e-9, found
    limits = [limit for limit in (found.ci_low, found.ci_high) if limit is not None]
    if found.value is None:
        assert not limits, found
    order = [x for x in (found.ci_low, found.value, found.ci_high) if x is not None]
    assert all(b - a >= -1e-9 * max(1, abs(a), abs(b)) for a, b in itertools.pairwise(order)), found
    for name in ("f", "p_value", *(("ci_high",) if limits else ())):
        figure = getattr(found, name)
        assert figure is None or math.isfinite(figure), found


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2)])
def test_every_tiny_panel_is_sound(shape):
    for cells in itertools.product((1, 2, 3, NAN), repeat=math.prod(shape)):
        found = stats.icc(np.array(cells).reshape(shape))
        for form in FORMS:
            is_sound(getattr(found, form))


def test_random_panels_are_sound():
    for ratings in panels(11, 4000):
        found = stats.icc(ratings)
        for form in FORMS:
            is_sound(getattr(found, form))


def anova(items: np.ndarray) -> tuple[float, float, float, float]:
    """Mean squares between items, within, between members, of the rest: sums over all cells as defined."""
    n, k = items.shape
    grand = items.mean()
    between = sum((items[i].mean() - grand) ** 2 for i in range(n) for _ in range(k)) / (n - 1)
    within = sum((items[i, j] - items[i].mean()) ** 2 for i in range(n) for j in range(k)) / (n * (k - 1))
    judges = sum((items[:, j].mean() - grand) ** 2 for _ in range(n) for j in range(k)) / (k - 1)
    rest = sum(
        (items[i, j] - items[i].mean() - items[:, j].mean() + grand) ** 2 for i in range(n) for j in range(k)
    )
    return between, within, judges, rest / ((n - 1) * (k - 1))


def test_forms_are_shrout_and_fleiss_quotients():
    for ratings in panels(12, 300):
        if np.isnan(ratings).any():
            continue
        items = ratings.T
        n, k = items.shape
        bms, wms, jms, ems = anova(items)
        quotients = {
            "icc1": (bms - wms, bms + (k - 1) * wms),
            "icc2": (bms - ems, bms + (k - 1) * ems + k * (jms - ems) / n),
            "icc3": (bms - ems, bms + (k - 1) * ems),
            "icc1k": (bms - wms, bms),
            "icc2k": (bms - ems, bms + (jms - ems) / n),
            "icc3k": (bms - ems, bms),
        }
        found = stats.icc(ratings)
        for form, (top, bottom) in quotients.items():
            value = getattr(found, form).value
            if bottom > 1e-9:
                assert value == pytest.approx(top / bottom, rel=1e-7, abs=1e-9), (form, ratings)
            else:
                assert value is None, (form, ratings)


@pytest.mark.parametrize(
    ("ratings", "form", "reason"),
    [
        ([[1, 2], [2, 1]], "icc2", "negative_variance"),
        ([[1, 3], [2, 2], [3, 1]], "icc2k", "negative_variance"),
        ([[1, 3], [2, 2], [3, 1]], "icc3k", "negative_variance"),
        ([[1, 1], [2, 2]], "icc3", "no_variance"),
        ([[4, 4], [4, 4]], "icc2", "no_variance"),
    ],
)
def test_a_form_without_a_value_says_why(ratings, form, reason):
    found = getattr(stats.icc(ratings), form)
    assert (found.value, found.undefined_reason, found.ci_low, found.ci_high) == (None, reason, None, None)


def test_members_who_differ_by_a_constant_do_not_agree_absolutely():
    found = stats.icc(np.array([[1.1, 1.1, 1.1], [2.3, 2.3, 2.3]]))
    assert found.icc2.value == 0.0
    assert stats.icc(np.array([[1, 2, 3], [2, 3, 4]])).icc3.value == 1.0

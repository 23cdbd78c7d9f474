"""Every figure of many small random panels against its published definition, worked out from single answers."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb, sqrt

import numpy as np
import pytest
import scipy.stats as sps

from consensus import stats
from tests.consensus.stats.definitions import items, raters
from tests.consensus.stats.definitions.panels import random_panel, same, upper

PANELS = [random_panel(seed) for seed in range(160)]
NINE = [random_panel(seed, scales=(tuple(range(1, 10)),), members=(1, 19)) for seed in range(60)]
WEIGHTS = ("identity", "linear", "quadratic", "ordinal")
# Panels of one or two categories leave some measures without a meaning, not without a value.
WIDE = [panel for panel in PANELS if len(panel.scale) > 2]


def every_item(panels):
    """(panel, place, the answers, the counts) of every item that anybody answered."""
    for panel in panels:
        for place, answers in enumerate(panel.columns):
            if answers:
                yield panel, place, answers, panel.counts[place]


@pytest.mark.parametrize("kind", [2, 6, 7, 8])
def test_location_spread_and_quantiles(kind):
    for panel in PANELS:
        table = stats.describe(stats.count_table(panel.matrix, panel.scale), quantile_type=kind)
        for place, answers in enumerate(panel.columns):
            found = table.item(place)
            if not answers:
                assert (found.value, found.undefined_reason) == (None, "no_answers")
                continue
            for name, expected in items.describe(answers, panel.scale, kind).items():
                same(getattr(found, name), expected, name, kind, panel.seed, answers)
            assert found.n_missing == len(panel.rows) - len(answers)


@pytest.mark.parametrize("kind", [5, 6, 7, 8, 9])
def test_a_median_half_way_between_two_answers_is_so_exactly(kind):
    """A third plus a half of the rest came out as 6.499..., which is another third of the scale than 6.5."""
    for half in range(1, 60):
        counts = [0, 0, 0, 0, 0, half, half, 0, 0]
        found = stats.rand_ucla(counts, kind)
        assert stats.describe(counts, quantile_type=kind).median == found.median == 6.5, half
        assert (found.region, found.classic) == ("high", stats.rand_ucla(counts).classic), half


def test_weighted_figures():
    draw = random.Random(3)
    for panel, _place, answers, _counts in every_item(PANELS):
        weights = [Fraction(draw.choice((2, 4, 6, 8, 10)), 10) for _answer in answers]
        held = [sum(w for v, w in zip(answers, weights, strict=True) if v == at) for at in panel.scale]
        floats, n = [float(w) for w in held], len(answers)
        found = stats.describe(floats, panel.scale, n_answers=n)
        for name, part in (("q1", 1), ("median", 2), ("q3", 3)):
            expected = items.weighted_quantile(answers, weights, Fraction(part, 4))
            same(getattr(found, name), expected, name, panel.seed, answers, weights)
        mean = sum(v * w for v, w in zip(panel.scale, held, strict=True)) / sum(weights)
        same(found.mean, mean, panel.seed)
        squares = sum(w * (v - mean) ** 2 for v, w in zip(panel.scale, held, strict=True))
        same(found.sd, sqrt(squares * n / sum(weights) / (n - 1)) if n > 1 else None, panel.seed)
        top = sum(w for v, w in zip(panel.scale, held, strict=True) if v in upper(panel.scale)) / sum(weights)
        same(stats.agreement_share(floats, upper(panel.scale), panel.scale, n_answers=n).value, top)


def test_equal_weights_are_no_weights_whatever_their_binary_fraction():
    """Three tenths n times over, scaled back to n, are a hair less or more than n."""
    for panel, _place, answers, counts in every_item(NINE):
        weighted = stats.rand_ucla(counts * 0.3, n_answers=len(answers))
        plain = stats.rand_ucla(counts)
        for name in ("classic", "region", "disagreement"):
            assert getattr(weighted, name) == getattr(plain, name), (name, panel.seed, answers)
        assert (
            stats.comet_70_15(counts * 0.3, n_answers=len(answers)).verdict
            == stats.comet_70_15(counts).verdict
        )


def test_shares_and_their_intervals():
    for panel, _place, answers, counts in every_item(PANELS):
        band = upper(panel.scale)
        found = stats.agreement_share(counts, band, panel.scale)
        k, n = sum(v in band for v in answers), len(answers)
        same(found.value, Fraction(k, n), panel.seed)
        assert (found.ci_low, found.ci_high) == pytest.approx(items.wilson(k, n), abs=1e-7)
        factors = [100 * (place + 1) for place in range(len(panel.scale))]
        index = stats.importance_index(counts, factors)
        same(index.value, Fraction(sum(factors[panel.scale.index(v)] for v in answers), n), panel.seed)
        full = stats.full_score_rate(counts, panel.scale)
        same(full.value, Fraction(answers.count(panel.scale[-1]), n), panel.seed)


def test_the_interval_of_the_median():
    """Conover (1999): as far from both ends as the binomial allows."""
    for panel, _place, answers, counts in every_item([*NINE, *PANELS]):
        x, n = sorted(answers), len(answers)
        tails = [Fraction(sum(comb(n, j) for j in range(place)), 2**n) for place in range(n + 1)]
        place = max(at for at, tail in enumerate(tails) if tail <= Fraction(25, 1000))
        found = stats.median_interval(counts, panel.scale)
        expected = (x[place - 1], x[n - place]) if place else (None, None)
        assert (found.ci_low, found.ci_high) == expected, (panel.seed, answers)
        mean = stats.mean_interval(counts, panel.scale)
        about = items.describe(answers, panel.scale, 7)
        half = sps.t.ppf(0.975, n - 1) * about["sd"] / sqrt(n) if n > 1 else None
        same(mean.value, half, panel.seed)
        same(mean.ci_low, None if half is None else float(about["mean"]) - half, panel.seed)


def test_the_comet_and_the_rand_ucla_rules():
    for panel, _place, answers, counts in every_item(NINE):
        assert stats.comet_70_15(counts).verdict == items.comet(answers, (7, 8, 9), (1, 2, 3)), panel.seed
    for panel in [*NINE, *PANELS]:
        kind = (2, 6, 7, 8)[panel.seed % 4]
        table = stats.rand_ucla(panel.counts, kind, panel.scale)
        for found, answers in zip(table.items(), panel.columns, strict=True):
            expected = items.rand_ucla(answers, panel.scale, kind) if answers else {"value": None}
            for name, figure in expected.items():
                same(getattr(found, name), figure, name, kind, panel.seed, answers)


def test_average_percent_of_majority_opinions():
    for panel in PANELS:
        found = stats.apmo(panel.counts, panel.scale)
        same(found.value, items.apmo(panel.columns, panel.scale), panel.seed)


def test_content_validity():
    for n in range(1, 41):
        same(stats.cvr_critical(n).value, items.cvr_critical(n), n)
        for k in range(n + 1):
            same(stats.cvr(k, n).value, Fraction(2 * k - n, n), k, n)
            same(stats.modified_kappa(k, n).value, items.modified_kappa(k, n), k, n)
    for panel, place, answers, _counts in every_item(PANELS):
        low, high = panel.scale[0], panel.scale[-1]
        found = stats.aiken_v(panel.matrix[:, place], low, high)
        expected = items.aiken_v(answers, low, high)
        same(found.value, expected[0], panel.seed)
        assert (found.ci_low, found.ci_high) == pytest.approx(expected[1:], abs=1e-9)


def test_consensus_on_an_ordered_scale():
    for panel, _place, answers, counts in every_item(PANELS):
        same(
            stats.tastle_wierman_consensus(counts, panel.scale).value,
            items.tastle_wierman(answers, panel.scale),
        )
        same(stats.leik(counts).value, items.leik(counts), panel.seed)
        found, l2 = stats.blair_lacy(counts), items.blair_lacy_squared(counts)
        for value, expected in ((found.value, sqrt(l2)), (found.l2, l2), (found.iov, 1 - l2)):
            same(value, expected, panel.seed)
        same(stats.entropy(counts).value, items.entropy(counts), panel.seed)
    for panel, _place, _answers, counts in every_item(WIDE):
        a = items.van_der_eijk(counts)
        same(stats.van_der_eijk_agreement(counts).value, a, panel.seed, counts)
        same(stats.polarisation(counts).value, (1 - a) / 2, panel.seed, counts)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorffs_alpha(level):
    for panel in PANELS:
        if level == "ratio" and panel.scale[0] < 0:
            continue
        tally = stats.count_table(panel.matrix, panel.scale)
        expected = raters.krippendorff(panel.rows, panel.scale, level)
        same(stats.alpha_from_counts(tally, level).value, expected, panel.seed)
        same(stats.krippendorff_alpha(panel.matrix, level).value, expected, panel.seed)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_agreement_corrected_for_chance(weights):
    for panel in PANELS:
        tally = stats.count_table(panel.matrix, panel.scale)
        pa = raters.pairs_agree(panel.rows, panel.scale, weights)
        even = raters.brennan_prediger(pa, panel.scale, weights)
        about = (pa, panel.rows, panel.scale, weights)
        same(stats.percent_agreement(tally, weights).value, pa, panel.seed)
        same(stats.gwet_ac(tally, weights).value, raters.gwet(*about), panel.seed)
        same(stats.fleiss_kappa(tally, weights).value, raters.fleiss(*about), panel.seed)
        same(stats.brennan_prediger(tally, weights).value, even, panel.seed)
        same(stats.conger_kappa(panel.matrix, weights, panel.scale).value, raters.conger(*about), panel.seed)
        if weights == "identity":
            same(stats.randolph_kappa(tally).value, even, panel.seed)


def test_cronbachs_alpha():
    for panel in PANELS:
        same(stats.cronbach_alpha(panel.matrix).value, raters.cronbach(panel.rows), panel.seed)


def test_concordance_with_ties_and_with_gaps():
    for panel in PANELS:
        complete = [row for row in panel.rows if None not in row]
        found = stats.kendall_w(panel.matrix, missing="complete_members")
        expected = raters.kendall_w(complete) if complete else None
        same(found.value, expected, panel.seed)
        if expected is not None:
            same(found.chi2, len(complete) * (len(complete[0]) - 1) * expected, panel.seed)
            same(found.p_value, sps.chi2.sf(found.chi2, found.df), panel.seed)
        if len(complete) < len(panel.rows):
            pairwise = stats.kendall_w(panel.matrix, missing="pairwise_spearman")
            same(pairwise.value, raters.kendall_w_pairwise(panel.rows), panel.seed)


def test_friedman_and_its_exact_distribution():
    for panel in PANELS:
        complete = [row for row in panel.rows if None not in row]
        if len(complete) < 2 or len(complete[0]) < 2:
            continue
        small = len(complete) <= 3 and len(complete[0]) <= 3
        found = stats.friedman(panel.matrix, exact=small)
        m, n, chi2 = len(complete), len(complete[0]), raters.friedman(complete)
        same(found.value, chi2, panel.seed)
        if chi2 is not None and small:
            same(found.p_value, raters.friedman_exact(complete), panel.seed)
        elif chi2 is not None:
            same(found.p_value, sps.chi2.sf(float(chi2), n - 1), panel.seed)
        if chi2 is not None and m * (n - 1) > chi2:
            f = (m - 1) * chi2 / (m * (n - 1) - chi2)
            same(found.f, f, panel.seed)
            same(found.f_p_value, sps.f.sf(float(f), n - 1, (n - 1) * (m - 1)), panel.seed)


@pytest.mark.parametrize("ties", [True, False])
def test_skillings_mack(ties):
    for panel in PANELS:
        found = stats.skillings_mack(panel.matrix, ties=ties)
        value, df = raters.skillings_mack(panel.rows, ties=ties)
        same(found.value, value, panel.seed)
        if df:
            assert found.df == df
            same(found.p_value, sps.chi2.sf(value, df), panel.seed)


def test_positivity_and_authority():
    draw, preset = random.Random(8), stats.WEIGHT_PRESETS["common"]
    for _panel in range(200):
        n = draw.randint(1, 20)
        bases = [[draw.randrange(3) for _basis in range(4)] for _member in range(n)]
        familiar = [draw.randrange(5) for _member in range(n)]
        table = (preset.practice, preset.theory, preset.peers, preset.intuition)
        ca = sum(Fraction(str(table[b][own[b]])) for own in bases for b in range(4)) / n
        cs = sum(Fraction(str(preset.familiarity[level])) for level in familiar) / n
        counts = [sum(own[b] == size for own in bases) for b in range(4) for size in range(3)]
        levels = [familiar.count(level) for level in range(5)]
        found = stats.authority_coefficient(basis_counts=counts, familiarity_counts=levels, n=n)
        for value, expected in ((found.ca, ca), (found.cs, cs), (found.value, (ca + cs) / 2)):
            same(value, expected)
        assert found.acceptable is ((ca + cs) / 2 >= Fraction(7, 10))
        returned = draw.randint(0, n)
        same(stats.positivity_coefficient(returned, n).value, Fraction(returned, n))


@pytest.mark.parametrize("kind", [2, 6, 7, 8])
def test_quartiles_of_the_years_and_the_other_shares(kind):
    draw = random.Random(9)
    years = (2027, 2030, 2031, 2040, 2070)
    for _panel in range(200):
        named = [draw.choice(years) for _member in range(draw.randint(0, 12))]
        already, never, unsure = (draw.randint(0, 4) for _answer in range(3))
        found = stats.realisation_time(
            [named.count(year) for year in years],
            years,
            already=already,
            never=never,
            cannot_say=unsure,
            quantile_type=kind,
        )
        n = len(named) + already + never + unsure
        for value, part in ((found.q1, 1), (found.value, 2), (found.q3, 3)):
            same(value, items.quantile(named, Fraction(part, 4), kind), named)
        for value, k in (
            (found.year_share, len(named)),
            (found.already_share, already),
            (found.never_share, never),
            (found.cannot_say_share, unsure),
        ):
            same(value, Fraction(k, n) if n else None, named)


def test_the_panels_hold_what_could_go_wrong():
    """Else agreement here would show nothing."""
    columns = [answers for panel in PANELS for answers in panel.columns]
    assert any(len(panel.rows) == 1 for panel in PANELS)
    assert any(not answers for answers in columns)
    assert any(len(set(answers)) == 1 and len(answers) > 3 for answers in columns)
    assert {len(panel.scale) for panel in PANELS} >= {2, 3, 4, 5, 6, 7}
    assert any(np.isnan(panel.matrix).any() for panel in PANELS)

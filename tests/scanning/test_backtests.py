"""What the pages say of a finished backtest: the figures reached, how sure they are, and what they do not say."""

import pytest
from django.urls import reverse
from django.utils import timezone

from scanning.models import Backtest
from scanning.selectors.backtests import reached
from scanning.services.backtests import DIPS_TOO, GROWTH, start_backtest

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def finished(corpus, rose=15, flagged=50, base=0.1, by=GROWTH):
    row = {"name": "flow battery", "growth": 1.0, "counts": [5, 6, 7]}
    result = {
        "years": [2017, 2018, 2019],
        "totals": [100, 100, 100],
        "last_year": 2019,
        "flagged": [row | {"rose": number < rose} for number in range(flagged)],
        "rose": rose,
        "rate": rose / flagged if flagged else None,
        "base": base,
        "base_all": 0.2,
        "eligible": 900,
    }
    params = {"cut": 2018, "language": "en", "horizon": 1, "factor": 1.5, "top": 50, "by": by}
    return Backtest.objects.create(corpus=corpus, params=params, result=result, finished_at=timezone.now())


def text_of(page, study, backtest):
    return page.get(reverse("scanning:backtest", args=[study.code, backtest.code])).content.decode()


def test_a_backtest_states_its_figures_with_their_intervals(corpus, study, page):
    made = finished(corpus)
    found = reached(made)
    assert (found.rate, found.times) == (pytest.approx(30), pytest.approx(3))
    # statsmodels 0.14: proportion_confint(15, 50, method="wilson")
    assert found.interval == pytest.approx((19.105, 43.751), abs=0.01)
    assert found.times_interval == pytest.approx((1.9105, 4.3751), abs=0.001)
    text = text_of(page, study, made)
    assert "30% of those flagged, 95% interval 19–44%" in text
    assert "That is 3.0 times as often as terms of like frequency, with a 95% interval of 1.9 to 4.4." in text
    assert "more than chance would bring about" in text
    assert "Terms of one topic grow together" in text
    listed = page.get(reverse("scanning:supervision", args=[study.code])).content.decode()
    assert "1.9–4.4" in listed


def test_a_figure_within_chance_is_called_that(corpus, study, page):
    made = finished(corpus, rose=6)
    assert reached(made).word == "unclear"
    text = text_of(page, study, made)
    assert "Chance alone could have brought this about." in text
    assert "more than chance" not in text
    assert reached(finished(corpus, rose=0, base=0.3)).word == "worse"


def test_nothing_is_made_up_without_a_base_or_flagged_terms(corpus, study, page):
    no_base = finished(corpus, rose=0, base=0.0)
    assert (reached(no_base).times, reached(no_base).times_interval) == (None, None)
    text = text_of(page, study, no_base)
    assert "times as often" not in text
    assert "95% interval 0–7%" in text
    assert reached(finished(corpus, rose=0, flagged=0, base=None)) is None
    running = Backtest.objects.create(corpus=corpus, params={"cut": 2018})
    assert reached(running) is None
    assert page.get(reverse("scanning:supervision", args=[study.code])).status_code == 200


def test_recoveries_from_a_dip_are_flagged_when_asked_for_and_named_as_such(
    corpus, study, upload, owner, page, django_capture_on_commit_callbacks
):
    """One term falls, one is steady, one rises: only the last may be flagged unless dips are asked for."""
    rows = []
    for place, year in enumerate(range(2014, 2020)):
        names = (
            ["flow battery"] * (8 + 6 * place) + ["wind turbine"] * 30 + ["steam engine"] * (40 - 6 * place)
        )
        rows += [
            {
                "id": f"{year}-{number}",
                "title": f"On the {name}, part {number} of {year}",
                "abstract": f"We examine the {name}. Each {name} is measured.",
                "year": year,
            }
            for number, name in enumerate(names)
        ]
    upload(rows)
    names = {}
    for by in (GROWTH, DIPS_TOO):
        with django_capture_on_commit_callbacks(execute=True):
            made = start_backtest(corpus=corpus, actor=owner, cut=2017, horizon=1, factor=1.2, top=5, by=by)
        made.refresh_from_db()
        names[by] = {row["name"] for row in made.result["flagged"]}
    assert "steam engine" not in names[GROWTH]
    assert {"steam engine", "flow battery"} <= names[DIPS_TOO]
    text = text_of(page, study, made)
    assert "a recovery counts as growth" in text
    assert "were rising" not in text

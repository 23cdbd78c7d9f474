import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from consensus.models import Computation, Verdict
from consensus.selectors.results import StudyResults
from consensus.services.compute import compute_round
from consensus.whatif.evaluate import what_if
from consensus.whatif.rules import Preset, Settings, criteria_of, mirrored
from experts.enums import Role
from foundation.models import AuditEntry
from surveys.enums import VerdictKind
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round
from tests.factories import give_role, owner_of

pytestmark = pytest.mark.django_db

UNITED = [5, 5, 5, 4, 5, 5, 5, 4, 5, 5, 5, 5]  # both groups agree
SPLIT = [5, 5, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1]  # the first group is for, the second against
SPREAD = [3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 3, 3]


def studied(sizes=(6, 6), rounds=1, answers=(UNITED, SPLIT, SPREAD)):
    """One analysed round (or two alike, so that everything is stable) of a 1-5 question."""
    study = make_panel_study(sizes, technologies=len(answers))
    for number in range(1, rounds + 1):
        round = make_round(study, number)
        for technology, values in zip(study.technologies.order_by("position"), answers, strict=True):
            answer_all(round, "agreement", technology, values)
        compute_round(round_id=close(round).pk)
    return study


def tried(study, preset, *, keep_stability=False, **settings):
    results = StudyResults(study)
    question = study.questions.get(key="agreement")
    asked = Settings(preset=preset, low=4, high=5, **settings)
    return what_if(results, results.latest, question, asked, keep_stability=keep_stability)


def outcomes(found):
    return [line.verdict for line in found.lines]


IN, OUT, OPEN = VerdictKind.CONSENSUS_IN, VerdictKind.CONSENSUS_OUT, VerdictKind.OPEN


@pytest.mark.parametrize(
    ("preset", "settings", "expected"),
    [
        (Preset.SHARE, {"threshold": 0.75}, [IN, OPEN, OPEN]),
        (Preset.SHARE, {"threshold": 0.5}, [IN, IN, IN]),
        (Preset.IQR, {"iqr": 1}, [IN, OPEN, OPEN]),
        (Preset.CV, {"cv": 0.1}, [IN, OPEN, OPEN]),
        (Preset.COMBINED, {"threshold": 0.5, "iqr": 1}, [IN, OPEN, IN]),
        (Preset.COMET, {}, [IN, OPEN, OPEN]),
        (Preset.COMET_GROUPS, {}, [IN, OPEN, OPEN]),
        (Preset.RAND_UCLA, {}, [IN, OPEN, OPEN]),
    ],
)
def test_every_preset_is_evaluated_on_the_stored_counts(preset, settings, expected):
    study = studied()
    before = list(Verdict.objects.order_by("pk").values())
    found = tried(study, preset, **settings)
    assert outcomes(found) == expected
    said = found.lines[0].sentences
    assert said
    assert len(said) == len(set(said))
    assert all(text and "%(" not in text for text in said)
    assert list(Verdict.objects.order_by("pk").values()) == before
    assert Computation.objects.count() == 1


def test_the_stability_gate_is_that_of_the_rounds_verdicts():
    study = studied(rounds=2)
    assert outcomes(tried(study, Preset.SHARE, keep_stability=True)) == [
        IN,
        VerdictKind.STABLE_DISAGREEMENT,
        VerdictKind.STABLE_DISAGREEMENT,
    ]
    first = studied(rounds=1)
    assert outcomes(tried(first, Preset.SHARE, keep_stability=True)) == [OPEN, OPEN, OPEN]


def test_the_protocols_own_rule_changes_nothing():
    found = tried(studied(rounds=2), Preset.SHARE, keep_stability=True)
    assert [line.protocol.verdict for line in found.lines] == outcomes(found)
    assert found.changes == []


def test_fault_23_counts_of_a_group_that_may_not_be_shown_decide_nothing():
    """Three people of the third group would veto in one study and not in the other; no rule may tell them apart.

    The second group is hidden with the third, or the third would follow by subtraction.
    """
    against, with_the_others = [5] * 15 + [1, 1, 1], [5] * 15 + [5, 5, 5]
    for answers in (against, with_the_others):
        study = studied((9, 6, 3), answers=(answers,))
        line = tried(study, Preset.COMET_GROUPS).lines[0]
        assert (line.verdict, line.open_because) == (OPEN, "undefined")
        assert {finding["group"] for finding in line.findings} == {str(study.panel.groups.first())}
        assert line.left_out == 2
    nobody = studied((9, 3), answers=([5] * 12,))
    assert tried(nobody, Preset.COMET_GROUPS).lines[0].verdict == OPEN


def test_the_protocols_own_rule_on_groups_changes_nothing_where_a_group_is_too_small():
    """Three of the second group are too few for the protocol as for the page: both leave the entry open."""
    study = studied((9, 3), answers=([5] * 12,))
    rule = {"kind": "comet", "high": [4, 5], "low": [1, 2], "groups": ["academia", "industry"]}
    for kind, verdict in (("consensus_in", "in"), ("consensus_out", "out")):
        study.criteria.filter(kind=kind).update(expression=rule | {"verdict": verdict})
    study.criteria.filter(kind="stability").delete()
    compute_round(round_id=study.rounds.get().pk)
    (line,) = tried(study, Preset.COMET_GROUPS).lines
    assert (line.verdict, line.protocol.verdict, line.is_changed) == (OPEN, OPEN, False)
    assert (line.open_because, line.protocol.open_because) == ("undefined", "undefined")


@pytest.mark.parametrize("preset", [Preset.SHARE, Preset.COMBINED, Preset.COMET])
def test_a_band_between_the_scales_values_settles_nothing(preset):
    study = studied()
    results, question = StudyResults(study), study.questions.get(key="agreement")
    found = what_if(results, results.latest, question, Settings(preset, 4.2, 4.8), keep_stability=False)
    assert outcomes(found) == [OPEN] * 3
    assert "The scale has no value in the band, so the rule says nothing." in found.lines[0].sentences


def test_a_technology_with_too_few_answers_is_not_judged():
    study = studied(answers=([5, 5, 5],))
    line = tried(study, Preset.SHARE).lines[0]
    assert (line.verdict, line.findings, line.is_changed) == (None, [], False)


def test_the_band_is_mirrored_at_the_other_end_of_the_scale():
    study = studied(answers=([1] * 12,))
    question = study.questions.get(key="agreement")
    assert mirrored(question, Settings("share", 4, 5)) == (1, 2)
    assert mirrored(question, Settings("share", 2, 5)) is None
    assert outcomes(tried(study, Preset.SHARE)) == [OUT]
    rules = criteria_of(question, Settings("share", 2, 5), [1.0, 2.0, 3.0, 4.0, 5.0])
    assert list(rules) == ["consensus_in"]


@pytest.fixture
def pages():
    study = studied()
    client = Client()
    client.force_login(owner_of(study))
    return study, client


def test_the_page_says_that_it_is_exploratory_and_lists_what_would_change(
    pages, django_assert_max_num_queries
):
    study, client = pages
    url = reverse("results:what_if", args=[study.code])
    entries = AuditEntry.objects.count()
    with django_assert_max_num_queries(25):
        response = client.get(url)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    text = response.content.decode()
    assert "Exploratory" in text
    assert text.count("What-if outcome") == 1
    query = {"round": 1, "question": "agreement", "preset": "share", "low": 4, "high": 5, "threshold": 50,
             "iqr": 1, "cv": 0.25, "show": "all"}  # fmt: skip
    response = client.get(url, query)
    assert response.context["found"].lines[2].verdict == IN
    assert AuditEntry.objects.count() == entries


def test_wrong_settings_are_explained_and_nothing_is_evaluated(pages):
    study, client = pages
    url = reverse("results:what_if", args=[study.code])
    query = {"round": 1, "question": "agreement", "preset": "comet", "low": 2, "high": 5, "threshold": 500}
    response = client.get(url, query)
    assert response.context["found"] is None
    assert set(response.context["form"].errors) == {"threshold", "iqr", "cv", "low"}


def test_the_file_says_in_every_row_that_it_is_no_verdict(pages):
    study, client = pages
    technology = study.technologies.order_by("position").first()
    technology.name = {"en": "=1+1", "zh-hans": "=1+1"}
    technology.save()
    response = client.get(reverse("results:what_if_data", args=[study.code]))
    assert "exploratory" in response["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode().removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert {row["Status"] for row in rows} == {"exploratory, not a verdict of the protocol"}
    assert rows[0]["Name"] == "'=1+1"
    assert all(row["Rule tried"] for row in rows)


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ANALYST, 200), (Role.ORGANISER, 200), (Role.MODERATOR, 404)]
)
def test_fault_22_organisers_and_analysts_alone_may_try_rules(role, status):
    study = studied()
    client = Client()
    client.force_login(give_role(study, role))
    for name in ("what_if", "what_if_data"):
        assert client.get(reverse(f"results:{name}", args=[study.code])).status_code == status

"""The sentence beside the coefficients: near unanimity is not discord."""

import pytest

from consensus.dashboard.agreement import Agreement, agreements
from consensus.selectors.results import StudyResults
from tests.consensus.dashboard.conftest import analyse
from tests.consensus.worlds import answer_all, make_panel_study, make_round

pytestmark = pytest.mark.django_db


def agreement_of(*answers, template="agreement") -> Agreement:
    study = make_panel_study((12,), technologies=len(answers), template=template)
    round = make_round(study)
    for technology, values in zip(study.technologies.order_by("position"), answers, strict=True):
        answer_all(round, "agreement", technology, values)
    computation = analyse(round)
    return agreements(StudyResults(study), computation)[0]


def test_one_dissenter_brings_alpha_to_zero_and_the_page_says_that_people_agree():
    found = agreement_of([5] * 12, [5] * 12, [*[5] * 11, 4])
    assert found.value("alpha") < 0.05
    assert found.value("percent_agreement") > 0.9
    assert found.collapsed
    assert "near unanimity, not discord" in found.sentence


def test_unanimity_is_said_as_such():
    found = agreement_of([5] * 12, [5] * 12)
    assert (found.is_unanimous, found.collapsed) == (True, False)
    assert found.sentence == "Everybody gave the same answer to each entry."
    assert dict(zip(("percent", "ac1", "ac2"), found.cells, strict=False))["percent"] == (1.0, "")
    assert found.cells[3][1] == "all answers are the same"  # alpha has no variance to go by


def test_discord_is_no_near_unanimity():
    found = agreement_of([1, 5] * 6, [5, 1] * 6)
    assert not found.collapsed
    assert "below the usual floor" in found.sentence


def test_answers_that_tell_entries_apart_have_a_high_alpha():
    found = agreement_of([1] * 12, [5] * 12, [3] * 11 + [4])
    assert "in much the same way" in found.sentence

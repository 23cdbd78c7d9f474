"""Who left between two rounds, and what may be said of them."""

import pytest

from consensus import stats
from consensus.attrition.rounds import attrition_since
from consensus.counting.frame import frame_of
from experts.enums import MemberStatus
from surveys.enums import CriterionKind
from surveys.models import Assignment, Participation
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round
from tests.factories import make_member

pytestmark = pytest.mark.django_db
STAY, LEAVE = [5, 5, 5, 4, 4, 5], [1, 2, 1, 1, 2, 1]
GONE = [None] * 6


def two_rounds(first: dict, second: dict, sizes=(6, 6), **fields):
    """Answers to the agreement question by place of the technology in the list."""
    study = make_panel_study(sizes, technologies=len(first), **fields)
    technologies = list(study.technologies.order_by("position"))
    rounds = []
    for number, answers in ((1, first), (2, second)):
        round = make_round(study, number)
        for place, values in answers.items():
            answer_all(round, "agreement", technologies[place], values)
        rounds.append(close(round))
    return study, technologies, rounds


def since(round):
    return attrition_since(frame_of(round))


def test_drop_outs_are_compared_with_completers_on_their_earlier_answers():
    _study, (technology,), (_first, second) = two_rounds({0: STAY + LEAVE}, {0: STAY + GONE})
    found = since(second)
    assert (found["response"]["n"], found["response"]["came_back"]) == (12, 6)
    row = found["questions"]["agreement"]["items"][technology.key]
    assert (row["n_completers"], row["n_dropouts"]) == (6, 6)
    assert row["mean_completers"] == pytest.approx(28 / 6)
    assert row["mean_dropouts"] == pytest.approx(8 / 6)
    assert row["difference"] == pytest.approx((28 - 8) / 6 / (4 / 3 / 5) ** 0.5)
    assert row["p_value"] == pytest.approx(stats.mann_whitney(STAY, LEAVE).p_value)
    assert row["p_adjusted"] == row["p_value"]  # one technology alone
    assert found["questions"]["agreement"]["flagged"] == 1
    together = found["questions"]["agreement"]["together"]
    assert together["mean_completers"] > 0 > together["mean_dropouts"]


def test_response_is_told_by_group_where_no_small_group_can_be_found():
    study, _technologies, (_first, second) = two_rounds(
        {0: [3] * 14}, {0: [3] * 9 + [None] * 5}, sizes=(6, 6, 2)
    )
    assert since(second)["response"]["groups"] == {"industry": {"n": 6, "came_back": 3}}
    assert study.panel.groups.get(key="academia").members.count() == 6  # as large, and hidden to hide the two


def test_the_first_round_has_no_attrition():
    study = make_panel_study((6,))
    assert since(close(make_round(study))) is None


def test_fault_23_fewer_drop_outs_than_the_minimum_are_not_compared():
    _study, _technologies, (_first, second) = two_rounds(
        {0: STAY + LEAVE}, {0: STAY + [1, 2, None, None, None, None]}
    )
    found = since(second)
    assert found["response"]["came_back"] == 8
    assert found["questions"]["agreement"]["items"] == {}
    assert found["questions"]["agreement"]["together"] is None
    assert found["verdicts"]["before"] == {}


def test_fault_23_whoever_is_on_neither_side_is_not_found_by_subtraction():
    """One person answered round 1 and was not asked again: the rest when both sides are taken from the whole."""
    study, (technology,), (_first, second) = two_rounds(
        {0: [*STAY, *LEAVE, 3]}, {0: [*STAY, *GONE, None]}, sizes=(6, 6, 1)
    )
    assert technology.key in since(second)["questions"]["agreement"]["items"]
    alone = study.panel.members.order_by("pseudonym").last()
    Assignment.objects.filter(round=second, member=alone).delete()
    found = since(second)
    assert found["response"]["n"] == 12  # whom nobody asked did not leave
    assert found["questions"]["agreement"]["items"] == {}


def test_members_who_withdrew_are_on_neither_side():
    study, _technologies, (_first, second) = two_rounds({0: STAY + LEAVE}, {0: STAY + GONE})
    last = study.panel.members.order_by("pseudonym").last()
    last.status = MemberStatus.WITHDRAWN
    last.save()
    assert since(second)["response"]["n"] == 11


def test_the_consensus_rule_is_read_again_among_completers():
    high, low = [5, 5, 5, 4, 4, 5], [2, 3, 2, 3, 2, 3]
    _study, (first, other), (_one, second) = two_rounds(
        {0: high + low, 1: high + high}, {0: high + GONE, 1: high + GONE}
    )
    before = since(second)["verdicts"]["before"]
    assert before[first.key] == {
        "everyone": "open",
        "completers": "consensus_in",
        "n_everyone": 12,
        "n_completers": 6,
    }
    assert before[other.key]["everyone"] == before[other.key]["completers"] == "consensus_in"


def test_later_verdicts_leave_out_whoever_was_missing_before():
    study, (technology,), (first, _second) = two_rounds({0: STAY}, {0: STAY}, sizes=(6,))
    for _each in range(6):
        make_member(study)
    third = make_round(study, 3)
    answer_all(third, "agreement", technology, [5, 5, 5, 4, 4, 5, 2, 2, 2, 2, 2, 2])
    assert Participation.objects.filter(round=third).count() == 12
    found = since(close(third))
    assert found["newcomers"] == 6
    assert found["verdicts"]["now"][technology.key] == {
        "everyone": "stable_disagreement",
        "completers": "consensus_in",
        "n_everyone": 12,
        "n_completers": 6,
    }
    assert first.number == 1


def test_who_comes_back_may_skip_a_technology_and_is_no_drop_out():
    _study, (first, second), (_one, later) = two_rounds({0: STAY, 1: STAY}, {0: STAY, 1: GONE}, sizes=(6,))
    found = since(later)
    assert found["response"]["came_back"] == 6
    assert (
        found["verdicts"]["now"][second.key]["n_everyone"] == 0
        if second.key in found["verdicts"]["now"]
        else True
    )
    assert found["verdicts"]["now"][first.key]["n_completers"] == 6


def test_rules_about_ranks_see_the_completers_alone():
    """Completers put the first technology on top, those who left put it last."""
    top, foot = [5, 5, 5, 5, 5, 5], [1, 1, 1, 1, 1, 1]
    study = make_panel_study((6, 6), technologies=2)
    first, second = study.technologies.order_by("position")
    study.criteria.filter(kind=CriterionKind.CONSENSUS_OUT).delete()
    study.criteria.filter(kind=CriterionKind.CONSENSUS_IN).update(
        expression={"kind": "mean_rank", "op": ">=", "threshold": 2}
    )
    for number, left in ((1, True), (2, False)):
        round = make_round(study, number)
        answer_all(round, "agreement", first, top + (foot if left else GONE))
        answer_all(round, "agreement", second, foot + (top if left else GONE))
        close(round)
    before = since(round)["verdicts"]["before"][first.key]
    assert (before["everyone"], before["completers"]) == ("open", "consensus_in")

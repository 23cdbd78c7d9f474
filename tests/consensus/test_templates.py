"""Each ready study template from its first round to its verdicts, by the rules that its method is known by."""

import pytest

from consensus.models import Computation, Verdict
from consensus.services.compute import compute_round
from surveys.enums import VerdictKind
from surveys.study_templates import TEMPLATES
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round
from tests.factories import make_open_round, make_study

pytestmark = pytest.mark.django_db

IN, OUT = VerdictKind.CONSENSUS_IN, VerdictKind.CONSENSUS_OUT
OPEN = VerdictKind.OPEN
APART = VerdictKind.STABLE_DISAGREEMENT  # no answer moved between the rounds


def verdicts(template, sizes, question, columns):
    """After two rounds of the same answers: for each column of values, one a member, its technology's verdict."""
    study = make_panel_study(sizes, template=template, technologies=len(columns))
    listed = list(study.technologies.order_by("position"))
    for number in (1, 2):
        round = make_round(study, number)
        for technology, values in zip(listed, columns, strict=True):
            answer_all(round, question, technology, values)
        compute_round(round_id=close(round).pk)
    found = {row.technology_id: row.verdict for row in Verdict.objects.filter(computation__round=round)}
    return [found[technology.pk] for technology in listed]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_opens_closes_and_is_computed(template):
    round = make_open_round(make_study(template=template, members=6))
    compute_round(round_id=close(round).pk)
    assert Computation.objects.get(round=round).status == "current"


def test_appropriate_inappropriate_and_uncertain_by_the_rand_ucla_index():
    agreeing, split = [8] * 9 + [7] * 3, [1, 1, 1, 1, 8, 9, 9, 9, 9, 9, 9, 9]
    against, between = [2] * 9 + [1] * 3, [5] * 12
    columns = [agreeing, against, between, split]
    assert verdicts("appropriateness", (6, 6), "appropriateness", columns) == [IN, OUT, OPEN, APART]


def test_a_core_outcome_needs_every_stakeholder_group():
    high, low = [9] * 6, [2] * 6
    not_for_patients = [9, 9, 9, 9, 5, 5] + high + high  # 67 % of the patients
    some_against = [9, 9, 9, 9, 9, 1] + high + high  # 17 % of the patients at 1-3
    columns = [high * 3, low * 3, not_for_patients, some_against]
    # One patient of six against is no consensus by the rule, and no disagreement of the patients either.
    assert verdicts("core_outcomes", (6, 6, 6), "importance", columns) == [IN, OUT, APART, OPEN]


def test_a_policy_option_is_settled_by_its_desirability_and_left_open_where_views_part():
    columns = [[4] * 10 + [2] * 2, [1] * 9 + [3] * 3, [1] * 6 + [4] * 6]
    assert verdicts("policy", (6, 6), "desirability", columns) == [IN, OUT, APART]

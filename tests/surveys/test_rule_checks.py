"""A rule that cannot decide is refused when it is saved; one that cannot decide yet is warned of."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from consensus.verdicts.rule_check import doubts
from foundation.exceptions import InvalidInput
from surveys.enums import CriterionKind, RoundStatus
from surveys.models import Criterion, Round
from surveys.selectors.opening import doubts_of_rules
from surveys.services.studies import create_study, set_criterion
from surveys.study_templates import TEMPLATES, rules
from surveys.study_templates.base import StudyTemplate
from tests.consensus.worlds import make_panel_study, make_round
from tests.factories import make_member, make_study, owner_of

pytestmark = pytest.mark.django_db

IN, STABILITY = CriterionKind.CONSENSUS_IN, CriterionKind.STABILITY
COMET = {"kind": "comet", "verdict": "in"}


def refused(study, kind, rule, question="importance"):
    """What the service says against the rule, by field; nothing where it takes it."""
    try:
        set_criterion(
            study=study,
            actor=owner_of(study),
            kind=kind,
            question=study.questions.get(key=question),
            expression=rule,
        )
    except InvalidInput as fault:
        return {field: str(said[0]) for field, said in fault.errors.items()} or {"": str(fault.message)}
    return {}


@pytest.mark.parametrize(
    ("kind", "rule", "field", "said"),
    [
        (STABILITY, {"kind": "net_change", "threshold": 15}, "threshold", "15 % is 0.15"),
        (STABILITY, {"kind": "unchanged", "threshold": 75}, "threshold", "15 % is 0.15"),
        (STABILITY, {"kind": "wilcoxon", "threshold": 5}, "threshold", "15 % is 0.15"),
        (STABILITY, {"kind": "kappa", "threshold": 60}, "threshold", "between -1 and 1"),
        (STABILITY, {"kind": "convergence_rate", "threshold": -0.2}, "threshold", "never below 0"),
        (STABILITY, {"kind": "net_change", "threshold": 0}, "threshold", "No answers can meet"),
        (STABILITY, {"kind": "net_change", "threshold": 0.15, "group": "academia"}, "", "names no panel group"),
        (STABILITY, {"kind": "net_change", "threshold": 0.15, "weighted": True}, "", "never weighted"),
        (STABILITY, {"kind": "share", "band": [7, 9], "threshold": 0.7}, "", "must be one of"),
        (IN, rules.share_at_least(7, 9, 75), "threshold", "15 % is 0.15"),
        (IN, {"kind": "share", "band": [7, 9], "op": ">", "threshold": 1}, "threshold", "No answers can meet"),
        (IN, {"kind": "share", "band": [7, 9], "threshold": "most"}, "threshold", "must be a number"),
        (IN, rules.share_at_least(70, 100, 0.75), "low", "No possible answer"),
        (IN, COMET | {"at_least": 70}, "threshold", "15 % is 0.15"),
        (IN, COMET | {"high": [5, 9], "low": [1, 6]}, "high", "overlap"),
        (IN, {"all": [{"kind": "cv", "threshold": -1}]}, "threshold", "never below 0"),
        (IN, COMET | {"groups": ["academia", "martians"]}, "", "no group 'martians'"),
        (IN, rules.share_at_least(7, 9, 0.75) | {"question": "gone"}, "question", "no question 'gone'"),
        (IN, rules.share_at_least(7, 9, 0.75) | {"question": "comment"}, "question", "no question 'comment'"),
        (IN, {"kind": "gut_feeling"}, "", "must be one of"),
        (IN, [], "", "must be an object"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_decide_is_refused_with_the_field_to_blame(kind, rule, field, said):
    study = make_study(template="foresight")
    before = study.criteria.get(kind=kind).expression
    with translation.override("en"):
        found = refused(study, kind, rule)
    assert list(found) == [field]
    assert said in found[field]
    assert study.criteria.get(kind=kind).expression == before
    with translation.override("zh-hans"):
        assert found != refused(study, kind, rule), "said in the reader's language"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (STABILITY, {"kind": "net_change", "threshold": 0.15}),
        (
            STABILITY,
            {"all": [{"kind": "unchanged", "threshold": 0.7}, {"kind": "minimum_n", "threshold": 9}]},
        ),
        (IN, COMET | {"groups": ["academia"]}),
        (IN, COMET | {"high": [1, 2, 3], "low": [7, 8, 9]}),  # a scale whose low end is the good one
        (IN, {"kind": "rand_ucla", "region": "high", "disagreement": False}),
        (IN, {"any": [{"kind": "mean", "threshold": 7}, {"not": {"kind": "sd", "threshold": 2}}]}),
    ],
)
def test_a_rule_that_can_decide_is_taken(kind, rule):
    assert refused(make_study(template="foresight"), kind, rule) == {}


def test_a_question_of_another_study_is_refused():
    study, other = make_study(template="foresight"), make_study(template="foresight")
    with pytest.raises(InvalidInput) as refusal:
        set_criterion(
            study=study,
            actor=owner_of(study),
            kind=IN,
            question=other.questions.get(key="importance"),
            expression=rules.share_at_least(7, 9, 0.75),
        )
    assert list(refusal.value.errors) == ["question"]


@pytest.mark.parametrize("key", TEMPLATES)
def test_every_template_has_rules_that_can_decide(key):
    study = make_study(template=key)
    assert not [said for said in doubts(study) if "cannot decide as it is" in said]


def test_a_template_with_a_rule_that_cannot_decide_makes_no_study(monkeypatch):
    good = TEMPLATES["agreement"]
    wrong = StudyTemplate(
        **vars(good) | {"criteria": good.criteria | {STABILITY: ("agreement", rules.net_change_below(15))}}
    )
    monkeypatch.setitem(TEMPLATES, "agreement", wrong)
    owner = owner_of(make_study(template="policy"))
    with pytest.raises(InvalidInput):
        create_study(actor=owner, template="agreement", title="Wrong")


def posted(study, kind, **data):
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner_of(study))
    question = study.questions.get(key="importance").pk
    url = reverse("surveys:criterion", args=[study.code, kind])
    return client.post(url, {"question": question} | data, follow=True)


def test_what_the_service_refuses_stands_beside_the_field(monkeypatch):
    """The form asks for percents and cannot go wrong so; whoever else writes rules can."""
    monkeypatch.setattr(
        rules, "net_change_below", lambda share: {"kind": "net_change", "threshold": 100 * share}
    )
    response = posted(make_study(template="foresight"), STABILITY, threshold=15)
    assert response.status_code == 400
    assert "15 % is 0.15" in response.context["form"].errors["threshold"][0]


def test_whoever_saves_a_rule_is_told_of_a_group_that_nobody_is_in():
    study = make_panel_study((6, 2), template="foresight")
    assert doubts(study) == []
    Criterion.objects.filter(study=study, kind=IN).update(
        expression=COMET | {"groups": ["academia", "industry", "government"]}
    )
    response = posted(study, STABILITY, threshold=15)
    said = [str(message) for message in response.context["messages"]]
    assert any("Nobody is in the panel group “Government”" in text for text in said)
    assert any("“Industry”" in text and "has 2 members" in text for text in said)
    assert not any("“Academia”" in text for text in said)


def test_whoever_opens_a_round_is_told_before():
    study = make_panel_study((6, 0), template="foresight")
    Criterion.objects.filter(study=study, kind=IN).update(
        expression=COMET | {"groups": ["academia", "industry"]}
    )
    Criterion.objects.filter(study=study, kind=STABILITY).update(expression=rules.net_change_below(15))
    round = Round.objects.create(study=study, number=1, status=RoundStatus.DRAFT)
    with translation.override("en"):
        said = doubts_of_rules(round)
    assert any("Nobody is in the panel group “Industry”" in text for text in said)
    assert any("“Stability” cannot decide as it is" in text for text in said)


def test_a_group_that_need_not_agree_may_be_empty():
    study = make_panel_study((6,), template="foresight")
    rule = COMET | {"groups": ["academia", "industry"], "require": "any"}
    assert refused(study, IN, rule) == {}
    assert doubts(study) == []


def test_whoever_opens_a_second_round_is_told_that_too_few_can_answer_twice():
    study = make_panel_study((4,), template="foresight")
    first = make_round(study, 1)
    Round.objects.filter(pk=first.pk).update(status=RoundStatus.ANALYSED)
    for _ in range(6):
        make_member(study)
    second = Round.objects.create(study=study, number=2, status=RoundStatus.DRAFT)
    with translation.override("en"):
        said = doubts_of_rules(second)
    assert any(text.startswith("4 members can answer twice.") for text in said)
    study.criteria.filter(kind=STABILITY).delete()
    assert not any("twice" in text for text in doubts_of_rules(second))

"""Any rule can be set on the protocol's page: the usual ones by their numbers, all others as they are written."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from surveys.enums import CriterionKind
from surveys.forms.criteria import _plain, first_values, shapes_of
from surveys.models import Criterion
from surveys.study_templates import TEMPLATES
from tests.factories import make_study, owner_of

pytestmark = pytest.mark.django_db
IN, OUT, STABILITY = CriterionKind.CONSENSUS_IN, CriterionKind.CONSENSUS_OUT, CriterionKind.STABILITY


def post(study, kind, **data):
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner_of(study))
    if "question" not in data:
        data["question"] = study.questions.get(key="importance").pk
    response = client.post(reverse("surveys:criterion", args=[study.code, kind]), data)
    assert response.status_code in (302, 400)
    return response.context["form"].errors if response.status_code == 400 else {}


def rule_of(study, kind):
    return Criterion.objects.get(study=study, kind=kind).expression


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_template_s_rules_are_shown_and_saving_them_changes_nothing(template):
    study = make_study(template=template)
    for criterion in study.criteria.all():
        before = criterion.expression
        shown = first_values(study, criterion.kind)
        assert shown["rule"] in {*shapes_of(criterion.kind), "written"}
        assert post(study, criterion.kind, **shown) == {}
        assert _plain(rule_of(study, criterion.kind)) == _plain(before)


def test_the_field_s_own_rules_are_known_by_name():
    named = {
        template: {c.kind: first_values(study, c.kind)["rule"] for c in study.criteria.all()}
        for template in ("foresight", "appropriateness", "core_outcomes")
        for study in [make_study(template=template)]
    }
    assert (named["foresight"][IN], named["foresight"][STABILITY]) == ("share", "net_change")
    assert named["appropriateness"][IN] == named["appropriateness"][OUT] == "rand_ucla"
    assert named["core_outcomes"][IN] == named["core_outcomes"][OUT] == "comet"


NUMBERS = {"low": 7, "high": 9, "threshold": 80, "limit": 1.5}


@pytest.mark.parametrize("kind", [IN, OUT, STABILITY])
def test_each_usual_rule_is_set_read_back_and_said_in_words(kind):
    study = make_study(template="foresight")
    numbers = NUMBERS | ({"low": 1, "high": 3} if kind == OUT else {})
    numbers = numbers | ({"limit": 0.5} if kind == STABILITY else {})
    for name, shape in shapes_of(kind).items():
        assert post(study, kind, rule=name, **numbers) == {}
        shown = first_values(study, kind)
        assert shown.pop("question")
        assert shown == {"rule": name, **{field: numbers[field] for field in shape.fields}}
        client = Client(headers={"accept-language": "en"})
        client.force_login(owner_of(study))
        assert client.get(reverse("surveys:protocol", args=[study.code])).status_code == 200


def test_comet_asks_every_panel_group_and_both_ends_of_the_scale():
    study = make_study(template="foresight")
    assert post(study, OUT, rule="comet", low=1, high=3, threshold=70) == {}
    rule = rule_of(study, OUT)
    assert (rule["low"], rule["high"], rule["verdict"]) == ([1, 3], [7, 9], "out")
    assert rule["groups"] == [group.key for group in study.panel.groups.all()]


def test_a_rule_that_no_numbers_say_is_shown_as_written_and_kept():
    study = make_study(template="foresight")
    rule = {"any": [{"kind": "iqr", "threshold": 1}, {"not": {"kind": "cv", "threshold": 0.5}}]}
    assert post(study, IN, rule="written", written=json.dumps(rule)) == {}
    assert rule_of(study, IN) == rule
    shown = first_values(study, IN)
    assert json.loads(shown["written"]) == rule
    assert post(study, IN, **shown) == {}
    assert rule_of(study, IN) == rule


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"rule": "iqr", "low": 7, "high": 9}, {"limit"}),
        ({"rule": "share", "threshold": 75}, {"low", "high"}),
        ({"rule": "comet", "low": 4, "high": 6, "threshold": 70}, {"low"}),
        ({"rule": "cv", "low": 7, "high": 9, "limit": -1}, {"limit"}),
        ({"rule": "guess"}, {"rule"}),
        ({"rule": "written", "written": "{"}, {"written"}),
        ({"rule": "written", "written": "[]"}, {"written"}),
        ({"rule": "written", "written": ""}, {"written"}),
        ({"rule": "written", "written": '{"kind": "planet"}'}, {"__all__"}),
        ({"rule": "written", "written": '{"kind": "share", "band": [7, 9], "threshold": 75}'}, {"threshold"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(data, wrong):
    study = make_study(template="foresight")
    before = rule_of(study, IN)
    assert set(post(study, IN, **data)) == wrong
    assert rule_of(study, IN) == before


def test_scales_have_ends_and_estimates_have_none():
    study = make_study(template="estimate")
    question = study.questions.get(key="probability").pk
    assert set(post(study, IN, question=question, rule="rand_ucla")) == {"rule"}

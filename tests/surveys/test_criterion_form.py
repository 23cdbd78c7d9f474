"""The form for a consensus rule: a band that answers can lie in, of a question that is asked of every technology."""

import pytest
from django.test import Client
from django.urls import reverse

from surveys.enums import AskedPer, CriterionKind
from tests.factories import make_study, owner_of

pytestmark = pytest.mark.django_db


def posted(study, question, low, high):
    client = Client()
    client.force_login(owner_of(study))
    url = reverse("surveys:criterion", args=[study.code, CriterionKind.CONSENSUS_IN])
    data = {"question": study.questions.get(key=question).pk, "low": low, "high": high, "threshold": 75}
    response = client.post(url, data)
    assert response.status_code in (302, 400)
    return response.context["form"].errors if response.status_code == 400 else {}


@pytest.mark.parametrize(
    ("low", "high", "wrong"),
    [
        (7, 9, set()),
        (8.5, 12, set()),
        (9, 9, set()),
        (70, 100, {"low"}),
        (7.2, 7.8, {"low"}),
        (-3, 0, {"low"}),
        (9, 7, {"high"}),
    ],
)
def test_a_band_holds_an_answer_that_can_be_given(low, high, wrong):
    study = make_study(template="foresight")
    assert set(posted(study, "importance", low, high)) == wrong
    stored = study.criteria.get(kind=CriterionKind.CONSENSUS_IN).expression["band"]
    assert stored == ([7, 9] if wrong else [low, high])


@pytest.mark.parametrize(
    ("low", "high", "wrong"), [(60.5, 60.6, set()), (90, 200, set()), (101, 200, {"low"})]
)
def test_any_number_between_the_bounds_can_be_given(low, high, wrong):
    assert set(posted(make_study(template="estimate"), "probability", low, high)) == wrong


def test_a_question_asked_once_a_round_cannot_judge_technologies():
    study = make_study(template="foresight")
    study.questions.filter(key="importance").update(asked_per=AskedPer.ROUND)
    assert set(posted(study, "importance", 7, 9)) == {"question"}

"""Questions asked once per round, on the overview: distribution, n, who could not judge; never of too few."""

import re

import pytest

from surveys.enums import AskedPer, QuestionType
from surveys.models import Question
from tests.consensus.dashboard.conftest import analyse
from tests.consensus.worlds import answer, answer_all, make_panel_study, make_round
from tests.factories import owner_of

pytestmark = pytest.mark.django_db


def study_with(sizes=(5, 4), **fields):
    """A study with one more question, asked once per round."""
    study = make_panel_study(sizes, template="agreement")
    fields = {
        "key": "confidence",
        "type": QuestionType.SCALE,
        "minimum": 1,
        "maximum": 5,
        "text": {"en": "How confident are you?", "zh-hans": "您有多大把握？"},
    } | fields
    question = Question.objects.create(study=study, asked_per=AskedPer.ROUND, position=99, **fields)
    return study, question


def card_of(client, study, text="How confident are you?") -> str:
    client.force_login(owner_of(study))
    body = client.get(f"/studies/{study.code}/results/").content.decode()
    assert "Asked once per round" in body
    return body.split(f"<h3>{text}</h3>", 1)[1].split("</section>", 1)[0]


def rows(card: str) -> list[list[str]]:
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", card)]


def test_a_scale_shows_its_distribution_its_figures_and_who_could_not_judge(client):
    study, question = study_with()
    question.choices.create(value=5, key="sure", label={"en": "Quite sure", "zh-hans": "很有把握"})
    round = make_round(study)
    answer_all(round, "confidence", None, [2, 3, 3, 5, 5, 5, "cannot_judge", "cannot_judge"])
    analyse(round)
    card = card_of(client, study)
    assert rows(card) == [
        ["Answer", "Members", "Share"],
        ["1", "0", "0 %"],
        ["2", "1", "16.7 %"],
        ["3", "2", "33.3 %"],
        ["4", "0", "0 %"],
        ["5 Quite sure", "3", "50 %"],
    ]
    assert '<svg class="histogram"' in card
    assert "Answers <strong>6</strong>" in card
    assert "Median 4, middle half 3 to 5." in card
    assert "2 members could not judge. 1 member gave no answer." in card
    assert re.search(r"95% intervals: Median 4 \(2–5\); Mean 3\.83 \(2\.\d+–5\.\d+\); .*Agreement A", card)


def test_the_options_of_a_choice_have_their_shares_with_intervals(client):
    study, question = study_with(type=QuestionType.CHOICE, minimum=None, maximum=None)
    for value, name in enumerate(("Markets", "States"), 1):
        question.choices.create(value=value, key=name.lower(), label={"en": name, "zh-hans": name})
    round = make_round(study)
    answer_all(round, "confidence", None, [1, 1, 1, 2, 2, 2, 2, 2])
    analyse(round)
    card = card_of(client, study)
    assert rows(card) == [
        ["Answer", "Members", "Share", "95% interval"],
        ["Markets", "3", "37.5 %", "13.7 %–69.4 %"],
        ["States", "5", "62.5 %", "30.6 %–86.3 %"],
    ]
    assert "Median" not in card


def test_the_latest_round_counts(client):
    study, _question = study_with()
    for number, value in ((1, 2), (2, 4)):
        round = make_round(study, number)
        answer_all(round, "confidence", None, [value] * 9)
        analyse(round)
    card = card_of(client, study)
    assert "Round 2" in card
    assert "Median 4, middle half 4 to 4." in card


@pytest.mark.parametrize(
    "type", [QuestionType.SCALE, QuestionType.YEAR, QuestionType.PERCENT, QuestionType.YES_NO]
)
def test_fewer_than_the_minimum_are_not_shown(client, type):
    bounds = {} if type in (QuestionType.SCALE, QuestionType.PERCENT) else {"minimum": None, "maximum": None}
    study, _question = study_with(type=type, **bounds)
    round = make_round(study)
    members = list(study.panel.members.order_by("pseudonym"))
    for member in members[:4]:
        answer(round, member, "confidence", None, 1)
    analyse(round)
    card = card_of(client, study)
    assert "so it is not shown" in card
    assert not rows(card)
    assert "<svg" not in card
    assert "4" not in re.sub("<[^>]*>", "", card)


@pytest.mark.parametrize(
    ("type", "values", "shown"),
    [
        (QuestionType.YEAR, [2030, 2031, 2031, 2040, 2050, "never"], "Never: 1"),
        (QuestionType.PERCENT, [0, 10, 10, 50, 100], "Median 10, middle half 10 to 50."),
        (QuestionType.NUMBER, [1, 2, 3, 4, 1000], "Median 3, middle half 2 to 4."),
        (QuestionType.YES_NO, [0, 1, 1, 1, 1], '<th scope="row">Yes</th><td class="num nowrap">4</td>'),
    ],
)
def test_every_plain_type_of_question_has_its_card(client, type, values, shown):
    study, _question = study_with(type=type, minimum=None, maximum=None)
    round = make_round(study)
    answer_all(round, "confidence", None, values)
    analyse(round)
    card = card_of(client, study)
    assert shown in card
    assert '<svg class="histogram"' in card
    assert "None" not in card

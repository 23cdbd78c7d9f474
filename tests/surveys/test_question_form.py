"""The organiser's form for a question: what each type has, what it refuses, how it is previewed."""

import pytest
from django.urls import reverse
from django.utils import translation

from surveys.forms.questions import QuestionForm
from surveys.models import Question
from surveys.services.answers import Change, save_answers
from surveys.services.protocol import snapshot
from surveys.services.rounds import close_round
from tests.factories import make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db
OPTIONS = "1 | Cost | 成本\n2 | Risk | 风险\n3 | Skill | 技能"
AXES = {
    "x_label_en": "Benefit",
    "x_label_zh_hans": "效益",
    "x_low_en": "small",
    "y_label_en": "Risk",
    "y_label_zh_hans": "风险",
}
COMMON = {
    "text_en": "What?",
    "text_zh_hans": "什么？",
    "key": "new",
    "asked_per": "technology",
    "ask_reason": "never",
}


@pytest.fixture
def study(client):
    study = make_study(technologies=1, members=2)
    client.force_login(owner_of(study))
    return study


def send(client, study, type, question=None, **fields):
    url = reverse("surveys:question", args=[study.code, question.code]) if question else None
    url = url or reverse("surveys:new_question", args=[study.code])
    return client.post(url, COMMON | {"type": type} | fields)


@pytest.mark.parametrize(
    ("type", "fields", "settings"),
    [
        (
            "multiple",
            {"options": OPTIONS, "least": 1, "most": 2, "other": "on"},
            {"least": 1, "most": 2, "other": True},
        ),
        ("ranking", {"options": OPTIONS, "top": 2, "total": 50}, {"top": 2}),
        ("allocation", {"options": OPTIONS, "total": 50}, {"total": 50}),
        ("allocation", {"options": OPTIONS}, {}),
        ("pairwise", {"options": OPTIONS, "no_ties": "on"}, {"no_ties": True}),
        ("plane", AXES | {"ready_scale": "1,9"}, {
            "x": {"label": {"en": "Benefit", "zh-hans": "效益"}, "low": {"en": "small"}},
            "y": {"label": {"en": "Risk", "zh-hans": "风险"}},
        }),
        ("certainty", {"minimum": 50, "maximum": 100}, {}),
        ("number", {"unit_en": "euros", "unit_zh_hans": "欧元"}, {}),
        ("scale", {"ready_scale": "-2,2"}, {}),
    ],
)  # fmt: skip
def test_each_type_is_made_with_its_own_settings_and_they_are_in_the_protocol(
    client, study, type, fields, settings
):
    assert send(client, study, type, **fields).status_code == 302
    made = study.questions.get(key="new")
    assert made.settings == settings
    locked = next(entry for entry in snapshot(study)["questions"] if entry["key"] == "new")
    assert locked.get("settings", {}) == settings  # only where there are any: older hashes hold
    page = client.get(reverse("surveys:question", args=[study.code, made.code])).content.decode()
    assert f'data-kind="{type}"' in page  # the preview
    again = send(client, study, type, made, **fields)
    assert (again.status_code, Question.objects.get(pk=made.pk).settings) == (302, settings)


def test_a_ready_scale_sets_both_ends(client, study):
    send(client, study, "scale", ready_scale="-2,2", minimum="", maximum="")
    made = study.questions.get(key="new")
    assert (made.minimum, made.maximum) == (-2, 2)


@pytest.mark.parametrize(
    ("type", "fields", "field"),
    [
        ("multiple", {"options": "1 | One | 一"}, "options"),
        ("multiple", {"options": OPTIONS, "least": 3, "most": 2}, "most"),
        ("ranking", {"options": OPTIONS, "top": 4}, "top"),
        ("ranking", {"options": OPTIONS + "\n1 | Again | 又"}, "options"),
        ("allocation", {"options": OPTIONS, "total": 1}, "total"),
        ("pairwise", {"options": "\n".join(f"{n} | {n} | {n}" for n in range(9))}, "options"),
        ("plane", {"x_label_en": "Only one"}, "y_label"),
        ("plane", AXES | {"minimum": 1, "maximum": 50}, "maximum"),
        ("scale", {"minimum": 1, "maximum": 1e9}, "maximum"),
        ("percent", {"minimum": -1, "maximum": 100}, "maximum"),
        ("nonsense", {}, "type"),
    ],
)
def test_what_a_type_cannot_ask_is_refused_beside_the_field(client, study, type, fields, field):
    answer = send(client, study, type, **fields)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not study.questions.filter(key="new").exists()


def test_the_preview_shows_what_was_entered_and_saves_nothing(client, study):
    answer = send(client, study, "ranking", options=OPTIONS, preview="1")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="rank-row"' in text
    assert "Skill" in text
    assert not study.questions.filter(key="new").exists()
    refused = send(client, study, "ranking", options="", preview="1")
    assert (refused.status_code, "rank-row" in refused.content.decode()) == (400, False)


def test_once_answered_limits_stay_and_the_names_of_axes_may_be_reworded():
    study = make_study(template="every_type", technologies=1, members=2)
    owner, round = owner_of(study), make_open_round(study)
    member, technology = study.panel.members.first(), study.technologies.get()
    changes = [
        Change("obstacles", technology.code, {"parts": {"1": 1}}),
        Change("position", technology.code, {"parts": {"x": 1, "y": 1}}),
    ]
    save_answers(round=round, member=member, changes=changes)
    close_round(round=round, actor=owner)
    from foundation.exceptions import InvalidInput
    from surveys.services.studies import edit_question

    with pytest.raises(InvalidInput):
        edit_question(
            question=study.questions.get(key="obstacles"), actor=owner, reason="why", settings={"top": 2}
        )
    plane = study.questions.get(key="position")
    reworded = plane.settings | {"x": plane.settings["x"] | {"label": {"en": "Gain"}}}
    edit_question(question=plane, actor=owner, reason="clearer", settings=reworded)
    assert Question.objects.get(pk=plane.pk).settings["x"]["label"] == {"en": "Gain"}


def test_labels_of_bilingual_fields_follow_the_reader(study):
    with translation.override("zh-hans"):
        labels = [str(QuestionForm(study=study).fields[name].label) for name in ("text", "help", "unit")]
    assert labels == ["题目", "填写说明", "单位"]

import json

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from consensus.hooks import decided_technologies, middle_halves
from consensus.models import FrozenFeedback
from consensus.services.compute import compute_round
from consensus.services.feedback import freeze_reasons, payload_hash
from experts.enums import MemberStatus
from surveys.enums import Moderation, RoundStatus
from surveys.models import Answer, Reason, Round
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round

pytestmark = pytest.mark.django_db

PAGE = """{% load feedback %}{% load_feedback round technologies as feedback %}
{% for technology in technologies %}{% feedback_for feedback technology question own=own %}
{% reasons_for feedback technology %}{% endfor %}"""


def after_one_round(sizes=(6, 6), values=(1, 2, 3, 4, 5, 5, 5, 4, 4, 3, 5, 5), **policies):
    study = make_panel_study(sizes, **policies)
    round = make_round(study)
    for technology in study.technologies.all():
        answer_all(round, "agreement", technology, values)
    compute_round(round_id=close(round).pk)
    return study, round


def add_reason(round, member, text, moderation=Moderation.APPROVED, technology=None):
    now = timezone.now()
    return Reason.objects.create(
        round=round,
        member=member,
        technology=technology or round.study.technologies.first(),
        text=text,
        moderation=moderation,
        created_at=now,
        updated_at=now,
    )


def next_round(study, number=2):
    round = make_round(study, number)
    Round.objects.filter(pk=round.pk).update(shows_feedback=True)
    round.refresh_from_db()
    return round


def page(round, own=None, language="en"):
    study = round.study
    context = {
        "round": round,
        "technologies": list(study.technologies.all()),
        "question": study.questions.get(key="agreement"),
        "own": own,
    }
    with translation.override(language):
        return Template(PAGE).render(Context(context))


def test_feedback_shows_distribution_median_middle_half_and_the_own_answer():
    study, first = after_one_round()
    own = Answer.objects.filter(round=first, number=3).first()
    html = page(next_round(study), own)
    assert html.count("<svg") == 2
    assert 'class="previous"' in html
    assert "Median 4, middle half 3 to 5." in html
    assert "Answers given: 1: 1; 2: 1; 3: 2; 4: 3; 5: 5." in html
    assert "Your earlier answer: 3." in html


def test_one_query_loads_the_feedback_of_a_page(django_assert_num_queries):
    study, _first = after_one_round()
    second = next_round(study)
    freeze_reasons(round_id=second.pk)
    technologies, question = list(study.technologies.all()), study.questions.get(key="agreement")
    context = Context({"round": second, "technologies": technologies, "question": question})
    with django_assert_num_queries(1):
        Template(PAGE).render(context)


def test_a_round_that_shows_no_feedback_shows_none():
    study, _first = after_one_round()
    second = next_round(study)
    second.shows_feedback = False
    assert "<svg" not in page(second)


@pytest.mark.parametrize(
    ("policy", "kept_back"),
    [
        ("feedback_median", {"median", "q1", "q3", "share"}),
        ("feedback_distribution", {"values", "counts"}),
        ("feedback_groups", {"groups"}),
    ],
)
def test_what_the_protocol_does_not_show_is_not_in_the_frozen_row(policy, kept_back):
    shown = dict.fromkeys(("feedback_median", "feedback_distribution", "feedback_groups"), True)
    after_one_round(**shown)
    everything = set(FrozenFeedback.objects.first().payload["questions"]["agreement"])
    after_one_round(**(shown | {policy: False}))
    less = set(FrozenFeedback.objects.last().payload["questions"]["agreement"])
    assert everything - less == kept_back


def test_fault_23_groups_that_could_be_found_by_subtraction_are_not_in_the_payload():
    study, _first = after_one_round((7, 5, 3), values=[5] * 7 + [1] * 5 + [3] * 3, feedback_groups=True)
    payload = FrozenFeedback.objects.first().payload
    keys = [group["key"] for group in payload["questions"]["agreement"]["groups"]]
    assert keys == ["academia"]
    small = {group.key for group in study.panel.groups.all()} - {"academia"}
    assert not any(key in json.dumps(payload) for key in small)


def test_a_panel_below_the_minimum_shows_nothing_at_all():
    study, _first = after_one_round((4,), values=[1, 1, 1, 5])
    assert FrozenFeedback.objects.first().payload["questions"] == {"agreement": {"too_few": True}}
    assert "Too few answers" in page(next_round(study))


def test_reasons_carry_no_author_and_no_time_and_are_frozen_when_the_next_round_opens():
    study, first = after_one_round()
    members = list(study.panel.members.order_by("pseudonym"))
    shown = add_reason(first, members[0], "It is <b>cheap</b> already")
    add_reason(first, members[1], "pending text", Moderation.PENDING)
    add_reason(first, members[2], "rejected text", Moderation.REJECTED)
    gone = add_reason(first, members[3], "text of one who withdrew")
    members[3].status = MemberStatus.WITHDRAWN
    members[3].save()
    second = next_round(study)
    assert freeze_reasons(round_id=second.pk) == 2
    row = FrozenFeedback.objects.get(round=first, technology=shown.technology)
    assert row.payload["reasons"] == [
        {"code": shown.code, "text": "It is <b>cheap</b> already", "stance": "", "language": ""}
        | {"gone": False, "new": True, "useful": 0, "agree": 0, "replies": []}
    ]
    assert row.hash == payload_hash(row.payload)
    html = page(second)
    assert "It is &lt;b&gt;cheap&lt;/b&gt; already" in html
    for secret in ("pending text", "rejected text", gone.text, members[0].pseudonym, members[0].expert.name):
        assert secret not in html
    Reason.objects.update(moderation=Moderation.APPROVED)
    assert freeze_reasons(round_id=second.pk) == 0
    assert "pending text" not in page(second)


def test_a_member_who_gave_reasons_twice_is_shown_once_with_the_latest():
    study, first = after_one_round()
    member = study.panel.members.first()
    add_reason(first, member, "first thought")
    second = close(make_round(study, 2))
    add_reason(second, member, "second thought")
    compute_round(round_id=second.pk)
    html = page(next_round(study, 3))
    assert "second thought" in html
    assert "first thought" not in html


def test_a_page_makes_up_for_an_opening_that_died_before_it_froze_the_reasons():
    study, first = after_one_round()
    add_reason(first, study.panel.members.first(), "worth reading")
    assert "worth reading" in page(next_round(study))
    assert "reasons" in FrozenFeedback.objects.first().payload


def test_the_order_of_reasons_differs_from_that_of_their_writing():
    study, first = after_one_round()
    for number, member in enumerate(study.panel.members.order_by("pk")):
        add_reason(first, member, f"reason {number:02d}")
    orders = set()
    for number in range(2, 6):
        FrozenFeedback.objects.all().update(payload={"round": 1, "questions": {}})
        freeze_reasons(round_id=next_round_or(study, number).pk)
        row = FrozenFeedback.objects.get(technology=study.technologies.first())
        orders.add(tuple(entry["text"] for entry in row.payload["reasons"]))
    assert len(orders) > 1


def next_round_or(study, number):
    study.rounds.filter(status=RoundStatus.OPEN).update(status=RoundStatus.CLOSED)
    return next_round(study, number)


def test_surveys_learns_quartiles_as_frozen_and_what_is_decided():
    study, first = after_one_round()
    question = study.questions.get(key="agreement")
    technologies = list(study.technologies.values_list("pk", flat=True))
    halves = middle_halves(first.pk, technologies)
    assert halves == {(pk, question.pk): (3.0, 5.0) for pk in technologies}
    assert decided_technologies(study.pk) == set()
    second = make_round(study, 2)
    for technology in study.technologies.all():
        answer_all(second, "agreement", technology, [5] * 12)
    compute_round(round_id=close(second).pk)
    third = close(make_round(study, 3))
    for technology in study.technologies.all():
        answer_all(third, "agreement", technology, [5] * 12)
    compute_round(round_id=third.pk)
    assert decided_technologies(study.pk) == set(technologies)

"""Summaries of reasons: from approved reasons alone, every sentence cites, and nobody sees one before approval."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from experts.enums import Role
from experts.signals import expert_erased
from foundation.enums import JobStatus
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry
from scanning.enums import SummaryStatus
from scanning.exceptions import AlreadyDecided, NothingToAsk
from scanning.models import ModelCall, ReasonSummary
from scanning.selectors.reason_summaries import shown_summary
from scanning.services.reason_summaries import approve_summary, reject_summary, request_summaries
from surveys.enums import Moderation
from surveys.models import Reason, Round
from surveys.services.reasons import moderate_reason, save_reason
from surveys.services.rounds import close_round, open_round, plan_round
from tests.factories import give_role, make_open_round, make_study, owner_of
from tests.scanning.llm.standin import answer

pytestmark = pytest.mark.django_db
TEXTS = ["Costs fall fast.", "Supply chains are ready.", "Safety is unproven.", "HELD BACK"]


def sentences(*cited):
    return {
        "sentences": [
            {"text": {"en": f"Sentence {letter}.", "zh": f"第{letter}句。"}, "reasons": list(cites)}
            for letter, cites in zip("ABCD", cited, strict=False)
        ]
    }


@pytest.fixture
def round(db, django_capture_on_commit_callbacks):
    """A closed round in which four gave a reason for one technology; one of them is kept back."""
    study = make_study(technologies=2, members=5)
    study.moderate_reasons = True
    study.save()
    with django_capture_on_commit_callbacks(execute=True):
        first = make_open_round(study)
    technology = study.technologies.first()
    for member, text in zip(study.panel.members.all(), TEXTS, strict=False):
        save_reason(round=first, member=member, technology=technology.code, text=text)
    for reason in Reason.objects.exclude(text="HELD BACK"):
        moderate_reason(reason=reason, actor=owner_of(study), decision="approved", seen_revision=1)
    with django_capture_on_commit_callbacks(execute=True):
        return close_round(round=first, actor=owner_of(study))


@pytest.fixture
def owner(round):
    return owner_of(round.study)


@pytest.fixture
def draft(round, owner, model, commit):
    def draft(*cited):
        model.script = [answer(sentences(*(cited or (["r1", "r3"], ["r2"]))))] * 2
        with commit():
            job = request_summaries(round=round, actor=owner)
        job.refresh_from_db()
        return job

    return draft


@pytest.fixture
def summary(draft):
    draft()
    return ReasonSummary.objects.get()


def next_round(round, commit) -> Round:
    with commit():
        second = plan_round(study=round.study, actor=owner_of(round.study), scope="all")
    with commit():
        return open_round(round=second, actor=owner_of(round.study))


def test_only_approved_texts_leave_without_author_or_time(draft, round, model):
    assert draft().status == JobStatus.DONE
    body = json.dumps(model.bodies[0], ensure_ascii=False)
    data = json.loads(model.bodies[0]["messages"][1]["content"])
    assert {each["text"] for each in data["reasons"]} == set(TEXTS[:3])
    assert set(data["reasons"][0]) == {"id", "stance", "text"}
    assert "HELD BACK" not in body
    for member in round.study.panel.members.all():
        assert member.pseudonym not in body
        assert member.expert.name not in body
        assert member.code not in body


def test_each_sentence_keeps_the_reasons_that_it_rests_on(summary):
    given = list(Reason.objects.filter(moderation="approved").order_by("code").values_list("code", flat=True))
    assert [each["reasons"] for each in summary.sentences] == [
        [[given[0], 1], [given[2], 1]],
        [[given[1], 1]],
    ]
    assert (summary.status, summary.n_reasons) == (SummaryStatus.WAITING, 3)


@pytest.mark.parametrize("wrong", [[], ["r9"], ["r1", "r4"]])
def test_a_sentence_that_cites_nothing_or_a_made_up_reason_is_thrown_away(draft, wrong):
    draft(["r1"], wrong)
    assert [each["text"]["en"] for each in ReasonSummary.objects.get().sentences] == ["Sentence A."]


def test_when_no_sentence_passes_there_is_no_summary(draft):
    job = draft(["r8"], ["r9"])
    assert (job.status, job.result) == (JobStatus.DONE, {"summaries": 0, "failed": 1})
    assert not ReasonSummary.objects.exists()


def test_too_few_reasons_or_an_open_round_are_not_summarised(round, owner, model, commit):
    Reason.objects.filter(text=TEXTS[0]).update(moderation=Moderation.REJECTED)
    with pytest.raises(NothingToAsk):
        request_summaries(round=round, actor=owner)
    with pytest.raises(NothingToAsk):
        request_summaries(round=next_round(round, commit), actor=owner)
    assert model.requests == []


def test_moderators_and_analysts_neither_ask_nor_approve(summary, round):
    for role in (Role.MODERATOR, Role.ANALYST):
        other = give_role(round.study, role)
        with pytest.raises(NotAllowed):
            request_summaries(round=round, actor=other)
        with pytest.raises(NotAllowed):
            approve_summary(summary=summary, actor=other, keep=[0])


def shown(round):
    return [text["en"] for text in shown_summary(round, round.study.technologies.first())]


def test_nobody_sees_a_summary_before_it_was_approved_and_then_the_next_round_does(
    summary, round, owner, commit
):
    approve_summary(summary=summary, actor=owner, keep=[1])
    second = next_round(round, commit)
    assert shown(second) == ["Sentence B."]
    assert shown(round) == []
    entry = AuditEntry.objects.get(action="summary.approved")
    assert [each["text"]["en"] for each in entry.detail["sentences"]] == ["Sentence B."]


def test_what_waits_or_was_rejected_or_approved_too_late_is_not_shown(summary, round, owner, commit):
    second = next_round(round, commit)
    assert shown(second) == []
    approve_summary(summary=summary, actor=owner, keep=[0, 1])
    assert shown(second) == []  # the round was open: all members see the same
    Round.objects.filter(pk=second.pk).update(opened_at=timezone.now() + timedelta(seconds=1))
    second.refresh_from_db()
    assert shown(second) == ["Sentence A.", "Sentence B."]
    reject_summary(summary=summary, actor=owner)
    assert shown(second) == []


def test_a_study_or_round_that_shows_no_reasons_shows_no_summary_of_them(summary, round, owner, commit):
    approve_summary(summary=summary, actor=owner, keep=[0, 1])
    second = next_round(round, commit)
    second.shows_feedback = False
    assert shown(second) == []
    second.shows_feedback, second.study.feedback_reasons = True, False
    assert shown(second) == []


def test_a_sentence_goes_when_a_reason_of_it_is_taken_back(summary, round, owner, commit):
    reason = Reason.objects.get(code=summary.sentences[1]["reasons"][0][0])
    approve_summary(summary=summary, actor=owner, keep=[0, 1])
    second = next_round(round, commit)
    moderate_reason(reason=reason, actor=owner, decision="rejected", seen_revision=1)
    assert shown(second) == ["Sentence A."]


def test_a_sentence_whose_reason_changed_cannot_be_approved(summary, owner):
    Reason.objects.update(revision=2)
    with pytest.raises(InvalidInput):
        approve_summary(summary=summary, actor=owner, keep=[0, 1])
    with pytest.raises(InvalidInput):
        approve_summary(summary=summary, actor=owner, keep=[])


def test_the_second_organiser_is_told(summary, owner):
    approve_summary(summary=summary, actor=owner, keep=[0])
    with pytest.raises(AlreadyDecided):
        approve_summary(summary=summary, actor=owner, keep=[0, 1])


def test_fault_24_erasure_reaches_summaries_and_the_log_of_calls(summary, round, owner):
    approve_summary(summary=summary, actor=owner, keep=[0, 1])
    member = Reason.objects.get(code=summary.sentences[1]["reasons"][0][0]).member
    assert ModelCall.objects.get().answer is not None
    expert_erased.send(sender=None, expert_code="x", member_ids=[member.pk])
    summary.refresh_from_db()
    assert (summary.status, summary.sentences) == (SummaryStatus.ERASED, [])
    call = ModelCall.objects.get()
    assert (call.answer, call.request_hash) == (None, "")


def test_the_organisers_page_shows_reasons_beside_sentences_and_takes_the_decision(
    client, summary, round, owner
):
    client.force_login(owner)
    address = reverse("scanning:summaries", args=[round.study.code, 1])
    moderation = client.get(reverse("surveys:moderation", args=[round.study.code])).content.decode()
    assert address in moderation
    text = client.get(address).content.decode()
    assert all(each in text for each in TEXTS[:3])
    assert "Rests on 2 reasons" in text
    act = reverse("scanning:summary", args=[round.study.code, 1, summary.code])
    client.post(act, {"do": "approve", "keep": ["0", "77", "x"]})
    summary.refresh_from_db()
    assert (summary.status, len(summary.sentences)) == (SummaryStatus.APPROVED, 1)
    assert client.post(act, {"do": "publish"}).status_code == 404
    client.post(act, {"do": "reject"})
    summary.refresh_from_db()
    assert summary.status == SummaryStatus.REJECTED
    client.force_login(give_role(round.study, Role.MODERATOR))
    assert client.get(address).status_code == 404
    assert address not in client.get(reverse("surveys:moderation", args=[round.study.code])).content.decode()

"""Suggestions: made in a job that can die, shown beside the mined text, and decided by a person."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from experts.enums import Role
from foundation.enums import JobStatus
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry, Job
from foundation.services import jobs
from foundation.services.audit import broken_links
from scanning.enums import CandidateStatus, DecisionAction, SuggestionStatus
from scanning.exceptions import AlreadyDecided, NothingToAsk
from scanning.llm.errors import NotConfigured
from scanning.models import Candidate, Decision, ModelCall, Suggestion
from scanning.services import suggesting
from scanning.services.review import accept
from scanning.services.suggesting import request_suggestions, unasked
from scanning.services.suggestions import accept_suggestion, edit_suggestion, reject_suggestion
from scanning.services.undoing import undo
from surveys.models import Technology
from surveys.services.studies import add_field
from tests.factories import give_role, make_user
from tests.scanning.llm.standin import answer, raw

pytestmark = pytest.mark.django_db


def claim(item, en="What it is.", zh="它是什么。"):
    return {"text": {"en": en, "zh": zh}, "cites": [item["passages"][0]["id"]]}


def describe(data):
    """A well-behaved model: names each candidate of the data it was sent."""
    return {
        "candidates": [
            {
                "id": item["id"],
                "name": {"en": item["mined_name"].capitalize(), "zh": f"技术{item['id']}"},
                "description": claim(item),
                "scope_note": claim(item, "Not its parts.", "不含部件。"),
                "why": claim(item, "It may matter.", "可能重要。"),
                "field": data["fields"][0]["id"] if data["fields"] else "",
            }
            for item in data["candidates"]
        ],
        "merges": [],
        "splits": [],
    }


def with_proposals(data):
    first, second = data["candidates"][:2]
    because = {"en": "Same thing.", "zh": "同一事物。"}
    merge = {
        "id": second["id"],
        "into": first["id"],
        "because": because,
        "cites": [second["passages"][0]["id"]],
    }
    split = {
        "id": first["id"],
        "names": ["Solid-state", "Graph neural network"],
        "because": because,
        "cites": [first["passages"][0]["id"]],
    }
    return describe(data) | {"merges": [merge], "splits": [split]}


@pytest.fixture
def field(study, owner):
    return add_field(study=study, actor=owner, key="f", name={"en": "Energy", "zh-hans": "能源"})


@pytest.fixture
def candidates(scanned, field):
    return list(scanned().candidates.order_by("rank"))


@pytest.fixture
def suggest(study, owner, commit):
    def suggest(**more):
        with commit():
            job = request_suggestions(study=study, actor=owner, **more)
        job.refresh_from_db()
        return job

    return suggest


@pytest.fixture
def made(model, candidates, suggest):
    model.script = [answer(with_proposals)]
    suggest()
    return {row.kind: row for row in Suggestion.objects.order_by("-pk")}


def one_each(settings):
    settings.LLM_LIMITS = settings.LLM_LIMITS | {"batch": 1}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_job_suggests_and_changes_no_candidate(model, candidates, suggest, study):
    before = list(Candidate.objects.order_by("pk").values())
    model.script = [answer(with_proposals)]
    job = suggest()
    assert (job.status, job.result) == (
        JobStatus.DONE,
        {"suggestions": len(candidates) + 2, "kept as mined": 0},
    )
    assert list(Candidate.objects.order_by("pk").values()) == before
    assert Technology.objects.filter(study=study).count() == 0
    assert Decision.objects.count() == 0
    row = Suggestion.objects.filter(kind="wording").first()
    assert (row.model, row.prompt_version, row.status) == ("stand-in-1", "naming-2", "waiting")
    cited = row.content["description"]["evidence"]
    assert set(cited) <= set(row.candidate.evidence.values_list("pk", flat=True))


def test_what_is_sent_is_names_and_at_most_three_passages(model, candidates, suggest):
    model.script = [answer(describe)]
    suggest()
    data = json.loads(model.bodies[0]["messages"][1]["content"])
    assert {each["mined_name"] for each in data["candidates"]} == {each.mined_name for each in candidates}
    assert all(1 <= len(each["passages"]) <= 3 for each in data["candidates"])
    assert all(len(p["text"]) < 900 for each in data["candidates"] for p in each["passages"])
    assert set(data["candidates"][0]) == {"id", "mined_name", "language", "documents", "passages"}


def test_each_candidate_is_asked_about_once_by_model_and_prompt(made, study, suggest, settings, model):
    assert not unasked(study).exists()
    with pytest.raises(NothingToAsk):
        suggest()
    settings.LLM_MODEL = "stand-in-2"
    assert unasked(study).exists()


def test_without_a_model_or_a_role_nothing_is_asked(candidates, study, owner, suggest, settings, model):
    for who in (make_user("nobody"), give_role(study, Role.ANALYST)):
        with pytest.raises(NotAllowed):
            request_suggestions(study=study, actor=who)
    settings.LLM_BASE_URL = ""
    with pytest.raises(NotConfigured):
        suggest()


def test_a_batch_that_stays_broken_keeps_the_mined_labels_and_the_rest_goes_on(
    model, candidates, suggest, settings
):
    one_each(settings)
    model.script = [answer("no"), answer("no"), *[answer(describe)] * len(candidates)]
    job = suggest()
    assert job.status == JobStatus.DONE
    assert job.result == {"suggestions": len(candidates) - 1, "kept as mined": 1}
    assert not candidates[0].suggestions.exists()


def test_an_answer_that_was_cut_off_is_asked_for_in_halves(model, candidates, suggest):
    half = answer(lambda data: describe(data), finish_reason="length")
    model.script = [half, *[answer(describe)] * 3]
    job = suggest()
    assert job.result == {"suggestions": len(candidates), "kept as mined": 0}
    assert [len(json.loads(b["messages"][1]["content"])["candidates"]) for b in model.bodies] == [3, 1, 2]


def test_a_job_that_ends_early_keeps_what_it_made_and_says_why(model, candidates, suggest, settings, study):
    one_each(settings)
    model.script = [answer(describe), raw(401)]
    job = suggest()
    assert (job.status, Suggestion.objects.count()) == (JobStatus.FAILED, 1)
    assert "refused the request" in job.error
    model.otherwise = answer(describe)
    suggest()
    assert Suggestion.objects.count() == len(candidates)


def test_a_run_begun_anew_asks_nothing_twice_and_writes_nothing_twice(model, candidates, suggest, settings):
    one_each(settings)
    model.otherwise = answer(describe)
    job = suggest()
    calls, rows = len(model.requests), list(Suggestion.objects.values())
    Suggestion.objects.filter(candidate=candidates[-1]).delete()
    Job.objects.filter(pk=job.pk).update(status=JobStatus.QUEUED)
    jobs.run(job.pk)
    assert len(model.requests) == calls
    assert Suggestion.objects.count() == len(rows)


def test_a_cancelled_job_stops_between_batches_and_keeps_what_it_made(
    model, candidates, suggest, settings, monkeypatch
):
    one_each(settings)
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.0)

    real = suggesting._suggest

    def suggest_then_cancel(*args):
        made = real(*args)
        Job.objects.update(cancel_requested=True)
        return made

    monkeypatch.setattr(suggesting, "_suggest", suggest_then_cancel)
    model.otherwise = answer(describe)
    job = suggest()
    assert (job.status, Suggestion.objects.count(), len(model.requests)) == (JobStatus.CANCELLED, 1, 1)


def test_accepting_a_wording_is_an_edit_by_the_reviewer_and_no_acceptance_of_the_candidate(
    made, owner, study, field
):
    chosen = made["wording"]
    accept_suggestion(suggestion=chosen, actor=owner, seen=0)
    candidate = fresh(chosen.candidate)
    assert candidate.name == {
        "en": candidate.mined_name.capitalize(),
        "zh-hans": chosen.content["name"]["zh-hans"],
    }
    assert candidate.description["en"] == "What it is.\n\nNot its parts.\n\nIt may matter."
    assert (candidate.field, candidate.status) == (field, CandidateStatus.PENDING)
    assert (candidate.model, candidate.prompt_version) == ("stand-in-1", "naming-2")
    decision = candidate.decisions.get()
    assert (decision.action, decision.reviewer) == (DecisionAction.EDIT, owner)
    assert fresh(chosen).status == SuggestionStatus.ACCEPTED
    entry = AuditEntry.objects.get(stream=study.stream, action="suggestion.accepted")
    assert (entry.detail["model"], entry.detail["prompt"]) == ("stand-in-1", "naming-2")
    assert broken_links(study.stream) == []
    undo(candidate=candidate, actor=owner)
    candidate = fresh(candidate)
    assert (candidate.name, candidate.model) == ({"en": candidate.mined_name}, "")


def test_an_edited_wording_is_kept_as_the_reviewer_wrote_it(made, owner):
    chosen = made["wording"]
    edit_suggestion(suggestion=chosen, actor=owner, name={"en": "My words"}, description={"en": "Mine."})
    assert fresh(chosen.candidate).name == {"en": "My words"}
    assert fresh(chosen).status == SuggestionStatus.EDITED
    with pytest.raises(InvalidInput):
        edit_suggestion(suggestion=made["merge"], actor=owner, name={"en": "x"})


def test_rejecting_leaves_the_candidate_as_mined_and_the_second_reviewer_is_told(made, owner):
    chosen = made["wording"]
    before = Candidate.objects.filter(pk=chosen.candidate_id).values().get()
    reject_suggestion(suggestion=chosen, actor=owner)
    for act in (accept_suggestion, reject_suggestion):
        with pytest.raises(AlreadyDecided):
            act(suggestion=chosen, actor=owner)
    assert Candidate.objects.filter(pk=chosen.candidate_id).values().get() == before


def test_a_page_that_is_out_of_date_decides_nothing(made, owner):
    chosen = made["wording"]
    accept(candidate=chosen.candidate, actor=owner)
    with pytest.raises(AlreadyDecided):
        accept_suggestion(suggestion=chosen, actor=owner, seen=0)
    assert fresh(chosen).status == SuggestionStatus.WAITING


def test_proposals_become_the_reviewers_own_merge_and_split(made, candidates, owner):
    first, second = candidates[:2]
    accept_suggestion(suggestion=made["merge"], actor=owner)
    assert (fresh(second).status, fresh(second).merged_into) == (CandidateStatus.MERGED, first)
    accept_suggestion(suggestion=made["split"], actor=owner)
    assert fresh(first).status == CandidateStatus.SPLIT
    assert {part.mined_name for part in first.parts.all()} == {"Solid-state", "Graph neural network"}


def test_a_merge_into_what_was_rejected_meanwhile_is_refused(made, candidates, owner):
    from scanning.services.review import reject

    reject(candidate=candidates[0], actor=owner)
    with pytest.raises(AlreadyDecided):
        accept_suggestion(suggestion=made["merge"], actor=owner)
    assert fresh(made["merge"]).status == SuggestionStatus.WAITING


@pytest.fixture
def page(client, owner, study):
    client.force_login(owner)

    def page(candidate):
        return reverse("scanning:candidate", args=[study.code, candidate.code])

    return page


def act(client, study, row, **data):
    address = reverse("scanning:suggestion", args=[study.code, row.candidate.code, row.code])
    return client.post(address, data, follow=True)


def test_the_board_shows_suggestions_with_passages_and_takes_each_act(client, page, study, made):
    chosen = made["wording"]
    address = page(chosen.candidate)
    text = client.get(address).content.decode()
    assert "Suggested wording" in text
    assert "Rests on 1 passage" in text
    assert "by stand-in-1, prompt naming-2" in text
    assert chosen.content["name"]["zh-hans"] in text
    form = {"do": "edit", "name_en": "Mine", "name_zh_hans": "我的", "seen": "0"}
    answered = act(client, study, chosen, **form)
    assert [str(each) for each in answered.context["messages"]] == ["Saved."]
    assert "Accepted with changes" in answered.content.decode()
    assert fresh(chosen.candidate).name == {"en": "Mine", "zh-hans": "我的"}
    assert act(client, study, made["merge"], do="steal").status_code == 404
    assert "Merged as suggested." in act(client, study, made["merge"], do="accept").content.decode()
    assert "was rejected" in act(client, study, made["split"], do="reject").content.decode()


def test_the_boards_queries_do_not_grow_with_the_suggestions(client, page, made, candidates):
    first, address = candidates[0], page(candidates[0])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    row = first.suggestions.get(kind="wording")
    for number in range(3):
        for kind in ("split", "wording"):
            content = made[kind].content if made[kind].candidate_id == first.pk else row.content
            Suggestion.objects.create(
                candidate=first, kind=kind, content=content, model=f"m{number}", prompt_version="p"
            )
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_the_model_page_says_which_model_what_it_may_spend_and_never_the_key(
    client, page, study, model, candidates, settings, commit
):
    address = reverse("scanning:model", args=[study.code])
    page(candidates[0])
    settings.LLM_API_KEY = "sk-on-no-page"
    model.otherwise = answer(describe)
    with commit():
        client.post(reverse("scanning:model_action", args=[study.code]), {"do": "ask", "size": "25"})
    text = client.get(address).content.decode()
    assert "stand-in-1" in text
    assert "naming-2" in text
    assert "160 of 1,000,000 tokens" in text
    assert f"{len(candidates)} suggestions wait" in text
    assert "sk-on-no-page" not in text
    settings.LLM_BASE_URL = ""
    assert "No language model is configured" in client.get(address).content.decode()
    assert ModelCall.objects.count() == 1

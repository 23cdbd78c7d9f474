"""The scan's pages: who may open them, what they show, that imported text is inert, that they stay light."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import get_resolver, reverse

from experts.enums import Role
from scanning.enums import CandidateStatus
from scanning.models import Backtest, Candidate, Corpus, CorpusFile, Scan, Suggestion, Topic
from scanning.recipe import Recipe
from scanning.services import review
from scanning.services.monitoring import create_monitor
from surveys.models import Technology
from tests.factories import give_role, make_user, owner_of
from tests.scanning.conftest import json_lines, rows

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def scan(scanned):
    return scanned()


@pytest.fixture
def candidate(scan):
    return scan.candidates.order_by("rank").first()


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def address(name, study, *codes, query=""):
    return reverse(f"scanning:{name}", args=[study.code, *codes]) + query


def topic_with(candidate):
    """The topic of a candidate; one is made where the corpus is too small to have any."""
    if candidate.topic is None:
        candidate.topic = Topic.objects.create(scan=candidate.scan, name={"en": "Topic"}, mined_name="Topic")
        candidate.save(update_fields=["topic"])
    return candidate.topic


def monitor_of(corpus):
    return corpus.monitors.first() or create_monitor(
        corpus=corpus,
        actor=owner_of(corpus.study),
        name="Watch",
        recipe=Recipe(min_documents=2),
        schedule="weekly",
    )


def suggestion_for(candidate):
    content = {"names": ["A", "B"], "because": {}, "evidence": []}
    made, _new = Suggestion.objects.get_or_create(candidate=candidate, kind="split", content=content)
    return made


def every_address(study, scan, candidate):
    """Each route of the app, filled with codes that exist."""
    codes = {
        "code": study.code,
        "file_code": CorpusFile.objects.first().code,
        "corpus_code": scan.corpus.code,
        "scan_code": scan.code,
        "candidate_code": candidate.code,
        "topic_code": topic_with(candidate).code,
        "backtest_code": Backtest.objects.get_or_create(corpus=scan.corpus, params={"cut": 2018})[0].code,
        "monitor_code": monitor_of(scan.corpus).code,
        "run_number": 1,
        "suggestion_code": suggestion_for(candidate).code,
        "round_number": 1,
        "summary_code": "none",
    }
    patterns = next(
        p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "scanning"
    ).url_patterns
    for pattern in patterns:
        names = pattern.pattern.converters
        yield reverse(f"scanning:{pattern.name}", kwargs={name: codes[name] for name in names})


def test_an_outsider_and_an_analyst_get_404_on_every_route(client, study, scan, candidate):
    for user in (make_user("outsider"), give_role(study, Role.ANALYST)):
        client.force_login(user)
        for path in every_address(study, scan, candidate):
            assert client.get(path).status_code in (404, 405), path
            assert client.post(path, {"do": "accept"}).status_code == 404, path
    candidate.refresh_from_db()
    assert candidate.status == CandidateStatus.PENDING


def test_what_belongs_to_another_study_is_404(page, scan, candidate, owner):
    from tests.factories import make_study

    other = make_study(owner, technologies=0, members=0)
    for path in every_address(other, scan, candidate):
        if re.search("/(files|runs|corpora|backtests|map|board)/[a-z0-9]{10}/", path):
            assert page.get(path).status_code in (404, 405), path
            assert page.post(path, {"do": "accept"}).status_code == 404, path


def test_nobody_signed_in_is_sent_to_sign_in(client, study):
    response = client.get(address("board", study))
    assert response.status_code in (302, 404)


def test_empty_pages_say_what_to_do(page, study):
    assert "No corpus yet" in page.get(address("sources", study)).content.decode()
    assert "Nothing to review yet" in page.get(address("board", study)).content.decode()


def test_a_file_uploaded_on_the_page_is_imported(page, study, django_capture_on_commit_callbacks):
    content = SimpleUploadedFile("papers.jsonl", json_lines(rows(4)))
    with django_capture_on_commit_callbacks(execute=True):
        response = page.post(address("sources", study), {"file": content, "kind": "paper", "name": "Papers"})
    received = CorpusFile.objects.get()
    assert response.url == address("file", study, received.code)
    assert (received.n_new, Corpus.objects.get().name) == (4, "Papers")
    assert "A study of the" in page.get(response.url).content.decode()


def test_a_refused_file_shows_lines_and_reasons(page, study, upload):
    received = upload(json_lines(rows(2)) + b"[1]\n")
    text = page.get(address("file", study, received.code)).content.decode()
    assert "Nothing of it was imported" in text
    assert re.search(r'<td class="num">3</td><td>A record must be a JSON object', text)


def test_a_scan_is_started_with_a_recipe(page, study, corpus, upload, django_capture_on_commit_callbacks):
    upload(rows())
    path = address("start", study, corpus.code)
    assert page.get(path).status_code == 200
    assert page.post(path, {"language": "en", "ranking": "rising", "limit": 0}).status_code == 400
    recipe = {
        "language": "en",
        "ranking": "rising",
        "limit": 2,
        "min_documents": 2,
        "dictionary": "flow cell\n",
    }
    with django_capture_on_commit_callbacks(execute=True):
        response = page.post(path, recipe)
    scan = Scan.objects.get()
    assert response.url == address("scan", study, scan.code)
    assert (scan.recipe["ranking"], scan.recipe["dictionary"], scan.candidates.count()) == (
        "rising",
        ["flow cell"],
        2,
    )
    assert "Review candidates" in page.get(response.url).content.decode()


def test_a_job_under_way_polls_and_a_finished_one_stops(page, study, upload):
    waiting = upload(rows(2), run=False)
    path = address("file", study, waiting.code)
    assert 'hx-trigger="every 1s"' in page.get(path, headers={"HX-Request": "true"}).content.decode()
    from foundation.services import jobs

    jobs.run(waiting.job_id)
    part = page.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert "<html" not in part


def test_the_board_shows_queue_evidence_figures_and_how_it_was_found(page, study, candidate):
    text = page.get(address("board", study)).content.decode()
    assert f'aria-current="true">\n      <span class="queue-name" lang="en">{candidate.mined_name}' in text
    assert "0 of" in text
    assert re.search(rf"<mark>{candidate.mined_name}</mark>", text, re.IGNORECASE)
    for part in ("Documents per year", "Per thousand documents", "How it was found", "Score"):
        assert part in text


@pytest.mark.parametrize(
    ("do", "data", "status"),
    [
        ("accept", {}, CandidateStatus.ACCEPTED),
        ("reject", {"reason": "too_broad", "note": "x"}, CandidateStatus.REJECTED),
        ("split", {"names": "one\ntwo"}, CandidateStatus.SPLIT),
        ("edit", {"name_en": "New", "name_zh_hans": "新"}, CandidateStatus.PENDING),
    ],
)
def test_every_decision_is_a_plain_form_that_leads_on(page, study, scan, candidate, do, data, status):
    following = scan.candidates.order_by("rank")[1]
    response = page.post(address("decide", study, candidate.code), {"do": do, "seen": "0", **data})
    candidate.refresh_from_db()
    assert candidate.status == status
    assert response.status_code == 302
    assert (candidate.code if do == "edit" else following.code) in response.url
    assert candidate.decisions.get().action == do


def test_the_last_decision_is_undone_from_the_candidate_that_came_up_next(page, study, scan):
    candidates = list(scan.candidates.order_by("rank"))
    path = address("decide", study, candidates[0].code)
    following = page.post(path, {"do": "reject", "reason": "too_broad"}, follow=True)
    last = following.context["last"]
    assert following.context["candidate"] == candidates[1]
    assert (last.candidate, last.decision.action) == (candidates[0], "reject")
    assert 'data-key="u"' in following.content.decode()
    back = page.post(path, {"do": "undo", "decision": last.decision.pk}, follow=True)
    assert back.context["candidate"].status == "pending"
    assert back.context["last"] is None
    page.post(path, {"do": "undo", "decision": last.decision.pk})
    assert list(candidates[0].decisions.values_list("action", flat=True)) == ["reject", "undo"]


def test_another_decision_is_not_undone_in_place_of_the_one_that_was_meant(page, study, candidate, owner):
    path = address("decide", study, candidate.code)
    meant = page.post(path, {"do": "accept"}, follow=True).context["last"].decision
    review.edit(candidate=candidate, actor=owner, name={"en": "Reworded"}, description={}, field=None)
    assert page.get(address("board", study)).context["last"] is None
    for asked in (meant.pk, 0, "x"):
        page.post(path, {"do": "undo", "decision": asked})
    assert list(candidate.decisions.values_list("action", flat=True)) == ["accept", "edit"]


def test_merging_and_undoing_on_the_page(page, study, scan, candidate):
    other = scan.candidates.order_by("rank")[1]
    path = address("decide", study, candidate.code)
    page.post(path, {"do": "merge", "into": other.code})
    candidate.refresh_from_db()
    assert candidate.merged_into == other
    page.post(path, {"do": "undo"})
    candidate.refresh_from_db()
    assert candidate.status == CandidateStatus.PENDING


def test_a_page_that_is_out_of_date_is_told_so(page, study, candidate, owner):
    review.accept(candidate=candidate, actor=owner)
    path = address("decide", study, candidate.code)
    response = page.post(path, {"do": "reject", "seen": "0"}, follow=True)
    candidate.refresh_from_db()
    assert candidate.status == CandidateStatus.ACCEPTED
    assert "Somebody else has decided" in response.content.decode()


def test_many_are_accepted_and_promoted_with_a_page_that_says_what_will_happen(page, study, scan):
    codes = [row.code for row in scan.candidates.all()]
    page.post(address("accept_chosen", study), {"candidate": codes})
    assert {row.status for row in scan.candidates.all()} == {CandidateStatus.ACCEPTED}
    path = address("promote_accepted", study)
    assert f"Put {len(codes)} on the list" in page.get(path).content.decode()
    assert not Technology.objects.filter(study=study).exists()
    page.post(path)
    assert Technology.objects.filter(study=study).count() == len(codes)


def test_merge_targets_are_found_as_one_types(page, study, candidate):
    other = Candidate.objects.exclude(pk=candidate.pk).first()
    text = page.get(
        address("targets", study, candidate.code), {"words": other.mined_name[:6].upper()}
    ).content.decode()
    assert other.code in text
    assert candidate.code not in text


def test_search_filter_and_sort_keep_only_what_matches(page, study, scan):
    text = page.get(address("board", study), {"q": "PEROVSKITE", "sort": "growth"}).content.decode()
    names = re.findall(r'class="queue-name" lang="en">([^<]+)', text)
    assert names
    assert all("perovskite" in name for name in names)
    assert (
        "No candidate matches" in page.get(address("board", study), {"q": "nothing like it"}).content.decode()
    )


@pytest.mark.parametrize("value", ["'; DROP TABLE x;--", "\x00", "%00", "1e999", "../../etc", "𝔘" * 300])
def test_fault_30_strange_parameters_change_nothing(page, study, scan, value):
    query = dict.fromkeys(("q", "status", "language", "sort", "scan", "page"), value)
    refused = "\x00" in value  # no address has a NUL in it: that page does not exist
    assert page.get(address("board", study), query).status_code == (404 if refused else 200)
    posted = page.post(address("accept_chosen", study), {"candidate": [value]})
    assert posted.status_code == (400 if refused and connection.vendor == "postgresql" else 302)
    assert {row.status for row in scan.candidates.all()} == {CandidateStatus.PENDING}


def test_fault_25_hostile_text_is_inert_on_every_page(page, study, corpus, upload, scan, candidate, owner):
    review.edit(candidate=candidate, actor=owner, name={"en": HOSTILE}, description={"en": HOSTILE})
    shown = candidate.evidence.first().document
    shown.title = shown.abstract = HOSTILE
    shown.source = HOSTILE
    shown.save()
    Corpus.objects.filter(pk=corpus.pk).update(name=HOSTILE)
    topic_with(candidate)
    scan.topics.update(name={"en": HOSTILE}, mined_name=HOSTILE)
    CorpusFile.objects.update(name=HOSTILE)
    refused = upload(f'{{"title": "{HOSTILE}\n'.encode(), format="jsonl", name="x.jsonl")
    CorpusFile.objects.filter(pk=refused.pk).update(name=HOSTILE)
    paths = [
        path for path in every_address(study, scan, candidate) if not path.endswith(("/do/", "/decide/"))
    ]
    for path in [*paths, address("file", study, refused.code), address("board", study, query="?status=all")]:
        response = page.get(path)
        if response.headers["Content-Type"].startswith("text/csv"):
            # A table is kept as it was written: it must be saved and never shown.
            assert response.headers["Content-Disposition"].startswith("attachment"), path
            assert response.headers["X-Content-Type-Options"] == "nosniff", path
            continue
        text = response.content.decode()
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        if response.status_code == 200 and "<html" in text:
            assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("count", [6, 24])
def test_the_board_costs_the_same_whatever_its_length(
    page, study, candidate, django_assert_max_num_queries, count
):
    for n in range(count):
        Candidate.objects.create(
            study=study, scan=candidate.scan, name={"en": f"Extra {n}"}, mined_name=f"Extra {n}", rank=100 + n
        )
    page.get(address("board", study))
    with django_assert_max_num_queries(30):
        page.get(address("board", study))

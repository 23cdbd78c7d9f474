"""What a scan finds again joins what waits for review: each name is met once, with the evidence of both scans."""

import pytest
from django.urls import reverse

from scanning.enums import CandidateStatus
from scanning.exceptions import AlreadyDecided
from scanning.models import Candidate
from scanning.selectors import board
from scanning.selectors.comparing import compared
from scanning.selectors.details import detail, find_candidate
from scanning.selectors.supervision import Fates, _listed, by_method
from scanning.selectors.topics import topic_map
from scanning.services.corpora import create_corpus
from scanning.services.review import accept, reject
from tests.scanning.conftest import rows

pytestmark = pytest.mark.django_db


def more(count=12):
    return [row | {"id": "n" + row["id"], "title": "New: " + row["title"]} for row in rows(count)]


def waiting(study):
    return list(board.queue(study, board.Filter()).values_list("mined_name", flat=True))


def test_a_second_scan_queues_no_name_again(scanned, study):
    first = scanned()
    before = waiting(study)
    second = scanned(more())
    assert sorted(waiting(study)) == sorted(set(before) | set(waiting(study)))
    assert len(waiting(study)) == len(set(waiting(study)))
    assert second.summary["found_again"] == len(before)
    joined = second.candidates.get(mined_name="graph neural network")
    assert joined.again_of.scan == first
    assert [e.name for e in board.queue(study, board.Filter(scan=second.code)) if e.pk == joined.again_of_id]


def test_another_corpus_of_the_study_joins_too_and_shows_its_evidence(scanned, study, owner):
    scanned()
    other = create_corpus(study=study, actor=owner, name="Other")
    second = scanned(more(), into=other)
    joined = second.candidates.get(mined_name="graph neural network")
    shown = find_candidate(study, joined.code)
    assert shown.pk == joined.again_of_id
    told = detail(shown)
    assert [each.pk for each in told.again] == [joined.pk]
    corpora = {exhibit.evidence.document.corpus_id for exhibit in told.exhibits}
    assert corpora == {shown.scan.corpus_id, other.pk}
    assert not any(exhibit.from_merged for exhibit in told.exhibits)


def test_one_decision_counts_for_both_scans(scanned, study, owner):
    scanned()
    second = scanned(more())
    joined = second.candidates.get(mined_name="graph neural network")
    with pytest.raises(AlreadyDecided):
        accept(candidate=joined, actor=owner)
    accept(candidate=joined.again_of, actor=owner)
    assert [Fates(study).kept(row.again_of_id or row.pk) for row in _listed([second])].count(True) == 1
    (row,) = by_method(study)
    assert (row.accepted, row.proposed) == (1, board.candidates_of(study).exclude(scan=None).count())
    dots = {node.candidate.pk: node.candidate.status for p in topic_map(second).places for node in p.nodes}
    assert dots[joined.pk] == CandidateStatus.ACCEPTED
    reject(candidate=joined.again_of, actor=owner, reason="too_broad")
    assert joined.pk not in {c.pk for place in topic_map(second).places for c in place.candidates}


def test_what_was_accepted_is_not_queued_again(scanned, study, owner):
    first = scanned()
    accepted = first.candidates.get(mined_name="graph neural network")
    accept(candidate=accepted, actor=owner)
    second = scanned(more())
    assert second.candidates.get(mined_name="graph neural network").again_of == accepted
    assert "graph neural network" not in waiting(study)


def test_what_was_rejected_before_is_proposed_anew_with_a_notice(scanned, study, owner):
    first = scanned()
    reject(candidate=first.candidates.get(mined_name="graph neural network"), actor=owner, reason="too_broad")
    second = scanned(more())
    fresh = second.candidates.get(mined_name="graph neural network")
    assert fresh.again_of is None
    assert "graph neural network" in waiting(study)
    assert [row.status for row in detail(fresh).earlier] == [CandidateStatus.REJECTED]


def test_runs_are_compared_as_they_were_listed(scanned):
    first = scanned()
    second = scanned(more())
    lists = compared(first, second)
    assert len(lists.lists.both) == first.candidates.count()
    assert {row.code for row in second.candidates.all()} <= lists.linked


def test_the_page_tells_of_the_later_scan(scanned, study, owner, client):
    scanned()
    second = scanned(more())
    client.force_login(owner)
    joined = second.candidates.get(mined_name="graph neural network")
    page = client.get(reverse("scanning:candidate", args=[study.code, joined.code])).content.decode()
    assert "Found again on" in page
    assert reverse("scanning:scan", args=[study.code, second.code]) in page
    page = client.get(reverse("scanning:scan", args=[study.code, second.code])).content.decode()
    assert "on the board already" in page
    assert Candidate.objects.filter(again_of=joined.again_of).count() == 1

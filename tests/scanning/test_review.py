"""Decisions: each is kept for ever, races are told, undo restores, and only the accepted reaches the list."""

import pytest

from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry
from foundation.services.audit import broken_links
from scanning.enums import CandidateStatus, DecisionAction, RejectReason
from scanning.exceptions import AlreadyDecided, NotUndoable
from scanning.models import Appended, Candidate, Decision
from scanning.selectors.board import progress
from scanning.selectors.details import detail, find_candidate
from scanning.services import review
from scanning.services.promotion import promote, promote_all
from scanning.services.splitting import split
from scanning.services.undoing import undo
from surveys.enums import Origin, TechnologyStatus
from surveys.models import Technology
from tests.factories import give_role, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidates(scanned):
    return list(scanned().candidates.order_by("rank"))


@pytest.fixture
def candidate(candidates):
    return candidates[0]


def fresh(candidate):
    return Candidate.objects.get(pk=candidate.pk)


def test_accepting_keeps_who_when_and_what(candidate, owner, study):
    decision = review.accept(candidate=candidate, actor=owner, note="clear")
    assert fresh(candidate).status == CandidateStatus.ACCEPTED
    assert (decision.before, decision.after) == ({"status": "pending"}, {"status": "accepted"})
    assert (decision.reviewer, decision.reviewer_label, decision.note) == (owner, owner.audit_label, "clear")
    assert AuditEntry.objects.filter(stream=study.stream, action="candidate.accept").count() == 1
    assert broken_links(study.stream) == []


def test_the_second_of_two_reviewers_is_told(candidate, owner):
    stale = fresh(candidate)
    review.accept(candidate=candidate, actor=owner)
    with pytest.raises(AlreadyDecided):
        review.accept(candidate=stale, actor=owner)
    with pytest.raises(AlreadyDecided):
        review.reject(candidate=stale, actor=owner, seen=0)
    assert candidate.decisions.count() == 1


def test_a_decision_can_be_neither_changed_nor_deleted(candidate, owner):
    decision = review.accept(candidate=candidate, actor=owner)
    decision.note = "changed"
    for attempt in (
        decision.save,
        decision.delete,
        lambda: Decision.objects.update(note="changed"),
        lambda: Decision.objects.all().delete(),
        lambda: Decision.objects.bulk_update([decision], ["note"]),
    ):
        with pytest.raises(Appended):
            attempt()
    assert Decision.objects.get().note == ""


def test_editing_changes_the_wording_and_keeps_what_the_machine_said(candidate, owner):
    mined = candidate.mined_name
    wording = {"en": "Batteries with solid electrolyte", "zh-hans": "固态电池"}
    review.edit(candidate=candidate, actor=owner, name=wording, description={"en": "What it is."})
    assert (fresh(candidate).name, fresh(candidate).mined_name) == (wording, mined)
    assert (
        review.edit(candidate=candidate, actor=owner, name=wording, description={"en": "What it is."}) is None
    )
    undo(candidate=candidate, actor=owner)
    assert fresh(candidate).name == {"en": mined}


def test_merging_shows_the_evidence_of_both(candidates, owner, study):
    first, second = candidates[:2]
    before = len(detail(find_candidate(study, second.code)).exhibits)
    review.merge(candidate=first, into=second, actor=owner)
    assert (fresh(first).status, fresh(first).merged_into) == (CandidateStatus.MERGED, second)
    both = detail(find_candidate(study, second.code)).exhibits
    assert len(both) > before
    assert any(exhibit.from_merged for exhibit in both)
    undo(candidate=first, actor=owner)
    assert (fresh(first).status, fresh(first).merged_into) == (CandidateStatus.PENDING, None)


def test_merging_into_itself_or_into_what_is_gone_is_refused(candidates, owner):
    first, second = candidates[:2]
    with pytest.raises(InvalidInput):
        review.merge(candidate=first, into=first, actor=owner)
    review.reject(candidate=second, actor=owner, reason=RejectReason.TOO_BROAD)
    with pytest.raises(AlreadyDecided):
        review.merge(candidate=first, into=second, actor=owner)


def test_splitting_gives_each_part_the_evidence_that_names_it(candidate, owner, study):
    split(candidate=candidate, names=["battery", "electrolyte", ""], actor=owner)
    assert fresh(candidate).status == CandidateStatus.SPLIT
    parts = {part.mined_name: part for part in candidate.parts.all()}
    assert parts["battery"].n_documents == parts["battery"].evidence.count() > 0
    assert parts["electrolyte"].evidence.count() == 0
    assert {part.status for part in parts.values()} == {CandidateStatus.PENDING}
    undo(candidate=candidate, actor=owner)
    assert fresh(candidate).status == CandidateStatus.PENDING
    assert {part.merged_into for part in candidate.parts.all()} == {candidate}


def test_a_split_whose_parts_were_reviewed_is_not_undone(candidate, owner):
    split(candidate=candidate, names=["battery", "electrolyte"], actor=owner)
    review.accept(candidate=candidate.parts.first(), actor=owner)
    with pytest.raises(NotUndoable):
        undo(candidate=candidate, actor=owner)
    assert fresh(candidate).status == CandidateStatus.SPLIT


def test_rejecting_needs_a_known_reason_and_can_be_undone(candidate, owner):
    with pytest.raises(InvalidInput):
        review.reject(candidate=candidate, actor=owner, reason="because")
    review.reject(candidate=candidate, actor=owner, reason=RejectReason.NOT_TECHNOLOGY, note="a task")
    assert candidate.decisions.get().reject_reason == RejectReason.NOT_TECHNOLOGY
    undo(candidate=candidate, actor=owner)
    assert fresh(candidate).status == CandidateStatus.PENDING
    assert list(candidate.decisions.values_list("action", flat=True)) == ["reject", "undo"]


def test_only_the_last_standing_decision_is_undone_one_after_another(candidate, owner):
    first = review.accept(candidate=candidate, actor=owner)
    review.edit(candidate=candidate, actor=owner, name={"en": "Better name"})
    with pytest.raises(NotUndoable):
        undo(candidate=candidate, actor=owner, decision=first)
    undo(candidate=candidate, actor=owner)
    undo(candidate=candidate, actor=owner)
    assert fresh(candidate).status == CandidateStatus.PENDING
    with pytest.raises(NotUndoable):
        undo(candidate=candidate, actor=owner)


def test_nothing_the_machine_wrote_reaches_the_list_before_a_person_accepted_it(candidates, owner, study):
    with pytest.raises(AlreadyDecided):
        promote(candidate=candidates[0], actor=owner)
    assert promote_all(study=study, actor=owner).promoted == []
    assert not Technology.objects.filter(study=study).exists()
    review.accept(candidate=candidates[0], actor=owner)
    review.reject(candidate=candidates[1], actor=owner)
    (technology,) = promote_all(study=study, actor=owner).promoted
    assert (technology.origin, technology.source_code) == (Origin.SCAN, candidates[0].code)
    assert list(Technology.objects.filter(study=study)) == [technology]


def test_a_name_that_is_on_the_list_is_told_and_the_others_go_on(candidates, owner, study):
    from surveys.services.technologies import add_technology

    add_technology(study=study, actor=owner, name={"en": candidates[0].mined_name.upper()})
    for each in candidates[:2]:
        review.accept(candidate=each, actor=owner)
    result = promote_all(study=study, actor=owner)
    assert [row.source_code for row in result.promoted] == [candidates[1].code]
    assert [row for row, _why in result.refused] == [candidates[0]]
    assert fresh(candidates[0]).technology is None


def test_undoing_a_promotion_takes_the_technology_off_the_list(candidate, owner):
    review.accept(candidate=candidate, actor=owner)
    technology = promote(candidate=candidate, actor=owner)
    with pytest.raises(AlreadyDecided):
        promote(candidate=candidate, actor=owner)
    with pytest.raises(AlreadyDecided):
        review.reject(candidate=candidate, actor=owner)
    undo(candidate=candidate, actor=owner)
    technology.refresh_from_db()
    assert technology.status == TechnologyStatus.DROPPED
    assert (fresh(candidate).technology, fresh(candidate).status) == (None, CandidateStatus.ACCEPTED)


def test_a_person_may_add_what_no_scan_found(study, owner):
    added = review.add_by_hand(study=study, actor=owner, name={"zh-hans": "量子中继器"}, note="panel meeting")
    assert (added.status, added.language, added.method) == (CandidateStatus.ACCEPTED, "zh", review.BY_HAND)
    assert added.decisions.get().action == DecisionAction.ADD
    assert progress(study)["accepted"] == 1


@pytest.mark.parametrize("role", [Role.ANALYST, None])
def test_those_who_may_not_review_are_refused_and_change_nothing(candidate, owner, study, role):
    other = give_role(study, role) if role else make_user("stranger")
    for attempt in (
        lambda: review.accept(candidate=candidate, actor=other),
        lambda: review.reject(candidate=candidate, actor=other),
        lambda: review.edit(candidate=candidate, actor=other, name={"en": "X"}),
        lambda: split(candidate=candidate, names=["a", "b"], actor=other),
        lambda: undo(candidate=candidate, actor=other),
        lambda: promote(candidate=candidate, actor=other),
        lambda: promote_all(study=study, actor=other),
        lambda: review.add_by_hand(study=study, actor=other, name={"en": "X"}),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert not Decision.objects.exists()


def test_a_moderator_reviews_but_does_not_change_the_list(candidate, study):
    moderator = give_role(study, Role.MODERATOR)
    review.accept(candidate=candidate, actor=moderator)
    with pytest.raises(NotAllowed):
        promote(candidate=candidate, actor=moderator)
    assert not Technology.objects.filter(study=study).exists()

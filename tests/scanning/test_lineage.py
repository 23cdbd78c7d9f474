"""Chains of merging, splitting and undoing: nothing is lost on the way, and who undoes never undoes another's work."""

import pytest
from django.db import connection

from experts.enums import Role
from foundation.exceptions import InvalidInput
from scanning.enums import CandidateStatus
from scanning.exceptions import AlreadyDecided, NotUndoable
from scanning.models import Candidate, Opinion
from scanning.selectors.details import detail, find_candidate
from scanning.services import review
from scanning.services.opinions import give_opinion, judge
from scanning.services.policies import set_policy
from scanning.services.promotion import promote
from scanning.services.splitting import split
from scanning.services.undoing import undo
from surveys.enums import RoundStatus, TechnologyStatus
from surveys.models import Technology
from tests.factories import give_role, make_open_round, make_study, owner_of
from tests.scanning.conftest import rows
from tests.surveys.test_saving_at_once import at_once

pytestmark = pytest.mark.django_db


NAMES = ("solid-state battery", "graph neural network", "perovskite solar cell")


def documents_of_one(per_name=3):
    """Documents that name one technology alone, beside those that name two."""
    alone = [
        {
            "id": f"{name[0]}{n}",
            "title": f"Notes number {n} on a {name}",
            "abstract": f"The {name} again.",
            "year": 2019,
        }
        for name in NAMES
        for n in range(per_name)
    ]
    return [*rows(12), *alone]


@pytest.fixture
def three(scanned):
    found = {row.mined_name: row for row in scanned(documents_of_one()).candidates.all()}
    return [found[name] for name in NAMES]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def documents(candidate):
    """Documents that the board shows for it."""
    shown = detail(find_candidate(candidate.study, candidate.code))
    return {exhibit.evidence.document_id for exhibit in shown.exhibits}


def own(candidate):
    return set(candidate.evidence.values_list("document", flat=True))


def test_what_was_merged_into_a_merged_one_shows_its_evidence_at_the_end_of_the_chain(three, owner):
    first, second, third = three
    review.merge(candidate=first, into=second, actor=owner)
    review.merge(candidate=second, into=third, actor=owner)
    assert own(first) - own(second) - own(third)
    assert documents(third) >= own(first)


def test_a_split_divides_also_the_evidence_of_what_was_merged_in(three, owner):
    first, second, _third = three
    name = str(first.name)
    review.merge(candidate=first, into=second, actor=owner)
    split(candidate=fresh(second), names=[name, str(second.name)], actor=owner)
    part = second.parts.get(mined_name=name)
    assert own(part) >= own(first)
    assert part.n_documents == part.evidence.count() == len(own(part))


def test_a_split_whose_part_was_reworded_or_merged_into_or_judged_is_not_undone(three, owner, study):
    first, second, third = three
    split(candidate=first, names=["One part", "Another part"], actor=owner)
    part, other = first.parts.order_by("pk")
    review.edit(candidate=part, actor=owner, name={"en": "A better name"})
    with pytest.raises(NotUndoable):
        undo(candidate=first, actor=owner)
    undo(candidate=part, actor=owner)
    review.merge(candidate=second, into=other, actor=owner)
    with pytest.raises(NotUndoable):
        undo(candidate=first, actor=owner)
    undo(candidate=second, actor=owner)
    set_policy(study=study, actor=owner, blind=True)
    give_opinion(candidate=fresh(part), actor=owner, judgement="accept")
    with pytest.raises(NotUndoable):
        undo(candidate=first, actor=owner)
    assert fresh(first).status == CandidateStatus.SPLIT
    assert third.decisions.count() == 0


def test_merge_split_merge_and_back_again_ends_where_it_began(three, owner):
    first, second, third = three
    before = [(row.status, own(row)) for row in three]
    review.merge(candidate=first, into=second, actor=owner)
    split(candidate=fresh(second), names=["Part a", "Part b"], actor=owner)
    part = second.parts.order_by("pk").first()
    review.merge(candidate=part, into=third, actor=owner)
    with pytest.raises(NotUndoable):
        undo(candidate=fresh(second), actor=owner)
    for row in (part, second, first):
        undo(candidate=fresh(row), actor=owner)
    assert [(fresh(row).status, own(row)) for row in three] == before
    assert set(second.parts.values_list("status", flat=True)) == {CandidateStatus.MERGED}


def test_an_addition_is_not_undone_while_others_are_merged_into_it(three, owner, study):
    added = review.add_by_hand(study=study, actor=owner, name={"en": "By hand"})
    review.merge(candidate=three[0], into=added, actor=owner)
    with pytest.raises(NotUndoable):
        undo(candidate=added, actor=owner)
    assert fresh(added).status == CandidateStatus.ACCEPTED
    undo(candidate=three[0], actor=owner)
    undo(candidate=added, actor=owner)
    assert fresh(three[0]).status == CandidateStatus.PENDING


def test_adding_a_name_that_is_on_the_board_points_there(three, owner, study):
    name = str(three[0].name).upper()
    with pytest.raises(InvalidInput) as refused:
        review.add_by_hand(study=study, actor=owner, name={"en": f" {name} "})
    assert "name" in refused.value.errors
    review.reject(candidate=three[0], actor=owner, reason="too_broad")
    assert review.add_by_hand(study=study, actor=owner, name={"en": name})


def test_what_a_later_scan_finds_again_of_a_merged_one_joins_it(scanned, three, owner, study):
    first, second, third = three
    review.merge(candidate=first, into=second, actor=owner)
    review.merge(candidate=third, into=second, actor=owner)
    undo(candidate=third, actor=owner)
    again = scanned(documents_of_one(5))
    later = again.candidates.get(mined_name=first.mined_name)
    assert later.again_of == first
    pending = Candidate.objects.visible().filter(study=study, status=CandidateStatus.PENDING)
    assert not pending.filter(mined_name=first.mined_name).exists()
    assert own(later) <= documents(second)
    review.reject(candidate=second, actor=owner, reason="too_broad")
    assert scanned(documents_of_one(6)).candidates.get(mined_name=first.mined_name).again_of is None


@pytest.mark.django_db(transaction=True)
def test_two_candidates_are_never_merged_into_each_other():
    study = make_study(technologies=0, members=0)
    owner = owner_of(study)

    def merging(one, other):
        def act():
            return review.merge(
                candidate=Candidate.objects.get(pk=one.pk),
                into=Candidate.objects.get(pk=other.pk),
                actor=owner,
            )

        return act

    for trial in range(6):
        one, other = (
            Candidate.objects.create(
                study=study,
                name={"en": f"T{trial}{side}"},
                mined_name=f"T{trial}{side}",
                method="terms-en-1",
            )
            for side in "ab"
        )
        done = at_once(merging(one, other), merging(other, one))
        assert sum(isinstance(each, AlreadyDecided) for each in done) == 1, (connection.vendor, done)
        assert {fresh(one).status, fresh(other).status} == {CandidateStatus.PENDING, CandidateStatus.MERGED}


@pytest.fixture
def second(study):
    return give_role(study, Role.MODERATOR, "second")


def test_who_judges_blind_on_a_stale_page_is_told_of_other_words(study, three, owner, second):
    """Else two would stand by a wording that one of them never saw, and it would count as signed."""
    set_policy(study=study, actor=owner, blind=True)
    candidate = three[0]
    review.edit(candidate=candidate, actor=owner, name={"en": "Other words"})
    judge(candidate=fresh(candidate), actor=owner, judgement="accept", seen=1)
    with pytest.raises(AlreadyDecided):
        judge(candidate=fresh(candidate), actor=second, judgement="accept", seen=0)
    assert Opinion.objects.filter(candidate=candidate).count() == 1
    judge(candidate=fresh(candidate), actor=second, judgement="accept", seen=1)
    assert fresh(candidate).signed


def test_a_candidate_put_back_on_the_list_is_the_same_technology(three, owner, study):
    candidate = three[0]
    review.accept(candidate=candidate, actor=owner)
    technology = promote(candidate=candidate, actor=owner)
    undo(candidate=candidate, actor=owner)
    assert fresh(technology).status == TechnologyStatus.DROPPED
    assert promote(candidate=fresh(candidate), actor=owner) == technology
    assert fresh(technology).status == TechnologyStatus.ACTIVE
    undo(candidate=candidate, actor=owner)
    review.edit(candidate=fresh(candidate), actor=owner, name={"en": "Quite another thing"})
    other = promote(candidate=fresh(candidate), actor=owner)
    assert other != technology
    assert Technology.objects.filter(study=study, status=TechnologyStatus.ACTIVE).count() == 1


def test_who_undoes_on_a_stale_page_does_not_undo_what_another_did_since(client, three, owner, study, second):
    candidate = three[0]
    review.accept(candidate=candidate, actor=owner)
    review.edit(candidate=candidate, actor=second, name={"en": "Better words"})
    client.force_login(owner)
    address = f"/studies/{study.code}/scan/board/{candidate.code}/decide/"
    client.post(address, {"do": "undo", "seen": "1"})
    assert fresh(candidate).name == {"en": "Better words"}
    client.post(address, {"do": "undo", "seen": "2"})
    assert fresh(candidate).name != {"en": "Better words"}


def test_undoing_what_an_open_round_asks_about_says_so(client):
    study = make_study(technologies=1, members=1)
    owner = owner_of(study)
    candidate = Candidate.objects.create(
        study=study, name={"en": "Flow cell"}, mined_name="Flow cell", method="terms-en-1"
    )
    review.accept(candidate=candidate, actor=owner)
    technology = promote(candidate=candidate, actor=owner)
    round = make_open_round(study)
    assert (round.status, round.round_technologies.filter(technology=technology).count()) == (
        RoundStatus.OPEN,
        1,
    )
    client.force_login(owner)
    address = f"/studies/{study.code}/scan/board/{candidate.code}/decide/"
    said = client.post(address, {"do": "undo"}, follow=True).content.decode()
    assert "The open round still asks about it; later rounds do not." in said
    assert fresh(candidate).technology is None

"""Two reviewers blind to each other, and the second signature before an expert sees what a machine wrote."""

import pytest
from django.urls import reverse

from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry
from scanning.append_only import Appended
from scanning.enums import CandidateStatus, DecisionAction, Judgement
from scanning.exceptions import AlreadyDecided, JudgedByTwo, NotSigned, SignedAlone
from scanning.models import Candidate, Opinion
from scanning.selectors.agreement import reviewer_agreement
from scanning.selectors.board import Filter, progress, queue
from scanning.services import review
from scanning.services.opinions import accept_or_judge, give_opinion, judge
from scanning.services.policies import set_policy
from scanning.services.promotion import promote, promote_all
from scanning.services.signing import sign
from scanning.services.undoing import undo
from surveys.models import Technology
from tests.factories import give_role

pytestmark = pytest.mark.django_db
SECRET_NOTE = "too vague by far"


@pytest.fixture
def candidates(study):
    return [
        Candidate.objects.create(
            study=study,
            name={"en": f"Machine term {n}"},
            mined_name=f"Machine term {n}",
            method="terms-en-1",
            rank=n,
        )
        for n in range(1, 5)
    ]


@pytest.fixture
def candidate(candidates):
    return candidates[0]


@pytest.fixture
def second(study):
    return give_role(study, Role.MODERATOR, "second")


@pytest.fixture
def blind(study, owner):
    return set_policy(study=study, actor=owner, blind=True)


def fresh(candidate):
    return Candidate.objects.get(pk=candidate.pk)


def opine(candidate, actor, judgement="accept", **details):
    return give_opinion(candidate=candidate, actor=actor, judgement=judgement, **details)


def test_two_who_accept_decide_and_sign(blind, candidate, owner, second):
    opine(candidate, owner)
    assert fresh(candidate).status == CandidateStatus.PENDING
    opine(candidate, second, note="clear")
    assert (fresh(candidate).status, fresh(candidate).signed) == (CandidateStatus.ACCEPTED, True)
    decision = candidate.decisions.get()
    assert (decision.action, decision.reviewer) == (DecisionAction.ACCEPT, second)
    assert owner.audit_label in decision.note
    assert second.audit_label in decision.note


def test_two_who_reject_for_unlike_reasons_reject(blind, candidate, owner, second):
    opine(candidate, owner, "reject", reason="too_broad")
    opine(candidate, second, "reject", reason="duplicate")
    assert fresh(candidate).status == CandidateStatus.REJECTED
    assert candidate.decisions.get().reject_reason == "other"


def test_a_disagreement_waits_among_the_conflicts_and_is_resolved_by_a_decision(
    blind, candidate, owner, second, study
):
    opine(candidate, owner)
    opine(candidate, second, "reject", reason="too_broad")
    assert fresh(candidate).status == CandidateStatus.PENDING
    assert list(queue(study, Filter(status="conflict"), owner)) == [candidate]
    assert progress(study)["conflict"] == 1
    review.accept(candidate=candidate, actor=owner)
    assert list(queue(study, Filter(status="conflict"), owner)) == []
    assert candidate.opinions.count() == 2


def test_nobody_decides_alone_and_nobody_judges_twice(blind, candidate, owner, second):
    for attempt in (
        lambda: review.accept(candidate=candidate, actor=owner),
        lambda: review.reject(candidate=candidate, actor=owner),
    ):
        with pytest.raises(JudgedByTwo):
            attempt()
    opine(candidate, owner)
    with pytest.raises(AlreadyDecided):
        opine(candidate, owner, "reject")
    opine(candidate, second, "reject")
    with pytest.raises(AlreadyDecided):
        opine(candidate, give_role(candidate.study, Role.ORGANISER, "third"))
    with pytest.raises(InvalidInput):
        opine(candidate, owner, "maybe")
    assert candidate.opinions.count() == 2


def test_accepting_many_gives_opinions_where_two_judge(blind, candidates, owner):
    rows = Candidate.objects.select_related("study__panel")
    assert review.accept_many(candidates=rows, actor=owner, accept=accept_or_judge) == (4, 0)
    assert review.accept_many(candidates=rows, actor=owner, accept=accept_or_judge) == (0, 4)
    assert Opinion.objects.count() == 4
    assert not Candidate.objects.exclude(status=CandidateStatus.PENDING).exists()


def test_an_opinion_is_never_changed(blind, candidate, owner):
    opinion = opine(candidate, owner)
    for attempt in (opinion.save, opinion.delete, lambda: Opinion.objects.update(judgement="reject")):
        with pytest.raises(Appended):
            attempt()


def test_the_second_reviewer_learns_nothing_of_the_first(blind, candidate, owner, second, client, study):
    opine(candidate, owner, "reject", reason="too_broad", note=SECRET_NOTE)
    client.force_login(second)
    leaks = (SECRET_NOTE, "Too broad</", owner.audit_label, owner.name)
    for name, query in (
        ("candidate", {}),
        ("candidate", {"status": "all"}),
        ("candidate", {"status": "conflict"}),
    ):
        text = client.get(
            reverse(f"scanning:{name}", args=[study.code, candidate.code]), query
        ).content.decode()
        main = text[text.index('id="candidate"') : text.index('aria-labelledby="found"')]
        options = main.replace("<option", "\n<option")
        assert not any(
            leak in line for leak in leaks for line in options.splitlines() if "<option" not in line
        )
    supervision = client.get(reverse("scanning:supervision", args=[study.code])).content.decode()
    assert "no candidate was judged by two reviewers blind" in supervision
    assert SECRET_NOTE not in str(list(AuditEntry.objects.values()))
    assert "too_broad" not in str(list(AuditEntry.objects.values()))


def test_what_one_has_judged_leaves_that_ones_queue_alone(blind, candidates, owner, second, study):
    opine(candidates[0], owner)
    assert list(queue(study, Filter(), owner)) == candidates[1:]
    assert list(queue(study, Filter(), second)) == candidates


def test_agreement_counts_only_what_both_judged(blind, candidates, owner, second, study):
    for candidate, one, other in zip(candidates, "aarr", "araa", strict=True):
        word = {"a": "accept", "r": "reject"}
        opine(candidate, owner, word[one])
        if candidate is not candidates[3]:
            opine(candidate, second, word[other])
    found = reviewer_agreement(study)
    assert (found.n, found.alike) == (3, 1)
    (pair,) = found.pairs
    # a,a  a,r  r,a: observed 1/3, expected (2*2 + 1*1)/9 = 5/9
    assert pair.found.kappa == pytest.approx((1 / 3 - 5 / 9) / (4 / 9))


def test_without_the_policy_judging_is_deciding(candidate, owner):
    judge(candidate=candidate, actor=owner, judgement=Judgement.ACCEPT)
    assert fresh(candidate).status == CandidateStatus.ACCEPTED
    assert not Opinion.objects.exists()


@pytest.fixture
def signing(study, owner):
    return set_policy(study=study, actor=owner, sign_off=True)


def test_nothing_unsigned_reaches_the_list_where_a_signature_is_wanted(
    signing, candidate, owner, second, study
):
    review.accept(candidate=candidate, actor=owner)
    with pytest.raises(NotSigned):
        promote(candidate=candidate, actor=owner)
    ((refused, _why),) = promote_all(study=study, actor=owner).refused
    assert refused == candidate
    assert not Technology.objects.filter(study=study).exists()
    with pytest.raises(SignedAlone):
        sign(candidate=candidate, actor=owner)
    sign(candidate=candidate, actor=second)
    assert promote(candidate=fresh(candidate), actor=owner).source_code == candidate.code


def test_other_words_need_another_signature_and_another_field_does_not(
    signing, candidate, owner, second, study
):
    from surveys.services.studies import add_field

    review.accept(candidate=candidate, actor=owner)
    sign(candidate=candidate, actor=second)
    field = add_field(study=study, actor=owner, key="f", name={"en": "Field"})
    review.edit(candidate=candidate, actor=owner, name=candidate.name, field=field)
    assert fresh(candidate).signed
    review.edit(candidate=candidate, actor=second, name={"en": "Other words"}, field=field)
    assert not fresh(candidate).signed
    with pytest.raises(SignedAlone):
        sign(candidate=candidate, actor=second)
    undo(candidate=candidate, actor=owner)
    assert fresh(candidate).signed


def test_a_signature_is_a_decision_that_can_be_undone(signing, candidate, owner, second):
    review.accept(candidate=candidate, actor=owner)
    sign(candidate=candidate, actor=second)
    undo(candidate=candidate, actor=second)
    assert not fresh(candidate).signed
    assert list(candidate.decisions.values_list("action", flat=True)) == ["accept", "sign", "undo"]


def test_what_a_person_added_alone_needs_no_signature(signing, study, owner):
    added = review.add_by_hand(study=study, actor=owner, name={"en": "By hand"})
    assert promote(candidate=added, actor=owner).name == {"en": "By hand"}


def test_only_those_who_edit_the_study_set_how_it_is_reviewed(study, candidate, owner, second, client):
    with pytest.raises(NotAllowed):
        set_policy(study=study, actor=second, blind=True)
    client.force_login(second)
    assert client.get(reverse("scanning:policy", args=[study.code])).status_code == 404
    client.force_login(owner)
    path = reverse("scanning:policy", args=[study.code])
    assert client.post(path, {"blind": "on"}).status_code == 302
    study.refresh_from_db()
    assert (study.review_policy.blind, study.review_policy.sign_off) == (True, False)
    assert AuditEntry.objects.filter(stream=study.stream, action="review.policy_changed").count() == 1


def test_judging_and_signing_on_the_page(blind, candidates, owner, second, study, client):
    def decide(user, candidate, **data):
        client.force_login(user)
        return client.post(reverse("scanning:decide", args=[study.code, candidate.code]), data, follow=True)

    text = decide(owner, candidates[0], do="accept", seen="0").content.decode()
    assert "Your judgement is kept" in text
    assert (
        f'aria-current="true">\n      <span class="queue-name" lang="en">{candidates[1].mined_name}' in text
    )
    decide(second, candidates[0], do="reject", reason="too_broad")
    client.force_login(owner)
    text = client.get(reverse("scanning:candidate", args=[study.code, candidates[0].code])).content.decode()
    assert "Two reviewers judged this one" in text
    set_policy(study=study, actor=owner, blind=False, sign_off=True)
    decide(owner, candidates[0], do="accept")
    text = decide(second, candidates[0], do="sign").content.decode()
    assert "Signed." in text
    assert fresh(candidates[0]).signed


def test_the_second_reviewer_is_told_what_came_of_both_judgements(
    blind, candidates, owner, second, study, client
):
    """Not that the other would not see it: the other has judged already."""
    client.force_login(second)
    for candidate, first, said in (
        (candidates[0], "accept", "You two judged alike: it is accepted."),
        (candidates[1], "reject", "You two judged it differently."),
    ):
        opine(candidate, owner, first, **({"reason": "too_broad"} if first == "reject" else {}))
        address = reverse("scanning:decide", args=[study.code, candidate.code])
        text = client.post(address, {"do": "accept"}, follow=True).content.decode()
        assert said in text
        assert "does not see it before judging" not in text

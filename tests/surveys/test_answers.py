import pytest

from surveys.enums import ParticipationStatus
from surveys.exceptions import Incomplete, NotAssigned, RoundNotOpen
from surveys.models import Answer, Participation, Question, Reason
from surveys.services.answers import Change, save_answers
from surveys.services.reasons import moderate_reason, save_reason
from surveys.services.rounds import close_round, mark_analysed
from surveys.services.submission import missing, submit
from tests.factories import make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    return make_open_round()


@pytest.fixture
def member(round):
    return round.study.panel.members.first()


@pytest.fixture
def technology(round):
    return round.study.technologies.first()


def rate(round, member, technology, number, **fields):
    change = Change("agreement", technology.code, {"number": number}, **fields)
    return save_answers(round=round, member=member, changes=[change])[0]


def stored(member):
    return list(Answer.objects.filter(member=member).values_list("number", flat=True))


def test_a_saved_answer_counts_its_revisions(round, member, technology):
    assert rate(round, member, technology, 4).revision == 1
    assert rate(round, member, technology, 5).revision == 2
    assert rate(round, member, technology, 5).status == "unchanged"
    assert stored(member) == [5]


def test_an_answer_can_be_taken_back(round, member, technology):
    rate(round, member, technology, 4)
    save_answers(round=round, member=member, changes=[Change("agreement", technology.code, {})])
    answer = Answer.objects.get(member=member)
    assert (answer.number, answer.special, answer.revision) == (None, "", 2)
    assert [gap.kind for gap in missing(round=round, member=member)] == ["answer", "answer"]


def test_fault_06_two_tabs_edit_one_answer(round, member, technology):
    rate(round, member, technology, 4, base_revision=0)
    rate(round, member, technology, 5, base_revision=1)
    second_tab = rate(round, member, technology, 2, base_revision=1)
    assert (second_tab.status, second_tab.value, second_tab.revision) == ("conflict", {"number": 5.0}, 2)
    assert stored(member) == [5]


def test_fault_08_saves_out_of_order(round, member, technology):
    rate(round, member, technology, 5, sequence=12)
    late = rate(round, member, technology, 3, sequence=11)
    assert (late.status, late.value) == ("stale", {"number": 5.0})
    assert stored(member) == [5]


def test_fault_08_an_answer_changed_there_and_back_is_not_undone_by_the_save_in_between(
    round, member, technology
):
    rate(round, member, technology, 5, base_revision=0, sequence=10)
    back = rate(round, member, technology, 5, base_revision=1, sequence=12)
    late = rate(round, member, technology, 3, base_revision=1, sequence=11)
    assert (back.status, back.revision, late.status) == ("unchanged", 1, "stale")
    assert stored(member) == [5]


def test_fault_11_a_replayed_save_is_one_save(round, member, technology):
    rate(round, member, technology, 5, sequence=12)
    assert rate(round, member, technology, 5, sequence=12).status == "unchanged"
    assert Answer.objects.get(member=member).revision == 1


def test_fault_09_round_closes_while_typing(round, member, technology):
    rate(round, member, technology, 5)
    close_round(round=round)
    with pytest.raises(RoundNotOpen):
        rate(round, member, technology, 1)
    assert stored(member) == [5]


def test_one_bad_value_does_not_lose_the_good_ones(round, member):
    first, second = round.study.technologies.all()
    outcomes = save_answers(
        round=round,
        member=member,
        changes=[
            Change("agreement", first.code, {"number": 99}),
            Change("agreement", second.code, {"number": 3}),
        ],
    )
    assert [outcome.status for outcome in outcomes] == ["invalid", "saved"]
    assert outcomes[0].errors == ["Enter a value from 1 to 5."]
    assert stored(member) == [3]


def test_a_foreign_technology_or_question_is_refused_and_nothing_stored(round, member, technology):
    foreign = make_study().technologies.first()
    for question, code in [("agreement", foreign.code), ("agreement", None), ("no_such", technology.code)]:
        with pytest.raises(NotAssigned):
            save_answers(
                round=round,
                member=member,
                changes=[
                    Change("agreement", technology.code, {"number": 3}),
                    Change(question, code, {"number": 3}),
                ],
            )
    assert stored(member) == []


def test_a_member_of_another_panel_is_refused(round, technology):
    stranger = make_study().panel.members.first()
    with pytest.raises(NotAssigned):
        rate(round, stranger, technology, 3)


def test_saving_takes_the_same_queries_for_one_and_many(django_assert_num_queries):
    study = make_study(technologies=20)
    round = make_open_round(study)
    member = study.panel.members.first()
    technologies = list(study.technologies.all())

    def save(few, number):
        return save_answers(
            round=round,
            member=member,
            changes=[Change("agreement", t.code, {"number": number}) for t in technologies[:few]],
        )

    save(1, 1)
    with django_assert_num_queries(8):
        save(1, 2)
    save(20, 3)
    with django_assert_num_queries(8):
        save(20, 4)
    assert stored(member) == [4] * 20


def test_submitting_twice_is_submitting_once(round, member):
    for technology in round.study.technologies.all():
        rate(round, member, technology, 4)
    first = submit(round=round, member=member)
    assert submit(round=round, member=member).submitted_at == first.submitted_at


def test_submission_names_what_is_missing(round, member, technology):
    rate(round, member, technology, 4)
    with pytest.raises(Incomplete) as refused:
        submit(round=round, member=member)
    (gap,) = refused.value.details["missing"]
    assert (gap.kind, gap.technology, gap.question) == (
        "answer",
        round.study.technologies.last().code,
        "agreement",
    )


def test_editing_after_submission_keeps_it_submitted(round, member, technology):
    for each in round.study.technologies.all():
        rate(round, member, each, 4)
    submit(round=round, member=member)
    rate(round, member, technology, 5)
    part = Participation.objects.get(round=round, member=member)
    assert part.status == ParticipationStatus.SUBMITTED


@pytest.fixture
def outside_two_to_three(monkeypatch):
    """As some provider would answer; the real one is back afterwards."""

    def halves(round_id, technology_ids, keys=None):
        questions = Question.objects.values_list("pk", flat=True)
        return {(technology, question): (2, 3) for technology in technology_ids for question in questions}

    monkeypatch.setattr("surveys.hooks._middle_halves", halves)


@pytest.mark.usefixtures("outside_two_to_three")
def test_an_answer_outside_the_middle_half_needs_a_reason(round, member, technology):
    close_round(round=round)
    mark_analysed(round_id=round.pk)
    second = make_open_round(round.study)
    other = round.study.technologies.last()
    rate(second, member, technology, 5)
    rate(second, member, other, 3)
    assert [(gap.kind, gap.technology) for gap in missing(round=second, member=member)] == [
        ("outside", technology.code)
    ]
    save_reason(round=second, member=member, technology=technology.code, text="Costs fell by half.")
    assert missing(round=second, member=member) == []


def test_a_reason_edited_after_approval_waits_for_moderation_again(round, member, technology):
    owner = owner_of(round.study)
    save_reason(round=round, member=member, technology=technology.code, text="First")
    reason = Reason.objects.get()
    moderate_reason(reason=reason, actor=owner, decision="approved", seen_revision=1)
    save_reason(round=round, member=member, technology=technology.code, text="Second")
    reason.refresh_from_db()
    assert (reason.text, reason.moderation) == ("Second", "pending")


def test_a_reason_is_approved_only_as_it_was_read(round, member, technology):
    from surveys.exceptions import WrongState

    save_reason(round=round, member=member, technology=technology.code, text="First")
    reason = Reason.objects.get()
    save_reason(round=round, member=member, technology=technology.code, text="Something else")
    with pytest.raises(WrongState):
        moderate_reason(reason=reason, actor=owner_of(round.study), decision="approved", seen_revision=1)


def test_a_reason_of_two_tabs_is_a_conflict(round, member, technology):
    save_reason(round=round, member=member, technology=technology.code, text="First", base_revision=0)
    outcome = save_reason(
        round=round, member=member, technology=technology.code, text="Mine", base_revision=0
    )
    assert (outcome.status, outcome.text) == ("conflict", "First")

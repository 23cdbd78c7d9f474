import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from experts.enums import MemberStatus, Role
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry
from foundation.services.audit import broken_links
from surveys.enums import RoundStatus
from surveys.exceptions import ProtocolLocked, RoundNotReady, WrongState
from surveys.models import Assignment, MemberField, Participation, Round, Study
from surveys.services.protocol import snapshot
from surveys.services.rounds import close_round, mark_analysed, open_round, plan_round, run_schedule
from surveys.services.studies import add_field, edit_question, edit_study
from surveys.services.technologies import edit_technology
from surveys.signals import round_closed
from tests.factories import give_role, make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


def test_opening_round_1_locks_the_protocol_with_its_hash():
    study = make_study()
    assert not study.is_locked
    make_open_round(study)
    study = Study.objects.get(pk=study.pk)
    version = study.protocol_versions.get()
    assert (version.number, version.hash) == (1, study.protocol_hash)
    assert version.snapshot == snapshot(study)


def test_a_locked_protocol_changes_only_with_a_reason():
    study = make_open_round().study
    study.refresh_from_db()
    question = study.questions.first()
    with pytest.raises(ProtocolLocked):
        edit_question(question=question, actor=owner_of(study), text={"en": "Other words"})
    edit_question(
        question=question, actor=owner_of(study), text={"en": "Other words"}, reason="Two experts misread it"
    )
    study.refresh_from_db()
    amendment = study.protocol_versions.last()
    assert (amendment.number, amendment.reason) == (2, "Two experts misread it")
    assert study.protocol_hash == amendment.hash


def test_texts_outside_the_protocol_need_no_amendment():
    study = make_open_round().study
    study.refresh_from_db()
    edit_study(study=study, actor=owner_of(study), welcome={"en": "Hello"})
    assert study.protocol_versions.count() == 1


def test_a_question_with_answers_keeps_its_scale():
    from surveys.services.answers import Change, save_answers

    round = make_open_round()
    member = round.study.panel.members.first()
    technology = round.study.technologies.first()
    save_answers(round=round, member=member, changes=[Change("agreement", technology.code, {"number": 4})])
    with pytest.raises(InvalidInput):
        edit_question(
            question=round.study.questions.get(key="agreement"),
            actor=owner_of(round.study),
            maximum=9,
            reason="finer",
        )


def test_opening_asks_every_active_member_about_every_technology():
    study = make_study(technologies=3, members=4)
    gone = study.panel.members.first()
    gone.status = MemberStatus.WITHDRAWN
    gone.save()
    round = make_open_round(study)
    assert Participation.objects.filter(round=round).count() == 3
    assert Assignment.objects.filter(round=round).count() == 9
    assert not Assignment.objects.filter(member=gone).exists()


def test_routing_by_field_asks_members_about_their_fields_and_the_unsorted():
    study = make_study(technologies=3, members=2, routing="fields")
    owner = owner_of(study)
    energy = add_field(study=study, actor=owner, key="energy", name={"en": "Energy"})
    grids = add_field(study=study, actor=owner, key="grids", name={"en": "Grids"}, parent=energy)
    health = add_field(study=study, actor=owner, key="health", name={"en": "Health"})
    first, second, third = study.technologies.all()
    edit_technology(technology=first, actor=owner, field=grids)
    edit_technology(technology=second, actor=owner, field=health)
    specialist, generalist = study.panel.members.all()
    MemberField.objects.create(member=specialist, field=energy)
    round = make_open_round(study)
    asked = {
        member: set(
            Assignment.objects.filter(round=round, member=member).values_list("technology_id", flat=True)
        )
        for member in (specialist, generalist)
    }
    assert asked[specialist] == {first.pk, third.pk}
    assert asked[generalist] == {first.pk, second.pk, third.pk}


@pytest.mark.parametrize("lacking", ["technologies", "members"])
def test_a_round_without_list_or_panel_does_not_open(lacking):
    study = make_study(**{lacking: 0})
    with pytest.raises(RoundNotReady) as refused:
        make_open_round(study)
    assert len(refused.value.details["problems"]) == 1


def test_the_database_allows_one_open_round_per_study():
    round = make_open_round()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(study=round.study, number=2, status=RoundStatus.OPEN)


def test_closing_twice_closes_once(django_capture_on_commit_callbacks):
    heard = []
    listener = lambda round_id, **_more: heard.append(round_id)  # noqa: E731
    round_closed.connect(listener)
    round = make_open_round()
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        close_round(round=round, actor=owner_of(round.study))
        with pytest.raises(WrongState):
            close_round(round=round, actor=owner_of(round.study))
    round_closed.disconnect(listener)
    assert len(callbacks) == 1


def test_analysed_only_after_closed():
    round = make_open_round()
    assert not mark_analysed(round_id=round.pk)
    close_round(round=round)
    assert mark_analysed(round_id=round.pk)
    assert not mark_analysed(round_id=round.pk)


def test_the_schedule_opens_and_closes_what_is_due():
    study = make_study()
    owner = owner_of(study)
    now = timezone.now()
    round = plan_round(
        study=study,
        actor=owner,
        opens_at=now - timezone.timedelta(minutes=1),
        closes_at=now + timezone.timedelta(hours=1),
    )
    assert run_schedule(now) == {"opened": 1, "closed": 0}
    assert run_schedule(now) == {"opened": 0, "closed": 0}
    assert run_schedule(now + timezone.timedelta(hours=2)) == {"opened": 0, "closed": 1}
    round.refresh_from_db()
    assert round.status == RoundStatus.CLOSED


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_only_owner_and_organiser_run_rounds(role):
    study = make_study()
    with pytest.raises(NotAllowed):
        plan_round(study=study, actor=give_role(study, role))
    round = plan_round(study=study, actor=give_role(study, Role.ORGANISER))
    with pytest.raises(NotAllowed):
        open_round(round=round, actor=give_role(study, role))


def test_every_change_is_in_an_unbroken_audit_chain():
    round = make_open_round()
    close_round(round=round, actor=owner_of(round.study))
    stream = round.study.stream
    actions = list(AuditEntry.objects.filter(stream=stream).values_list("action", flat=True))
    assert actions == [
        "study.created",
        *["group.created"] * 4,
        "technology.added",
        "technology.added",
        "round.planned",
        "protocol.locked",
        "round.opened",
        "round.closed",
    ]
    assert broken_links(stream) == []
    AuditEntry.objects.filter(stream=stream, sequence=2).update(target="something else")
    assert broken_links(stream) == [2]

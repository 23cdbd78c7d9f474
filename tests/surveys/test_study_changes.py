"""Changes of a study that pages offer: its status, its questions while a round runs, its list."""

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import reverse

from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.middleware import RefusalMiddleware
from foundation.models import AuditEntry
from surveys.enums import StudyStatus, TechnologyStatus
from surveys.exceptions import WrongState
from surveys.models import Reason
from surveys.services.reasons import save_reason
from surveys.services.rounds import close_round, mark_analysed
from surveys.services.studies import (
    add_question,
    create_study,
    edit_question,
    move_question,
    remove_question,
    set_study_status,
)
from surveys.services.technologies import add_technology, move_technology, set_technology_status
from tests.factories import give_role, make_open_round, make_study, make_user, owner_of

pytestmark = pytest.mark.django_db
NEW = {"key": "new", "type": "text", "text": {"en": "New?"}}


def last_action(study) -> str:
    return AuditEntry.objects.filter(stream=study.stream).latest("sequence").action


def analysed(study):
    round = make_open_round(study)
    close_round(round=round)
    mark_analysed(round_id=round.pk)
    study.refresh_from_db()
    return round


def test_a_study_is_finished_archived_and_taken_up_again_on_its_pages(client):
    study = make_study()
    analysed(study)
    client.force_login(owner_of(study))
    for status in ("finished", "archived", "active"):
        path = reverse("surveys:status", args=[study.code, status])
        assert path in client.get(reverse("surveys:study", args=[study.code])).content.decode()
        assert client.get(path).status_code == 200
        study.refresh_from_db()
        assert study.status != status
        client.post(path)
        study.refresh_from_db()
        assert study.status == status
        assert last_action(study) == f"study.{status}"


def test_a_study_with_an_open_round_is_not_finished(client):
    study = make_open_round().study
    with pytest.raises(WrongState):
        set_study_status(study=study, actor=owner_of(study), status="finished")
    client.force_login(owner_of(study))
    response = client.post(reverse("surveys:status", args=[study.code, "finished"]), follow=True)
    assert "Close it" in response.content.decode()


def test_an_archived_study_that_never_ran_is_in_preparation_again():
    study = make_study()
    set_study_status(study=study, actor=owner_of(study), status="archived")
    set_study_status(study=study, actor=owner_of(study), status="active")
    assert study.status == StudyStatus.DRAFT


@pytest.mark.parametrize("status", ["active", "nonsense", "draft"])
def test_a_status_that_does_not_follow_is_no_page(client, status):
    study = make_study()
    client.force_login(owner_of(study))
    assert client.get(reverse("surveys:status", args=[study.code, status])).status_code == 404


def test_an_analyst_neither_finishes_nor_starts_studies(client):
    study = make_study()
    analyst = give_role(study, Role.ANALYST)
    client.force_login(analyst)
    assert client.post(reverse("surveys:status", args=[study.code, "archived"])).status_code == 404
    with pytest.raises(NotAllowed):
        create_study(actor=analyst, template="agreement", title={"en": "Mine"})


def test_an_administrator_with_a_small_role_starts_studies():
    administrator = make_user(is_staff=True)
    study = make_study()
    study.panel.roles.create(user=administrator, role=Role.ANALYST)
    assert create_study(actor=administrator, template="agreement", title={"en": "Mine"}).pk


def test_questions_keep_their_shape_while_a_round_is_open():
    study = make_open_round().study
    study.refresh_from_db()
    owner, question = owner_of(study), study.questions.last()
    for change in (
        lambda: add_question(study=study, actor=owner, reason="r", **NEW),
        lambda: remove_question(question=question, actor=owner, reason="r"),
        lambda: move_question(question=question, actor=owner, to=1, reason="r"),
        lambda: edit_question(question=question, actor=owner, reason="r", key="other"),
    ):
        with pytest.raises(InvalidInput):
            change()
    assert study.protocol_versions.count() == 1


def test_between_rounds_questions_change_by_amendment():
    study = make_study()
    analysed(study)
    add_question(study=study, actor=owner_of(study), reason="Asked for by the panel", **NEW)
    assert study.protocol_versions.count() == 2


def test_moving_a_question_on_a_locked_protocol_says_what_it_needs(client):
    study = make_study()
    analysed(study)
    client.force_login(owner_of(study))
    path = reverse("surveys:arrange_question", args=[study.code, study.questions.last().code])
    response = client.post(path, {"do": "up"}, follow=True)
    assert response.status_code == 200
    assert "amendment" in response.content.decode()


def test_moves_are_in_the_audit_trail():
    study = make_study()
    move_question(question=study.questions.last(), actor=owner_of(study), to=1)
    assert last_action(study) == "question.moved"
    move_technology(technology=study.technologies.last(), actor=owner_of(study), to=1)
    assert last_action(study) == "technology.moved"


def test_putting_a_technology_back_beside_another_of_its_name_is_refused(client):
    study = make_study(technologies=1)
    owner, old = owner_of(study), study.technologies.get()
    set_technology_status(technology=old, actor=owner, status="dropped")
    add_technology(study=study, actor=owner, name=dict(old.name))
    client.force_login(owner)
    path = reverse("surveys:arrange_technology", args=[study.code, old.code])
    response = client.post(path, {"do": "active"}, follow=True)
    assert response.status_code == 200
    old.refresh_from_db()
    assert old.status == TechnologyStatus.DROPPED


def test_dropping_a_technology_says_that_the_open_round_still_asks(client):
    study = make_open_round().study
    client.force_login(owner_of(study))
    path = reverse("surveys:arrange_technology", args=[study.code, study.technologies.first().code])
    response = client.post(path, {"do": "dropped"}, follow=True)
    assert "still asks" in response.content.decode()
    assert study.rounds.get().round_technologies.count() == 2


@pytest.mark.parametrize("revision", ["²", "9" * 5000, "-1", ""])
def test_a_garbled_revision_moderates_nothing(client, revision):
    round = make_open_round()
    study, member = round.study, round.study.panel.members.first()
    save_reason(round=round, member=member, technology=study.technologies.first().code, text="Because")
    reason = Reason.objects.get()
    client.force_login(owner_of(study))
    path = reverse("surveys:moderate", args=[study.code, "reason", reason.code])
    response = client.post(path, {"decision": "approved", "revision": revision, "note": "\0"})
    assert response.status_code == 302
    reason.refresh_from_db()
    assert reason.moderation == "pending"


def test_a_nul_in_an_address_finds_nothing(client):
    study = make_study()
    client.force_login(owner_of(study))
    for path in (f"/studies/{study.code}%00/", f"/studies/{study.code}/technologies/?q=%00&field=%00"):
        assert client.get(path).status_code == 404


def test_a_service_that_refuses_late_is_no_server_error():
    request = RequestFactory().get("/", headers={"accept": "application/json"})
    middleware = RefusalMiddleware(lambda request: None)
    response = middleware.process_exception(request, ValidationError({"name": ["Too long."]}))
    assert response.status_code == 400
    assert b"Too long." in response.content
    assert middleware.process_exception(request, ValidationError("Wrong.")).status_code == 400

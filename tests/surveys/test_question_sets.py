"""Sets of questions that go with any template, and the study's table of weights."""

import pytest
from django.core.exceptions import ValidationError

from consensus.counting.expert_weights import preset_table, weight_table
from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry
from surveys.enums import BASIS_ROLES, AskedPer
from surveys.exceptions import ProtocolLocked
from surveys.models import Study
from surveys.services.answers import Change, save_answers
from surveys.services.protocol import snapshot
from surveys.services.rounds import close_round
from surveys.services.studies import add_question, add_question_set, edit_study
from surveys.validators import check_weights
from tests.factories import give_role, make_open_round, make_study, make_user, owner_of

pytestmark = pytest.mark.django_db
OWN = preset_table("familiarity_nine_to_one").as_dict()


def roles(study) -> list[str]:
    return list(study.questions.exclude(role="").values_list("role", flat=True))


def test_a_new_study_may_ask_for_the_basis_of_judgement(client):
    client.force_login(make_user("founder"))
    fields = {"template": "foresight", "title_en": "Study", "title_zh_hans": "研究", "language": "en"}
    body = client.get("/studies/new/").content.decode()
    assert 'name="extras"' in body
    assert client.post("/studies/new/", fields | {"extras": "judgement_basis"}).status_code == 302
    study = Study.objects.get()
    assert [role for role in roles(study) if role in BASIS_ROLES] == list(BASIS_ROLES)
    assert {q.asked_per for q in study.questions.filter(role__in=BASIS_ROLES)} == {AskedPer.ROUND}


def test_members_answer_it_once_per_round():
    study = make_study(template="foresight", extras=["judgement_basis"])
    round = make_open_round(study)
    member = study.panel.members.first()
    (outcome,) = save_answers(
        round=round, member=member, changes=[Change("basis_practice", None, {"number": 3})]
    )
    assert outcome.status == "saved"
    (refused,) = save_answers(
        round=round, member=member, changes=[Change("basis_practice", None, {"number": 4})]
    )
    assert refused.status != "saved"


def test_the_set_is_added_later_only_as_far_as_it_is_missing():
    study = make_study()
    added = add_question_set(study=study, actor=owner_of(study), extra="judgement_basis")
    assert [question.role for question in added] == list(BASIS_ROLES)
    assert add_question_set(study=study, actor=owner_of(study), extra="judgement_basis") == []
    assert AuditEntry.objects.filter(stream=study.stream, action="question.added").count() == 4


def test_a_key_that_is_taken_is_refused_and_nothing_is_added():
    study = make_study()
    taken = {"key": "basis_theory", "type": "text", "text": {"en": "?"}}
    add_question(study=study, actor=owner_of(study), **taken)
    with pytest.raises(InvalidInput, match="basis_theory"):
        add_question_set(study=study, actor=owner_of(study), extra="judgement_basis")
    assert not set(roles(study)) & set(BASIS_ROLES)


def test_after_the_lock_it_needs_a_reason_and_no_open_round(client):
    study = make_study()
    round = make_open_round(study)
    with pytest.raises(InvalidInput):
        add_question_set(study=study, actor=owner_of(study), extra="familiarity", reason="Weights")
    close_round(round=round)
    study.refresh_from_db()
    with pytest.raises(ProtocolLocked):
        add_question_set(study=study, actor=owner_of(study), extra="familiarity")
    client.force_login(owner_of(study))
    address = f"/studies/{study.code}/protocol/add/familiarity/"
    assert client.post(address, {"reason": ""}).status_code == 400
    assert client.post(address, {"reason": "Weights are wanted"}).status_code == 302
    assert "familiarity" in roles(study)
    assert study.protocol_versions.latest("number").reason == "Weights are wanted"
    assert client.get(f"/studies/{study.code}/protocol/add/nothing/").status_code == 404


def test_only_editors_add_questions_and_weights(client):
    study = make_study()
    analyst = give_role(study, Role.ANALYST)
    with pytest.raises(NotAllowed):
        add_question_set(study=study, actor=analyst, extra="familiarity")
    client.force_login(analyst)
    assert client.get(f"/studies/{study.code}/protocol/add/familiarity/").status_code == 404
    assert client.get(f"/studies/{study.code}/results/weights/").status_code == 404


def test_older_protocols_keep_their_hash_until_weights_are_set():
    study = make_study()
    assert "expert_weights" not in snapshot(study)["policies"]
    edit_study(study=study, actor=owner_of(study), expert_weights=OWN)
    assert snapshot(study)["policies"]["expert_weights"] == OWN


def test_weights_are_amended_with_a_reason_once_the_protocol_is_locked():
    study = make_study()
    make_open_round(study)
    study.refresh_from_db()
    with pytest.raises(ProtocolLocked):
        edit_study(study=study, actor=owner_of(study), expert_weights=OWN)


@pytest.mark.parametrize(
    "part",
    [
        {"practice": [0.5, 0.4]},
        {"theory": [0.1, 0.2, 0.3]},
        {"peers": [1.5, 0.1, 0.1]},
        {"intuition": "0.1"},
        {"familiarity": [float("nan")] * 5},
        {"importance": [-1, 0, 0, 0]},
        {"surprise": [1]},
    ],
)
def test_tables_that_make_no_sense_are_refused(part):
    study = make_study()
    with pytest.raises(ValidationError):
        edit_study(study=study, actor=owner_of(study), expert_weights=OWN | part)


def test_a_table_of_ones_own_is_written_on_the_page(client):
    study = make_study()
    client.force_login(owner_of(study))
    address = f"/studies/{study.code}/results/weights/"
    own = {
        "preset": "custom",
        "practice": "0.5/0.4/0.3",
        "theory": "0.3，0.2，0.1",
        "peers": "0.1 0.1 0.05",
        "intuition": "0.1/0.05/0",
        "familiarity": "1/0.9/0.7/0.4/0",
        "importance": "100/60/30/0",
    }
    assert client.post(address, own | {"theory": "much"}).status_code == 400
    assert client.post(address, own | {"theory": "0.1/0.2/0.3"}).status_code == 400
    assert client.post(address, own).status_code == 302
    study.refresh_from_db()
    table = weight_table(study)
    assert (table.preset, table.theory, table.familiarity) == (
        "custom",
        (0.3, 0.2, 0.1),
        (1, 0.9, 0.7, 0.4, 0),
    )
    assert "0.3 / 0.2 / 0.1" in client.get(address).content.decode()
    assert client.post(address, {"preset": "familiarity_nine_to_one"}).status_code == 302
    study.refresh_from_db()
    assert weight_table(study) == preset_table("familiarity_nine_to_one")


@pytest.mark.parametrize(("least", "accepted"), [(0.0, True), (0.01, True), (0.009, False), (1e-6, False)])
def test_fault_23_no_weight_is_next_to_nothing(least, accepted):
    """Beside weights of a millionth, a weighted mean is the answer of the one person who weighs more."""
    weights = [1.0, 1.0, least]
    if accepted:
        check_weights(weights, 3, 1.0)
    else:
        with pytest.raises(ValidationError):
            check_weights(weights, 3, 1.0)

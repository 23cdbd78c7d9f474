"""The questions that every page and save needs are read once for each version of the protocol."""

import pytest

from surveys.selectors.asked import questions_of
from surveys.services.answers import Change, save_answers
from surveys.services.rounds import close_round
from surveys.services.studies import add_question, edit_question, remove_question
from tests.factories import make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study(technologies=2)


def texts(study):
    study.refresh_from_db()
    return [str(question.text) for question in questions_of(study)]


def test_a_locked_protocol_is_read_once(study, django_assert_num_queries):
    make_open_round(study)
    study.refresh_from_db()
    asked = questions_of(study)
    with django_assert_num_queries(0):
        assert [list(question.choices.all()) for question in questions_of(study)]
    assert asked == tuple(study.questions.all())


def test_before_the_lock_every_change_shows(study):
    before = texts(study)
    question = study.questions.first()
    edit_question(question=question, actor=owner_of(study), text={"en": "Do you agree at all?"})
    assert texts(study) == ["Do you agree at all?", *before[1:]]


def test_an_amendment_shows_at_once(study):
    make_open_round(study)
    texts(study)
    question = study.questions.first()
    edit_question(
        question=question, actor=owner_of(study), text={"en": "Do you agree, then?"}, reason="clearer"
    )
    assert texts(study)[0] == "Do you agree, then?"


def test_a_question_put_back_as_it_was_is_another_row(study):
    """The protocol has the hash of before; an answer to the row that is gone could not be stored."""
    close_round(round=make_open_round(study), actor=owner_of(study))
    owner = owner_of(study)
    spec = {"key": "again", "type": "scale", "text": {"en": "Once more?"}, "minimum": 1, "maximum": 5}
    first = add_question(study=study, actor=owner, reason="wanted", **spec)
    study.refresh_from_db()
    known, old_hash = questions_of(study), study.protocol_hash
    assert known[-1].pk == first.pk
    remove_question(question=first, actor=owner, reason="not wanted")
    second = add_question(study=study, actor=owner, reason="wanted again", **spec)
    study.refresh_from_db()
    assert study.protocol_hash == old_hash
    assert questions_of(study)[-1].pk == second.pk


def test_a_save_of_a_warm_process_takes_what_the_amended_scale_takes(study):
    round = make_open_round(study)
    member, technology = study.panel.members.first(), study.technologies.first()

    def save(special):
        round.study.refresh_from_db()
        change = Change("agreement", technology.code, {"special": special})
        return save_answers(round=round, member=member, changes=[change])[0].status

    assert save("cannot_judge") == "saved"
    question = study.questions.get(key="agreement")
    type(question).objects.filter(pk=question.pk).update(allow_cannot_judge=False)
    edit_question(
        question=study.questions.get(key="agreement"), actor=owner_of(study), help={"en": "New"}, reason="x"
    )
    assert save("cannot_judge") == "invalid"

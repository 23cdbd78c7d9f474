"""Who knows little of a technology is not held to its other questions."""

import pytest

from surveys.exceptions import Incomplete
from surveys.models import Participation
from surveys.services.answers import Change, save_answers
from surveys.services.submission import missing, submit
from tests.factories import make_open_round, make_study

pytestmark = pytest.mark.django_db


def world(rule="optional", at=1.0):
    study = make_study(
        template="foresight", technologies=2, members=1, unfamiliar_rule=rule, unfamiliar_at=at
    )
    round = make_open_round(study)
    return round, study.panel.members.get(), list(study.technologies.values_list("code", flat=True))


def familiar(round, member, **ratings):
    changes = [Change("familiarity", code, {"number": number}) for code, number in ratings.items()]
    save_answers(round=round, member=member, changes=changes)


@pytest.mark.parametrize("rule", ["optional", "collapsed", "skipped"])
def test_the_unfamiliar_owe_only_their_familiarity(rule):
    round, member, (first, second) = world(rule)
    assert {gap.question for gap in missing(round=round, member=member)} >= {"familiarity", "importance"}
    familiar(round, member, **{first: 1, second: 2})
    assert {gap.technology for gap in missing(round=round, member=member)} == {second}
    familiar(round, member, **{second: 1})
    assert submit(round=round, member=member).status == "submitted"


def test_without_the_rule_everybody_owes_everything():
    round, member, (first, second) = world("")
    familiar(round, member, **{first: 1, second: 1})
    with pytest.raises(Incomplete):
        submit(round=round, member=member)
    assert Participation.objects.get().status == "started"


def test_who_grows_familiar_owes_the_answers_again():
    round, member, (first, second) = world()
    familiar(round, member, **{first: 1, second: 1})
    assert missing(round=round, member=member) == []
    familiar(round, member, **{first: 4})
    assert {gap.technology for gap in missing(round=round, member=member)} == {first}

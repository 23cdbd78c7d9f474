"""Small studies with answers written straight into the database, for the tests of what is computed from them."""

from django.utils import timezone

from surveys.enums import ParticipationStatus, RoundStatus
from surveys.models import Answer, Assignment, Participation, Round, RoundTechnology
from tests.factories import make_member, make_study


def make_round(study, number=1, *, technologies=None, status=RoundStatus.OPEN) -> Round:
    """A round with its technologies, participations and assignments, as `open_round` leaves them."""
    round = Round.objects.create(study=study, number=number, status=status, opened_at=timezone.now())
    technologies = list(technologies or study.technologies.order_by("position", "pk"))
    members = list(study.panel.members.exclude(status="withdrawn"))
    RoundTechnology.objects.bulk_create(
        [RoundTechnology(round=round, technology=t, position=i) for i, t in enumerate(technologies, 1)]
    )
    Participation.objects.bulk_create(
        [
            Participation(
                round=round, member=m, status=ParticipationStatus.STARTED, consented_at=timezone.now()
            )
            for m in members
        ]
    )
    Assignment.objects.bulk_create(
        [
            Assignment(round=round, member=m, technology=t, position=i)
            for m in members
            for i, t in enumerate(technologies)
        ]
    )
    return round


def answer(round, member, question_key, technology, value) -> Answer:
    """`value`: a number, or the name of a special answer."""
    question = round.study.questions.get(key=question_key)
    part = {"special": value} if isinstance(value, str) else {"number": value}
    return Answer.objects.create(
        round=round, member=member, question=question, technology=technology, saved_at=timezone.now(), **part
    )


def answer_all(round, question_key, technology, values) -> None:
    """One value per member, in order of pseudonym; None leaves the member out."""
    for member, value in zip(round.study.panel.members.order_by("pseudonym"), values, strict=False):
        if value is not None:
            answer(round, member, question_key, technology, value)


def close(round) -> Round:
    Round.objects.filter(pk=round.pk).update(status=RoundStatus.CLOSED, closed_at=timezone.now())
    round.refresh_from_db()
    return round


def make_panel_study(sizes=(6, 6), *, template="agreement", technologies=2, **fields):
    """A study with as many members in each of its first groups as `sizes` says."""
    study = make_study(template=template, technologies=technologies, members=0, **fields)
    for group, size in zip(study.panel.groups.all(), sizes, strict=False):
        for _ in range(size):
            make_member(study, group)
    return study

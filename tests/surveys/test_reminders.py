"""Reminding from the round's page: exactly those who have a link and have not submitted."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from experts.enums import Role
from experts.models import PanelMember
from experts.services.invitations import send_invitations
from experts.services.panels import withdraw_member
from foundation.models import OutboxMail
from surveys.enums import ParticipationStatus
from surveys.models import Participation
from surveys.services.rounds import close_round
from tests.factories import give_role, make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(django_capture_on_commit_callbacks):
    """Five members: one submitted, one left, one never got a link, two are to be reminded."""
    study = make_study(members=5)
    owner, members = owner_of(study), list(study.panel.members.order_by("pseudonym"))
    with django_capture_on_commit_callbacks(execute=True):
        send_invitations(panel=study.panel, actor=owner, member_ids=[m.pk for m in members[:4]])
    opened = make_open_round(study)
    Participation.objects.filter(member=members[0]).update(status=ParticipationStatus.SUBMITTED)
    withdraw_member(member=members[1], actor=owner)
    return opened


def path(round, name="remind"):
    return reverse(f"surveys:{name}", args=[round.study.code, round.number])


def reminded():
    return sorted(OutboxMail.objects.filter(kind="reminder").values_list("to_address", flat=True))


def test_those_who_have_not_submitted_are_reminded_once_a_day(
    client, round, django_capture_on_commit_callbacks
):
    client.force_login(owner_of(round.study))
    assert path(round) in client.get(path(round, "round")).content.decode()
    shown = client.get(path(round))
    assert (shown.context["n_waiting"], shown.context["n_uninvited"]) == (2, 1)
    assert reminded() == []
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(path(round), {"message": "Two days are left."})
    assert response.status_code == 302
    members = list(round.study.panel.members.order_by("pseudonym"))
    assert reminded() == sorted(member.expert.email for member in members[2:4])
    assert "Two days are left." in OutboxMail.objects.filter(kind="reminder").first().text


def test_nobody_is_reminded_of_a_closed_round(client, round, django_capture_on_commit_callbacks):
    close_round(round=round)
    client.force_login(owner_of(round.study))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path(round), {"message": ""})
    assert reminded() == []


def test_a_message_that_is_too_long_comes_back_with_the_form(client, round):
    client.force_login(owner_of(round.study))
    response = client.post(path(round), {"message": "x" * 2001})
    assert response.status_code == 400
    assert reminded() == []


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR])
def test_who_does_not_manage_the_panel_sends_no_mail(client, round, role):
    client.force_login(give_role(round.study, role))
    assert client.post(path(round), {"message": ""}).status_code == 404
    assert path(round) not in client.get(path(round, "round")).content.decode()


def test_the_mail_is_shown_in_every_language_before_it_is_sent(client, round):
    waiting = list(round.study.panel.members.order_by("pseudonym"))[2:4]
    PanelMember.objects.filter(pk=waiting[1].pk).update(language="zh-hans")
    client.force_login(owner_of(round.study))
    shown = client.post(path(round), {"message": "Two days are left.", "preview": "1"})
    assert reminded() == []
    previews = shown.context["previews"]
    assert [(each.language, each.readers) for each in previews] == [("en", 1), ("zh-hans", 1)]
    assert all("Two days are left." in each.html for each in previews)
    assert [member.expert.name in each.html for member, each in zip(waiting, previews, strict=True)] == [
        True,
        True,
    ]


def test_a_reminder_names_the_round_and_its_end(client, round, django_capture_on_commit_callbacks):
    closes = timezone.now().replace(hour=12, minute=30) + timedelta(days=9)
    type(round).objects.filter(pk=round.pk).update(closes_at=closes)
    client.force_login(owner_of(round.study))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path(round), {"message": ""})
    mail = OutboxMail.objects.filter(kind="reminder").first()
    assert mail.subject.startswith(f"Round {round.number} ")
    until = f"{date_format(timezone.localtime(closes), 'DATETIME_FORMAT')} (UTC"
    assert until in mail.text
    assert until in mail.html

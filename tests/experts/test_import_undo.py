"""An import that went wrong is taken back as a whole, as long as nobody was invited or took part."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from experts.enums import Role
from experts.models import Expert, FinishedImport, PanelMember
from experts.services.import_undo import brought_by, undo_import
from experts.services.invitations import invite
from experts.services.member_import import confirm_import, keep_for_confirmation, read_members
from foundation.exceptions import NotAllowed
from foundation.models import AuditEntry
from foundation.services.audit import broken_links
from surveys.models import Assignment, Participation
from surveys.services.answers import Change, save_answers
from surveys.services.rounds import close_round
from tests.factories import agreed, give_role, make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db
FILE = (
    b"name,email,group\nAnn,ann@example.org,Newcomers\nBea,bea@example.org,Newcomers\nCem,cem@example.org,\n"
)


def imported(study, content=FILE):
    owner, panel = owner_of(study), study.panel
    rows = read_members(panel=panel, content=content)
    pending = keep_for_confirmation(panel=panel, rows=rows, file_name="wrong.csv", actor=owner)
    confirm_import(pending=pending, actor=owner)
    return FinishedImport.objects.get(panel=panel)


def member(study, name):
    return PanelMember.objects.get(panel=study.panel, expert__name=name)


def test_everybody_leaves_as_if_never_added():
    study = make_study(members=2)
    Expert.objects.create(name="Ann before", email="ann@example.org")
    done = imported(study)
    assert study.panel.members.count() == 5
    undo_import(done=done, actor=owner_of(study))
    assert study.panel.members.count() == 2
    assert list(Expert.objects.filter(email__contains="@example.org", name__in=["Bea", "Cem"])) == []
    assert Expert.objects.filter(name="Ann before").exists()
    entry = AuditEntry.objects.filter(stream=study.stream).latest("sequence")
    assert (entry.action, entry.detail["count"]) == ("members.removed", 3)
    assert not broken_links(study.stream)


def test_in_an_open_round_they_are_asked_no_longer():
    study = make_open_round(make_study(members=2)).study
    done = imported(study)
    assert Participation.objects.count() == 5
    undo_import(done=done, actor=owner_of(study))
    assert Participation.objects.count() == 2
    assert Assignment.objects.count() == 4


def test_whoever_was_invited_or_takes_part_stays():
    opened = make_open_round(make_study(members=1, technologies=1))
    study = opened.study
    done = imported(study)
    agreed(opened)
    Participation.objects.filter(member__expert__name="Cem").update(consented_at=None)
    Participation.objects.filter(member__expert__name="Ann").update(consented_at=None)
    change = Change("agreement", study.technologies.get().code, {"number": 4})
    save_answers(round=opened, member=member(study, "Bea"), changes=[change])
    invite(member=member(study, "Ann"), actor=owner_of(study))
    brought = brought_by(done)
    assert [str(each.expert) for each in brought.leaving] == ["Cem"]
    undo_import(done=done, actor=owner_of(study))
    assert {str(each.expert) for each in study.panel.members.all()} >= {"Ann", "Bea"}
    assert study.panel.members.count() == 3


def test_a_round_that_is_over_keeps_whom_it_asked():
    opened = make_open_round(make_study(members=1))
    done = imported(opened.study)
    close_round(round=opened)
    assert brought_by(done).leaving == []


def test_it_can_be_undone_once_and_for_a_day_only():
    study = make_study(members=0)
    done = imported(study)
    FinishedImport.objects.update(created_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(NotAllowed):
        undo_import(done=done, actor=owner_of(study))
    FinishedImport.objects.update(created_at=timezone.now())
    undo_import(done=done, actor=owner_of(study))
    with pytest.raises(NotAllowed):
        undo_import(done=done, actor=owner_of(study))


def test_the_panel_leads_to_the_undo_and_it_says_what_will_happen(client):
    study = make_study(members=0)
    done = imported(study)
    invite(member=member(study, "Ann"), actor=owner_of(study))
    client.force_login(owner_of(study))
    address = reverse("experts:import_undo", args=[study.panel.code, done.code])
    assert address in client.get(reverse("experts:panel", args=[study.panel.code])).content.decode()
    text = client.get(address).content.decode()
    assert "2 members are taken out" in text
    assert "1 member stays" in text
    assert study.panel.members.count() == 3
    client.post(address)
    assert study.panel.members.count() == 1
    assert address not in client.get(reverse("experts:panel", args=[study.panel.code])).content.decode()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_only_those_who_manage_the_panel_undo(client, role):
    study = make_study(members=0)
    done = imported(study)
    colleague = give_role(study, role)
    with pytest.raises(NotAllowed):
        undo_import(done=done, actor=colleague)
    client.force_login(colleague)
    address = reverse("experts:import_undo", args=[study.panel.code, done.code])
    assert client.post(address).status_code == 404
    assert study.panel.members.count() == 3

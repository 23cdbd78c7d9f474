"""What becomes of a study when its panel changes after the protocol was locked, or while a round is open."""

import pytest
from django.urls import reverse

from experts.models import Expert
from experts.services.member_import import (
    confirm_import,
    import_members,
    keep_for_confirmation,
    read_members,
)
from experts.services.panels import (
    add_member,
    create_group,
    edit_group,
    edit_member,
    remove_group,
    restore_member,
    withdraw_member,
)
from foundation.exceptions import InvalidInput
from foundation.models import AuditEntry
from foundation.services.audit import broken_links
from surveys.exceptions import ProtocolLocked
from surveys.models import Assignment, MemberField, Participation, Study
from surveys.services.rounds import close_round
from surveys.services.studies import add_field
from surveys.services.technologies import edit_technology
from tests.factories import make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


def newcomer(study, number=1):
    expert = Expert.objects.create(name=f"New {number}", email=f"new{number}@example.org")
    return add_member(panel=study.panel, expert=expert, actor=owner_of(study))


def asked(member) -> set[str]:
    return set(Assignment.objects.filter(member=member).values_list("technology__key", flat=True))


def test_a_member_who_joins_an_open_round_is_asked_like_the_others():
    round = make_open_round()
    member = newcomer(round.study)
    assert Participation.objects.filter(round=round, member=member).count() == 1
    assert asked(member) == set(round.study.technologies.values_list("key", flat=True))
    entry = AuditEntry.objects.get(stream=round.study.stream, action="round.members_joined")
    assert entry.detail == {"count": 1, "members": [member.code]}
    assert broken_links(round.study.stream) == []


def test_a_member_who_joins_between_rounds_waits_for_the_next():
    round = make_open_round()
    close_round(round=round)
    member = newcomer(round.study)
    assert not Participation.objects.filter(member=member).exists()


def test_a_member_taken_back_goes_on_where_they_were():
    round = make_open_round()
    member, owner = round.study.panel.members.first(), owner_of(round.study)
    withdraw_member(member=member, actor=owner)
    restore_member(member=member, actor=owner)
    assert Participation.objects.filter(round=round, member=member).count() == 1
    assert Assignment.objects.filter(round=round, member=member).count() == 2


FILE = "name,email,group,fields\nAda,ada@example.org,,energy\nBo,bo@example.org,,能源; Health\nCy,cy@example.org,,\n"


def routed_study():
    study = make_study(technologies=2, members=1, routing="fields")
    owner = owner_of(study)
    fields = [
        add_field(study=study, actor=owner, key="energy", name={"en": "Energy", "zh-hans": "能源"}),
        add_field(study=study, actor=owner, key="health", name={"en": "Health"}),
    ]
    for technology, field in zip(study.technologies.all(), fields, strict=True):
        edit_technology(technology=technology, actor=owner, field=field)
    return study


@pytest.mark.parametrize("when", ["before", "during"])
def test_fields_of_an_imported_file_decide_what_is_asked(when):
    study = routed_study()
    if when == "during":
        make_open_round(study)
    rows = read_members(panel=study.panel, content=FILE.encode())
    ada, bo, cy = import_members(panel=study.panel, rows=rows, actor=owner_of(study))
    if when == "before":
        make_open_round(study)
    assert (asked(ada), asked(bo), asked(cy)) == ({"T01"}, {"T01", "T02"}, {"T01", "T02"})


def test_a_file_with_an_unknown_field_is_refused_with_its_line():
    study = routed_study()
    with pytest.raises(InvalidInput) as refused:
        read_members(panel=study.panel, content=FILE.replace("energy", "astrology").encode())
    assert list(refused.value.errors) == ["2"]
    assert "astrology" in refused.value.errors["2"][0]
    assert not MemberField.objects.exists()


def test_groups_of_a_locked_protocol_change_by_amendment_only():
    study = make_open_round().study
    panel, owner, group = study.panel, owner_of(study), study.panel.groups.last()
    for change in (
        lambda **more: create_group(panel=panel, name={"en": "Press"}, actor=owner, **more),
        lambda **more: edit_group(group=group, name={"en": "Renamed"}, actor=owner, **more),
        lambda **more: remove_group(group=group, actor=owner, **more),
    ):
        before = study.protocol_versions.count()
        with pytest.raises(ProtocolLocked):
            change()
        change(reason="The panel asked for it")
        study = Study.objects.get(pk=study.pk)
        amendment = study.protocol_versions.last()
        assert (study.protocol_versions.count(), amendment.reason) == (before + 1, "The panel asked for it")
        assert study.protocol_hash == amendment.hash


def test_groups_change_freely_before_the_lock():
    study = make_study()
    edit_group(group=study.panel.groups.first(), name={"en": "Renamed"}, actor=owner_of(study))
    assert not study.protocol_versions.exists()


def test_a_new_group_in_a_member_file_is_an_amendment():
    study = make_open_round().study
    content = b"name,email,group\nAda,ada@example.org,Patients\n"
    rows = read_members(panel=study.panel, content=content)
    import_members(panel=study.panel, rows=rows, actor=owner_of(study))
    assert study.protocol_versions.count() == 2
    assert "Patients" in str(study.protocol_versions.last().snapshot["groups"])


def test_the_group_pages_ask_for_the_reason_once_the_protocol_is_locked(client):
    study = make_open_round().study
    client.force_login(owner_of(study))
    group = study.panel.groups.last()
    path = reverse("experts:group", args=[study.panel.code, group.code])
    refused = client.post(path, {"name_en": "Renamed"})
    assert "reason" in refused.context["form"].errors
    client.post(path, {"name_en": "Renamed", "reason": "Two groups were mixed up"})
    group.refresh_from_db()
    assert str(group) == "Renamed"
    client.post(
        reverse("experts:remove_group", args=[study.panel.code, group.code]), {"reason": "Nobody in it"}
    )
    assert not study.panel.groups.filter(pk=group.pk).exists()
    assert [version.reason for version in study.protocol_versions.all()][1:] == [
        "Two groups were mixed up",
        "Nobody in it",
    ]


def test_a_group_with_members_is_kept_and_the_page_says_so(client):
    study = make_study()
    client.force_login(owner_of(study))
    group = study.panel.groups.first()
    path = reverse("experts:remove_group", args=[study.panel.code, group.code])
    assert "has members" in client.post(path, follow=True).content.decode()
    for member in study.panel.members.all():
        edit_member(member=member, actor=owner_of(study), group=None, language="en")
    client.post(path)
    assert not study.panel.groups.filter(pk=group.pk).exists()


def test_newcomers_without_a_language_read_the_main_language_of_the_study(client):
    study = make_study(members=0, language="zh-hans")
    known = Expert.objects.create(name="Ann", email="ann@example.org", language="en")
    rows = read_members(
        panel=study.panel,
        content="姓名,邮箱,语言\n李雷,li@example.cn,\nBo,bo@example.org,en\nAnn,ann@example.org,\n".encode(),
    )
    pending = keep_for_confirmation(panel=study.panel, rows=rows, file_name="list.csv", actor=owner_of(study))
    client.force_login(owner_of(study))
    page = client.get(reverse("experts:import_preview", args=[study.panel.code, pending.code]))
    assert (page.context["n_silent"], page.context["language"]) == (1, "Simplified Chinese")
    confirm_import(pending=pending, actor=owner_of(study))
    languages = dict(study.panel.members.values_list("expert__email", "language"))
    assert languages == {"li@example.cn": "zh-hans", "bo@example.org": "en", known.email: "en"}
    form = client.get(reverse("experts:member_new", args=[study.panel.code])).context["form"]
    assert form["language"].value() == "zh-hans"

from itertools import pairwise

import pytest

from experts import pseudonyms
from experts.enums import MemberStatus, Role
from experts.exceptions import AlreadyMember, LastOwner
from experts.models import PanelRole
from experts.services.panels import (
    add_member,
    add_members,
    create_group,
    create_panel,
    edit_member,
    remove_group,
    restore_member,
    withdraw_member,
)
from experts.services.roles import remove_role, set_role
from experts.signals import member_withdrawn
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry
from foundation.services.audit import broken_links


def actions(stream="platform"):
    return list(AuditEntry.objects.filter(stream=stream).values_list("action", flat=True))


def test_whoever_creates_a_panel_owns_it(panel, owner):
    assert [(each.user, each.role) for each in panel.roles.all()] == [(owner, Role.OWNER)]
    assert actions() == ["panel.created"]


def test_nobody_creates_a_panel_without_an_account(db):
    with pytest.raises(NotAllowed):
        create_panel(name={"en": "x"}, actor=None)


def test_a_panel_needs_a_name(owner):
    with pytest.raises(InvalidInput) as refused:
        create_panel(name={}, actor=owner)
    assert "name" in refused.value.errors


def test_groups_get_keys_of_their_own_also_for_chinese_names(panel, owner):
    first = create_group(panel=panel, name={"en": "Industry"}, actor=owner)
    twin = create_group(panel=panel, name={"en": "Industry"}, actor=owner)
    chinese = create_group(panel=panel, name={"zh-hans": "政府"}, actor=owner)
    assert first.key == "industry"
    assert twin.key.startswith("industry-")
    assert chinese.key.startswith("group-")


def test_a_group_with_members_stays(panel, owner, make_expert):
    group = create_group(panel=panel, name={"en": "Industry"}, actor=owner)
    member = add_member(panel=panel, expert=make_expert(), group=group, actor=owner)
    with pytest.raises(InvalidInput):
        remove_group(group=group, actor=owner)
    edit_member(member=member, actor=owner, group=None, language="en")
    remove_group(group=group, actor=owner)
    assert panel.groups.count() == 0


def test_a_group_of_another_panel_is_refused(panel, other_panel, owner, administrator, member, make_expert):
    foreign = create_group(panel=other_panel, name={"en": "Theirs"}, actor=administrator)
    with pytest.raises(InvalidInput):
        edit_member(member=member, actor=owner, group=foreign, language="en")
    with pytest.raises(InvalidInput):
        add_member(panel=panel, expert=make_expert(2), group=foreign, actor=owner)


def test_one_expert_is_in_a_panel_once(panel, owner, member):
    with pytest.raises(AlreadyMember):
        add_member(panel=panel, expert=member.expert, actor=owner)
    assert add_members(panel=panel, people=[(member.expert, None, "")], actor=owner) == []


def test_pseudonyms_do_not_follow_the_order_of_joining(panel, owner, make_expert):
    numbers = [
        pseudonyms.number(add_member(panel=panel, expert=make_expert(n), actor=owner).pseudonym)
        for n in range(30)
    ]
    assert len(set(numbers)) == 30
    assert all(1 <= number <= 99 for number in numbers)
    rises = sum(b > a for a, b in pairwise(numbers))
    assert 4 <= rises <= 25  # chance of a random order to fall outside: below one in a hundred million


def test_a_panel_of_two_hundred_gets_distinct_pseudonyms_in_one_go(panel, owner, make_expert):
    members = add_members(panel=panel, people=[(make_expert(n), None, "") for n in range(200)], actor=owner)
    assert len({member.pseudonym for member in members}) == 200


def test_pseudonyms_are_shown_in_the_readers_language():
    from django.utils.translation import override

    with override("en"):
        assert pseudonyms.display("E07") == "Expert 07"
    assert pseudonyms.display("Panelist X") == "Panelist X"


def test_withdrawal_ends_the_links_and_is_announced_once(member, owner, invitation):
    heard = []

    def listen(sender, member_id, **kwargs):
        heard.append(member_id)

    member_withdrawn.connect(listen)
    try:
        withdraw_member(member=member, actor=owner)
        withdraw_member(member=member, actor=owner)
    finally:
        member_withdrawn.disconnect(listen)
    invitation.refresh_from_db()
    assert (member.status, invitation.status) == (MemberStatus.WITHDRAWN, "revoked")
    assert heard == [member.pk]
    assert actions().count("member.withdrawn") == 1
    assert restore_member(member=member, actor=owner).status == MemberStatus.ACTIVE


def test_members_may_withdraw_themselves(member):
    withdraw_member(member=member)
    entry = AuditEntry.objects.get(action="member.withdrawn")
    assert entry.actor_label == f"member {member.code}"


def test_the_last_owner_can_neither_leave_nor_step_down(panel, owner, make_user):
    with pytest.raises(LastOwner):
        remove_role(panel=panel, user=owner, actor=owner)
    with pytest.raises(LastOwner):
        set_role(panel=panel, user=owner, role=Role.ANALYST, actor=owner)
    heir = make_user("heir@example.org")
    set_role(panel=panel, user=heir, role=Role.OWNER, actor=owner)
    remove_role(panel=panel, user=owner, actor=heir)
    assert list(PanelRole.objects.values_list("user", "role")) == [(heir.pk, "owner")]


def test_organisers_cannot_give_roles(with_role, panel, make_user):
    organiser = with_role(Role.ORGANISER)
    with pytest.raises(NotAllowed):
        set_role(panel=panel, user=organiser, role=Role.OWNER, actor=organiser)


def test_an_unknown_role_is_refused(panel, owner, make_user):
    with pytest.raises(InvalidInput):
        set_role(panel=panel, user=make_user(), role="emperor", actor=owner)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_those_who_do_not_manage_the_panel_change_nothing(with_role, panel, member, make_expert, role):
    user = with_role(role)
    for change in (
        lambda: create_group(panel=panel, name={"en": "x"}, actor=user),
        lambda: add_member(panel=panel, expert=make_expert(9), actor=user),
        lambda: add_member(panel=panel, expert=member.expert, actor=user),
        lambda: withdraw_member(member=member, actor=user),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_the_audit_chain_is_whole_and_names_nobody(panel, owner, member, invitation, make_user):
    set_role(panel=panel, user=make_user("new@example.org", name="Nora New"), role="analyst", actor=owner)
    withdraw_member(member=member, actor=owner)
    assert broken_links("platform") == []
    written = " ".join(
        f"{entry.actor_label} {entry.target} {entry.detail}" for entry in AuditEntry.objects.all()
    )
    for name in ("Olga", "Nora", "Person", "@"):
        assert name not in written
    AuditEntry.objects.filter(sequence=2).update(action="panel.forged")
    assert broken_links("platform") == [2]

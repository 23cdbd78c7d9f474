"""Who is asked about what when a round opens, and what the organiser is told before."""

from collections import Counter

import pytest
from django.urls import reverse

from experts.enums import MemberStatus
from experts.models import Expert, PanelMember
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry
from surveys.exceptions import RoundNotReady
from surveys.models import Assignment, MemberField, Study
from surveys.selectors.opening import opening_plan
from surveys.selectors.routing import hands, seed_of
from surveys.services.answers import Change, save_answers
from surveys.services.choosing import choose_technologies
from surveys.services.rounds import (
    close_round,
    enrol_members,
    mark_analysed,
    open_round,
    plan_round,
    round_technologies,
)
from surveys.services.studies import add_field, edit_study
from surveys.services.technologies import add_technology, edit_technology
from tests.factories import make_member, make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


def blocks(technologies=12, members=8, **fields):
    study = make_study(technologies=technologies, members=0, routing="blocks", **fields)
    groups = list(study.panel.groups.all()[:2])
    for at in range(members):
        make_member(study, groups[at % 2])
    return study


def asked(round):
    found = {}
    for member, technology in Assignment.objects.filter(round=round).values_list(
        "member_id", "technology_id"
    ):
        found.setdefault(member, set()).add(technology)
    return found


def next_round(round, **fields):
    owner = owner_of(round.study)
    close_round(round=round, actor=owner)
    mark_analysed(round_id=round.pk)
    return open_round(
        round=plan_round(study=Study.objects.get(pk=round.study_id), actor=owner, **fields), actor=owner
    )


def test_blocks_cover_every_technology_evenly_in_each_group():
    round = make_open_round(blocks(per_member=6))
    for group in round.study.panel.groups.all()[:2]:
        rows = Assignment.objects.filter(round=round, member__group=group)
        spread = Counter(rows.values_list("technology_id", flat=True))
        assert set(spread.values()) == {2}
        assert len(spread) == 12
    assert {len(own) for own in asked(round).values()} == {6}


def test_a_minimum_per_technology_and_group_sets_the_size():
    round = make_open_round(blocks(per_technology=3))
    rows = Assignment.objects.filter(round=round, member__group=round.study.panel.groups.first())
    assert min(Counter(rows.values_list("technology_id", flat=True)).values()) == 3


def test_what_is_shown_before_the_opening_is_what_happens_and_the_audit_trail_has_the_seed():
    study = blocks(per_member=5)
    round = plan_round(study=study, actor=owner_of(study))
    shown = hands(round, round_technologies(round)).by_member
    round = open_round(round=round, actor=owner_of(study))
    assert asked(round) == {member: set(hand) for member, hand in shown.items()}
    detail = AuditEntry.objects.get(stream=study.stream, action="round.opened").detail
    assert (detail["routing"], detail["seed"], detail["per_member"]) == ("blocks", seed_of(round), 5)


def test_positions_follow_the_list():
    round = make_open_round(blocks(per_member=5))
    order = dict(round.round_technologies.values_list("technology_id", "position"))
    rows = Assignment.objects.filter(round=round).values_list("technology_id", "position")
    assert all(order[technology] == position for technology, position in rows)


def test_who_joins_late_fills_the_gaps_of_their_group():
    study = blocks(technologies=6, members=2, per_member=4)
    group = study.panel.groups.first()
    round = make_open_round(study)
    (first,) = [
        own for member, own in asked(round).items() if PanelMember.objects.get(pk=member).group == group
    ]
    late = make_member(study, group)
    enrol_members(round=round, member_ids=[late.pk])
    missing = set(study.technologies.values_list("pk", flat=True)) - first
    assert missing <= asked(round)[late.pk]
    assert len(asked(round)[late.pk]) == 4


def test_members_keep_their_block_in_the_next_round_and_are_dealt_only_what_is_new():
    study = blocks(technologies=8, members=4, per_member=5)
    round = make_open_round(study)
    before = asked(round)
    close_round(round=round, actor=owner_of(study))
    mark_analysed(round_id=round.pk)
    new = [add_technology(study=study, actor=owner_of(study), name={"en": f"New {n}"}).pk for n in range(2)]
    study = Study.objects.get(pk=study.pk)
    edit_study(study=study, actor=owner_of(study), per_member=6, reason="two came in")
    late = make_member(study, study.panel.groups.first())
    second = open_round(
        round=plan_round(study=study, actor=owner_of(study), scope="all"), actor=owner_of(study)
    )
    after = asked(second)
    for member, own in before.items():
        assert own <= after[member]
        assert after[member] - own <= set(new)
        assert len(after[member]) == 6
    assert len(after[late.pk]) == 6


def test_fields_with_a_limit_are_drawn_within_the_member_s_fields():
    study = make_study(technologies=8, members=3, routing="fields", per_member=2)
    field = add_field(study=study, actor=owner_of(study), key="a", name={"en": "A"})
    other = add_field(study=study, actor=owner_of(study), key="b", name={"en": "B"})
    for at, technology in enumerate(study.technologies.all()):
        edit_technology(technology=technology, actor=owner_of(study), field=field if at < 4 else other)
    inside = set(field.technologies.values_list("pk", flat=True))
    for member in study.panel.members.all():
        MemberField.objects.create(member=member, field=field)
    round = make_open_round(study)
    assert all(len(own) == 2 and own <= inside for own in asked(round).values())
    assert len(set().union(*asked(round).values())) == 4


def test_blocks_without_a_size_do_not_open():
    with pytest.raises(RoundNotReady):
        make_open_round(blocks())


def test_who_is_asked_what_does_not_change_while_a_round_is_open():
    round = make_open_round(blocks(per_member=5))
    study = Study.objects.get(pk=round.study_id)
    for change in ({"routing": "all"}, {"per_member": 3}, {"unfamiliar_at": 2, "unfamiliar_rule": "skipped"}):
        with pytest.raises(InvalidInput):
            edit_study(study=study, actor=owner_of(study), reason="why not", **change)
    study.refresh_from_db()
    assert (study.routing, study.per_member) == ("blocks", 5)


def test_a_protocol_locked_before_these_policies_existed_keeps_its_hash():
    from foundation.services.audit import canonical_json, sha256
    from surveys.services.protocol import snapshot

    plain, sized = make_study(), make_study(per_member=4)
    assert not {"per_member", "unfamiliar_rule", "unfamiliar_at", "per_technology"} & set(
        snapshot(plain)["policies"]
    )
    assert snapshot(sized)["policies"]["per_member"] == 4
    assert sha256(canonical_json(snapshot(plain))) != sha256(canonical_json(snapshot(sized)))


# --- Chosen by the members --------------------------------------------------------------------------


@pytest.fixture
def chosen():
    study = make_study(technologies=4, members=2, routing="chosen")
    field = add_field(study=study, actor=owner_of(study), key="a", name={"en": "A"})
    for technology in study.technologies.all()[:2]:
        edit_technology(technology=technology, actor=owner_of(study), field=field)
    return make_open_round(study)


def pick(round, member, at, fields=()):
    codes = list(round.study.technologies.order_by("position").values_list("code", flat=True))
    return choose_technologies(
        round=round, member=member, technologies=[codes[each] for each in at], fields=fields
    )


def test_nobody_is_asked_anything_before_choosing(chosen):
    assert asked(chosen) == {}
    member = chosen.study.panel.members.first()
    assert pick(chosen, member, [0, 2]).technologies == 2
    assert pick(chosen, member, [0, 3]).technologies == 2
    codes = Assignment.objects.filter(member=member).values_list("technology__position", flat=True)
    assert list(codes) == [1, 4]


def test_what_was_answered_stays_chosen(chosen):
    member = chosen.study.panel.members.first()
    pick(chosen, member, [0, 1])
    code = chosen.study.technologies.order_by("position").first().code
    save_answers(round=chosen, member=member, changes=[Change("agreement", code, {"number": 4})])
    assert pick(chosen, member, [2]).technologies == 2
    assert member.answers.count() == 1


def test_the_choice_is_remembered_and_new_entries_of_a_chosen_field_come_on_top(chosen):
    study, (member, other) = chosen.study, chosen.study.panel.members.all()
    field = study.fields.get()
    pick(chosen, member, [0, 1, 2], fields=[field.code])
    pick(chosen, other, [3])
    close_round(round=chosen, actor=owner_of(study))
    mark_analysed(round_id=chosen.pk)
    new = add_technology(study=study, actor=owner_of(study), name={"en": "New"}, field=field)
    again = open_round(
        round=plan_round(study=Study.objects.get(pk=study.pk), actor=owner_of(study), scope="all"),
        actor=owner_of(study),
    )
    ids = list(study.technologies.order_by("position").values_list("pk", flat=True))
    assert asked(again) == {member.pk: {*ids[:3], new.pk}, other.pk: {ids[3]}}


def test_nothing_and_foreign_technologies_are_no_choice(chosen):
    member = chosen.study.panel.members.first()
    foreign = make_study().technologies.first()
    with pytest.raises(InvalidInput):
        choose_technologies(round=chosen, member=member, technologies=[foreign.code])
    assert asked(chosen) == {}


def test_where_the_study_decides_members_do_not_choose():
    round = make_open_round()
    with pytest.raises(NotAllowed):
        pick(round, round.study.panel.members.first(), [0])


# --- What the organiser is told ---------------------------------------------------------------------


def planned(study):
    round = plan_round(study=study, actor=owner_of(study))
    return opening_plan(round, round_technologies(round))


def test_the_plan_counts_what_each_group_is_asked():
    plan = planned(blocks(technologies=12, members=8, per_member=6))
    assert (plan.per_member, plan.per_technology, plan.percent) == ((6, 6), (4, 4), None)
    assert [(g.members, g.per_member, g.per_technology, g.expected) for g in plan.groups] == [
        (4, (6, 6), (2, 2), None),
        (4, (6, 6), (2, 2), None),
    ]


def test_the_plan_warns_of_technologies_that_cannot_get_enough_answers():
    study = blocks(technologies=12, members=8, per_member=2, per_technology=4)
    warnings = planned(study).warnings
    assert sum("cannot expect the 5 answers" in each for each in warnings) == 1
    assert any("fewer than 4 members of a group: Academia (0), Industry (0)" in each for each in warnings)


def test_the_plan_expects_no_more_than_answered_last_time():
    study = make_study(technologies=2, members=4)
    round = make_open_round(study)
    part = round.participations.first()
    part.status = "submitted"
    part.save()
    close_round(round=round, actor=owner_of(study))
    mark_analysed(round_id=round.pk)
    plan = planned(Study.objects.get(pk=study.pk))
    assert (plan.percent, plan.groups[0].per_technology, plan.groups[0].expected) == (25, (4, 4), 1)


def test_the_plan_of_a_long_list_warns_of_the_time_it_takes():
    long = make_study(template="foresight", technologies=60, members=1)
    assert planned(long).minutes > 45
    assert any("minutes" in each for each in planned_warnings(long))


def planned_warnings(study):
    round = study.rounds.get()
    return opening_plan(round, round_technologies(round)).warnings


def test_members_who_still_choose_are_counted():
    study = make_study(technologies=3, members=2, routing="chosen")
    plan = planned(study)
    assert (plan.chosen_later, plan.warnings) == (2, [])


def test_the_page_says_it_before_the_round_opens(client):
    study = blocks(per_member=2)
    round = plan_round(study=study, actor=owner_of(study))
    client.force_login(owner_of(study))
    html = client.get(reverse("surveys:open_round", args=[study.code, round.number])).content.decode()
    assert str(seed_of(round)) in html
    assert "12 technologies cannot expect" in html


@pytest.mark.parametrize("routing", ["blocks", "fields"])
def test_the_plan_costs_as_many_queries_for_many_members_as_for_few(django_assert_max_num_queries, routing):
    study = blocks(technologies=5, members=4, per_member=2)
    study.routing = routing
    study.save()
    experts = Expert.objects.bulk_create(
        [Expert(name=f"Many {n}", email=f"many{n}@example.org") for n in range(300)]
    )
    PanelMember.objects.bulk_create(
        [
            PanelMember(panel=study.panel, expert=e, pseudonym=f"M{e.pk}", status=MemberStatus.ACTIVE)
            for e in experts
        ]
    )
    round = plan_round(study=study, actor=owner_of(study))
    technologies = round_technologies(round)
    with django_assert_max_num_queries(10):
        plan = opening_plan(round, technologies)
    assert sum(group.members for group in plan.groups) == 304


def test_the_form_wants_a_size_for_blocks_and_a_limit_for_the_unfamiliar(client):
    study = make_study()
    client.force_login(owner_of(study))
    page = reverse("surveys:edit_policies", args=[study.code])
    form = client.get(page).context["form"]
    fields = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    fields |= {"title_en": "T", "purpose_en": "P", "routing": "blocks", "unfamiliar_rule": "skipped"}
    refused = client.post(page, fields)
    assert {"unfamiliar_at"} <= set(refused.context["form"].errors)
    refused = client.post(page, fields | {"unfamiliar_at": "1"})
    assert "per_member" in refused.context["form"].errors
    assert client.post(page, fields | {"unfamiliar_at": "1", "per_member": "4"}).status_code == 302
    study.refresh_from_db()
    assert (study.routing, study.per_member, study.unfamiliar_at) == ("blocks", 4, 1)

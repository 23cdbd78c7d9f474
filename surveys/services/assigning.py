"""Assignments: written when a round opens, when members join it, and when they choose for themselves."""

from itertools import islice

from django.db import connection

from experts.enums import MemberStatus
from surveys.enums import Routing
from surveys.models import Participation, Round, RoundTechnology
from surveys.selectors.routing import hands, is_drawn, seed_of

BATCH = 10_000
INSERT = "INSERT INTO surveys_assignment (round_id, member_id, technology_id, position) VALUES"


def routing_detail(round: Round) -> dict:
    """How the technologies were shared out, so that anybody can deal the same hands again."""
    study = round.study
    detail: dict = {"routing": study.routing}
    if is_drawn(study):
        detail |= {
            "seed": seed_of(round),
            "per_member": study.per_member,
            "per_technology": study.per_technology,
        }
    return detail


def enrol(round: Round, members) -> None:
    """Give each member a part in the round and their technologies. Called inside the caller's transaction."""
    members = list(members)
    Participation.objects.bulk_create(
        [Participation(round=round, member=member) for member in members],
        batch_size=1000,
        ignore_conflicts=True,
    )
    ids = [member.pk for member in members]
    if round.study.routing == Routing.CHOSEN or is_drawn(round.study):
        _deal(round, ids)
    else:
        _assign(round, ids)


def _deal(round: Round, member_ids: list[int]) -> None:
    """Write what the draw gives, or what members chose before."""
    asked = RoundTechnology.objects.filter(round=round).select_related("technology")
    places = {each.technology_id: each.position for each in asked}
    dealt = hands(round, [each.technology for each in asked], member_ids)
    rows = (
        (round.pk, member, technology, places[technology])
        for member, hand in dealt.by_member.items()
        for technology in hand
    )
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            # Whole numbers of our own, written out: parameters are limited to so few on SQLite that
            # hundreds of thousands of rows would take minutes.
            values = ",".join(f"({a:d},{b:d},{c:d},{d:d})" for a, b, c, d in batch)
            cursor.execute(f"{INSERT} {values} ON CONFLICT DO NOTHING")


def _assign(round: Round, member_ids: list[int]) -> None:
    """Write the assignments inside the database: thousands of members times hundreds of technologies."""
    by_field = ""
    if round.study.routing == Routing.FIELDS:
        by_field = """
            AND (t.field_id IS NULL
                 OR NOT EXISTS (SELECT 1 FROM surveys_memberfield none WHERE none.member_id = m.id)
                 OR EXISTS (SELECT 1 FROM surveys_memberfield f
                            JOIN above ON above.ancestor_id = f.field_id
                            WHERE f.member_id = m.id AND above.field_id = t.field_id))"""
    statement = f"""
        WITH RECURSIVE above (field_id, ancestor_id) AS (
            SELECT id, id FROM surveys_field WHERE study_id = %s
            UNION ALL
            SELECT above.field_id, p.parent_id FROM above
            JOIN surveys_field p ON p.id = above.ancestor_id WHERE p.parent_id IS NOT NULL)
        INSERT INTO surveys_assignment (round_id, member_id, technology_id, position)
        SELECT rt.round_id, m.id, rt.technology_id, rt.position
        FROM surveys_roundtechnology rt
        JOIN surveys_technology t ON t.id = rt.technology_id
        CROSS JOIN experts_panelmember m
        WHERE rt.round_id = %s AND m.id BETWEEN %s AND %s AND m.panel_id = %s AND m.status = %s
          AND NOT EXISTS (SELECT 1 FROM surveys_assignment a
                          WHERE a.round_id = rt.round_id AND a.member_id = m.id
                            AND a.technology_id = rt.technology_id)
          {by_field}"""  # noqa: S608 - no value is put into the text
    if not member_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                round.study_id,
                round.pk,
                min(member_ids),
                max(member_ids),
                round.study.panel_id,
                MemberStatus.ACTIVE,
            ],
        )

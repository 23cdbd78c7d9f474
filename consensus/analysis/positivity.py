"""The positivity coefficient of a round: questionnaires returned of those sent, for the panel and its groups."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from consensus.counting.frame import Frame
from consensus.privacy.suppress import shown_groups
from consensus.stats import positivity_coefficient
from experts.enums import MemberStatus
from surveys.enums import ParticipationStatus
from surveys.models import Participation


def positivity(frame: Frame) -> dict[str, Any]:
    """Returned is whoever began to answer: their answers count, submitted or not."""
    rows = (
        Participation.objects.filter(round=frame.round)
        .exclude(member__status=MemberStatus.WITHDRAWN)
        .values("member__group")
        .annotate(
            sent=Count("pk"),
            returned=Count("pk", filter=~Q(status=ParticipationStatus.NOT_STARTED)),
            submitted=Count("pk", filter=Q(status=ParticipationStatus.SUBMITTED)),
        )
        .order_by()
    )
    by_group = {row["member__group"]: row for row in rows}
    whole = {name: sum(row[name] for row in by_group.values()) for name in ("sent", "returned", "submitted")}
    named = {group.key: by_group[group.pk] for group in frame.groups if group.pk in by_group}
    shown = shown_groups(
        {key: row["sent"] for key, row in named.items()}, whole["sent"], frame.study.minimum_group
    )
    return {
        "panel": _coefficient(whole),
        "groups": {key: _coefficient(row) for key, row in named.items() if key in shown},
    }


def _coefficient(row: dict[str, int]) -> dict[str, Any]:
    found = positivity_coefficient(row["returned"], row["sent"]).as_dict()
    return found | {name: row[name] for name in ("sent", "returned", "submitted")}

"""Others' reasons as the next round shows them: without author and time, in a drawn order.

Votes are told in steps of the study's smallest group, and so is the order that follows from them: neither a count
nor a place on the page moves because of one person. Replies come with the reason that they answer, drawn as well.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, QuerySet

from experts.enums import MemberStatus
from surveys.enums import Moderation
from surveys.models import Reason, ReasonVote, Reply, Round

Entry = dict[str, Any]


def drawn_reasons(round: Round, latest: Mapping[int, int]) -> dict[int, list[Entry]]:
    """By technology, for those in `latest`: the number of the last round that asked about each.

    Of each member the latest reason, and any other to which somebody replied: a thread outlives its first text.
    """
    found: dict[int, list[Entry]] = defaultdict(list)
    if not round.study.feedback_reasons:
        return found
    before = {"round__study": round.study_id, "round__number__lt": round.number}
    replies = _replies(before, latest)
    rows = list(_latest_or_answered(before, latest, replies))
    votes = told_votes(
        [reason.pk for reason, _shown in rows], before=round.number, step=round.study.minimum_group
    )
    for reason, shown in rows:
        found[reason.technology_id].append(
            {
                "code": reason.code,
                "text": reason.text if shown else "",
                "stance": reason.stance if shown else "",
                "language": reason.language if shown else "",
                "gone": not shown,
                "new": reason.round.number >= latest[reason.technology_id],
                "useful": votes[reason.pk, "useful"],
                "agree": votes[reason.pk, "agree"],
                "replies": replies.get(reason.pk, []),
            }
        )
    shuffle = random.SystemRandom().shuffle
    for entries in found.values():
        shuffle(entries)
        entries.sort(key=lambda entry: (entry["gone"], not entry["new"], -entry["useful"]))
    return found


def _latest_or_answered(before: dict, technology_ids: Iterable[int], replies: Mapping) -> Iterable:
    """Pairs of a reason and whether its text may be shown."""
    rows = (
        Reason.objects.filter(**before, technology_id__in=list(technology_ids))
        .exclude(moderation=Moderation.PENDING)
        .exclude(text="")
        .select_related("round", "member")
        .order_by("round__number")
    )
    shown = {row.pk: row for row in rows if may_be_read(row)}
    latest = {(row.technology_id, row.member_id): row.pk for row in shown.values()}
    for row in rows:
        if row.pk in replies or latest.get((row.technology_id, row.member_id)) == row.pk:
            yield row, row.pk in shown


def may_be_read(reason: Reason) -> bool:
    """Let through by a moderator, not taken back, written by somebody who did not withdraw."""
    return (
        reason.moderation == Moderation.APPROVED
        and reason.member.status != MemberStatus.WITHDRAWN
        and bool(reason.text.strip())
    )


def approved_replies() -> QuerySet[Reply]:
    """Replies that others may read: let through by a moderator, written by somebody who did not withdraw."""
    shown = Reply.objects.filter(moderation=Moderation.APPROVED).exclude(text="")
    return shown.exclude(member__status=MemberStatus.WITHDRAWN)


def _replies(before: dict, technology_ids: Iterable[int]) -> dict[int, list[Entry]]:
    approved = approved_replies().filter(**before, reason__technology_id__in=list(technology_ids))
    found: dict[int, list[Entry]] = defaultdict(list)
    for code, reason_id, text, language in approved.values_list("code", "reason_id", "text", "language"):
        found[reason_id].append({"code": code, "text": text, "language": language})
    for texts in found.values():
        random.SystemRandom().shuffle(texts)
    return dict(found)


def told_votes(reason_ids: Iterable[int], *, before: int, step: int) -> defaultdict[tuple[int, str], int]:
    """By reason and kind: members who voted in rounds numbered below `before`, down to a multiple of `step`."""
    rows = (
        ReasonVote.objects.filter(reason_id__in=list(reason_ids), round__number__lt=before)
        .exclude(member__status=MemberStatus.WITHDRAWN)
        .values("reason_id", "kind")
        .annotate(n=Count("member", distinct=True))
    )
    found: defaultdict[tuple[int, str], int] = defaultdict(int)
    for row in rows:
        found[row["reason_id"], row["kind"]] = row["n"] // step * step
    return found

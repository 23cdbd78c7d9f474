"""What experts said beyond their answers, as it may leave the platform: files, API and report read it here.

Only rounds whose results are out, only what a moderator let through, nothing of members who withdrew. Votes are told
in multiples of the study's smallest group, as on the pages of the questionnaire. No code, no time and no order of
writing: places and names are drawn with the server's key.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet

from consensus.exports.guard import drawn_name, keyed
from consensus.services.frozen_reasons import approved_replies, may_be_read, told_votes
from experts.enums import MemberStatus
from surveys.enums import Moderation, ProposalKind, RoundStatus, VoteKind
from surveys.models import Proposal, Reason, Round, Study, Technology
from surveys.selectors.wording import Wording, troubled_wordings


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, with the number of the round in which it was written."""

    round: int
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A reason and what became of it. `gone`: it may no longer be read, and holds the place of its replies."""

    name: str
    round: int
    technology: Technology
    gone: bool
    stance: str = ""
    text: str = ""
    useful: int = 0
    agree: int = 0
    replies: list[Said] = field(default_factory=list)


def published_rounds(study: Study) -> QuerySet[Round]:
    return Round.objects.filter(study=study, status=RoundStatus.ANALYSED)


def threads(study: Study) -> list[Thread]:
    """Reasons by round and place on the list, each with its replies. Four queries, whatever their number."""
    published = dict(published_rounds(study).values_list("pk", "number"))
    written = (
        Reason.objects.filter(round__in=published).select_related("technology", "member").exclude(text="")
    )
    rows = [row for row in written if row.moderation != Moderation.PENDING]
    replies = _replies(study, published)
    last = max(published.values(), default=0)
    votes = told_votes([row.pk for row in rows], before=last + 1, step=study.minimum_group)
    found = [
        _thread(study, row, published[row.round_id], replies.get(row.pk, []), votes)
        for row in rows
        if may_be_read(row) or row.pk in replies
    ]
    return sorted(
        found, key=lambda each: (each.round, each.technology.position, each.technology.pk, each.name)
    )


def _thread(study: Study, row: Reason, number: int, replies: list[Said], votes) -> Thread:
    name = drawn_name(study, f"reason:{row.code}")
    if not may_be_read(row):
        return Thread(name, number, row.technology, gone=True, replies=replies)
    useful, agree = (votes[row.pk, kind] for kind in (VoteKind.USEFUL, VoteKind.AGREE))
    return Thread(name, number, row.technology, False, row.stance, row.text, useful, agree, replies)


def _replies(study: Study, published: dict[int, int]) -> dict[int, list[Said]]:
    rows = approved_replies().filter(round__in=published).values_list("reason_id", "round_id", "code", "text")
    drawn = sorted(
        (published[round_], keyed(study, f"reply:{code}"), pk, text) for pk, round_, code, text in rows
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for number, _place, reason_id, text in drawn:
        found[reason_id].append(Said(number, text))
    return dict(found)


def approved_proposals(study: Study) -> QuerySet[Proposal]:
    """Proposals and reports that a moderator or an organiser let through, of rounds whose results are out."""
    rows = Proposal.objects.filter(round__in=published_rounds(study), moderation=Moderation.APPROVED)
    return rows.exclude(member__status=MemberStatus.WITHDRAWN)


def proposals_told(study: Study) -> list[Proposal]:
    """In the order of rounds, drawn within each."""
    rows = approved_proposals(study).select_related("round", "technology", "question", "field", "became")
    return sorted(rows, key=lambda row: (row.round.number, keyed(study, f"proposal:{row.code}")))


def wordings_told(study: Study) -> list[Wording]:
    """Wordings that were reported, or that many could not judge; the worst first."""
    return troubled_wordings(study, approved_proposals(study).filter(kind=ProposalKind.FLAG))

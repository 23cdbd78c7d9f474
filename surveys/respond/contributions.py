"""What a member wrote besides ratings, and what became of each text."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.enums import Moderation, ProposalKind, ProposalStatus, RoundStatus
from surveys.models import Proposal, Reason, Reply
from surveys.respond.visit import Visit

TONES = {
    Moderation.PENDING: "warn",
    Moderation.APPROVED: "good",
    Moderation.REJECTED: "bad",
    ProposalStatus.WAITING: "warn",
    ProposalStatus.ACCEPTED: "good",
    ProposalStatus.MERGED: "accent",
}


@dataclass(frozen=True)
class Contribution:
    """`state` in words; `note` is the moderator's or the organisers' answer."""

    kind: str
    kind_label: str
    code: str
    about: str
    text: str
    language: str
    round: object
    state: str
    tone: str
    note: str = ""
    can_take_back: bool = False


def contributions_of(visit: Visit) -> list[Contribution]:
    """Proposals first, then reasons and replies, each from the latest round back. Three queries."""
    about = {"member": visit.member, "round__study": visit.study}
    proposals = (
        Proposal.objects.filter(**about)
        .exclude(moderation=Moderation.WITHDRAWN)
        .select_related("round", "technology", "question", "became")
    )
    reasons = Reason.objects.filter(**about).exclude(text="").select_related("round", "technology")
    replies = Reply.objects.filter(**about).exclude(text="").select_related("round", "reason__technology")
    groups = (
        [_of_proposal(each) for each in proposals],
        [_of_reason(each) for each in reasons],
        [_of_reply(each) for each in replies],
    )
    return [row for rows in groups for row in sorted(rows, key=lambda row: -row.round.number)]  # type: ignore[attr-defined]


def _of_reason(reason: Reason) -> Contribution:
    shown = reason.moderation in (Moderation.PENDING, Moderation.APPROVED)
    return Contribution(
        kind="reason",
        kind_label=_("Reason"),
        code=reason.code,
        about=str(reason.technology),
        text=reason.text,
        language=reason.language,
        round=reason.round,
        can_take_back=shown and reason.round.status != RoundStatus.OPEN,
        **_moderated(reason),
    )


def _of_reply(reply: Reply) -> Contribution:
    return Contribution(
        kind="reply",
        kind_label=_("Reply"),
        code=reply.code,
        about=str(reply.reason.technology),
        text=reply.text,
        language=reply.language,
        round=reply.round,
        **_moderated(reply),
    )


def _moderated(entry: Reason | Reply) -> dict:
    state = Moderation(entry.moderation)
    note = entry.moderation_note if state == Moderation.REJECTED else ""
    return {"state": str(state.label), "tone": TONES.get(state, ""), "note": note}


def _of_proposal(proposal: Proposal) -> Contribution:
    if proposal.moderation == Moderation.REJECTED:
        told = _moderated(proposal)  # type: ignore[arg-type]
    else:
        status = ProposalStatus(proposal.status)
        answer = proposal.answer
        if proposal.became and status in (ProposalStatus.ACCEPTED, ProposalStatus.MERGED):
            answer = f"{proposal.became.key} {proposal.became}. {answer}".strip()
        told = {"state": str(status.label), "tone": TONES.get(status, ""), "note": answer}
    problem = proposal.get_problem_display() if proposal.kind == ProposalKind.FLAG else ""
    parts = (problem, str(proposal.name), str(proposal.description), proposal.text)
    return Contribution(
        kind="proposal",
        kind_label=proposal.get_kind_display(),
        code=proposal.code,
        about=" · ".join(str(each) for each in (proposal.technology, proposal.question) if each),
        text="\n".join(part for part in parts if part),
        language=proposal.language,
        round=proposal.round,
        can_take_back=proposal.is_waiting,
        **told,
    )

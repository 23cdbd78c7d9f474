"""The simulated panel's votes, replies, proposals and reports of wording, through the product's own services."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from delphi_platform.demo.rounds import World
from experts.models import PanelMember
from surveys.demo.content import FOLDER, DemoContent
from surveys.enums import Moderation, VoteKind
from surveys.models import Assignment, Participation, Proposal, Reason, Round
from surveys.services.discussion import reply, vote
from surveys.services.moderation import moderate
from surveys.services.proposals import (
    accept_proposal,
    flag_wording,
    merge_proposal,
    propose_technology,
    propose_wording,
)


def speak(world: World, content: DemoContent, round: Round) -> None:
    """What belongs to this round; the members who speak are drawn from those who took part."""
    plan = json.loads((FOLDER / "voice.json").read_text(encoding="utf-8"))
    crowd = _Crowd(world, round)
    if round.number > 1:
        _vote(world, content, crowd)
        for entry in _of(plan["replies"], round):
            _reply(world, content, crowd, entry)
    for entry in _of(plan["proposals"], round):
        _propose(world, crowd, entry)
    for entry in _of(plan["flags"], round):
        member = crowd.draw(entry["technology"], entry["text"]["en"])
        if member:
            flag_wording(
                round=round,
                member=member,
                technology=world.technologies[entry["technology"]].code,
                problem=entry["problem"],
                question=entry["question"],
                text=entry["text"][member.language],
                language=member.language,
            )


def _of(entries: list[dict], round: Round) -> list[dict]:
    return [entry for entry in entries if entry["round"] == round.number]


class _Crowd:
    """Members who answer in this round, by the technologies that they are asked about."""

    def __init__(self, world: World, round: Round):
        self.world, self.round = world, round
        there = Participation.objects.filter(round=round).exclude(status="not_started")
        by_id = {part.member_id: part.member for part in there.select_related("member")}
        self.by_technology: dict[int, list[PanelMember]] = {}
        rows = Assignment.objects.filter(round=round, member_id__in=by_id).order_by("member_id")
        for technology_id, member_id in rows.values_list("technology_id", "member_id"):
            self.by_technology.setdefault(technology_id, []).append(by_id[member_id])

    def asked_about(self, technology_key: str) -> list[PanelMember]:
        return self.by_technology.get(self.world.technologies[technology_key].pk, [])

    def draw(self, technology_key: str | None, seed: str, but: int = 0) -> PanelMember | None:
        able = (
            self.asked_about(technology_key)
            if technology_key
            else [member for members in self.by_technology.values() for member in members]
        )
        able = [member for member in able if member.pk != but]
        return Random(seed).choice(able) if able else None  # noqa: S311 - a play, no secret


def _reasons(world: World, content: DemoContent, round: Round) -> Iterator[tuple[dict[str, Any], Reason]]:
    """The plan's reasons that may be reacted to in this round, with their rows."""
    earlier = Reason.objects.filter(
        round__study=world.study, round__number__lt=round.number, moderation=Moderation.APPROVED
    )
    by_text = {reason.text: reason for reason in earlier}
    for entry in content.reasons:
        found = next((by_text[text] for text in entry["text"].values() if text in by_text), None)
        if found:
            yield dict(entry), found


def _vote(world: World, content: DemoContent, crowd: _Crowd) -> None:
    """About what stays open: votes on the rest would only cost time when the demo is loaded."""
    for entry, reason in _reasons(world, content, crowd.round):
        if content.technology[entry["technology"]]["simulation"]["intended"] != "open":
            continue
        appeal = Random(entry["key"]).random()  # noqa: S311
        for member in crowd.asked_about(entry["technology"]):
            luck = Random(f"{entry['key']} {member.pseudonym} {crowd.round.number}")  # noqa: S311
            for kind, part in ((VoteKind.USEFUL, 0.75), (VoteKind.AGREE, 0.4)):
                if member.pk != reason.member_id and luck.random() < appeal * part:
                    vote(round=crowd.round, member=member, reason=reason.code, kind=kind, on=True)


def _reply(world: World, content: DemoContent, crowd: _Crowd, entry: dict) -> None:
    found = next(
        (row for row in _reasons(world, content, crowd.round) if row[0]["key"] == entry["reason"]), None
    )
    member = found and crowd.draw(found[0]["technology"], entry["text"]["en"], but=found[1].member_id)
    if not found or not member:
        return
    written = reply(
        round=crowd.round,
        member=member,
        reason=found[1].code,
        text=entry["text"][member.language],
        language=member.language,
    )
    decision = entry.get("moderation", "approved")
    if written is not None and decision != Moderation.PENDING:
        moderate(
            entry=written,
            actor=world.moderator,
            decision=decision,
            note=entry.get("note", ""),
            seen_revision=written.revision,
        )


def _propose(world: World, crowd: _Crowd, entry: dict) -> None:
    member = crowd.draw(entry.get("technology"), entry["text"]["en"])
    if member is None:
        return
    spoken = member.language
    said = {
        "round": crowd.round,
        "member": member,
        "name": entry["name"][spoken],
        "description": entry.get("description", {}).get(spoken, ""),
        "text": entry["text"][spoken],
        "language": spoken,
    }
    if entry["kind"] == "rewording":
        propose_wording(technology=world.technologies[entry["technology"]].code, **said)
        return
    field = world.study.fields.get(key=entry["field"])
    _decide(world, propose_technology(field=field.code, **said), entry, field)


def _decide(world: World, proposal: Proposal, entry: dict, field) -> None:
    answer = entry.get("answer", "")
    if entry.get("decision") == "accept":
        accept_proposal(
            proposal=proposal,
            actor=world.owner,
            answer=answer,
            name=entry["name"],
            description=entry.get("description", {}),
            field=field,
        )
    elif entry.get("decision") == "merge":
        into = world.technologies[entry["into"]]
        merge_proposal(proposal=proposal, actor=world.owner, into=into, answer=answer)

"""Play the simulated panel's rounds: open, answer, argue, moderate, submit, close, compute."""

import random
from collections import defaultdict
from dataclasses import dataclass

from delphi_platform.replay import agree, finish_jobs
from experts.models import PanelMember, User
from foundation.localized import localized
from surveys.demo.records import SimulatedAnswer, SimulatedRound
from surveys.enums import Stance
from surveys.models import Assignment, Reason, Round, Study, Technology
from surveys.services.answers import Change, save_answers
from surveys.services.reasons import moderate_reason, save_reason
from surveys.services.rounds import close_round, open_round, plan_round
from surveys.services.submission import submit

# How often each basis has small, medium and large influence on a simulated expert.
BASES = {"practice": (1, 4, 6), "theory": (2, 5, 4), "peers": (2, 5, 3), "intuition": (6, 3, 1)}


@dataclass(frozen=True)
class World:
    """What the rounds need of the study, by the demo's own keys."""

    study: Study
    owner: User
    moderator: User
    members: dict[str, PanelMember]
    technologies: dict[str, Technology]


def open_next(world: World, *, scope: str, message: dict) -> Round:
    planned = plan_round(
        study=world.study,
        actor=world.owner,
        scope=scope,
        shows_feedback=world.study.rounds.exists(),
        message=message,
        allows_proposals=True,
    )
    return open_round(round=planned, actor=world.owner)


def asked_technologies(world: World, round: Round) -> set[str]:
    """The demo keys of the technologies that the round asks about."""
    ids = set(round.round_technologies.values_list("technology_id", flat=True))
    return {key for key, technology in world.technologies.items() if technology.pk in ids}


def answer(world: World, round: Round, simulated: SimulatedRound) -> None:
    """Save what every simulated member says, and submit for those who finish."""
    asked = set(Assignment.objects.filter(round=round).values_list("member_id", "technology__code"))
    causes = {
        (each.member_key, each.technology_key, each.question_key): each.cause for each in simulated.changes
    }
    constraint = {
        choice.key: choice.value for choice in world.study.questions.get(key="constraint").choices.all()
    }
    by_member = defaultdict(list)
    for given in simulated.answers:
        member, technology = world.members[given.member_key], world.technologies[given.technology_key]
        if (member.pk, technology.code) in asked:
            cause = causes.get((given.member_key, given.technology_key, given.question_key), "")
            by_member[given.member_key].append(
                Change(given.question_key, technology.code, value_of(given, constraint), 0, cause=cause)
            )
    for key, changes in by_member.items():
        member = world.members[key]
        changes += basis_of(key)
        agree(round, member)
        outcomes = save_answers(round=round, member=member, changes=changes, language=member.language)
        if bad := [outcome for outcome in outcomes if outcome.status != "saved"]:
            raise ValueError(f"the simulation gave an answer that the platform refuses: {bad[0]}")
    _argue(world, round, simulated, asked)
    for key in simulated.submitted:
        submit(round=round, member=world.members[key])


def basis_of(member_key: str) -> list[Change]:
    """What this member's judgement rests on, the same in every round: practice first, intuition last."""
    luck = random.Random(member_key)  # noqa: S311 - a simulated panel
    return [
        Change(f"basis_{basis}", None, {"number": luck.choices((1, 2, 3), weights)[0]}, 0)
        for basis, weights in BASES.items()
    ]


def value_of(given: SimulatedAnswer, constraint: dict[str, int]) -> dict:
    if given.cannot_judge:
        return {"special": "cannot_judge"}
    if given.text:
        return {"text": given.text}
    if given.question_key == "constraint":
        return {"number": constraint[given.special]}
    return {"special": given.special} if given.special else {"number": given.number}


def _argue(world: World, round: Round, simulated: SimulatedRound, asked: set) -> None:
    for given in simulated.reasons:
        member, technology = world.members[given.member_key], world.technologies[given.technology_key]
        if (member.pk, technology.code) not in asked:
            continue
        text = localized(given.text)
        language = member.language if text.get(member.language) else text.language(member.language)
        save_reason(
            round=round,
            member=member,
            technology=technology.code,
            text=text.text(language),
            stance=given.stance if given.stance in Stance.values else "",
            language=language,
        )
        if given.moderation != "pending":
            reason = Reason.objects.get(round=round, member=member, technology=technology)
            moderate_reason(
                reason=reason,
                actor=world.moderator,
                decision=given.moderation,
                note=localized(given.moderation_note).text("en"),
                seen_revision=reason.revision,
            )


def close_and_compute(world: World, round: Round) -> Round:
    close_round(round=round, actor=world.owner)
    finish_jobs(world.study)
    round.refresh_from_db()
    return round

"""A simulated Delphi panel: who answers what, in which round, and why. Pure Python and NumPy.

Each draw comes from a generator seeded by (seed, member, technology, round, purpose), so that a result
depends neither on the order of the technologies nor on which of them a round asks about.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from surveys.demo.behaviour import Cell, Dice, Group
from surveys.demo.content import DemoContent, load_content
from surveys.demo.records import SimulatedAnswer, SimulatedChange, SimulatedReason, SimulatedRound

__all__ = [
    "SimulatedAnswer",
    "SimulatedChange",
    "SimulatedReason",
    "SimulatedRound",
    "load_content",
    "simulate",
    "simulate_round",
]

DROPPED_AFTER_ROUND_1 = 9
ROUND_3_SUBMITTED, ROUND_3_IN_PROGRESS = 14, 5
CAUSES = {
    "argument": 0.28,
    "reflection": 0.23,
    "perspective": 0.21,
    "group_result": 0.17,
    "new_information": 0.07,
    "misread": 0.04,
}


class _Panel:
    def __init__(self, content: DemoContent, seed: int) -> None:
        self.content, self.dice = content, Dice(seed)
        self.options = content.options("constraint")

    def returning(self) -> list[str]:
        """Those who go on after round 1; nobody's group loses more than three."""
        order = [str(key) for key in self.dice("dropout").permutation(sorted(self.content.expert))]
        lost: Counter[str] = Counter()
        gone: set[str] = set()
        for key in order:
            group = self.content.expert[key]["group"]
            if len(gone) < DROPPED_AFTER_ROUND_1 and lost[group] < 3:
                gone.add(key)
                lost[group] += 1
        return [key for key in self.content.expert if key not in gone]

    def participants(self, number: int) -> tuple[list[str], list[str]]:
        """Who submitted this round, and who is still in it."""
        if number == 1:
            return list(self.content.expert), []
        if number == 2:
            return self.returning(), []
        order = [str(key) for key in self.dice("early birds").permutation(self.returning())]
        started = ROUND_3_SUBMITTED + ROUND_3_IN_PROGRESS
        return sorted(order[:ROUND_3_SUBMITTED]), sorted(order[ROUND_3_SUBMITTED:started])


def simulate_round(
    content: DemoContent,
    number: int,
    *,
    seed: int,
    previous: SimulatedRound | None = None,
    technologies: Collection[str] | None = None,
    assignments: Mapping[str, Collection[str]] | None = None,
) -> SimulatedRound:
    """Round 1, 2 or 3. ``technologies`` narrows a round to those still asked about; ``previous`` is the
    round before (needed from round 2). ``assignments`` (member to technologies) defaults to the fields'."""
    if (previous is None) != (number == 1):
        raise ValueError("round 1 has no round before it, every other round has one")
    panel = _Panel(content, seed)
    group = Group(content, previous) if previous else None
    submitted, in_progress = panel.participants(number)
    answers: list[SimulatedAnswer] = []
    for member in (*submitted, *in_progress):
        asked = [
            key
            for key in (assignments or content.assignments)[member]
            if technologies is None or key in technologies
        ]
        if member in in_progress:
            asked = asked[: max(1, round(len(asked) * panel.dice(member, "progress").uniform(0.25, 0.7)))]
        for technology in asked:
            answers.extend(_cell_answers(panel, member, technology, number, group))
    reasons, comments = _spoken(panel, number, answers)
    return SimulatedRound(
        number=number,
        answers=(*answers, *comments),
        reasons=tuple(reasons),
        changes=tuple(_changes(panel, number, answers, previous)) if previous else (),
        submitted=tuple(submitted),
        in_progress=tuple(in_progress),
    )


def simulate(content: DemoContent | None = None, *, seed: int) -> Iterator[SimulatedRound]:
    """All three rounds. The third asks only about the technologies meant to be open still; a caller that
    has computed verdicts calls ``simulate_round`` with its own list."""
    content = content or load_content()
    first = simulate_round(content, 1, seed=seed)
    second = simulate_round(content, 2, seed=seed, previous=first)
    still_open = {e["key"] for e in content.technologies if e["simulation"]["intended"] == "open"}
    yield first
    yield second
    yield simulate_round(content, 3, seed=seed, previous=second, technologies=still_open)


def _cell_answers(
    panel: _Panel, member: str, technology: str, number: int, group: Group | None
) -> Iterator[SimulatedAnswer]:
    cell = Cell(panel.dice, panel.content, member, technology, number)
    before = group.before(member, technology) if group else {}
    if group and before:
        return cell.revised_answers(before, group)
    return cell.first_answers(panel.options)


def _spoken(
    panel: _Panel, number: int, answers: list[SimulatedAnswer]
) -> tuple[list[SimulatedReason], list[SimulatedAnswer]]:
    """Give each written reason or comment of this round to a member whose answers it fits."""
    rated: dict[str, dict[str, int]] = {}
    for answer in answers:
        if answer.question_key == "importance" and answer.number is not None:
            rated.setdefault(answer.technology_key, {})[answer.member_key] = answer.number
    load: Counter[str] = Counter()
    taken: set[tuple[str, str]] = set()
    reasons: list[SimulatedReason] = []
    comments: list[SimulatedAnswer] = []
    for entry in panel.content.reasons:
        if entry["round"] != number:
            continue
        member = _speaker(panel, entry, rated.get(entry["technology"], {}), load, taken)
        if member is None:
            continue
        load[member] += 1
        taken.add((member, entry["technology"]))
        if entry["question"] == "comment":
            comments.append(_as_comment(entry, member, panel.content.expert[member]["language"]))
        else:
            reasons.append(_as_reason(entry, member))
    return reasons, comments


def _speaker(
    panel: _Panel,
    entry: Mapping[str, Any],
    rated: Mapping[str, int],
    load: Counter[str],
    taken: set[tuple[str, str]],
) -> str | None:
    """The member with the fewest reasons so far among those of fitting language, view and group."""
    if entry["member"]:
        return entry["member"] if entry["member"] in rated else None
    expert = panel.content.expert
    sign = {"for": 1, "against": -1}.get(entry["stance"], 0)
    able = [
        key
        for key in sorted(rated)
        if entry["language"] in ("both", expert[key]["language"]) and (key, entry["technology"]) not in taken
    ]
    if not able:
        return None
    peers = [key for key in able if not entry["groups"] or expert[key]["group"] in entry["groups"]]
    in_view = [key for key in able if sign * (rated[key] - 5) >= abs(sign)]
    extreme = max(sign * rated[key] for key in able)
    nearest = [key for key in able if sign * rated[key] == extreme]
    candidates = [key for key in peers if key in in_view] or in_view or nearest
    luck = dict(zip(candidates, panel.dice(entry["key"]).random(len(candidates)), strict=True))
    return min(candidates, key=lambda key: (load[key], luck[key]))


def _as_reason(entry: Mapping[str, Any], member: str) -> SimulatedReason:
    return SimulatedReason(
        member_key=member,
        round=entry["round"],
        technology_key=entry["technology"],
        question_key=entry["question"],
        reason_key=entry["key"],
        stance=entry["stance"],
        text=entry["text"],
        language=entry["language"],
        moderation=entry["moderation"],
        moderation_note=entry["note"],
    )


def _as_comment(entry: Mapping[str, Any], member: str, language: str) -> SimulatedAnswer:
    spoken = language if entry["language"] == "both" else entry["language"]
    return SimulatedAnswer(
        member, entry["round"], entry["technology"], "comment", text=entry["text"][spoken], language=spoken
    )


def _changes(
    panel: _Panel, number: int, answers: list[SimulatedAnswer], previous: SimulatedRound
) -> Iterator[SimulatedChange]:
    causes, weights = list(CAUSES), np.array(list(CAUSES.values()))
    for answer in answers:
        key = (answer.member_key, answer.technology_key, answer.question_key)
        old = previous.by_key.get(key)
        if old is None or answer.question_key == "familiarity" or old.value == answer.value:
            continue
        cause = panel.dice(*key, number, "cause").choice(causes, p=weights / weights.sum())
        yield SimulatedChange(*key[:1], number, *key[1:], old.value, answer.value, str(cause))

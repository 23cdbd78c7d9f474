"""Statistics of an open round, for organisers only. Nothing is stored, nothing becomes the current result."""

from __future__ import annotations

from dataclasses import dataclass

from consensus.analysis import Analysis
from consensus.battery import Item
from consensus.frame import Frame, frame_of
from consensus.services.compute import seed_of
from consensus.verdicts import Found, verdicts_of
from experts.enums import Capability
from experts.permissions import require
from foundation.services.audit import record
from surveys.enums import RoundStatus
from surveys.exceptions import RoundNotOpen
from surveys.models import Round


@dataclass(frozen=True)
class Preview:
    """The whole panel's figures as they stand. Groups are left out: watched over time, they give people away."""

    frame: Frame
    items: dict[str, list[Item]]
    verdicts: list[Found]
    n_answers: int

    def shown(self, question_key: str) -> list[Item]:
        """Items with enough answers to be looked at."""
        least = self.frame.study.minimum_group
        return [item for item in self.items[question_key] if item.n >= least]


def preview_round(*, round: Round, actor) -> Preview:
    """How the round would look if it closed now. Looking is recorded: it may tempt to close at a good moment."""
    require(actor, round.study.panel, Capability.RUN_ROUNDS)
    if round.status != RoundStatus.OPEN:
        raise RoundNotOpen
    frame = frame_of(round)
    analysis = Analysis(frame, seed_of(frame))
    items = {
        question.key: [item for item in analysis.question(question).items if item.slice == 0]
        for question in frame.questions
    }
    record(stream=frame.study.stream, action="round.previewed", actor=actor, target=f"round {round.number}")
    return Preview(frame, items, verdicts_of(analysis), analysis.n_answers)

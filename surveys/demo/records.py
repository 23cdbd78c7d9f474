"""What a simulated panel leaves behind: answers, reasons, changes, rounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class SimulatedAnswer:
    """One value. ``special`` holds a choice's key, or already/never/cannot_say for a year."""

    member_key: str
    round: int
    technology_key: str
    question_key: str
    number: int | None = None
    special: str | None = None
    cannot_judge: bool = False
    confidence: int | None = None
    text: str = ""
    language: str = ""

    @property
    def value(self) -> int | str | None:
        return self.special if self.number is None else self.number


@dataclass(frozen=True)
class SimulatedReason:
    member_key: str
    round: int
    technology_key: str
    question_key: str
    reason_key: str
    stance: str
    text: Mapping[str, str]
    language: str
    moderation: str
    moderation_note: Mapping[str, str]


@dataclass(frozen=True)
class SimulatedChange:
    """A member's value differs from the round before; ``cause`` is a key of the study's change causes."""

    member_key: str
    round: int
    technology_key: str
    question_key: str
    before: int | str | None
    after: int | str | None
    cause: str


@dataclass(frozen=True)
class SimulatedRound:
    number: int
    answers: tuple[SimulatedAnswer, ...]
    reasons: tuple[SimulatedReason, ...]
    changes: tuple[SimulatedChange, ...]
    submitted: tuple[str, ...]
    in_progress: tuple[str, ...] = ()

    @cached_property
    def by_key(self) -> dict[tuple[str, str, str], SimulatedAnswer]:
        return {(a.member_key, a.technology_key, a.question_key): a for a in self.answers}

    def numbers(self, technology_key: str, question_key: str) -> dict[str, int]:
        """Member key to number, of those who gave one."""
        return self._numbers.get((technology_key, question_key), {})

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], dict[str, int]]:
        table: dict[tuple[str, str], dict[str, int]] = {}
        for answer in self.answers:
            if answer.number is not None:
                cell = table.setdefault((answer.technology_key, answer.question_key), {})
                cell[answer.member_key] = answer.number
        return table

"""The study's weights of familiarity and of the basis of judgement, for the formulas of `consensus.stats`."""

from __future__ import annotations

from dataclasses import dataclass

from consensus.stats import WEIGHT_PRESETS
from surveys.enums import BASIS_ROLES
from surveys.models import Question, Study
from surveys.question_types import kind_of

COMMON = "common"
CUSTOM = "custom"
IMPORTANCE = (100.0, 50.0, 25.0, 0.0)
BASES = ("practice", "theory", "peers", "intuition")  # in the order of BASIS_ROLES


@dataclass(frozen=True)
class WeightTable:
    """Influences from large to small, familiarity levels from high to low, grades of importance from the top."""

    preset: str
    practice: tuple[float, ...]
    theory: tuple[float, ...]
    peers: tuple[float, ...]
    intuition: tuple[float, ...]
    familiarity: tuple[float, ...]
    importance: tuple[float, ...]

    @property
    def basis(self) -> list[tuple[float, ...]]:
        return [getattr(self, name) for name in BASES]

    def as_dict(self) -> dict:
        return {name: list(part) if isinstance(part, tuple) else part for name, part in vars(self).items()}


def preset_table(name: str) -> WeightTable:
    preset = WEIGHT_PRESETS[name]
    return WeightTable(
        name,
        preset.practice,
        preset.theory,
        preset.peers,
        preset.intuition,
        preset.familiarity,
        IMPORTANCE,
    )


def weight_table(study: Study) -> WeightTable:
    """The study's own table; where it set none, the one that most papers print."""
    if not study.expert_weights:
        return preset_table(COMMON)
    return WeightTable(
        **{
            name: tuple(part) if isinstance(part, list) else part
            for name, part in study.expert_weights.items()
        }
    )


def familiarity_weights_of(question: Question, table: WeightTable) -> tuple[float, ...]:
    """Weights of the scale's levels from low to high. On a scale of another length than the table's: linear."""
    low, high = kind_of(question).bounds(question)
    levels = int(high - low) + 1
    if levels == len(table.familiarity):
        return tuple(reversed(table.familiarity))
    return tuple((place + 1) / levels for place in range(levels))


def familiarity_method(question: Question) -> str | list[float]:
    """How answers are weighted, for the record: "linear", or the weights from the lowest level to the highest."""
    weights = familiarity_weights_of(question, weight_table(question.study))
    linear = [(place + 1) / len(weights) for place in range(len(weights))]
    return "linear" if all(abs(a - b) < 1e-9 for a, b in zip(weights, linear, strict=True)) else list(weights)


def importance_weights_of(question: Question, table: WeightTable) -> tuple[float, ...]:
    """Weights of the grades from low to high: the table's where the scale is as long, else evenly from 0 to 100."""
    levels = len(kind_of(question).categories(question) or ())
    if levels == len(table.importance):
        return tuple(reversed(table.importance))
    return tuple(100.0 * place / max(1, levels - 1) for place in range(levels))


def basis_questions(questions: list[Question]) -> list[Question]:
    """The four questions in the order of the table, or nothing: a part of them gives no coefficient."""
    by_role = {question.role: question for question in questions}
    found = [by_role[role] for role in BASIS_ROLES if role in by_role]
    three = [question for question in found if len(kind_of(question).categories(question) or ()) == 3]
    same = len({question.asked_per for question in three}) == 1
    return three if len(three) == len(BASIS_ROLES) and same else []

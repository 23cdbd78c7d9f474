"""Verdicts: two gates, stability first and consensus second, kept apart in the protocol and in the result."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .results import BoolArray, FloatArray, ObjectArray
from .rule_leaves import UNKNOWN, Figures, Finding, is_number, need
from .rules import Evaluation, Rule, Source, evaluate, validate_rule
from .stability import Stability
from .undivided import undivided

CONSENSUS_IN = "consensus_in"
CONSENSUS_OUT = "consensus_out"
STABLE_DISAGREEMENT = "stable_disagreement"
OPEN = "open"
TOO_FEW_ANSWERS = "too_few_answers"
VERDICTS = (CONSENSUS_IN, CONSENSUS_OUT, STABLE_DISAGREEMENT, OPEN, TOO_FEW_ANSWERS)

# Why an item is open.
NO_EARLIER_ROUND = "no_earlier_round"  # there is a stability rule, and nothing to compare with
STABILITY_UNKNOWN = "stability_unknown"  # too few answered twice, or the figure is undefined
NOT_STABLE = "not_stable"
CONTRADICTION = "contradiction"  # in and out at once
UNDEFINED = "undefined"  # a rule needs a figure that is undefined or of too few answers
UNDIVIDED = "undivided"  # stable, neither in nor out, and no disagreement
NOT_MET = "not_met"  # no rule holds, and there is no stability rule that could call it a disagreement
OPEN_BECAUSE = (
    NO_EARLIER_ROUND, STABILITY_UNKNOWN, NOT_STABLE, CONTRADICTION, UNDEFINED, UNDIVIDED, NOT_MET,
)  # fmt: skip

_KEYS = (
    "minimum_n",
    "consensus_in",
    "consensus_out",
    "disagreement",
    "stability",
    "consensus_needs_stability",
)

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "share_75": {
        "minimum_n": 5,
        "consensus_in": {"kind": "share", "band": [7, 8, 9], "threshold": 0.75},
        "consensus_out": {"kind": "share", "band": [1, 2, 3], "threshold": 0.75},
        "stability": {"kind": "net_change", "threshold": 0.15},
    },
    "comet_70_15": {
        "minimum_n": 5,
        "consensus_in": {"kind": "comet", "verdict": "in"},
        "consensus_out": {"kind": "comet", "verdict": "out"},
        "stability": None,
    },
    "rand_ucla": {
        "minimum_n": 7,
        "consensus_in": {"kind": "rand_ucla", "region": "high", "disagreement": False},
        "consensus_out": {"kind": "rand_ucla", "region": "low", "disagreement": False},
        "disagreement": {"kind": "rand_ucla", "disagreement": True},
        "stability": {"kind": "wilcoxon", "threshold": 0.05},
    },
    "mean_cv": {
        "minimum_n": 5,
        "consensus_in": {"all": [{"kind": "mean", "threshold": 3.5}, {"kind": "cv", "threshold": 0.25}]},
        "stability": None,
    },
}


def validate_criteria(
    criteria: Any,
    *,
    questions: Collection[str] | None = None,
    groups: Collection[str] | None = None,
    limits: bool = True,
) -> None:
    """Raise ValueError with a path if criteria are wrong.

    ``minimum_n`` (answers that the whole panel and every figure of a rule need), ``consensus_in``, ``consensus_out``,
    ``disagreement`` (consensus rules or null), ``stability`` (a stability rule or null),
    ``consensus_needs_stability`` (default true when there is a stability rule).
    """
    need(isinstance(criteria, Mapping), "criteria", "must be an object")
    unknown = sorted(set(criteria) - set(_KEYS))
    need(not unknown, "criteria", f"unknown keys {', '.join(unknown)}")
    least = criteria.get("minimum_n", 1)
    need(is_number(least) and least >= 1, "criteria.minimum_n", "must be a number of at least 1")
    need(
        isinstance(criteria.get("consensus_needs_stability", True), bool),
        "criteria.consensus_needs_stability",
        "must be true or false",
    )
    rules = [criteria.get(name) for name in ("consensus_in", "consensus_out")]
    need(any(rule is not None for rule in rules), "criteria", "needs consensus_in or consensus_out")
    for name in ("consensus_in", "consensus_out", "disagreement", "stability"):
        if criteria.get(name) is not None:
            family = "stability" if name == "stability" else "consensus"
            names = {"questions": questions, "groups": groups}
            validate_rule(criteria[name], family, path=f"criteria.{name}", limits=limits, **names)


@dataclass(frozen=True)
class Verdicts:
    """``verdicts``: per item one of ``VERDICTS``; the gates' evaluations beside it.

    ``open_because``: per open item one of ``OPEN_BECAUSE``, else "". ``undivided``: what was found of the
    items that are open because they are undivided; None where a ``disagreement`` rule decides.
    ``stable``: per item True, False or None (no stability rule, no earlier round, or undefined).
    ``exploratory``: a what-if that is not the protocol's. ``n``: the answers that ``minimum_n`` was held
    against.
    """

    verdicts: ObjectArray
    open_because: ObjectArray
    stable: ObjectArray
    undivided: Finding | None
    stability: Evaluation | None
    consensus_in: Evaluation | None
    consensus_out: Evaluation | None
    disagreement: Evaluation | None
    n: FloatArray
    minimum_n: float
    exploratory: bool

    def __len__(self) -> int:
        return len(self.verdicts)

    def item(self, i: int) -> dict[str, Any]:
        """One item's verdict with every figure that led to it, as plain data."""
        gates = ("stability", "consensus_in", "consensus_out", "disagreement")
        found: dict[str, Any] = {
            "verdict": self.verdicts[i],
            "open_because": self.open_because[i],
            "stable": self.stable[i],
            "n": float(self.n[i]),
            "minimum_n": self.minimum_n,
            "exploratory": self.exploratory,
        }
        for gate in gates:
            evaluation: Evaluation | None = getattr(self, gate)
            found[gate] = evaluation.item(i) if evaluation is not None else None
        is_told = self.undivided is not None and self.open_because[i] == UNDIVIDED
        found["undivided"] = self.undivided.item(i) if self.undivided is not None and is_told else None
        return found


def judge(
    criteria: Mapping[str, Any],
    figures: Source | Figures,
    stability: Source | Stability | None = None,
    *,
    question: str | None = None,
    exploratory: bool = False,
    settled: npt.ArrayLike | None = None,
) -> Verdicts:
    """Give every item its verdict.

    1. Fewer answers than ``minimum_n`` (of the whole panel to ``question``): ``too_few_answers``.
    2. Stability gate. With a stability rule an item that is not (or not yet) stable is ``open``, unless
       ``consensus_needs_stability`` is false; in round 1 there is nothing to compare and nothing is stable.
    3. Consensus gate: ``consensus_in``, ``consensus_out``; both at once is ``open`` (the rules contradict).
    4. A stable item on which both rules fail is a ``stable_disagreement``, if the ``disagreement`` rule
       passes; without one, unless members are of one mind (``undivided``): then it is ``open``, undivided. It
       is open, too, where one of the rules needs a figure that is undefined, or more answers for a
       ``minimum_n`` leaf. Without a stability rule nothing is ever called a stable disagreement.

    ``minimum_n`` holds for every figure of a rule: of a panel group, of another question, of the answers with
    a weight, and for stability of the members who answered twice. On fewer a figure decides nothing.

    ``figures``: ``Figures`` by (question, group) or one for all; ``stability``: likewise ``Stability``, None
    in round 1. ``exploratory`` marks a what-if: the same computation, labelled. ``settled``: the stability
    gate as it was decided before, per item 1 stable, 0 not, 0.5 unknown, in place of a stability rule.
    """
    validate_criteria(criteria, limits=False)
    need(settled is None or criteria.get("stability") is None, "settled", "stands for a stability rule")
    source: Source = figures if isinstance(figures, Mapping) else {(question, None): figures}
    if (question, None) not in source:
        raise ValueError(f"figures of the whole panel for question {question!r} are missing")
    panel: Figures = source[(question, None)]
    least = float(criteria.get("minimum_n", 1))
    terms: dict[str, Any] = {"question": question, "least": least}
    parts = {
        name: evaluate(criteria[name], source, path=f"criteria.{name}", **terms)
        if criteria.get(name) is not None
        else None
        for name in ("consensus_in", "consensus_out", "disagreement")
    }
    if settled is None:
        gate = _stability_gate(criteria.get("stability"), stability, terms, panel.size)
    else:
        gate = Evaluation(_per_item(settled, panel.size), ())
    one_mind = None if parts["disagreement"] is not None else undivided(criteria, source, **terms)
    gates = _Gates(
        parts,
        neither=_neither(criteria, source, terms, panel.size),
        one_mind=one_mind,
        stability=gate,
        needs=bool(criteria.get("consensus_needs_stability", True)),
    )
    verdicts, why = _decide(
        gates, few=panel.tally.n < least - 1e-9, is_first=settled is None and not stability
    )
    stable: ObjectArray = np.full(panel.size, None, dtype=object)
    if gate is not None:
        stable[gate.passed == 1] = True
        stable[gate.passed == 0] = False
    return Verdicts(
        verdicts=verdicts,
        open_because=why,
        stable=stable,
        undivided=one_mind,
        stability=gate,
        consensus_in=parts["consensus_in"],
        consensus_out=parts["consensus_out"],
        disagreement=parts["disagreement"],
        n=panel.tally.n,
        minimum_n=least,
        exploratory=exploratory,
    )


@dataclass(frozen=True)
class _Gates:
    """Everything that a verdict follows from. ``neither``: both consensus rules fail, and not for want of answers."""

    parts: Mapping[str, Evaluation | None]
    neither: BoolArray
    one_mind: Finding | None
    stability: Evaluation | None
    needs: bool

    def passes(self, name: str) -> BoolArray:
        part = self.parts[name]
        return np.zeros(len(self.neither), dtype=bool) if part is None else np.asarray(part.passed == 1)

    @property
    def disagreement(self) -> FloatArray:
        """Per item 1, 0 or 0.5: by its rule, else where members are not of one mind."""
        rule = self.parts["disagreement"]
        if rule is not None:
            return rule.passed
        return np.zeros(len(self.neither)) if self.one_mind is None else 1 - self.one_mind.passed


def _stability_gate(
    rule: Rule | None, stability: Source | Stability | None, terms: Mapping[str, Any], size: int
) -> Evaluation | None:
    if rule is None:
        return None
    if not stability:
        return Evaluation(np.full(size, UNKNOWN), ())
    found = evaluate(rule, stability, "stability", path="criteria.stability", **terms)
    if len(found) != size:
        raise ValueError(f"stability is of {len(found)} items, figures of {size}")
    return found


def _per_item(settled: npt.ArrayLike, size: int) -> FloatArray:
    passed = np.asarray(settled, dtype=float)
    need(passed.shape == (size,), "settled", f"must say of each of {size} items")
    need(bool(np.isin(passed, (0.0, UNKNOWN, 1.0)).all()), "settled", "must be 0, 0.5 or 1")
    return passed


def _neither(criteria: Mapping[str, Any], source: Source, terms: Mapping[str, Any], size: int) -> BoolArray:
    fails = np.ones(size, dtype=bool)
    for name in (CONSENSUS_IN, CONSENSUS_OUT):
        if criteria.get(name) is not None:
            fails &= evaluate(criteria[name], source, few_decide=False, **terms).passed == 0
    return fails


def _decide(gates: _Gates, *, few: BoolArray, is_first: bool) -> tuple[ObjectArray, ObjectArray]:
    """The verdicts, and why items are open. Each line overrules those before it."""
    size, gate = len(few), gates.stability
    passed = np.full(size, UNKNOWN) if gate is None else gate.passed
    stable = passed == 1
    may_agree = stable if gate is not None and gates.needs else np.ones(size, dtype=bool)
    is_in, is_out = gates.passes(CONSENSUS_IN), gates.passes(CONSENSUS_OUT)
    verdicts: ObjectArray = np.full(size, OPEN, dtype=object)
    verdicts[stable & gates.neither & (gates.disagreement == 1)] = STABLE_DISAGREEMENT
    verdicts[may_agree & is_in & ~is_out] = CONSENSUS_IN
    verdicts[may_agree & is_out & ~is_in] = CONSENSUS_OUT
    verdicts[few] = TOO_FEW_ANSWERS
    why: ObjectArray = np.full(size, UNDEFINED, dtype=object)
    why[gates.neither] = NOT_MET
    why[stable & gates.neither & (gates.disagreement == 0)] = UNDIVIDED
    why[stable & gates.neither & (gates.disagreement == UNKNOWN)] = UNDEFINED
    why[is_in & is_out] = CONTRADICTION
    if gate is not None:
        why[passed == 0] = NOT_STABLE
        why[passed == UNKNOWN] = NO_EARLIER_ROUND if is_first else STABILITY_UNKNOWN
    why[verdicts != OPEN] = ""
    return verdicts, why

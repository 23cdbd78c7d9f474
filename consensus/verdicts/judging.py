"""What the protocol's criteria say of each technology after a round, with the figures that led to it.

The rules are evaluated by `consensus.stats`; here the protocol's criteria and the round's counts are put into the
form that it takes. The two gates stay apart: an item must be stable before its consensus counts, and a stable
item without consensus is a stable disagreement, unless its members are of one mind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from consensus import stats
from consensus.analysis.criteria import leaves, moved_band, moved_between, named
from consensus.analysis.panel import classed
from consensus.analysis.round import Analysis
from consensus.counting.cells import Cells
from consensus.counting.frame import per_technology
from consensus.counting.tables import ItemTable, familiarity_weights, item_tables, pair_tables
from consensus.enums import OpenBecause
from consensus.stats.rule_leaves import NO_MEMBERS
from consensus.stats.rules import Figures
from consensus.stats.verdicts import judge
from surveys.enums import CriterionKind, VerdictKind
from surveys.question_types import kind_of

GATES = ("stability", "consensus_in", "consensus_out")


@dataclass(frozen=True)
class Found:
    """The verdict on one technology; `figures` are the findings of every test, gate by gate."""

    verdict: str
    open_because: str = ""
    is_stable: bool | None = None
    figures: list[dict[str, Any]] = field(default_factory=list)


def verdicts_of(analysis: Analysis, criteria: dict[str, Any] | None = None) -> list[Found]:
    """One verdict per technology of the round. Other `criteria` than the protocol's make it a what-if."""
    frame = analysis.frame
    rules = criteria if criteria is not None else protocol_rules(frame)
    size = len(frame.technologies)
    if not size or not (rules.get("consensus_in") or rules.get("consensus_out")):
        return [Found(VerdictKind.OPEN, OpenBecause.NO_RULE) for _ in range(size)]
    question = main_question(frame)
    keys = {leaf["question"] for rule in rules.values() for leaf in leaves(rule)} | {question.key}
    used = [entry for entry in frame.questions if entry.key in keys]
    rules = {name: _spelled_out(analysis, rule, used) for name, rule in rules.items()}
    figures = {key: entry for entry_ in used for key, entry in _figures(analysis, entry_, rules).items()}
    moved = {(entry.key, None): _moved(analysis, entry) for entry in used} if frame.previous else None
    found = judge(
        rules | {"minimum_n": frame.study.minimum_answers},
        figures,
        moved,
        question=question.key,
        exploratory=criteria is not None,
    )
    reasons = _Groups(_inhabited(analysis), frame.study.minimum_answers)
    return [_found(found.item(place), reasons) for place in range(size)]


def protocol_rules(frame) -> dict[str, Any]:
    """The study's criteria by gate; every test names its question."""
    return {
        str(kind): named(criterion.expression, criterion.question.key)
        for kind, criterion in frame.criteria.items()
    }


def main_question(frame):
    """The question whose answers must be enough for a verdict: that of the consensus rule."""
    rule = frame.criteria.get(CriterionKind.CONSENSUS_IN) or frame.criteria.get(CriterionKind.CONSENSUS_OUT)
    return rule.question


@dataclass(frozen=True)
class _Groups:
    """Why a figure of a panel group is undefined: nobody is in the group, or nobody in it gave a value."""

    inhabited: set[str]
    least: int

    def of(self, finding: dict[str, Any]) -> dict[str, Any]:
        if finding["group"] is None or finding["n"]:
            return finding
        if finding["group"] not in self.inhabited:
            return finding | {"reason": NO_MEMBERS}
        return finding | {"too_few_for": self.least}


def _inhabited(analysis: Analysis) -> set[str]:
    places = set(np.unique(analysis.members.group).tolist())
    return {group.key for place, group in enumerate(analysis.frame.groups, 1) if place in places}


def _found(judged: dict[str, Any], groups: _Groups) -> Found:
    figures = [
        {"gate": gate} | groups.of(finding)
        for gate in GATES
        if judged[gate]
        for finding in judged[gate]["findings"]
    ]
    if judged["undivided"]:
        figures.append({"gate": "disagreement"} | judged["undivided"])
    return Found(judged["verdict"], judged["open_because"], judged["stable"], figures)


def _bands(leaf: dict[str, Any]) -> dict[str, list[float]]:
    """The bands of a test by name (those of COMET are its high and its low end); a median's ends are numbers."""
    return {name: leaf[name] for name in ("band", "high", "low") if isinstance(leaf.get(name), list)}


def _edges(rules: Iterable[Any], question) -> list[float]:
    """Ends of bands: on an axis of observed values they are added, so that an empty band is a share of 0. (So are
    the ends of the scale, which its thirds are thirds of.)
    """
    return [
        float(edge)
        for rule in rules
        for leaf in leaves(rule)
        if leaf.get("question") == question.key
        for band in _bands(leaf).values()
        for edge in band
    ]


def _spelled_out(analysis: Analysis, rule: Any, questions: list) -> Any:
    """A band names its ends in the protocol; the rules want every category value in it."""
    axes = {question.key: _axis(analysis, question, _edges([rule], question)) for question in questions}

    def spell(node: Any) -> Any:
        if isinstance(node, list):
            return [spell(part) for part in node]
        if not isinstance(node, dict):
            return node
        node = {name: spell(part) if name in ("all", "any", "not") else part for name, part in node.items()}
        return node | {
            name: within(band, axes.get(node["question"], ())) for name, band in _bands(node).items()
        }

    def within(band: list[float], axis: Iterable[float]) -> list[float]:
        """The ends alone where no category lies between them, as on another scale: such a rule is undefined."""
        return [value for value in axis if min(band) <= value <= max(band)] or [min(band), max(band)]

    return spell(rule)


def _axis(analysis: Analysis, question, edges: list[float]) -> list[float]:
    categories = kind_of(question).categories(question)
    if categories is None:
        ends = [end for end in kind_of(question).bounds(question) if end is not None]
        return np.unique([*analysis.cells(question).valued.number, *edges, *ends]).tolist()
    return sorted(categories)


def _figures(analysis: Analysis, question, rules: dict[str, Any]) -> dict[tuple, Figures]:
    """Figures of the panel and of every panel group, over one table of all technologies."""
    frame = analysis.frame
    cells = _of_technologies(analysis, question)
    axis = np.asarray(_axis(analysis, question, _edges(rules.values(), question)) or [0.0])
    weights = familiarity_weights(frame.familiarity) if question != frame.familiarity else None

    def counted(part: Cells) -> ItemTable:
        return next(iter(item_tables(question, part, analysis.asked, weights, axis)))

    table = counted(cells)
    ranks, weighted = _mean_ranks(analysis, question, rules), _weighted_groups(rules, question)
    same = {"quantile_type": frame.study.quantile_type, "ends_known": has_ends(question)}
    found = {
        (question.key, None): Figures(
            table.tally(), weighted=table.weighted_tally(), **same, **ranks.get(None, {})
        )
    }
    for place, group in enumerate(frame.groups, 1):
        by_weight = counted(cells.where(cells.group == place)) if group.key in weighted else None
        found[question.key, group.key] = Figures(
            table.tally(place),
            weighted=None if by_weight is None else by_weight.weighted_tally(),
            **same,
            **ranks.get(group.key, {}),
        )
    return found


def has_ends(question) -> bool:
    """Whether the scale has a first and a last value, so that it has a middle."""
    kind = kind_of(question)
    return bool(kind.is_ordered and (kind.categories(question) or None not in kind.bounds(question)))


def _of_technologies(analysis: Analysis, question) -> Cells:
    """A question that is asked once a round says nothing of any technology."""
    cells = analysis.cells(question)
    return cells if per_technology(question) else cells.where(np.zeros(len(cells.n), dtype=bool))


def _weighted_groups(rules: dict[str, Any], question) -> set[str]:
    """Groups whose weighted figures a rule asks for; the round's tables have those of the whole panel alone."""
    asked = [
        leaf
        for rule in rules.values()
        for leaf in leaves(rule)
        if leaf.get("weighted") and leaf.get("question") == question.key
    ]
    return {key for leaf in asked for key in (leaf.get("groups") or [leaf.get("group")]) if key}


def _mean_ranks(analysis: Analysis, question, rules: dict[str, Any]) -> dict[str | None, dict[str, Any]]:
    """By panel group, None the whole panel: of the members who ranked everything, and how many these are. They
    cost the answer matrix, so they are made for rules that ask.
    """
    asked = {leaf.get("group") for rule in rules.values() for leaf in leaves(rule) if _ranks(leaf, question)}
    if not asked or not analysis.is_ranked(question):
        return {}
    members, matrix = analysis.ratings(question)
    found = {}
    for key in asked:
        ids = None if key is None else _members_of(analysis, key)
        part = matrix if ids is None else matrix[np.isin(members, ids)]
        ranked = stats.kendall_w(part, missing="complete_members")
        found[key] = {"mean_rank": ranked.mean_rank, "n_ranking": ranked.n_used}
    return found


def _ranks(leaf: dict[str, Any], question) -> bool:
    return leaf["kind"] == "mean_rank" and leaf.get("question") == question.key


def _members_of(analysis: Analysis, group_key: str) -> list[int]:
    members = analysis.frame.study.panel.members.filter(group__key=group_key)
    return list(members.values_list("pk", flat=True))


def _moved(analysis: Analysis, question):
    frame = analysis.frame
    size = len(frame.technologies)
    categories = kind_of(question).categories(question)
    band = moved_band(frame, question)
    rows = classed(analysis.counted(question).pairs, categories, size, band)
    tables, values = pair_tables(rows, None if categories is None else np.sort(categories), size)
    return moved_between(
        tables,
        values,
        band,
        quantile_type=frame.study.quantile_type,
        missing=analysis.answered_once(question),
    )

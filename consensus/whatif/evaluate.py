"""What another rule would say of a round's stored counts. Nothing is written, and the result is never a verdict.

It reads what may be shown, through the same selector as every page: counts of a group that may not be shown do not
enter either, or the outcome of a well-chosen rule would tell of its few people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from consensus import stats
from consensus.enums import OpenBecause
from consensus.models import Computation, Verdict
from consensus.selectors.results import Item, StudyResults, items
from consensus.verdicts.judging import has_ends
from consensus.verdicts.words import sentences, verdict_words
from consensus.whatif.rules import Preset, Settings, criteria_of
from experts.enums import MemberStatus
from experts.models import PanelGroup
from surveys.enums import CriterionKind, VerdictKind
from surveys.models import Question, Technology
from surveys.question_types import kind_of

GATES = ("consensus_in", "consensus_out")


@dataclass(frozen=True)
class Line:
    """One technology: the protocol's verdict and what the other rule would say, with its figures."""

    technology: Technology
    n: int
    protocol: Verdict | None
    verdict: str | None  # None where too few people answered to be shown
    findings: list[dict[str, Any]] = field(default_factory=list)
    left_out: int = 0  # groups too small to be looked at
    open_because: str = ""

    @property
    def is_changed(self) -> bool:
        return bool(self.verdict and self.protocol and self.protocol.verdict != self.verdict)

    @property
    def label(self) -> str:
        return verdict_words(self.verdict, self.open_because) if self.verdict else ""

    @property
    def verdict_label(self) -> str:
        return verdict_words(self.verdict) if self.verdict else ""

    @property
    def why(self) -> str:
        return str(OpenBecause(self.open_because).label) if self.open_because else ""

    @property
    def sentences(self) -> list[str]:
        """Each figure once, although the rules of both gates measure it."""
        return list(dict.fromkeys(sentence["text"] for sentence in sentences(self.findings)))


@dataclass(frozen=True)
class WhatIf:
    """`criteria`: the rules that were tried, with the groups' names, to be said in words."""

    criteria: Mapping[str, Any]
    lines: list[Line]

    @cached_property
    def changes(self) -> list[Line]:
        return [line for line in self.lines if line.is_changed]

    @property
    def counts(self) -> list[tuple[str, str, int, int]]:
        """(verdict, label, how many by the protocol, how many by this rule), of technologies that may be shown."""
        shown = [line for line in self.lines if line.verdict]
        before = Counter(line.protocol.verdict for line in shown if line.protocol)
        after = Counter(line.verdict for line in shown)
        return [
            (value, str(label), before[value], after[value])
            for value, label in VerdictKind.choices
            if before[value] or after[value]
        ]


def what_if(
    results: StudyResults,
    computation: Computation,
    question: Question,
    settings: Settings,
    *,
    keep_stability: bool,
) -> WhatIf:
    """Try the rule of `settings` on one question's counts in one analysed round."""
    read = items(results.study, [computation], questions=[question])
    verdicts = results.verdicts[computation.pk]
    technologies = [t for t in results.technologies.values() if (computation.pk, t.pk, question.pk) in read]
    cells = [read[computation.pk, t.pk, question.pk] for t in technologies]
    axis = _axis(question, cells, settings)
    gate = _gate(results, [verdicts.get(t.pk) for t in technologies]) if keep_stability else None
    groups = _inhabited(results) if settings.preset == Preset.COMET_GROUPS else []
    criteria = criteria_of(question, settings, axis, [group.key for group in groups])
    found = _judge(results, question, criteria, cells, axis, groups, gate)
    lines = [
        _line(technology, cells[place], verdicts.get(technology.pk), found.item(place), results, groups)
        for place, technology in enumerate(technologies)
    ]
    return WhatIf(criteria_of(question, settings, axis, [str(group) for group in groups]), lines)


def _inhabited(results: StudyResults) -> list[PanelGroup]:
    """Groups that somebody is in. One that may not be shown is unknown here, as one of too few is to the protocol."""
    members = results.study.panel.members.exclude(status=MemberStatus.WITHDRAWN)
    somebody = set(members.values_list("group_id", flat=True))
    return [group for group in results.groups if group.pk in somebody]


def has_stability_rule(results: StudyResults) -> bool:
    return any(criterion.kind == CriterionKind.STABILITY for criterion in results.study.criteria.all())


def _gate(results: StudyResults, verdicts: list[Verdict | None]) -> np.ndarray | None:
    """The protocol's stability gate as the round's verdicts hold it."""
    if not has_stability_rule(results):
        return None
    known = {True: 1.0, False: 0.0}
    return np.array([known.get(verdict.is_stable, 0.5) if verdict else 0.5 for verdict in verdicts])


def _axis(question: Question, cells: list[Item], settings: Settings) -> list[float]:
    categories = kind_of(question).categories(question)
    if categories is not None:
        return sorted(categories)
    rows = [cell.panel for cell in cells if cell.panel]
    ends = [end for end in kind_of(question).bounds(question) if end is not None]
    return sorted(
        {float(value) for row in rows for value in row.values} | {settings.low, settings.high, *ends}
    )


def _judge(results, question, criteria, cells: list[Item], axis, groups, settled):
    same = {"quantile_type": results.study.quantile_type, "ends_known": has_ends(question)}
    figures = {(question.key, None): stats.Figures(_tally([c.panel for c in cells], axis), **same)}
    for group in groups:
        rows = [cell.groups.get(group.pk) for cell in cells]
        figures[question.key, group.key] = stats.Figures(_tally(rows, axis), **same)
    return stats.judge(
        criteria | {"minimum_n": results.study.minimum_answers},
        figures,
        question=question.key,
        exploratory=True,
        settled=settled,
    )


def _tally(rows: list, axis: list[float]) -> stats.Tally:
    counts = np.zeros((len(rows), len(axis)))
    spots = {value: spot for spot, value in enumerate(axis)}
    for line, row in zip(counts, rows, strict=True):
        for value, n in zip(row.values, row.counts, strict=True) if row else ():
            line[spots[float(value)]] = n
    return stats.Tally(counts, axis)


def _line(technology, cell: Item, protocol, judged, results: StudyResults, groups: list[PanelGroup]) -> Line:
    if cell.panel is None:
        return Line(technology, cell.n, protocol, None)
    names = results.group_names
    hidden = {group.key for group in groups if group.pk not in cell.groups}
    findings = [
        {"gate": gate} | finding | {"group": names.get(finding["group"])}
        for gate in GATES
        if judged[gate]
        for finding in judged[gate]["findings"]
        if finding["group"] not in hidden
    ]
    if judged["undivided"]:
        findings.append({"gate": "disagreement"} | judged["undivided"])
    why = judged["open_because"]
    if why == OpenBecause.STABILITY_UNKNOWN and protocol is not None:
        why = protocol.open_because  # the gate is the protocol's, so it knows why
    return Line(technology, cell.panel.n, protocol, judged["verdict"], findings, len(hidden), why)

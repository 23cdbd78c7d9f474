"""The findings behind verdicts, without those that would tell of few people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consensus.analysis.criteria import leaves
from consensus.models import Computation, Verdict
from consensus.privacy.suppress import whole
from consensus.selectors.results import Item, items
from consensus.selectors.stability import open_movements
from consensus.stats.rule_leaves import NO_MEMBERS
from surveys.enums import VerdictKind
from surveys.models import Study

# Findings of stability rules that hang on who moved, and not on how many gave each answer.
JOINT = ("unchanged", "minimum_n", "kappa", "spearman", "lambda", "wilcoxon")
# In words a net change is a whole percent: too coarse to try what one more answer would have made of it.
IN_WORDS = (*JOINT, "net_change")
# What names a test, and says nothing of the answers.
BARE = (
    "gate", "path", "kind", "question", "group", "weighted", "op", "needed", "passed", "too_few_for", "reason",
)  # fmt: skip
UNMEASURED = {"measured": None, "interval": None, "n": None}


@dataclass
class Behind:
    """What of one technology in one round may be shown, by question key."""

    items: dict[str, Item] = field(default_factory=dict)
    open_movements: set[str] = field(default_factory=set)


Found = Mapping[tuple[int, int], Behind]


def behind_verdicts(
    study: Study, computations: Collection[Computation], *, technologies: Iterable[int] | None = None
) -> Found:
    """By computation and technology, of the questions that the protocol's rules name."""
    tests = [test for criterion in study.criteria.all() for test in leaves(criterion.expression)]
    ruled = {criterion.question_id for criterion in study.criteria.all()}
    keys = {test["question"] for test in tests if test.get("question")}
    asked = {question.pk: question.key for question in study.questions.all()}
    asked = {pk: key for pk, key in asked.items() if pk in ruled or key in keys}
    weighted = any(test.get("weighted") for test in tests)
    found: dict[tuple[int, int], Behind] = defaultdict(Behind)
    technologies = None if technologies is None else set(technologies)
    read = items(study, computations, questions=asked, technologies=technologies, with_statistics=weighted)
    for (computation, technology, question), item in read.items():
        if technology is not None:
            found[computation, technology].items[asked[question]] = item
    for computation, technology, question in open_movements(
        study, computations, questions=asked, technologies=technologies
    ):
        found[computation, technology].open_movements.add(asked[question])
    return found


def shown_findings(
    verdict: Verdict, found: Found, groups: Mapping[str, int], minimum: int, *, in_words: bool = True
) -> list[dict[str, Any]]:
    """Those that may be shown: in sentences, which round, or as exact numbers.

    What decided nothing for want of answers is told without its figures where these may not be shown.
    """
    behind = found[verdict.computation_id, verdict.technology_id]
    joint = IN_WORDS if in_words else JOINT

    def may_show(finding: dict[str, Any]) -> bool:
        key = finding.get("question") or ""
        item = behind.items.get(key)
        if item is None or item.panel is None:
            return finding.get("kind") == "minimum_n" and not finding.get("measured")
        if not whole(
            (round(finding.get("n") or 0),), minimum
        ):  # of those who answered twice, or with a weight
            return False
        if finding.get("weighted") and (finding.get("group") or "weighted" not in item.panel.statistics):
            return False  # weighted figures of a group are published nowhere
        if (
            finding["gate"] == "stability"
            and finding["kind"] not in joint
            and key not in behind.open_movements
        ):
            return False
        group = finding.get("group")
        return group is None or groups.get(group) in item.groups

    shown = ((finding, may_show(finding)) for finding in verdict.figures)
    told = verdict.verdict != VerdictKind.TOO_FEW  # which says it already
    return [
        finding if open_ else bare(finding)
        for finding, open_ in shown
        if open_ or (told and decided_nothing(finding))
    ]


def decided_nothing(finding: dict[str, Any]) -> bool:
    return bool(finding.get("too_few_for")) or finding.get("reason") == NO_MEMBERS


def bare(finding: dict[str, Any]) -> dict[str, Any]:
    """Which test it was, and that too few answered; nothing of what was measured, or of how many."""
    return {name: finding[name] for name in BARE if name in finding} | UNMEASURED

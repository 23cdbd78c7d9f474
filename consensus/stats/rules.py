"""Consensus rules as data: JSON expression trees, judged for all items at once.

A rule is ``{"all": [rules]}``, ``{"any": [rules]}``, ``{"not": rule}`` or a leaf ``{"kind": ...}``, for
instance::

    {"all": [
        {"kind": "share", "band": [7, 8, 9], "threshold": 0.75},
        {"kind": "iqr", "threshold": 2},
        {"not": {"kind": "rand_ucla", "disagreement": true}},
    ]}

Leaves of consensus rules: share, median, mean, iqr, sd, cv, rand_ucla, comet, mean_rank, disagreement,
minimum_n. Leaves of stability rules: unchanged, net_change, kappa, spearman, lambda, cv_change,
convergence_rate, group_chi2, individual_chi2, wilcoxon, mcnemar, stuart_maxwell, bowker, pitman_morgan,
minimum_n. Every leaf may name ``question`` and ``group`` (else those of the evaluation), one of a consensus
rule also ``"weighted": true`` (stability is never weighted). A band without any value of the scale is
undefined.

A figure of fewer answers than the protocol's minimum is as good as undefined: the minimum holds for the members who
answered twice, for each panel group, and for a weighted figure, as it does for the whole panel.

An undefined figure is neither true nor false: "all" with an undefined part passes nothing but fails if
another part fails (Kleene's logic). Each leaf's figures come back as data, for pages to put into words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from .results import FloatArray
from .rule_leaves import (
    CONSENSUS_KINDS,
    STABILITY_KINDS,
    UNKNOWN,
    Figures,
    Finding,
    Kind,
    Leaf,
    compare,
    need,
    numbers,
)
from .rule_limits import check_limits
from .stability import Stability

Rule: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[str | None, str | None]
Source: TypeAlias = Mapping[Key, Any]
FAMILIES: Mapping[str, Mapping[str, Kind]] = {"consensus": CONSENSUS_KINDS, "stability": STABILITY_KINDS}
_BRANCHES = ("all", "any", "not")
_DEEPEST = 20


def validate_rule(
    rule: Any,
    family: str = "consensus",
    *,
    questions: Collection[str] | None = None,
    groups: Collection[str] | None = None,
    path: str = "rule",
    limits: bool = True,
) -> None:
    """Raise RuleFault, a ValueError, with the path of the fault ("rule.all[1].threshold: must be a number") if
    a rule is wrong.

    ``family``: "consensus" or "stability"; ``questions`` and ``groups``: the names a leaf may use (None =
    any). ``limits``: whether a limit beside what the figure can reach is a fault, too: a protocol that was
    locked with one is evaluated all the same.
    """
    if family not in FAMILIES:
        raise ValueError(f"family must be one of {', '.join(FAMILIES)}, not {family!r}")
    _validate(rule, _Names(FAMILIES[family], questions, groups, limits), path, 0)


@dataclass(frozen=True)
class _Names:
    """What leaves are checked against."""

    kinds: Mapping[str, Kind]
    questions: Collection[str] | None
    groups: Collection[str] | None
    limits: bool


def _validate(rule: Any, names: _Names, path: str, depth: int) -> None:
    need(depth <= _DEEPEST, path, f"nested deeper than {_DEEPEST}")
    need(isinstance(rule, Mapping), path, "must be an object")
    branches = [b for b in _BRANCHES if b in rule]
    if not branches:
        return _validate_leaf(rule, names, path)
    need(len(rule) == 1, path, "must have exactly one of all, any, not, and nothing else")
    branch = branches[0]
    children = [rule[branch]] if branch == "not" else rule[branch]
    need(
        isinstance(children, list | tuple) and len(children) > 0,
        f"{path}.{branch}",
        "must be a list of rules",
    )
    for i, child in enumerate(children):
        where = f"{path}.not" if branch == "not" else f"{path}.{branch}[{i}]"
        _validate(child, names, where, depth + 1)
    return None


def _validate_leaf(leaf: Leaf, names: _Names, path: str) -> None:
    need("kind" in leaf, path, "needs all, any, not or kind")
    kind = leaf["kind"]
    known = isinstance(kind, str) and kind in names.kinds
    need(known, f"{path}.kind", f"must be one of {', '.join(names.kinds)}")
    names.kinds[kind].check(leaf, path)
    if names.limits:
        check_limits(leaf, names.kinds[kind].op, path)
    if names.questions is not None and leaf.get("question") is not None:
        known = leaf["question"] in names.questions
        need(known, f"{path}.question", "no question %(name)s", name=repr(leaf["question"]))
    for name in groups_of(leaf):
        known = names.groups is None or name in names.groups
        need(known, f"{path}.group", "no group %(name)s", name=repr(name))


def groups_of(leaf: Leaf) -> list[str]:
    """The groups that a leaf names."""
    return [leaf["group"]] if leaf.get("group") is not None else list(leaf.get("groups") or [])


@dataclass(frozen=True)
class Evaluation:
    """``passed`` per item: 1, 0 or 0.5 (a figure it needs is undefined); ``findings``: every leaf's
    figures.
    """

    passed: FloatArray
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.passed)

    def item(self, i: int) -> dict[str, Any]:
        """One item as plain data: passed True, False or None (undefined), and the figures that led to it."""
        verdict = {1.0: True, 0.0: False}.get(float(self.passed[i]))
        return {"passed": verdict, "findings": [finding.item(i) for finding in self.findings]}


def evaluate(
    rule: Rule,
    figures: Source | Figures | Stability,
    family: str = "consensus",
    *,
    question: str | None = None,
    group: str | None = None,
    path: str = "rule",
    few_decide: bool = True,
    least: float = 0,
) -> Evaluation:
    """Judge every item by a rule.

    ``figures``: what leaves look up by (question, group): ``Figures`` for consensus, ``Stability`` for
    stability rules; a single object stands for every leaf that names neither. A leaf without ``question`` or
    ``group`` uses those given here (group None = the whole panel). A leaf whose figures are not supplied (a
    group nobody belongs to, round 1 for stability) is undefined for every item, not an error. The rule is
    validated first, but for limits out of reach. ``few_decide``: whether too few answers for a ``minimum_n``
    leaf fail it; else they leave the rule undefined. ``least``: the fewest answers (for stability: members who
    answered twice) that any other leaf may stand on; on fewer it is undefined.
    """
    validate_rule(rule, family, path=path, limits=False)
    source: Source = figures if isinstance(figures, Mapping) else {(question, group): figures}
    terms = _Terms(source, FAMILIES[family], (question, group), _size(source), few_decide, least)
    return _evaluate(rule, terms, path)


def _size(source: Source) -> int:
    sizes = {_length(entry) for entry in source.values()}
    if len(sizes) > 1:
        raise ValueError(f"all figures must be of the same items, found tables of {sorted(sizes)}")
    return sizes.pop() if sizes else 0


def _length(entry: Any) -> int:
    if isinstance(entry, Stability):
        return len(entry) if entry.is_table else 1
    if not isinstance(entry, Figures):
        raise ValueError(f"figures must be Figures or Stability, not {type(entry).__name__}")
    return int(entry.size)


@dataclass(frozen=True)
class _Terms:
    """What every leaf is judged by; ``turned``: it stands under an odd number of "not"."""

    source: Source
    kinds: Mapping[str, Kind]
    default: Key
    size: int
    few_decide: bool
    least: float = 0
    turned: bool = False


def _evaluate(rule: Rule, terms: _Terms, path: str) -> Evaluation:
    if "not" in rule:
        inner = _evaluate(rule["not"], replace(terms, turned=not terms.turned), f"{path}.not")
        return replace(inner, passed=1 - inner.passed)
    for branch, combine in (("all", np.minimum), ("any", np.maximum)):
        if branch in rule:
            parts = [_evaluate(child, terms, f"{path}.{branch}[{i}]") for i, child in enumerate(rule[branch])]
            return _together(parts, combine)
    return _leaf(rule, terms, path)


def _together(parts: list[Evaluation], combine: np.ufunc) -> Evaluation:
    passed = combine.reduce([part.passed for part in parts])
    return Evaluation(passed, tuple(f for part in parts for f in part.findings))


def _leaf(leaf: Leaf, terms: _Terms, path: str) -> Evaluation:
    if leaf.get("groups"):
        own = {k: v for k, v in leaf.items() if k not in ("groups", "require")}
        parts = [_leaf(own | {"group": group}, terms, path) for group in leaf["groups"]]
        return _together(parts, np.maximum if leaf.get("require", "all") == "any" else np.minimum)
    question, group = leaf.get("question") or terms.default[0], leaf.get("group") or terms.default[1]
    finding = _find(leaf, terms.source.get((question, group)), terms, path)
    finding = replace(finding, question=question, group=group)
    if leaf["kind"] == "minimum_n" and finding.op in (">=", ">") and not terms.few_decide:
        return Evaluation(np.maximum(finding.passed, UNKNOWN), (finding,))
    return Evaluation(finding.passed, (finding,))


def _find(leaf: Leaf, entry: Any, terms: _Terms, path: str) -> Finding:
    kind = terms.kinds[leaf["kind"]]
    op = leaf.get("op") or kind.op
    # How answers moved has no weighted form: what is said to be weighted must be.
    weighted = bool(leaf.get("weighted", False)) and terms.kinds is not STABILITY_KINDS
    if entry is None:
        return _absent(leaf, op, weighted, terms.size, path)
    if weighted and isinstance(entry, Figures):
        entry = entry.weighted
    found = kind.measure(leaf, entry)
    measured = np.atleast_1d(found["measured"])
    passed = found["passed"] if "passed" in found else compare(measured, op, float(leaf["threshold"]))
    if isinstance(entry, Stability) and leaf["kind"] != "minimum_n":
        passed = _settled(entry, measured, passed, terms.turned)
    finding = Finding(
        path=path,
        kind=leaf["kind"],
        question=None,
        group=None,
        weighted=weighted,
        op=found.get("op", op),
        needed=found.get("needed", leaf.get("threshold")),
        measured=measured,
        n=found.get("n", _answers(entry)),
        passed=passed,
        ci_low=found.get("ci_low"),
        ci_high=found.get("ci_high"),
        extra=found.get("extra", {}),
        least=terms.least,
    )
    return replace(finding, passed=np.where(finding.too_few, UNKNOWN, finding.passed))


def _settled(entry: Stability, measured: FloatArray, passed: FloatArray, turned: bool) -> FloatArray:
    """Where everybody kept their answer an item is stable, even if unanimity leaves a coefficient undefined;
    what a "not" is said of fails there, so that the rule passes.
    """
    kept = np.atleast_1d(numbers(entry.unchanged.value)) == 1
    return np.where(np.isnan(measured) & kept, 0.0 if turned else 1.0, passed)


def _absent(leaf: Leaf, op: str, weighted: bool, size: int, path: str) -> Finding:
    """No such figures: undefined for every item."""
    return Finding(
        path=path,
        kind=leaf["kind"],
        question=None,
        group=None,
        weighted=weighted,
        op=op,
        needed=leaf.get("threshold"),
        measured=np.full(size, np.nan),
        n=np.zeros(size),
        passed=np.full(size, UNKNOWN),
        extra={"reason": "no_answers"},
    )


def _answers(entry: Any) -> FloatArray:
    if isinstance(entry, Figures):
        return entry.tally.answers
    return np.atleast_1d(np.asarray(entry.n_used, dtype=float))

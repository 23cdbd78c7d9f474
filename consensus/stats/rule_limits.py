"""Limits that a rule's figure can reach: who asks for a net change below 15 meant 15 %, and everything would pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .rule_leaves import Leaf, need

_SHARE = (0.0, 1.0)
_COEFFICIENT = (-1.0, 1.0)
_SIZE = (0.0, np.inf)
_ANY = (-np.inf, np.inf)
_REACHES: Mapping[str, tuple[float, float]] = {
    "share": _SHARE,
    "iqr": _SIZE,
    "sd": _SIZE,
    "cv": _SIZE,
    "mean_rank": (1.0, np.inf),
    "minimum_n": _SIZE,
    "unchanged": _SHARE,
    "net_change": _SHARE,
    "kappa": _COEFFICIENT,
    "spearman": _COEFFICIENT,
    "lambda": _SHARE,
    "cv_change": _SIZE,
    "convergence_rate": _SIZE,
    **dict.fromkeys(
        (
            "group_chi2",
            "individual_chi2",
            "wilcoxon",
            "mcnemar",
            "stuart_maxwell",
            "bowker",
            "pitman_morgan",
        ),
        _SHARE,
    ),
}
_OF_MEASURES: Mapping[str, tuple[float, float]] = {
    "index": _SIZE,
    "agreement_a": _COEFFICIENT,
    "polarisation": _SHARE,
    "consensus": _SHARE,
}


def reach(leaf: Leaf) -> tuple[float, float]:
    """The least and the greatest value that the leaf's figure can have."""
    if leaf["kind"] == "disagreement":
        return _OF_MEASURES[leaf["measure"]]
    return _REACHES.get(leaf["kind"], _ANY)


def check_limits(leaf: Leaf, op: str, path: str) -> None:
    """Raise RuleFault where a leaf (of the right form, compared by ``op`` unless it says how) asks for what its
    figure cannot reach, or has two bands that overlap.
    """
    threshold: Any = leaf.get("threshold")
    if threshold is not None:
        low, high = reach(leaf)
        where = f"{path}.threshold"
        if np.isfinite(high):
            inside = bool(low <= threshold <= high)
            need(inside, where, "must lie between %(low)s and %(high)s", low=f"{low:g}", high=f"{high:g}")
        need(bool(threshold >= low), where, "must be at least %(low)s", low=f"{low:g}")
        asked = leaf.get("op") or op
        never = (asked == ">" and threshold >= high) or (asked == "<" and threshold <= low)
        need(not never, where, "can never be met")
    if leaf["kind"] == "comet" and "high" in leaf and "low" in leaf:
        apart = min(leaf["high"]) > max(leaf["low"]) or max(leaf["high"]) < min(leaf["low"])
        need(apart, f"{path}.high", "the bands of the two ends overlap")

"""Whether members are of one mind, although neither consensus rule holds: agreement on what no rule names.

The field's own name for it is RAND/UCLA's "uncertain, without disagreement": a panel that agrees on the middle of the
scale does not disagree, however stable its answers are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from .rand_ucla import rand_classic_cutoffs
from .results import BoolArray, FloatArray
from .rule_leaves import UNKNOWN, Figures, Finding, Leaf, numbers
from .shares import COMET_BANDS

Key: TypeAlias = tuple[str | None, str | None]
_CONSENSUS = ("consensus_in", "consensus_out")
_HAIR = 1e-9


def undivided(
    criteria: Mapping[str, Any],
    source: Mapping[Key, Figures],
    *,
    question: str | None = None,
    least: float = 0,
) -> Finding:
    """Per item ``passed`` 1 (of one mind), 0 (not), 0.5 (nobody answered); ``measured`` the disagreement index.

    Unanimity is always of one mind. Where a consensus rule tests RAND/UCLA's disagreement, its own measure (index,
    or classic rule) decides. Else all of: the index is at most 1; by the classic rule members agree on the third of
    the scale that holds the median (at most t - 1 answers outside, t = floor((n + 1) / 3)); and not both the bands
    that make consensus in and those that make consensus out hold t answers. Where the ends of the scale are not
    known, its thirds are not either, and only unanimity counts.

    It holds for the whole panel, and for each panel group and each further question that a rule names and that
    ``least`` answers stand for; a group whose median lies in another third than the panel's is of another mind.

    ``criteria``: as for ``judge``, bands listing every value; ``source``: figures by (question, group), those of
    (``question``, None) among them. Source: Fitch et al. (2001), RAND MR-1269, chapter 8.
    """
    panel = source[question, None]
    of_one_mind = _of_one_mind(criteria, panel, question)
    for key in _named(criteria, question) - {(question, None)}:
        if key in source:
            of_one_mind &= ~_apart(criteria, key, source[key], panel if key[0] == question else None, least)
    return Finding(
        path="criteria.disagreement",
        kind="undivided",
        question=question,
        group=None,
        weighted=False,
        op=None,
        needed=None,
        measured=numbers(panel.rand_ucla.value),
        n=panel.tally.n,
        passed=np.where(panel.tally.n > 0, of_one_mind.astype(float), UNKNOWN),
        extra={
            "median": numbers(panel.description.median),
            "region": panel.rand_ucla.region if panel.ends_known else None,
        },
    )


def _apart(
    criteria: Mapping[str, Any], key: Key, figures: Figures, panel: Figures | None, least: float
) -> BoolArray:
    """Where enough answers stand for figures, and these are not of one mind, or of another than the panel's."""
    enough = (figures.tally.n > 0) & (figures.tally.n >= least - _HAIR)
    apart = ~_of_one_mind(criteria, figures, key[0])
    if panel is not None and panel.ends_known:
        apart |= np.asarray(figures.rand_ucla.region != panel.rand_ucla.region).astype(bool)
    return np.asarray(enough & apart)


def _of_one_mind(criteria: Mapping[str, Any], figures: Figures, question: str | None) -> BoolArray:
    unanimous = np.asarray((figures.tally.counts > 0).sum(axis=1) == 1)
    if not figures.ends_known:
        return unanimous
    agreed = _by_own_measure(criteria, figures, question)
    if agreed is None:
        found = figures.rand_ucla
        agreed = np.asarray((found.classic == "agreement") & (found.disagreement == np.False_)).astype(bool)
        agreed &= ~_on_both_sides(criteria, figures, question)
    return np.asarray(unanimous | agreed)


def _leaves(rule: Any, *, under_not: bool) -> Iterator[Leaf]:
    """The tests of a rule; under a "not" they count against it."""
    if rule is None:
        return
    if under_not and "not" in rule:
        yield from _leaves(rule["not"], under_not=True)
    for branch in ("all", "any"):
        for part in rule.get(branch, ()):
            yield from _leaves(part, under_not=under_not)
    if "kind" in rule:
        yield rule


def _named(criteria: Mapping[str, Any], question: str | None) -> set[Key]:
    """The questions and groups that the consensus rules are about."""
    return {
        (leaf.get("question") or question, group)
        for name in _CONSENSUS
        for leaf in _leaves(criteria.get(name), under_not=True)
        if leaf["kind"] != "minimum_n"
        for group in leaf.get("groups") or [leaf.get("group")]
    }


def _asked_of(criteria: Mapping[str, Any], name: str, question: str | None) -> list[Leaf]:
    """Tests of one consensus rule on this question's answers; one that names none is on any."""
    leaves = _leaves(criteria.get(name), under_not=False)
    return [leaf for leaf in leaves if leaf.get("question") in (question, None)]


def _by_own_measure(criteria: Mapping[str, Any], figures: Figures, question: str | None) -> BoolArray | None:
    tests = [
        leaf
        for name in _CONSENSUS
        for leaf in _asked_of(criteria, name, question)
        if leaf["kind"] == "rand_ucla" and leaf.get("disagreement") is not None
    ]
    if not tests:
        return None
    found = figures.rand_ucla
    if tests[0].get("rule") == "classic":
        return np.asarray(np.isin(found.classic.astype(str), ("agreement", "indeterminate")))
    return np.asarray(found.disagreement == np.False_).astype(bool)


def _on_both_sides(criteria: Mapping[str, Any], figures: Figures, question: str | None) -> BoolArray:
    """Where bands of both consensus rules hold as many answers as make a disagreement of two extreme thirds.

    On a scale without a middle, half in favour and half against stand in its middle third, next to each other.
    """
    high = _band_values(criteria, "consensus_in", "high", question)
    low = _band_values(criteria, "consensus_out", "low", question)
    least = rand_classic_cutoffs(figures.tally.n)[1]
    sides = [_held(figures, values) for values in (high - low, low - high)]
    return np.asarray((np.minimum(*sides) >= least - _HAIR) & (least > 0))


def _band_values(criteria: Mapping[str, Any], name: str, end: str, question: str | None) -> set[float]:
    bands: list[Any] = []
    for leaf in _asked_of(criteria, name, question):
        if leaf["kind"] == "share":
            bands.append(leaf["band"])
        elif leaf["kind"] == "comet":
            bands.append(leaf.get(end, COMET_BANDS[end]))
    return {float(value) for band in bands for value in band}


def _held(figures: Figures, values: set[float]) -> FloatArray:
    inside = np.isin(figures.tally.values, list(values))
    return np.asarray(figures.tally.counts[:, inside].sum(axis=1))

"""The leaves of consensus and stability rules: what each kind measures, needs and finds.

A leaf is a JSON object with ``kind`` and that kind's own keys. Every kind is one entry of ``CONSENSUS_KINDS``
or ``STABILITY_KINDS``: how to check its keys, and how to measure all items at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .location import Description, describe
from .ordinal import polarisation, tastle_wierman_consensus, van_der_eijk_agreement
from .quantiles import DEFAULT_TYPE
from .rand_ucla import RandUcla, rand_ucla
from .results import BoolArray, FloatArray, plain
from .shares import COMET_AT_LEAST, COMET_BANDS, COMET_BELOW, agreement_share, comet_70_15
from .stability import Stability
from .tally import Tally

Leaf: TypeAlias = Mapping[str, Any]
OPERATORS = (">=", ">", "<=", "<")
UNKNOWN = 0.5
OFF_SCALE = "off_scale"  # a band that no answer of the question could lie in
NO_MEMBERS = "no_members"  # a group that nobody is in


@dataclass(frozen=True)
class Finding:
    """What one leaf found, for all items: numbers per item (NaN undefined), ``passed`` 1, 0 or 0.5 =
    unknown. Where it stands on fewer answers than ``least`` it is unknown, whatever was measured.
    """

    path: str
    kind: str
    question: str | None
    group: str | None
    weighted: bool
    op: str | None
    needed: Any
    measured: FloatArray
    n: FloatArray
    passed: FloatArray
    ci_low: FloatArray | None = None
    ci_high: FloatArray | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    least: float = 0  # fewer answers than these decide nothing

    def item(self, i: int) -> dict[str, Any]:
        """The finding for one item as plain data, from which pages make a sentence."""
        interval = None
        if self.ci_low is not None and self.ci_high is not None and np.isfinite(self.ci_low[i]):
            interval = [float(self.ci_low[i]), float(self.ci_high[i])]
        return {
            "path": self.path,
            "kind": self.kind,
            "question": self.question,
            "group": self.group,
            "weighted": self.weighted,
            "op": self.op,
            "needed": plain(self.needed),
            "measured": plain(self.measured[i]),
            "interval": interval,
            "n": plain(self.n[i]),
            "passed": {1.0: True, 0.0: False}.get(float(self.passed[i])),
            **({"too_few_for": self.least} if self.too_few[i] else {}),
            **{name: plain(_at(values, i)) for name, values in self.extra.items()},
        }

    @property
    def too_few(self) -> BoolArray:
        """Per item: whether somebody answered, and fewer than ``least``. A count of answers is never too few."""
        if self.kind == "minimum_n":
            return np.zeros(len(self.n), dtype=bool)
        return np.asarray((self.n > 0) & (self.n < self.least - 1e-9))


def _at(values: Any, i: int) -> Any:
    return values[i] if isinstance(values, np.ndarray) else values


class Figures:
    """One question's answers of one group, for all items; statistics are computed when a rule asks for them.

    ``weighted``: the familiarity-weighted tally, for leaves with ``"weighted": true``. ``mean_rank``: per
    item, of ``n_ranking`` members (default: of all who answered). ``ends_known``: whether the first and the
    last value are the ends of the scale, and not what happened to be answered.
    """

    def __init__(
        self,
        tally: Tally,
        *,
        weighted: Tally | None = None,
        mean_rank: npt.ArrayLike | None = None,
        n_ranking: int | None = None,
        quantile_type: int = DEFAULT_TYPE,
        ends_known: bool = True,
    ) -> None:
        # Rules always see tables, so that one item and many take the same way.
        self.tally, self.weighted_tally = _as_table(tally), None if weighted is None else _as_table(weighted)
        self.quantile_type, self.ends_known = quantile_type, ends_known
        self.size = tally.size
        ranks = np.full(tally.size, np.nan) if mean_rank is None else np.asarray(mean_rank, dtype=float)
        self.mean_rank = np.broadcast_to(np.atleast_1d(ranks), (tally.size,))
        self.n_ranking = self.tally.n if n_ranking is None else np.full(tally.size, float(n_ranking))

    @cached_property
    def weighted(self) -> Figures:
        if self.weighted_tally is None:
            raise ValueError("a weighted rule needs weighted counts")
        return Figures(self.weighted_tally, quantile_type=self.quantile_type)  # ranks have no weighted form

    @cached_property
    def description(self) -> Description:
        return describe(self.tally, quantile_type=self.quantile_type)

    @cached_property
    def rand_ucla(self) -> RandUcla:
        return rand_ucla(self.tally, self.quantile_type)


def _as_table(tally: Tally) -> Tally:
    if not tally.single:
        return tally
    return Tally(
        tally.counts, tally.values, missing=tally.missing, n_answers=tally.answers if tally.weighted else None
    )


def numbers(column: Any) -> FloatArray:
    return np.asarray(np.ma.filled(np.ma.asarray(column, dtype=float), np.nan))


def compare(measured: FloatArray, op: str, threshold: float) -> FloatArray:
    """1, 0 or 0.5 where undefined. A hair of tolerance, so that 75 % reached exactly passes ">= 75 %"."""
    hair = 1e-9 * max(1.0, abs(threshold))
    tests = {
        ">=": measured >= threshold - hair,
        ">": measured > threshold + hair,
        "<=": measured <= threshold + hair,
        "<": measured < threshold - hair,
    }
    return np.where(np.isnan(measured), UNKNOWN, tests[op].astype(float))


# --- checking
# -------------------------------------------------------------------------------------------------


class RuleFault(ValueError):
    """A rule that cannot be used: ``path`` says where, ``template`` with ``params`` what, for translation."""

    def __init__(self, path: str, template: str, **params: Any) -> None:
        self.path, self.template, self.params = path, template, params
        super().__init__(f"{path}: {template % params if params else template}")


def need(condition: bool, path: str, message: str, **params: Any) -> None:
    if not condition:
        raise RuleFault(path, message, **params)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))


def check_keys(leaf: Leaf, allowed: Sequence[str], path: str) -> None:
    unknown = sorted(set(leaf) - {"kind", "question", "group", "weighted", *allowed})
    need(not unknown, path, f"unknown keys {', '.join(unknown)}")
    for name in ("question", "group"):
        need(leaf.get(name) is None or isinstance(leaf[name], str), f"{path}.{name}", "must be text or null")
    need(isinstance(leaf.get("weighted", False), bool), f"{path}.weighted", "must be true or false")


def check_threshold(leaf: Leaf, path: str) -> None:
    need(leaf.get("op") in (None, *OPERATORS), f"{path}.op", f"must be one of {' '.join(OPERATORS)}")
    need(is_number(leaf.get("threshold")), f"{path}.threshold", "must be a number")


def check_band(band: Any, path: str) -> None:
    good = isinstance(band, list | tuple) and len(band) > 0 and all(is_number(v) for v in band)
    need(good, path, "must be a list of category values")


def _check_share(leaf: Leaf, path: str) -> None:
    check_keys(leaf, ("band", "op", "threshold"), path)
    check_band(leaf.get("band"), f"{path}.band")
    check_threshold(leaf, path)


def _check_median(leaf: Leaf, path: str) -> None:
    check_keys(leaf, ("low", "high"), path)
    ends = [leaf.get("low"), leaf.get("high")]
    need(any(e is not None for e in ends), path, "needs low or high")
    need(all(e is None or is_number(e) for e in ends), path, "low and high must be numbers or null")
    if ends[0] is not None and ends[1] is not None:
        need(ends[0] <= ends[1], path, "low must not exceed high")


def _check_rand(leaf: Leaf, path: str) -> None:
    check_keys(leaf, ("region", "disagreement", "rule"), path)
    need(
        leaf.get("region") in (None, "low", "middle", "high"), f"{path}.region", "must be low, middle or high"
    )
    need(
        leaf.get("disagreement") in (None, True, False), f"{path}.disagreement", "must be true, false or null"
    )
    need(leaf.get("rule", "ipras") in ("ipras", "classic"), f"{path}.rule", "must be ipras or classic")
    asked = leaf.get("region") is not None or leaf.get("disagreement") is not None
    need(asked, path, "needs region or disagreement")


def _check_comet(leaf: Leaf, path: str) -> None:
    check_keys(leaf, ("verdict", "groups", "require", "high", "low", "at_least", "below"), path)
    need(leaf.get("verdict") in ("in", "out", "none"), f"{path}.verdict", "must be in, out or none")
    need(leaf.get("require", "all") in ("all", "any"), f"{path}.require", "must be all or any")
    groups = leaf.get("groups")
    good = groups is None or (
        isinstance(groups, list | tuple) and groups and all(isinstance(g, str) for g in groups)
    )
    need(bool(good), f"{path}.groups", "must be a list of group names or null")
    need(not (groups and leaf.get("group")), path, "group and groups exclude each other")
    for name in ("high", "low"):
        if name in leaf:
            check_band(leaf[name], f"{path}.{name}")
    for name in ("at_least", "below"):
        need(
            name not in leaf or (is_number(leaf[name]) and 0 <= leaf[name] <= 1),
            f"{path}.{name}",
            "must be 0 to 1",
        )


def _check_disagreement(leaf: Leaf, path: str) -> None:
    check_keys(leaf, ("measure", "op", "threshold"), path)
    need(leaf.get("measure") in _MEASURES, f"{path}.measure", f"must be one of {', '.join(_MEASURES)}")
    check_threshold(leaf, path)


def _check_simple(leaf: Leaf, path: str) -> None:
    check_keys(leaf, ("op", "threshold"), path)
    check_threshold(leaf, path)


# --- measuring
# ------------------------------------------------------------------------------------------------

Measured: TypeAlias = dict[str, Any]


def _share(leaf: Leaf, f: Figures) -> Measured:
    extra: dict[str, Any] = {"band": list(leaf["band"])}
    band = _on_scale(leaf["band"], f)
    if not band:
        return {"measured": np.full(f.size, np.nan), "extra": extra | {"reason": OFF_SCALE}}
    found = agreement_share(f.tally, band)
    low, high = numbers(found.ci_low), numbers(found.ci_high)
    return {"measured": numbers(found.value), "ci_low": low, "ci_high": high, "extra": extra}


def _on_scale(band: Sequence[float], f: Figures) -> list[float]:
    """A rule without any value of the scale is undefined; it must not stop all others from being judged."""
    return [value for value in band if value in f.tally.values]


def _median(leaf: Leaf, f: Figures) -> Measured:
    measured = numbers(f.description.median)
    low, high = leaf.get("low"), leaf.get("high")
    above = compare(measured, ">=", float(low)) if low is not None else np.ones(f.size)
    below = compare(measured, "<=", float(high)) if high is not None else np.ones(f.size)
    return {"measured": measured, "passed": np.minimum(above, below), "needed": [low, high], "op": "in"}


def _rand(leaf: Leaf, f: Figures) -> Measured:
    found = f.rand_ucla
    known = np.isfinite(numbers(found.value))
    passed = np.where(known, 1.0, UNKNOWN)
    classic = leaf.get("rule", "ipras") == "classic"
    if leaf.get("region") is not None:
        passed = np.where(known & (found.region != leaf["region"]), 0.0, passed)
    if leaf.get("disagreement") is not None:
        disagrees = found.classic == "disagreement" if classic else found.disagreement == np.True_
        passed = np.where(known & (disagrees.astype(bool) != leaf["disagreement"]), 0.0, passed)
    # The median in the scale's own unit: that of `found` is on 1-9, whatever the scale.
    extra = {"median": numbers(f.description.median), "region": found.region, "classic": found.classic}
    needed = {
        "region": leaf.get("region"),
        "disagreement": leaf.get("disagreement"),
        "rule": leaf.get("rule", "ipras"),
    }
    return {"measured": numbers(found.value), "passed": passed, "needed": needed, "op": None, "extra": extra}


def _comet(leaf: Leaf, f: Figures) -> Measured:
    high, low = (_on_scale(leaf.get(name, COMET_BANDS[name]), f) for name in ("high", "low"))
    limits = [leaf.get("at_least", COMET_AT_LEAST), leaf.get("below", COMET_BELOW)]
    found = comet_70_15(f.tally, high=high, low=low, at_least=limits[0], below=limits[1])
    known = (f.tally.n > 0) & bool(high and low)
    share_in, share_out = (
        np.where(known, numbers(each), np.nan) for each in (found.share_in, found.share_out)
    )
    extra = {"verdict": found.verdict, "share_out": share_out, "limits": limits}
    if not (high and low):
        extra |= {"verdict": None, "reason": OFF_SCALE}
    return {
        "measured": share_in,
        "passed": np.where(known, (found.verdict == leaf["verdict"]).astype(float), UNKNOWN),
        "needed": leaf["verdict"],
        "op": None,
        "extra": extra,
    }


_MEASURES: dict[str, Callable[[Figures], Any]] = {
    "index": lambda f: f.rand_ucla.value,
    "agreement_a": lambda f: van_der_eijk_agreement(f.tally).value,
    "polarisation": lambda f: polarisation(f.tally).value,
    "consensus": lambda f: tastle_wierman_consensus(f.tally).value,
}


def _disagreement(leaf: Leaf, f: Figures) -> Measured:
    return {"measured": numbers(_MEASURES[leaf["measure"]](f)), "extra": {"measure": leaf["measure"]}}


def _described(name: str) -> Callable[[Leaf, Figures], Measured]:
    return lambda leaf, f: {"measured": numbers(getattr(f.description, name))}


@dataclass(frozen=True)
class Kind:
    """``op``: the comparison when the leaf names none. ``measure`` gives numbers, or numbers and a
    judgement.
    """

    check: Callable[[Leaf, str], None]
    measure: Callable[[Leaf, Any], Measured]
    op: str = ">="


CONSENSUS_KINDS: Mapping[str, Kind] = {
    "share": Kind(_check_share, _share),
    "median": Kind(_check_median, _median),
    "mean": Kind(_check_simple, _described("mean")),
    "iqr": Kind(_check_simple, _described("iqr"), "<="),
    "sd": Kind(_check_simple, _described("sd"), "<="),
    "cv": Kind(_check_simple, _described("cv"), "<="),
    "rand_ucla": Kind(_check_rand, _rand),
    "comet": Kind(_check_comet, _comet),
    "mean_rank": Kind(_check_simple, lambda leaf, f: {"measured": f.mean_rank, "n": f.n_ranking}, "<="),
    "disagreement": Kind(_check_disagreement, _disagreement),
    "minimum_n": Kind(_check_simple, lambda leaf, f: {"measured": f.tally.n}),
}


def _p(name: str, *, stable_when: str) -> Kind:
    """A test's p-value, with the reading that its authors gave it."""
    reading = {"stable_when": stable_when}

    def measure(leaf: Leaf, s: Stability) -> Measured:
        result = getattr(s, name)
        return {"measured": numbers(result.p_value), "extra": {"statistic": numbers(result.value), **reading}}

    return Kind(_check_simple, measure, "<" if stable_when == "significant" else ">=")


def _value(name: str, op: str = ">=", *, absolute: bool = False) -> Kind:
    def measure(leaf: Leaf, s: Stability) -> Measured:
        result = getattr(s, name)
        measured = numbers(result.value)
        found: Measured = {"measured": np.abs(measured) if absolute else measured}
        if hasattr(result, "ci_low"):
            found |= {"ci_low": numbers(result.ci_low), "ci_high": numbers(result.ci_high)}
        return found

    return Kind(_check_simple, measure, op)


STABILITY_KINDS: Mapping[str, Kind] = {
    "unchanged": _value("unchanged"),
    "net_change": _value("net_change", "<"),
    "kappa": _value("kappa"),
    "spearman": _value("spearman"),
    "lambda": _value("goodman_kruskal_lambda"),
    "cv_change": _value("cv_change", "<=", absolute=True),
    # How much the range changed, either way: a panel that falls apart has a rate far below 0.
    "convergence_rate": _value("convergence_rate", "<=", absolute=True),
    "group_chi2": _p("group_chi2", stable_when="not significant"),
    "individual_chi2": _p("individual_chi2", stable_when="significant"),
    "wilcoxon": _p("wilcoxon", stable_when="not significant"),
    "mcnemar": _p("mcnemar", stable_when="not significant"),
    "stuart_maxwell": _p("stuart_maxwell", stable_when="not significant"),
    "bowker": _p("bowker", stable_when="not significant"),
    "pitman_morgan": _p("pitman_morgan", stable_when="not significant"),
    "minimum_n": Kind(_check_simple, lambda leaf, s: {"measured": numbers(s.n_used)}),
}

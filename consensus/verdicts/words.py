"""The figures behind a verdict as sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consensus.charts.bins import short
from consensus.enums import OpenBecause
from consensus.stats.rule_leaves import NO_MEMBERS, OFF_SCALE, STABILITY_KINDS
from consensus.verdicts.rounding import rounded, telling, whole_on_its_side
from surveys.enums import VerdictKind

Finding = dict[str, Any]
GroupNames = Mapping[str, str]
NO_NAMES: GroupNames = MappingProxyType({})

PLAIN = {
    "mean": gettext_lazy("mean"),
    "iqr": gettext_lazy("interquartile range"),
    "sd": gettext_lazy("standard deviation"),
    "cv": gettext_lazy("coefficient of variation"),
    "mean_rank": gettext_lazy("mean rank"),
    "disagreement": gettext_lazy("measure of disagreement"),
    "minimum_n": gettext_lazy("number of answers"),
    "kappa": gettext_lazy("weighted kappa between the rounds"),
    "spearman": gettext_lazy("rank correlation between the rounds"),
    "lambda": gettext_lazy("Goodman and Kruskal's lambda"),
    "cv_change": gettext_lazy("change of the coefficient of variation"),
    "convergence_rate": gettext_lazy("relative change of the interquartile range"),
}
TESTS = {
    "group_chi2": gettext_lazy("chi-square test of the group"),
    "individual_chi2": gettext_lazy("chi-square test of individual answers"),
    "wilcoxon": gettext_lazy("Wilcoxon test"),
    "mcnemar": gettext_lazy("McNemar's test"),
    "stuart_maxwell": gettext_lazy("Stuart-Maxwell test"),
    "bowker": gettext_lazy("Bowker's test"),
    "pitman_morgan": gettext_lazy("Pitman-Morgan test"),
}
MEASURES = {
    "index": gettext_lazy("disagreement index (RAND/UCLA)"),
    "agreement_a": gettext_lazy("agreement A (van der Eijk)"),
    "polarisation": gettext_lazy("polarisation"),
    "consensus": gettext_lazy("consensus by Tastle and Wierman"),
}
REGIONS = {
    "low": pgettext_lazy("third of the scale", "lower"),
    "middle": pgettext_lazy("third of the scale", "middle"),
    "high": pgettext_lazy("third of the scale", "upper"),
}
CLASSIC = {
    "agreement": pgettext_lazy("RAND/UCLA", "agreement"),
    "indeterminate": pgettext_lazy("RAND/UCLA", "neither agreement nor disagreement"),
    "disagreement": pgettext_lazy("RAND/UCLA", "disagreement"),
}
COMET_LIMITS = (0.70, 0.15)
OPERATORS = {
    ">=": gettext_lazy("at least %(value)s"),
    ">": gettext_lazy("more than %(value)s"),
    "<=": gettext_lazy("at most %(value)s"),
    "<": gettext_lazy("less than %(value)s"),
}


def verdict_words(verdict: str, open_because: str = "") -> str:
    """The verdict, and why it is open if it is."""
    label = str(VerdictKind(verdict).label)
    if not open_because:
        return label
    return _("%(verdict)s (%(why)s)") % {"verdict": label, "why": OpenBecause(open_because).label}


def words_of(finding: Finding, groups: GroupNames = NO_NAMES) -> str:
    """One sentence: what was measured, what was needed; or that it could not be measured.

    `groups`: names of panel groups by key, in the reader's language; a group without one goes by its key.
    """
    said = _undecided(finding) or _measured(finding)
    if group := finding.get("group"):
        said = _("Panel group %(group)s: %(text)s") % {"group": groups.get(group, group), "text": said}
    if finding.get("weighted"):
        said = _("%(text)s (weighted by familiarity)") % {"text": said}
    return _("%(text)s The rule asks for the opposite.") % {"text": said} if _is_turned(finding) else said


def _measured(finding: Finding) -> str:
    if finding["kind"] in TESTS:
        return _test(finding)
    return _KINDS.get(finding["kind"], _plain)(finding)


def _undecided(finding: Finding) -> str:
    """What no figure decides, said without any: it may be told of the smallest group, too."""
    if finding.get("gate") == "stability" and finding.get("group"):
        return _("Stability is measured in the whole panel, so the rule says nothing.")
    if finding.get("reason") == NO_MEMBERS:
        return _("Nobody is in this panel group, so the rule says nothing.")
    return _too_few(finding) if finding.get("too_few_for") else ""


def _too_few(finding: Finding) -> str:
    if finding["too_few_for"] <= 1:
        return _("There are no answers, so the rule says nothing.")
    least = {"n": limit_text(finding["too_few_for"])}
    if finding.get("gate") == "stability" or finding["kind"] in STABILITY_KINDS:
        return (
            _("Fewer than %(n)s members answered in both rounds, so the rule on stability says nothing.")
            % least
        )
    if finding.get("weighted"):
        return _("Fewer than %(n)s answers have a weight, so the rule says nothing.") % least
    if finding["kind"] == "mean_rank":
        return _("Fewer than %(n)s members ranked everything, so the rule says nothing.") % least
    return _("Fewer than %(n)s answers, so the rule says nothing.") % least


def sentences(figures: list[Finding], groups: GroupNames = NO_NAMES) -> list[dict[str, Any]]:
    """Every finding with its gate, its sentence and whether it is as the rule asks (None: could not be decided)."""
    return [
        {"gate": finding["gate"], "text": words_of(finding, groups), "passed": _is_met(finding)}
        for finding in figures
    ]


def _is_turned(finding: Finding) -> bool:
    """Whether the test stands under an odd number of "not": what it found counts against the rule."""
    return finding.get("path", "").split(".").count("not") % 2 == 1


def _is_met(finding: Finding) -> bool | None:
    passed = finding["passed"]
    return passed if passed is None else passed != _is_turned(finding)


def percent(share: float | None) -> str:
    return "–" if share is None else _("%(value)s %%") % {"value": short(rounded(100 * share, 1))}


def whole_percent(share: float) -> str:
    return _("%(value)s %%") % {"value": short(rounded(100 * share))}


def limit_text(limit: float) -> str:
    """A limit as it was set: 0.125 or 0.001, which two decimals would make another one."""
    return f"{limit:.10g}"


def limit_percent(share: float) -> str:
    """A limit as it was set: two thirds are 66.67 %, not 67 %."""
    return _("%(value)s %%") % {"value": short(100 * share)}


def _beside(value: float, needed: float) -> str:
    """A percentage beside its limit: whole, unless that would put it on the other side."""
    return _("%(value)s %%") % {"value": telling(value, needed, 0)}


def _needed(finding: Finding, value: str) -> str:
    return str(OPERATORS[finding["op"]]) % {"value": value}


def band_text(band: list[float]) -> str:
    """From end to end, "7-9"; one value alone."""
    low, high = min(band), max(band)
    if low == high:
        return short(low)
    return f"{short(low)}–{short(high)}"


def _share(finding: Finding) -> str:
    if finding["measured"] is None:
        return _unmeasured(finding, _("Nobody gave a value, so there is no share."))
    band = band_text(finding["band"]) if finding.get("band") else "–"
    said = {
        "share": _beside(100 * finding["measured"], 100 * finding["needed"]),
        "band": band,
        "needed": _needed(finding, limit_percent(finding["needed"])),
    }
    interval = finding.get("interval")
    if not interval:
        return _("%(share)s rated %(band)s; needed: %(needed)s.") % said
    said |= {"low": short(rounded(100 * interval[0])), "high": whole_percent(interval[1])}
    return _("%(share)s rated %(band)s, 95 %% interval %(low)s–%(high)s; needed: %(needed)s.") % said


def _unmeasured(finding: Finding, otherwise: str) -> str:
    if finding.get("reason") == OFF_SCALE:
        return _("The scale has no value in the band, so the rule says nothing.")
    return otherwise


def _median(finding: Finding) -> str:
    low, high = finding["needed"]
    if finding["measured"] is None:
        return _("Nobody gave a value, so there is no median.")
    if low is None:
        needed = str(OPERATORS["<="]) % {"value": short(high)}
    elif high is None:
        needed = str(OPERATORS[">="]) % {"value": short(low)}
    else:
        needed = _("between %(low)s and %(high)s") % {"low": short(low), "high": short(high)}
    return _("Median %(median)s; needed: %(needed)s.") % {
        "median": short(finding["measured"]),
        "needed": needed,
    }


def _moved(text, undecided) -> Callable[[Finding], str]:
    def say(finding: Finding) -> str:
        if finding["measured"] is None:
            return str(undecided)
        # A whole percent and no more: a finer one would tell of the few who answered once.
        share = whole_on_its_side(100 * finding["measured"], 100 * finding["needed"], finding["op"])
        needed = _needed(finding, limit_percent(finding["needed"]))
        return str(text) % {"share": _("%(value)s %%") % {"value": share}, "needed": needed}

    return say


def _rand_ucla(finding: Finding) -> str:
    if finding["measured"] is None:
        return _("Nobody gave a value, so there is no disagreement index.")
    said = {"median": short(finding["median"]), "region": REGIONS.get(finding["region"], "–")}
    needed = finding.get("needed")
    if isinstance(needed, dict) and needed["disagreement"] is not None and needed["rule"] == "classic":
        said["classic"] = CLASSIC.get(finding["classic"], "–")
        return _("Median %(median)s, in the %(region)s third; by the classic rule: %(classic)s.") % said
    said["index"] = telling(finding["measured"], 1, 2)
    return (
        _("Median %(median)s, in the %(region)s third; disagreement index %(index)s (disagreement above 1).")
        % said
    )


def _undivided(finding: Finding) -> str:
    """Why an item is open, and no disagreement, although neither consensus rule holds."""
    if finding["measured"] is None or finding.get("region") is None:
        return _(
            "The answers are stable and all the same, at %(median)s, for which there is no rule: no consensus, and no"
            " disagreement. Further rounds are unlikely to change it."
        ) % {"median": short(finding["median"])}
    said = {"median": short(finding["median"]), "index": telling(finding["measured"], 1, 2)}
    if finding["region"] == "middle":
        return (
            _(
                "Stable and agreed as uncertain: median %(median)s, in the middle third of the scale, and no"
                " disagreement (index %(index)s, disagreement above 1). Further rounds are unlikely to change it."
            )
            % said
        )
    return (
        _(
            "Stable, without consensus by the rule and without disagreement: median %(median)s, disagreement index"
            " %(index)s (disagreement above 1)."
        )
        % said
    )


def _comet(finding: Finding) -> str:
    if finding["measured"] is None:
        return _unmeasured(finding, _("Nobody gave a value, so the rule says nothing."))
    return _("%(high)s in the upper band and %(low)s in the lower one.") % {
        "high": _beside_nearest(finding["measured"], finding),
        "low": _beside_nearest(finding["share_out"], finding),
    }


def _beside_nearest(share: float, finding: Finding) -> str:
    """A share of the COMET rule, on its own side of both limits."""
    limit = min(finding.get("limits", COMET_LIMITS), key=lambda one: abs(share - one))
    return _("%(value)s %%") % {"value": telling(100 * share, 100 * limit, 1)}


def _plain(finding: Finding) -> str:
    if finding["measured"] is None and finding.get("reason") == "no_answers":
        return _("There are no answers to measure.")
    name = str(MEASURES.get(finding.get("measure", ""), PLAIN.get(finding["kind"], finding["kind"])))
    if finding["measured"] is None:
        return _("The %(name)s is not defined for these answers.") % {"name": name}
    return _("The %(name)s is %(value)s; needed: %(needed)s.") % {
        "name": name,
        "value": telling(finding["measured"], finding["needed"], 2),
        "needed": _needed(finding, limit_text(finding["needed"])),
    }


def _p(finding: Finding) -> str:
    text = telling(finding["measured"], finding["needed"], 3)
    return f"{finding['measured']:.3f}" if len(text) <= len("0.000") else text


def _test(finding: Finding) -> str:
    name = str(TESTS[finding["kind"]])
    if finding["measured"] is None:
        return _("%(name)s: no result for these answers.") % {"name": name}
    said = {"name": name, "p": _p(finding), "level": limit_text(finding["needed"])}
    # A rule may read a test the other way round than its authors did.
    op = finding.get("op")
    if op in ("<", "<=") if op else finding.get("stable_when") == "significant":
        return _("%(name)s: p = %(p)s; stable when significant at %(level)s.") % said
    return _("%(name)s: p = %(p)s; stable when not significant at %(level)s.") % said


_KINDS: dict[str, Callable[[Finding], str]] = {
    "share": _share,
    "median": _median,
    "net_change": _moved(
        gettext_lazy("%(share)s of the answers moved on balance; needed: %(needed)s."),
        gettext_lazy("No member answered in both rounds, so change cannot be measured."),
    ),
    "unchanged": _moved(
        gettext_lazy("%(share)s of the members kept their answer; needed: %(needed)s."),
        gettext_lazy("No member answered in both rounds, so change cannot be measured."),
    ),
    "rand_ucla": _rand_ucla,
    "comet": _comet,
    "undivided": _undivided,
}

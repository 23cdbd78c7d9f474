"""A criterion of the protocol as a sentence, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from consensus.stats.rule_leaves import CONSENSUS_KINDS, STABILITY_KINDS
from consensus.verdicts.words import (
    MEASURES,
    NO_NAMES,
    OPERATORS,
    PLAIN,
    REGIONS,
    TESTS,
    GroupNames,
    band_text,
    limit_percent,
    limit_text,
)

Rule = dict[str, Any]


def words_of_rule(rule: Rule, groups: GroupNames = NO_NAMES) -> str:
    """One clause, without a full stop: parts of a tree are joined by "and" and "or" with brackets.

    `groups`: names of panel groups by key, in the reader's language; a group without one goes by its key.
    """
    if "all" in rule:
        return _joined(rule["all"], _("and"), groups)
    if "any" in rule:
        return _joined(rule["any"], _("or"), groups)
    if "not" in rule:
        return _("not: %(rule)s") % {"rule": words_of_rule(rule["not"], groups)}
    said = _LEAVES.get(rule["kind"], _figure)(rule)
    if rule.get("groups"):
        said = _in_groups(rule, said, groups)
    if group := rule.get("group"):
        said = _("in panel group %(group)s: %(rule)s") % {"group": groups.get(group, group), "rule": said}
    weighted = rule.get("weighted") and rule["kind"] in CONSENSUS_KINDS
    return _("%(rule)s (weighted by familiarity)") % {"rule": said} if weighted else said


def _joined(rules: list[Rule], word: str, groups: GroupNames) -> str:
    said = [(part, words_of_rule(part, groups)) for part in rules]
    return f" {word} ".join(f"({words})" if len(part) == 1 else words for part, words in said)


def _in_groups(rule: Rule, said: str, names: GroupNames) -> str:
    parts = {"groups": ", ".join(names.get(group, group) for group in rule["groups"]), "rule": said}
    if rule.get("require") == "any":
        return _("in any of the panel groups %(groups)s: %(rule)s") % parts
    return _("in each of the panel groups %(groups)s: %(rule)s") % parts


def _limit(rule: Rule, default: str, value: str) -> str:
    return str(OPERATORS[rule.get("op") or default]) % {"value": value}


def _share(rule: Rule) -> str:
    limit = _limit(rule, ">=", limit_percent(rule["threshold"]))
    return _("%(limit)s of the answers at %(band)s") % {"limit": limit, "band": band_text(rule["band"])}


def _net_change(rule: Rule) -> str:
    limit = _limit(rule, "<", limit_percent(rule["threshold"]))
    return _("%(limit)s of the answers moved on balance since the round before") % {"limit": limit}


def _unchanged(rule: Rule) -> str:
    limit = _limit(rule, ">=", limit_percent(rule["threshold"]))
    return _("%(limit)s of the members kept their answer") % {"limit": limit}


def _rand_ucla(rule: Rule) -> str:
    """Either part alone, or both: a median in a third of the scale, and whether the panel disagrees."""
    said = []
    if rule.get("region"):
        said.append(_("the median in the %(region)s third") % {"region": REGIONS[rule["region"]]})
    if rule.get("disagreement") is not None:
        classic = rule.get("rule") == "classic"
        known = {
            (True, False): _("disagreement by the RAND/UCLA index"),
            (False, False): _("no disagreement by the RAND/UCLA index"),
            (True, True): _("disagreement by the classic RAND/UCLA rule"),
            (False, True): _("no disagreement by the classic RAND/UCLA rule"),
        }
        said.append(known[rule["disagreement"], classic])
    return f" {_('and')} ".join(said)


def _comet(rule: Rule) -> str:
    """In: the upper band reached and the lower one not; out: the mirror; none: neither."""
    bands = {
        "share": limit_percent(rule.get("at_least", 0.7)),
        "opposed": limit_percent(rule.get("below", 0.15)),
        "high": band_text(rule.get("high", [7, 8, 9])),
        "low": band_text(rule.get("low", [1, 2, 3])),
    }
    if rule["verdict"] == "in":
        text = _("at least %(share)s of the answers at %(high)s and less than %(opposed)s at %(low)s")
    elif rule["verdict"] == "out":
        text = _("at least %(share)s of the answers at %(low)s and less than %(opposed)s at %(high)s")
    else:
        text = _("neither %(high)s nor %(low)s chosen by %(share)s with less than %(opposed)s against")
    return text % bands


def _median(rule: Rule) -> str:
    low, high = rule.get("low"), rule.get("high")
    if low is None or high is None:
        limit = (
            _limit({"op": ">="}, ">=", limit_text(low))
            if high is None
            else _limit({}, "<=", limit_text(high))
        )
        return _("median %(limit)s") % {"limit": limit}
    return _("median between %(low)s and %(high)s") % {"low": limit_text(low), "high": limit_text(high)}


def _disagreement(rule: Rule) -> str:
    limit = _limit(rule, ">=", limit_text(rule["threshold"]))
    return _("%(figure)s %(limit)s") % {"figure": MEASURES[rule["measure"]], "limit": limit}


def _figure(rule: Rule) -> str:
    name = PLAIN.get(rule["kind"]) or TESTS.get(rule["kind"]) or rule["kind"]
    threshold = rule.get("threshold")
    if threshold is None:
        return str(name)
    if rule["kind"] in TESTS:
        return _test(rule, str(name))
    kind = CONSENSUS_KINDS.get(rule["kind"]) or STABILITY_KINDS[rule["kind"]]
    return _("%(figure)s %(limit)s") % {"figure": name, "limit": _limit(rule, kind.op, limit_text(threshold))}


def _test(rule: Rule, name: str) -> str:
    """The two readings run in opposite directions, so the sentence says which one it is."""
    level = limit_text(rule["threshold"])
    if (rule.get("op") or STABILITY_KINDS[rule["kind"]].op) in ("<", "<="):
        return _("%(name)s significant at %(level)s") % {"name": name, "level": level}
    return _("%(name)s not significant at %(level)s") % {"name": name, "level": level}


_LEAVES = {
    "share": _share,
    "net_change": _net_change,
    "unchanged": _unchanged,
    "rand_ucla": _rand_ucla,
    "comet": _comet,
    "median": _median,
    "disagreement": _disagreement,
}

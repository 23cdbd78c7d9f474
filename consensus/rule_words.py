"""A criterion of the protocol as a sentence, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from consensus.stats.rules import validate_rule
from consensus.verdict_words import OPERATORS, PLAIN, TESTS, band_text, whole_percent

Rule = dict[str, Any]


def words_of_rule(rule: Rule) -> str:
    """One clause, without a full stop: parts of a tree are joined by "and" and "or" with brackets."""
    if "all" in rule:
        return _joined(rule["all"], _("and"))
    if "any" in rule:
        return _joined(rule["any"], _("or"))
    if "not" in rule:
        return _("not: %(rule)s") % {"rule": words_of_rule(rule["not"])}
    said = _LEAVES.get(rule["kind"], _figure)(rule)
    if rule.get("group"):
        said = _("in panel group %(group)s: %(rule)s") % {"group": rule["group"], "rule": said}
    return _("%(rule)s (weighted by familiarity)") % {"rule": said} if rule.get("weighted") else said


def check_rule(rule: Rule) -> None:
    """Raise ValueError with the place of the fault unless `rule` is a consensus or a stability rule."""
    try:
        validate_rule(rule, "consensus")
    except ValueError:
        validate_rule(rule, "stability")


def _joined(rules: list[Rule], word: str) -> str:
    parts = [f"({words_of_rule(part)})" if len(part) == 1 else words_of_rule(part) for part in rules]
    return f" {word} ".join(parts)


def _limit(rule: Rule, default: str, value: str) -> str:
    return str(OPERATORS[rule.get("op", default)]) % {"value": value}


def _share(rule: Rule) -> str:
    limit = _limit(rule, ">=", whole_percent(rule["threshold"]))
    return _("%(limit)s of the answers at %(band)s") % {"limit": limit, "band": band_text(rule["band"])}


def _net_change(rule: Rule) -> str:
    limit = _limit(rule, "<", whole_percent(rule["threshold"]))
    return _("%(limit)s of the answers moved on balance since the round before") % {"limit": limit}


def _unchanged(rule: Rule) -> str:
    limit = _limit(rule, ">=", whole_percent(rule["threshold"]))
    return _("%(limit)s of the members kept their answer") % {"limit": limit}


def _rand_ucla(rule: Rule) -> str:
    if rule.get("disagreement", False):
        return _("disagreement by the RAND/UCLA index")
    return _("agreement by the RAND/UCLA method")


def _comet(rule: Rule) -> str:
    return _("the COMET 70/15 rule")


def _figure(rule: Rule) -> str:
    name = PLAIN.get(rule["kind"]) or TESTS.get(rule["kind"]) or rule["kind"]
    threshold = rule.get("threshold")
    if threshold is None:
        return str(name)
    return _("%(figure)s %(limit)s") % {"figure": name, "limit": _limit(rule, "<=", f"{threshold:g}")}


_LEAVES = {
    "share": _share,
    "net_change": _net_change,
    "unchanged": _unchanged,
    "rand_ucla": _rand_ucla,
    "comet": _comet,
}

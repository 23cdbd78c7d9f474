"""Whether a rule can decide anything, asked before it becomes part of a protocol; faults stand beside the field."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consensus.analysis.criteria import leaves
from consensus.stats.rule_leaves import RuleFault
from consensus.stats.rules import groups_of, validate_rule
from experts.enums import MemberStatus
from foundation.exceptions import InvalidInput
from surveys.enums import AskedPer, CriterionKind, QuestionType
from surveys.models import Question, Study
from surveys.question_types import can_be_answered, kind_of

Rule = dict[str, Any]
_FIELDS = {
    "threshold": "threshold", "at_least": "threshold", "below": "threshold",
    "band": "low", "low": "low", "high": "high", "question": "question",
}  # fmt: skip
_SHARE = gettext_lazy("A share is a part of 1 and so must its limit be: 15 %% is 0.15.")
_SAID = {
    "must be 0 to 1": _SHARE,
    "must lie between %(low)s and %(high)s": gettext_lazy(
        "This figure lies between %(low)s and %(high)s, and so must its limit."
    ),
    "must be at least %(low)s": gettext_lazy("This figure is never below %(low)s, and its limit may not be."),
    "must be a number": gettext_lazy("The limit must be a number."),
    "can never be met": gettext_lazy("No answers can meet this limit."),
    "the bands of the two ends overlap": gettext_lazy("The bands of the two ends overlap."),
    "no question %(name)s": gettext_lazy(
        "The study has no question %(name)s that is asked of every technology and has values."
    ),
    "no group %(name)s": gettext_lazy("The panel has no group %(name)s."),
}


def check_rule(
    kind: str,
    expression: Rule,
    *,
    questions: Collection[str] | None = None,
    groups: Collection[str] | None = None,
) -> None:
    """Raise InvalidInput with the field to blame. `questions`, `groups`: keys that tests may name, None any."""
    family = "stability" if kind == CriterionKind.STABILITY else "consensus"
    try:
        validate_rule(expression, family, questions=questions, groups=groups)
    except RuleFault as fault:
        raise InvalidInput(errors={_field(fault): [_said(fault)]}) from fault
    for leaf in leaves(expression) if family == "stability" else ():
        if groups_of(leaf):
            raise InvalidInput(_("Stability is measured in the whole panel: its rule names no panel group."))
        if leaf.get("weighted"):
            raise InvalidInput(_("Stability is never weighted."))


def _field(fault: RuleFault) -> str:
    return _FIELDS.get(fault.path.rsplit(".", 1)[-1], "")


def _said(fault: RuleFault) -> str:
    text = _SAID.get(fault.template)
    if fault.params == {"low": "0", "high": "1"}:
        text = _SHARE
    if text is None:
        return _("The rule cannot be used: %(fault)s.") % {"fault": fault}
    return str(text) % fault.params


def check_criterion(*, study: Study, kind: str, question: Question, expression: Rule) -> None:
    """Raise InvalidInput unless the rule can be part of this study's protocol."""
    groups = set(study.panel.groups.values_list("key", flat=True))
    _check(_asked(study), groups, kind, question, expression)


def _asked(study: Study) -> dict[str, Question]:
    """Questions that rules may name, by key."""
    return {entry.key: entry for entry in study.questions.prefetch_related("choices") if _has_values(entry)}


def _check(
    asked: dict[str, Question], groups: Collection[str], kind: str, question: Question, expression: Rule
) -> None:
    if asked.get(question.key) != question:
        text = str(_SAID["no question %(name)s"]) % {"name": question.key}
        raise InvalidInput(errors={"question": [text]})
    check_rule(kind, expression, questions=asked, groups=groups)
    for leaf in leaves(expression):
        _check_bands(leaf, asked[leaf.get("question") or question.key])


def _has_values(question: Question) -> bool:
    rated = question.asked_per == AskedPer.TECHNOLOGY and question.type != QuestionType.TEXT
    return rated and not kind_of(question).is_composite


def _check_bands(leaf: Rule, question: Question) -> None:
    bands = {"band": "low"} if leaf["kind"] == "share" else {"low": "low", "high": "high"}
    for name, field in bands.items() if leaf["kind"] in ("share", "comet") else ():
        if name in leaf and not can_be_answered(question, min(leaf[name]), max(leaf[name])):
            raise InvalidInput(errors={field: [_("No possible answer to the question lies in this band.")]})


def doubts(study: Study) -> list[str]:
    """What keeps the study's rules from deciding, as things stand: for those who set rules and open rounds."""
    return list(dict.fromkeys(_doubts(study)))


def _doubts(study: Study) -> Iterator[str]:
    there = Count("members", filter=~Q(members__status=MemberStatus.WITHDRAWN))
    groups = list(study.panel.groups.annotate(n_there=there))
    names, sizes = {group.key: str(group) for group in groups}, {group.key: group.n_there for group in groups}
    asked = _asked(study)
    for criterion in study.criteria.select_related("question"):
        label = criterion.get_kind_display()
        try:
            _check(asked, names, criterion.kind, criterion.question, criterion.expression)
        except InvalidInput as fault:
            yield _("The rule “%(rule)s” cannot decide as it is: %(why)s") % {
                "rule": label,
                "why": fault.said,
            }
            continue
        for leaf in leaves(criterion.expression):
            for group in groups_of(leaf) if leaf.get("require") != "any" else ():
                yield from _small(names[group], sizes[group], study.minimum_answers, label)


def _small(group: str, size: int, least: int, rule: str) -> Iterator[str]:
    said = {"group": group, "n": size, "least": least, "rule": rule}
    if not size:
        yield (
            _(
                "Nobody is in the panel group “%(group)s”, which the rule “%(rule)s” names. As long as that is so, the"
                " rule says nothing and every entry stays open."
            )
            % said
        )
    elif size < least:
        yield (
            ngettext(
                "The panel group “%(group)s”, which the rule “%(rule)s” names, has %(n)d member. A verdict needs"
                " %(least)d answers of each group, so every entry stays open.",
                "The panel group “%(group)s”, which the rule “%(rule)s” names, has %(n)d members. A verdict needs"
                " %(least)d answers of each group, so every entry stays open.",
                size,
            )
            % said
        )

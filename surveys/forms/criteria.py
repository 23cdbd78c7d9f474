"""The form of a consensus or stability rule: the field's usual ones by a few numbers, any other as it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.enums import AskedPer, CriterionKind, QuestionType
from surveys.forms.studies import AmendmentMixin
from surveys.models import Question, Study
from surveys.question_types import KINDS, can_be_answered
from surveys.study_templates import rules

RATED = (QuestionType.SCALE, QuestionType.PERCENT, QuestionType.NUMBER, QuestionType.ESTIMATE)
BAND, WRITTEN = ("low", "high"), "written"
IN, OUT, STABILITY = CriterionKind.CONSENSUS_IN, CriterionKind.CONSENSUS_OUT, CriterionKind.STABILITY
Values = Mapping[str, Any]
# What `consensus.stats` takes where a COMET rule does not say it.
COMET_DEFAULTS: dict[str, Any] = {"at_least": 0.7, "below": 0.15, "require": "all"}
COMET_BANDS: dict[str, list[float]] = {"high": [7, 9], "low": [1, 3]}


@dataclass(frozen=True)
class Shape:
    """One usual rule: what it is called, which fields it reads, how it is made of them and read back."""

    label: str | Promise
    fields: tuple[str, ...]
    make: Callable[[Values], dict]
    read: Callable[[dict], dict]
    scales_only: bool = False


def _share(values: Values) -> dict:
    return rules.share_at_least(values["low"], values["high"], values["threshold"] / 100)


def _comet(values: Values) -> dict:
    """Both ends of the scale, the named one first; in each panel group where the panel has any."""
    ends = {"in": ("high", "low"), "out": ("low", "high")}[values["verdict"]]
    bands = dict(zip(ends, ([values["low"], values["high"]], list(values["opposite"])), strict=True))
    rule = {"kind": "comet", "verdict": values["verdict"], "at_least": values["threshold"] / 100, **bands}
    return rule | ({"groups": values["groups"]} if values["groups"] else {})


def _band(found: list) -> dict:
    return {"low": min(found), "high": max(found)}


def _percent(share: float) -> float:
    return round(100 * share, 4)


def _read_comet(rule: dict) -> dict:
    end = "high" if rule["verdict"] == "in" else "low"
    share = rule.get("at_least", COMET_DEFAULTS["at_least"])
    return _band(rule.get(end) or COMET_BANDS[end]) | {"threshold": _percent(share)}


CONSENSUS: Mapping[str, Shape] = {
    "share": Shape(
        _("Share in the band"),
        (*BAND, "threshold"),
        _share,
        lambda rule: _band(rule["band"]) | {"threshold": _percent(rule["threshold"])},
    ),
    "share_iqr": Shape(
        _("Share in the band and interquartile range"),
        (*BAND, "threshold", "limit"),
        lambda v: rules.both(_share(v), rules.iqr_at_most(v["limit"])),
        lambda rule: CONSENSUS["share"].read(rule["all"][0]) | {"limit": rule["all"][1]["threshold"]},
    ),
    "iqr": Shape(
        _("Interquartile range and median"),
        (*BAND, "limit"),
        lambda v: rules.both(rules.iqr_at_most(v["limit"]), rules.median_within(v["low"], v["high"])),
        lambda rule: {"limit": rule["all"][0]["threshold"], **_ends(rule["all"][1])},
    ),
    "cv": Shape(
        _("Coefficient of variation and median"),
        (*BAND, "limit"),
        lambda v: rules.both(rules.cv_at_most(v["limit"]), rules.median_within(v["low"], v["high"])),
        lambda rule: {"limit": rule["all"][0]["threshold"], **_ends(rule["all"][1])},
    ),
    "rand_ucla": Shape(
        _("RAND/UCLA: median in the third at this end, without disagreement"),
        (),
        lambda v: rules.rand_ucla("high" if v["verdict"] == "in" else "low"),
        lambda rule: {},
        scales_only=True,
    ),
    "comet": Shape(
        _("COMET: share in the band, fewer than 15% at the other end, in each panel group"),
        (*BAND, "threshold"),
        _comet,
        _read_comet,
        scales_only=True,
    ),
}
STABLE: Mapping[str, Shape] = {
    "net_change": Shape(
        _("Net change below a share"),
        ("threshold",),
        lambda v: rules.net_change_below(v["threshold"] / 100),
        lambda rule: {"threshold": _percent(rule["threshold"])},
    ),
    "unchanged": Shape(
        _("Share of unchanged answers at least"),
        ("threshold",),
        lambda v: rules.unchanged_at_least(v["threshold"] / 100),
        lambda rule: {"threshold": _percent(rule["threshold"])},
    ),
    "cv_change": Shape(
        _("Change of the coefficient of variation at most"),
        ("limit",),
        lambda v: rules.cv_change_at_most(v["limit"]),
        lambda rule: {"limit": rule["threshold"]},
    ),
    "spearman": Shape(
        _("Rank correlation of the two rounds at least"),
        ("limit",),
        lambda v: rules.spearman_at_least(v["limit"]),
        lambda rule: {"limit": rule["threshold"]},
    ),
}


def _ends(median: dict) -> dict:
    return {"low": median["low"], "high": median["high"]}


def shapes_of(kind: str) -> Mapping[str, Shape]:
    return STABLE if kind == STABILITY else CONSENSUS


def first_values(study: Study, kind: str) -> dict[str, Any]:
    """What the form shows of the rule that is set: by its numbers where these say all of it, else as written."""
    stored = study.criteria.filter(kind=kind).select_related("question").first()
    if stored is None:
        return {}
    for name, shape in shapes_of(kind).items():
        found = _read(shape, stored.expression)
        made = found is not None and _made(shape, study, kind, stored.question, found)
        if made and _plain(made) == _plain(stored.expression):
            numbers = {field: _short(found[field]) for field in shape.fields}
            return {"question": stored.question_id, "rule": name, **numbers}
    written = json.dumps(stored.expression, ensure_ascii=False, indent=1)
    return {"question": stored.question_id, "rule": WRITTEN, "written": written}


def _short(number: float) -> float:
    """75, not 75.0, in a field."""
    return int(number) if float(number).is_integer() else number


def _plain(rule: Any) -> Any:
    """The rule with what it leaves to defaults, bands by their ends: to tell whether two rules are the same."""
    if isinstance(rule, list):
        return [_plain(part) for part in rule]
    if not isinstance(rule, dict):
        return rule
    if "kind" not in rule:
        return {name: _plain(part) for name, part in rule.items()}
    bands = {name: rule[name] for name in ("band", "high", "low") if isinstance(rule.get(name), list)}
    if rule["kind"] == "comet":
        rule, bands = COMET_DEFAULTS | rule, COMET_BANDS | bands
        rule = rule | {"groups": sorted(rule.get("groups") or [])}
    return rule | {name: [min(band), max(band)] for name, band in bands.items()}


def _read(shape: Shape, rule: dict) -> dict | None:
    try:
        return shape.read(rule)
    except (KeyError, IndexError, TypeError):
        return None


def _made(shape: Shape, study: Study, kind: str, question: Question, values: Values) -> dict | None:
    """The rule that these numbers make; None where they are too few, or the scale has no other end."""
    if any(values.get(name) is None for name in shape.fields):
        return None
    if not shape.scales_only:
        return shape.make(values)
    opposite = _opposite(question, values) if shape.fields else ()
    if opposite is None:
        return None
    groups = list(study.panel.groups.order_by("position", "pk").values_list("key", flat=True))
    more = {"verdict": "in" if kind == IN else "out", "opposite": opposite, "groups": groups}
    return shape.make({**values, **more})


def _opposite(question: Question, values: Values) -> tuple[float, float] | None:
    """The mirror image of the band at the other end of the scale, unless the two overlap."""
    least, most = KINDS[question.type].bounds(question)
    if least is None or most is None:
        return None
    low, high = least + most - values["high"], least + most - values["low"]
    return (low, high) if high < values["low"] or low > values["high"] else None


class CriterionForm(AmendmentMixin):
    """Which rule, and its numbers; fields that the chosen rule does not read are left alone."""

    question = forms.ModelChoiceField(label=_("Question"), queryset=Question.objects.none(), empty_label=None)
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    low = forms.FloatField(label=_("Band from"), required=False)
    high = forms.FloatField(label=_("Band to"), required=False)
    threshold = forms.FloatField(
        label=_("Threshold in percent"), min_value=1, max_value=100, required=False, initial=75
    )
    limit = forms.FloatField(
        label=_("Limit"),
        min_value=0,
        required=False,
        help_text=_("In the question's own unit for an interquartile range, else a number such as 0.5."),
    )
    written = forms.CharField(
        label=_("Rule as written"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "input mono", "spellcheck": "false"}),
        help_text=_(
            "JSON: tests such as {\"kind\": \"iqr\", \"threshold\": 2}, joined by \"all\", \"any\" and \"not\"; a test "
            "may name another \"question\" and a panel \"group\" by their keys."
        ),
    )  # fmt: skip

    def __init__(self, *args, study, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.study, self.kind, self.shapes = study, kind, shapes_of(kind)
        self.fields["question"].queryset = study.questions.filter(
            type__in=RATED, asked_per=AskedPer.TECHNOLOGY
        )
        named = [(name, shape.label) for name, shape in self.shapes.items()]
        self.fields["rule"].choices = [*named, (WRITTEN, _("Any other rule, as written"))]
        if kind == STABILITY:
            del self.fields["low"], self.fields["high"]
            self.fields["threshold"].initial = 15
            self.fields["threshold"].help_text = _(
                "Net change: stable when fewer than this share of the answers moved on balance since the round before."
            )
        else:
            self.fields["threshold"].help_text = _("At least this share of the answers lies in the band.")
        self.settle_reason(study)

    def clean(self):
        cleaned = super().clean()
        if "rule" in self.errors:
            return cleaned
        cleaned["rule"] = cleaned.get("rule") or next(iter(self.shapes))
        if cleaned["rule"] == WRITTEN:
            cleaned["expression"] = self._clean_written(cleaned)
        else:
            cleaned["expression"] = self._clean_shape(self.shapes[cleaned["rule"]], cleaned)
        return cleaned

    def _clean_written(self, cleaned) -> dict:
        try:
            rule = json.loads(cleaned.get("written") or "")
        except ValueError as fault:
            raise ValidationError({"written": _("This is no JSON: %(fault)s.") % {"fault": fault}}) from fault
        if not isinstance(rule, dict):
            raise ValidationError({"written": _("A rule is written in braces: {…}.")})
        return rule

    def _clean_shape(self, shape: Shape, cleaned) -> dict | None:
        """None where a field that it reads is wrong already."""
        wanting = [name for name in shape.fields if cleaned.get(name) is None and name not in self.errors]
        if wanting:
            raise ValidationError({name: self.fields[name].error_messages["required"] for name in wanting})
        question = cleaned.get("question")
        if question is None or any(name in self.errors for name in shape.fields):
            return None
        if shape.scales_only and question.type != QuestionType.SCALE:
            raise ValidationError({"rule": _("This rule is for rating scales.")})
        if "low" in shape.fields:
            _check_band(question, cleaned["low"], cleaned["high"])
        rule = _made(shape, self.study, self.kind, question, cleaned)
        if rule is None:
            raise ValidationError({"low": _("The band and its mirror image at the other end overlap.")})
        return rule

    def expression(self) -> dict:
        return self.cleaned_data["expression"]


def _check_band(question: Question, low: float, high: float) -> None:
    if low > high:
        raise ValidationError({"high": _("The band ends before it begins.")})
    if not can_be_answered(question, low, high):
        raise ValidationError({"low": _("No possible answer to the question lies in this band.")})
